"""The connector port: what a social network can do for us, in one vocabulary, and how it may fail.

A connector is a module (or small package) in `connectors/` that translates; it never retries, sleeps, logs or
knows Slack and the store. It declares itself with `PROVIDER`, a `Provider`. Rule for writes: a failure before the
bytes left is `Transient`; after that a time-out, any 5xx and a 2xx that can't be parsed are `UnknownOutcome`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, Flag, auto
from typing import Protocol

from bot.domain.preview import Feed
from bot.network.errors import (
    AuthFailed,
    Duplicate,
    Gone,
    NetworkError,
    RateLimited,
    Rejected,
    RejectKind,
    Transient,
    UnknownOutcome,
)
from bot.network.hooks import Hook
from bot.network.limits import Limits, MediaFacts, Problem, ProblemKind, problems
from bot.network.own import Access, Sent, SentPage
from bot.network.refs import Ref

__all__ = [
    "Access",
    "AuthFailed",
    "Author",
    "Capability",
    "Change",
    "Connector",
    "CredentialField",
    "Credentials",
    "Draft",
    "Duplicate",
    "Endpoint",
    "Feed",
    "Gone",
    "Hook",
    "Identity",
    "Item",
    "ItemKind",
    "Limits",
    "Media",
    "MediaFacts",
    "Metrics",
    "NetworkError",
    "Page",
    "Prepared",
    "Problem",
    "ProblemKind",
    "Provider",
    "RateLimited",
    "Ref",
    "RejectKind",
    "Rejected",
    "Sent",
    "SentPage",
    "Transient",
    "UnknownOutcome",
    "problems",
]


class Capability(Flag):
    """What the network lets us do; a missing flag hides the button."""

    PUBLISH = auto()
    MEDIA = auto()
    REPLY = auto()
    FETCH = auto()
    HIDE = auto()
    DELETE = auto()  # our own posts
    DELETE_COMMENT = auto()  # what others wrote under them
    EDIT = auto()
    METRICS = auto()
    THREAD = auto()  # a reply to our own post continues it: see `Draft.reply_to`
    FIRST_COMMENT = auto()  # our own comment under our post, sent with it as its second segment
    WEBHOOK = auto()
    IDEMPOTENT = auto()  # the same key twice is one post
    PRACTICE = auto()  # nothing there is public: only for brands that practise
    LIKE = auto()  # what others wrote
    PRIVATE_REPLY = auto()  # a message to a comment's author, that nobody else sees: once a comment
    MESSAGES = auto()  # private messages to the account are read, and answered: see `Draft.private_to`
    SENT = auto()  # our account's own newest posts can be read
    ASSISTED = auto()  # a person publishes by hand: there is no account to open (`bot.network.assisted`)


@dataclass(frozen=True)
class Media:
    """One picture: `content` its bytes, `type` a MIME type, `alt` the text for those who can't see it."""

    id: str
    name: str
    type: str
    alt: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Draft:
    """One visible write. `key` is ours and never changes for a write; `reply_to` makes it a reply.

    Each segment of a thread is a draft of its own with a key of its own, in reply to our segment before it.
    `root` is the post under which the conversation lives, where the network needs it. `private_to`: a private message
    to this person, by the network's id, that nobody else sees; `reply_to` is what it answers.
    """

    key: str
    text: str
    media: Sequence[Media] = ()
    reply_to: Ref | None = None
    root: Ref | None = None
    private_to: str = ""


@dataclass(frozen=True)
class Prepared:
    """Saved before the write leaves: whatever `publish` needs and whatever `find` needs to recognise the post.

    `notes` is JSON: media ids, the newest own post's id, a fingerprint of the text. `reads`: what was read for it at a
    price, as in `Page`.
    """

    key: str
    notes: Mapping[str, object]
    reads: Mapping[str, float] = field(default_factory=dict)


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
    MESSAGE = "message"  # private; `parent` is the network's conversation with its author
    QUOTE = "quote"  # somebody's own post that shows ours; `root` is ours


@dataclass(frozen=True)
class Item:
    """One thing that somebody said to us. `at` is UTC; `root` is the post it hangs under, `parent` what it answers.

    `own` marks our own account's words, which come back in most timelines. `seen`: when it read so, by the network's
    clock, where that isn't `at`; `edited`: the network says that it was changed to this. `hidden`: None where it isn't
    told.
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
    seen: datetime | None = None
    edited: bool = False
    hidden: bool | None = None


@dataclass(frozen=True)
class Change:
    """What became of something that was said, at `at` by the network's clock; None where nothing is told of it.

    `edited`: we looked because the network said that it had changed, so within one second this is the newer wording.
    """

    ref: Ref
    at: datetime
    text: str | None = None
    media: Sequence[str] = ()
    hidden: bool | None = None
    gone: bool = False
    edited: bool = False


@dataclass(frozen=True)
class Page:
    """Oldest first. `cursor` is opaque, saved together with the items; `more` says to ask again at once.

    An item that is known already tells how it reads now; `changes` tell of items without repeating them.
    """

    items: Sequence[Item]
    cursor: str
    more: bool = False
    changes: Sequence[Change] = ()
    reads: Mapping[str, float] = field(default_factory=dict)  # what the network charges for: id, dollars at the most


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

    def begin(self, since: datetime) -> str:
        """The cursor with which `fetch` begins: everything said from this moment on, an aware instant. Asks nobody.

        Where a network counts in seconds, the whole second is part of it.
        """
        ...

    async def fetch(self, cursor: str) -> Page:
        """What people said since `cursor`: nothing between two cursors is ever left out."""
        ...

    async def look(self, refs: Sequence[Ref], mentions: Collection[str] = ()) -> Sequence[Change]:
        """How these comments stand now, in any order; `mentions`: the ids of those that are posts of their own.

        Asked where `Limits.look_every` is set: there `fetch` doesn't show what became of what it told.
        """
        ...

    async def access(self) -> Access:
        """When our access ends and what it may do, where the network tells. Asked once a day."""
        ...

    async def sent(self, cursor: str | None) -> SentPage:
        """What our account itself published since `cursor`, by whatever hand; without one, start from now.

        Offered with `Capability.SENT`. It costs what the network charges for reading one's own posts.
        """
        ...

    async def messages(self, cursor: str) -> Page:
        """Private messages since `cursor` (from `begin`), as `fetch` tells comments; what we wrote isn't among them.

        Offered with `Capability.MESSAGES`.
        """
        ...

    def signed(self, url: str) -> Mapping[str, str]:
        """Headers without which a picture of a private message isn't given out; empty where everybody is given it.

        Pure. They go to this very address and to no other: they open an account's private pictures.
        """
        ...

    async def subscribe(self, url: str) -> None:
        """Ask the network to tell us what happens on the account, at our public address `url`. Repeatable.

        Offered with `Capability.WEBHOOK`.
        """
        ...

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """Hide or show a comment. Repeatable."""
        ...

    async def like(self, ref: Ref, liked: bool) -> None:
        """Like a comment as the account, or take it back. Repeatable. Offered with `Capability.LIKE`."""
        ...

    async def reply_privately(self, ref: Ref, text: str) -> None:
        """A message that only the comment's author sees; raises Duplicate for a second one.

        Offered with `Capability.PRIVATE_REPLY`.
        """
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
    hook: Hook | None

    def length(self, text: str) -> int:
        """The text's length as the network counts it. Pure and linear."""
        ...

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """What the network would refuse, or people would miss. Pure."""
        ...

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """A connector for the account whose network id is `account` ("" when only `whoami` will be asked)."""
        ...
