"""By when somebody is answered and a matter settled, in the brand's working time; and who is warned on the way.

At three quarters of the time its owner is warned; when it is over whoever moderates; half as much later the channel.
Nobody is warned outside working hours, because all three are moments of working time. What nobody has begins with those
who moderate.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from bot.domain.conversations import Conversation, ConversationStatus, Targets
from bot.domain.hours import Hours, after
from bot.domain.records import Record, score


class Rung(IntEnum):
    """How far up a warning went."""

    NOBODY = 0
    OWNER = 1
    ROLE = 2
    CHANNEL = 3


class LateNotice(Record):
    """What somebody, or a channel, is told of conversations that wait too long: one message for those of ten minutes.

    rung: how far up it is; to: a member id, or a channel's; talks: the first few of `count`.
    """

    KIND: ClassVar[str] = "late_notice"

    brand: str
    rung: Rung
    to: str
    talks: tuple[str, ...] = ()
    count: int = 0
    at: AwareDatetime

    def indexes(self) -> Mapping[str, float]:
        """By when they were begun, so that old ones can be forgotten."""
        return {"late_notices": score(self.at)}

    def joined_by(self, conversation: str) -> "LateNotice":
        """With one more."""
        talks = (*self.talks, conversation)[:LISTED]
        return self.model_copy(update={"talks": talks, "count": self.count + 1})


LISTED = 5
"""Conversations that a notice names; the others are counted."""
TOGETHER = timedelta(minutes=10)
"""What waits too long within that time is told in one message."""


def notice_id(brand: str, rung: Rung, to: str, at: datetime) -> str:
    """Of the notice that a warning of that moment belongs to."""
    return f"{brand}.{int(rung)}.{to}.{int(at.timestamp() // TOGETHER.total_seconds())}"


SHARES = {Rung.OWNER: 0.75, Rung.ROLE: 1.0, Rung.CHANNEL: 1.5}
"""After which part of a target's working time each is warned."""


def promised(conversation: Conversation, hours: Hours, zone: ZoneInfo) -> Targets:
    """The targets of what is open, from what is known of it: what the person said that nobody answered, and since when
    it is open. What was answered waits for its end alone; what is put off waits for nothing."""
    if conversation.status in {ConversationStatus.CLOSED, ConversationStatus.SNOOZED}:
        return Targets()
    asked, opened = conversation.unanswered_since, conversation.opened_at or conversation.created_at
    answer = _due(hours, zone, asked, hours.answer, 1.0) if asked else None
    resolve = _due(hours, zone, opened, hours.resolve, 1.0)
    return Targets(answer=answer, resolve=resolve)


def with_targets(conversation: Conversation, hours: Hours, zone: ZoneInfo) -> Conversation:
    """The conversation with its targets as they are now, and the next warning; warnings that were given for a target
    that still stands aren't given again."""
    old, new = conversation.targets, promised(conversation, hours, zone)
    rung = old.rung if old.next is not None and old.next == new.next else Rung.NOBODY
    new = new.model_copy(update={"rung": int(rung)})
    targets = new.model_copy(update={"warn": _warn(conversation, new, hours, zone)})
    return conversation if targets == old else conversation.model_copy(update={"targets": targets})


def next_rung(conversation: Conversation) -> Rung | None:
    """Who is warned next; None when everybody was."""
    rung = Rung(conversation.targets.rung)
    if rung is Rung.CHANNEL:
        return None
    following = Rung(rung + 1)
    return Rung.ROLE if following is Rung.OWNER and not conversation.owner else following


def warned(conversation: Conversation, hours: Hours, zone: ZoneInfo) -> Conversation:
    """Somebody was warned: the next one's turn comes at its time."""
    rung = next_rung(conversation)
    targets = conversation.targets.model_copy(update={"rung": int(Rung.CHANNEL if rung is None else rung)})
    warn = _warn(conversation, targets, hours, zone)
    return conversation.model_copy(update={"targets": targets.model_copy(update={"warn": warn})})


def _warn(conversation: Conversation, targets: Targets, hours: Hours, zone: ZoneInfo) -> datetime | None:
    """When whoever is next is warned. What nobody has is told to those who moderate as early as an owner would be."""
    rung = next_rung(conversation.model_copy(update={"targets": targets}))
    if rung is None or targets.next is None:
        return None
    first = targets.next == targets.answer
    since = conversation.unanswered_since if first else conversation.opened_at or conversation.created_at
    minutes = hours.answer if first else hours.resolve
    share = SHARES[Rung.OWNER] if rung is Rung.ROLE and not conversation.owner else SHARES[rung]
    return _due(hours, zone, since, minutes, share) if since else None


def _due(hours: Hours, zone: ZoneInfo, since: datetime, minutes: int | None, share: float) -> datetime | None:
    return after(hours, zone, since, timedelta(minutes=minutes * share)) if minutes else None
