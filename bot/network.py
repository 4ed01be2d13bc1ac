"""The connector port: what a social network can do for us, in one vocabulary, and how it may fail.

A connector is a module (or small package) in `connectors/` that translates; it never retries, sleeps, logs or
knows Slack and the store. It declares itself with `PROVIDER`, a `Provider`. Rule for writes: a failure before the
bytes left is `Transient`; after that a time-out, any 5xx and a 2xx that can't be parsed are `UnknownOutcome`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, Flag, auto
from typing import Protocol

from bot.errors import VoceroError


class Capability(Flag):
    """What the network lets us do; a missing flag hides the button."""

    PUBLISH = auto()
    MEDIA = auto()
    REPLY = auto()
    FETCH = auto()
    HIDE = auto()
    DELETE = auto()
    EDIT = auto()
    METRICS = auto()
    WEBHOOK = auto()
    IDEMPOTENT = auto()  # the same key twice is one post


@dataclass(frozen=True)
class Limits:
    """The network's limits as data. Lengths are in the network's own units (see `Provider.length`), bytes in bytes."""

    as_of: date
    max_length: int
    max_media: int
    media_types: frozenset[str]
    media_bytes: int
    text_required: bool
    alt_text_length: int
    timeline_lag: float = 0.0  # seconds until a new post is sure to be seen by `find`


@dataclass(frozen=True)
class Media:
    """One picture: `content` its bytes, `type` a MIME type, `alt` the text for those who can't see it."""

    id: str
    name: str
    type: str
    alt: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class MediaFacts:
    """What `check` needs to know of a picture before its bytes are here."""

    name: str
    type: str
    size: int
    alt: str


@dataclass(frozen=True)
class Ref:
    """Where something is on a network: `id` as the network writes it, `url` for people."""

    id: str
    url: str | None = None


@dataclass(frozen=True)
class Draft:
    """One visible write. `key` is ours and never changes for a delivery; `reply_to` makes it a reply.

    `root` is the post under which the conversation lives, where the network needs it.
    """

    key: str
    text: str
    media: Sequence[Media] = ()
    reply_to: Ref | None = None
    root: Ref | None = None


@dataclass(frozen=True)
class Prepared:
    """Saved before the write leaves: whatever `publish` needs and whatever `find` needs to recognise the post.

    `notes` is JSON: media ids, the newest own post's id, a fingerprint of the text.
    """

    key: str
    notes: Mapping[str, object]


class ProblemKind(Enum):
    """What `check` may find wrong with a draft; the words for it live in the catalogues (`check.<value>`)."""

    TOO_LONG = "too_long"
    EMPTY = "empty"
    NO_ALT = "no_alt"
    ALT_TOO_LONG = "alt_too_long"
    MEDIA_TYPE = "media_type"
    MEDIA_SIZE = "media_size"
    TOO_MANY_MEDIA = "too_many_media"


@dataclass(frozen=True)
class Problem:
    """One finding of a connector's `check`; `args` fills the placeholders of its sentence (count, limit, name)."""

    kind: ProblemKind
    blocks: bool
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Identity:
    """Who the credentials belong to: shown before an account is saved. No `handle` where people go by the name."""

    id: str
    handle: str
    name: str
    picture: str | None = None


@dataclass(frozen=True)
class Author:
    """An outside person as the network shows them; every string is untrusted."""

    id: str
    handle: str
    name: str
    picture: str | None = None
    followers: int | None = None


class ItemKind(Enum):
    """How something from outside reached us."""

    COMMENT = "comment"
    MENTION = "mention"
    REPLY = "reply"


@dataclass(frozen=True)
class Item:
    """One thing that somebody said to us. `at` is UTC; `root` is the post it hangs under, `parent` what it answers.

    `own` marks our own account's words, which come back in most timelines.
    """

    ref: Ref
    kind: ItemKind
    author: Author
    text: str
    at: datetime
    root: Ref | None = None
    parent: Ref | None = None
    media: Sequence[str] = ()
    own: bool = False


@dataclass(frozen=True)
class Page:
    """Oldest first. `cursor` is opaque, saved together with the items; `more` says to ask again at once."""

    items: Sequence[Item]
    cursor: str
    more: bool = False


