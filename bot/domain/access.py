"""How long our access to an account lasts and what it may do, as the network told it; and when people are told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar
from zlib import crc32

from pydantic import AwareDatetime

from bot.domain.records import Record

DAY = timedelta(days=1)
NOTICES = (14, 3, 1)
"""Days before the end on which people are told, once each."""


class AccessNote(Record):
    """What a probe found out last; `id` is the account's. It speaks of the credentials of `connected_at` alone.

    told: the days of the last notice for this very end; 0 for none.
    """

    KIND: ClassVar[str] = "access"

    connected_at: AwareDatetime
    checked_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    may: tuple[str, ...] = ()
    told: int = 0

    def indexes(self) -> Mapping[str, float]:
        """In none: it is found by its account."""
        return {}

    def days(self, now: datetime) -> int | None:
        """The notice that is due: 14, 3 or 1; None when there is none, or it was given."""
        if self.ends_at is None:
            return None
        reached = [days for days in NOTICES if self.ends_at - now <= days * DAY]
        return min(reached) if reached and (not self.told or min(reached) < self.told) else None


def same_end(one: datetime | None, other: datetime | None) -> bool:
    """Whether two answers name one end: a network that counts from now is a moment off each time."""
    if one is None or other is None:
        return one is other
    return abs(one - other) < timedelta(hours=1)


def probe_due(note: AccessNote | None, account: str, connected_at: datetime, now: datetime) -> bool:
    """Whether an account is to be looked at: at once when it is new, then once a day at a moment of its own.

    A look that lies in the future, because a clock was put back, doesn't count.
    """
    if note is None or note.connected_at != connected_at or note.checked_at > now:
        return True
    slot = timedelta(seconds=crc32(account.encode()) % 86_400)
    return (now - slot).date() > (note.checked_at - slot).date()
