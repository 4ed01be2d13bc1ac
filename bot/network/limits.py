"""A network's limits as data, and what they find wrong with a text and its pictures: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from bot.domain.preview import Feed


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
    poll_every: float = 1.0  # seconds between two polls of one account that the network's limits allow
    poll_every_app: float = 0.0  # … of any two accounts of the operator's app, where the app has a limit of its own
    answers_every: float = 0.0  # seconds between two answers of one account that its limits allow in the long run
    hides_every: float = 0.0  # … and between two comments that it hides
    windows_apart: bool = False  # whether one kind of request used up leaves the others what they have

    look_every: float | None = None  # seconds between two looks at an open comment, where `fetch` hides changes
    look_price: float = 0.0  # dollars for one that is still there
    answer_price: float = 0.0  # dollars for a public answer to somebody who spoke to us
    linked_price: float = 0.0  # … and for one with a link
    message_length: int = 0  # of a private message
    answer_within: float | None = None  # seconds after what a person wrote last in private, for an answer to it
    message_price: float = 0.0  # dollars for one that is read, ours too; then an admin has to switch reading on
    sent_price: float = 0.0  # … and for one that is sent
    messages_every: float = 0.0  # seconds between two looks for private messages that its limits allow
    messages_need: str = ""  # the permission, by the network's name, without which private messages can't be read
    look_at: int = 0  # … and at how many of them at once
    feed: Feed = field(default_factory=Feed)  # what becomes of a post where people meet it

    def pace(self, wanted: float, accounts: int) -> float:
        """Seconds between two polls of each of so many accounts: as wanted, but never faster than is allowed."""
        return max(wanted, self.poll_every, self.poll_every_app * accounts)


@dataclass(frozen=True)
class MediaFacts:
    """What `check` needs to know of a picture before its bytes are here."""

    name: str
    type: str
    size: int
    alt: str


class ProblemKind(Enum):
    """What `check` may find wrong with a draft; the words for it live in the catalogues (`check.<value>`)."""

    TOO_LONG = "too_long"
    EMPTY = "empty"
    NO_ALT = "no_alt"
    ALT_TOO_LONG = "alt_too_long"
    MEDIA_TYPE = "media_type"
    MEDIA_SIZE = "media_size"
    TOO_MANY_MEDIA = "too_many_media"
    NO_MEDIA = "no_media"


@dataclass(frozen=True)
class Problem:
    """One finding of a connector's `check`; `args` fills the placeholders of its sentence (count, limit, name)."""

    kind: ProblemKind
    blocks: bool
    args: Mapping[str, object] = field(default_factory=dict)


def problems(
    limits: Limits,
    text: str,
    count: int,
    media: Sequence[MediaFacts],
    *,
    longest: int | None = None,
    most: int | None = None,
) -> Iterator[Problem]:
    """What every network finds: too long or empty, too many pictures, of a type or size it doesn't take, no alt text.

    `count` is the text's length as the network counts it; `longest` and `most` stand in where a reply, say, has limits
    of its own. A missing alt text is a warning, everything else a blocker.
    """
    longest, most = longest or limits.max_length, limits.max_media if most is None else most
    if count > longest:
        yield Problem(ProblemKind.TOO_LONG, True, {"count": count, "limit": longest})
    if not text.strip() and not media:
        yield Problem(ProblemKind.EMPTY, True)
    if len(media) > most:
        yield Problem(ProblemKind.TOO_MANY_MEDIA, True, {"count": len(media), "limit": most})
    for one in media:
        if one.type not in limits.media_types:
            yield Problem(ProblemKind.MEDIA_TYPE, True, {"name": one.name, "type": one.type})
        if one.size > limits.media_bytes:
            size = {"name": one.name, "size": one.size, "limit": limits.media_bytes}
            yield Problem(ProblemKind.MEDIA_SIZE, True, size)
        if not one.alt.strip():
            yield Problem(ProblemKind.NO_ALT, False, {"name": one.name})
        elif len(one.alt) > limits.alt_text_length:
            alt = {"name": one.name, "count": len(one.alt), "limit": limits.alt_text_length}
            yield Problem(ProblemKind.ALT_TOO_LONG, True, alt)
