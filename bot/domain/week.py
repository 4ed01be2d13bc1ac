"""Approving a week at once: what of it waits now, what is ticked unasked, and what exactly a form has shown."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.checks.findings import Finding, blocked
from bot.domain.house_rules import Level
from bot.domain.posts import Post
from bot.domain.records import Value
from bot.errors import UserError

AHEAD = timedelta(days=7)
"""What is to go out within this time, and what goes out as soon as it is approved."""
_EPOCH = datetime.fromtimestamp(0, UTC)
_PARTS = 4


class Choice(StrEnum):
    """How a post stands in the list."""

    TICKED = "ticked"
    OPEN = "open"  # there is something to be read first
    CLOSED = "closed"  # nobody could approve it now


class Shown(Value):
    """One post as it was read: the revision with its hash, and when the post was changed last, in µs."""

    post: str
    revision: int
    hash: str
    seen: int

    @classmethod
    def of(cls, post: Post) -> "Shown":
        """A post as it is now."""
        seen = (post.changed_at - _EPOCH) // timedelta(microseconds=1)
        return cls(post=post.id, revision=post.current.number, hash=post.current.hash, seen=seen)

    @property
    def packed(self) -> str:
        """As it rides along in a form."""
        return f"{self.post}:{self.revision}:{self.hash}:{self.seen}"

    @classmethod
    def unpacked(cls, text: str) -> "Shown":
        """What rode along; raises UserError for anything else."""
        parts = text.rsplit(":", _PARTS - 1)
        if len(parts) != _PARTS or not (parts[1].isdecimal() and parts[3].isdecimal() and len(text) < 256):
            raise UserError("error.form_old")
        return cls(post=parts[0], revision=int(parts[1]), hash=parts[2], seen=int(parts[3]))

    @property
    def seen_at(self) -> datetime:
        """`seen` as an instant; raises UserError for one that no clock shows."""
        try:
            return _EPOCH + timedelta(microseconds=self.seen)
        except OverflowError as error:
            raise UserError("error.form_old") from error


def this_week(post: Post, now: datetime) -> bool:
    """Whether it belongs to the list: it is due within the week, late already, or has no time of its own."""
    return post.due is None or post.due - now <= AHEAD


def place(post: Post) -> str:
    """By which it is put in order, and found again: its time (what goes out at once comes first), then its id."""
    due = max((post.due - _EPOCH) // timedelta(seconds=1), 0) if post.due else 0
    return f"{due:012d}.{post.id}"


def choice_of(post: Post, findings: Iterable[Finding], *, stopped: bool) -> Choice:
    """Whether it is ticked unasked: a warning, or a stop in force, has to be read by a person; what can't be approved
    can't be ticked either."""
    found = list(findings)
    if blocked(found) or not post.current.ready:
        return Choice.CLOSED
    warned = stopped or any(each.level is Level.WARNING for each in found)
    return Choice.OPEN if warned else Choice.TICKED