@dataclass(frozen=True)
class Metrics:
    """Public numbers of a post where the network gives them; None where it doesn't."""

    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None


@dataclass(frozen=True)
class Credentials:
    """What opens an account, as its form asked for it (see `Provider.fields`). Never printed."""

    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Endpoint:
    """Where the network lives and the operator's app there: `app` e.g. consumer key and secret. Never printed."""

    url: str
    app: Mapping[str, str] = field(repr=False, default_factory=dict)
    timeout: float = 20.0


class Connector(Protocol):
    """One account on one network, opened. Every method but `aclose` may raise a `NetworkError`."""

    async def whoami(self) -> Identity:
        """Whom the credentials belong to."""
        ...

    async def prepare(self, draft: Draft) -> Prepared:
        """Upload media, note what `find` will need. Repeatable; nothing becomes visible."""
        ...

    async def publish(self, draft: Draft, prepared: Prepared) -> Ref:
        """Exactly one visible write."""
        ...

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """Look for the post on the account. None: it is not there (as far as the network shows by now)."""
        ...

    async def fetch(self, cursor: str | None) -> Page:
        """What people said since `cursor`; without one, start from now: older items may be left out."""
        ...

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """Hide or show a comment. Repeatable."""
        ...

    async def delete(self, ref: Ref) -> None:
        """Delete our post or a comment under it. Repeatable; already gone is done."""
        ...

    async def edit(self, ref: Ref, text: str) -> Ref:
        """Change our post's text; the ref may be a new one. Repeatable."""
        ...

    async def metrics(self, ref: Ref) -> Metrics:
        """Public numbers of our post."""
        ...

    async def aclose(self) -> None:
        """Give connections back."""
        ...


@dataclass(frozen=True)
class CredentialField:
    """One field of the form that connects an account; its label is the message `network.<name>.<field>`."""

    name: str
    secret: bool = True


class Provider(Protocol):
    """A network, before any account is opened: data, pure functions and one factory."""

    name: str
    title: str
    capabilities: Capability
    limits: Limits
    fields: Sequence[CredentialField]
    app_fields: Sequence[str]

    def length(self, text: str) -> int:
        """The text's length as the network counts it. Pure and linear."""
        ...

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """What the network would refuse, or people would miss. Pure."""
        ...

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """A connector for the account whose network id is `account` ("" when only `whoami` will be asked)."""
        ...


class NetworkError(VoceroError):
    """The base: `detail` is the network's own words, cleaned of secrets, for the log; people get a sentence by kind.

    NetworkError
    ├── AuthFailed       the token is dead or may not do this: hold the account's deliveries, tell people
    ├── RateLimited      not written; `until` is when to come back (UTC)
    ├── Rejected         not written and never will be as it is; `kind` says why
    │   └── Gone         what we answered or changed no longer exists
    ├── Duplicate        the network has this text already: look for it
    ├── Transient        surely not sent: try again later
    └── UnknownOutcome   perhaps written: look, never send blindly
    """

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class AuthFailed(NetworkError):
    """The credentials are dead, expired or lack a permission."""


class RateLimited(NetworkError):
    """Too many requests; `until` is the network's own time, or the caller's default when it gave none."""

    def __init__(self, detail: str = "", *, until: datetime | None = None, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.until = until


class RejectKind(Enum):
    """Why a network refuses something for good."""

    VALIDATION = "validation"
    POLICY = "policy"
    PERMISSION = "permission"
    GONE = "gone"


class Rejected(NetworkError):
    """Refused, nothing was written."""

    def __init__(self, detail: str = "", *, kind: RejectKind = RejectKind.VALIDATION, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.kind = kind


class Gone(Rejected):
    """What the request points at does not exist (any more)."""

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail, kind=RejectKind.GONE, code=code)


class Duplicate(NetworkError):
    """The network says it has this already; `existing` where it says which."""

    def __init__(self, detail: str = "", *, existing: Ref | None = None, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.existing = existing


class Transient(NetworkError):
    """Surely not written: the request did not leave, or a read failed."""


class UnknownOutcome(NetworkError):
    """The request left and no trustworthy answer came back."""
