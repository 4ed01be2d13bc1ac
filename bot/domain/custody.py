"""Whether the store is the one that we left: what is missing when it isn't, and who may say that we go on with it."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, Value

ID = "store"
HELD = "state_missing"
"""Why a delivery is held: it was planned before somebody confirmed that we publish from here on."""


class Gap(StrEnum):
    """How the store differs from what this machine saw last."""

    EMPTY = "empty"
    BEHIND = "behind"  # an older copy, or its last entries are gone
    OTHER = "other"  # it has an entry of that number, and it is another one
    RESTORED = "restored"  # somebody put a backup in its place, on purpose


class Mark(Value):
    """A place in the record: an entry's number and its hash in the chain."""

    number: int = 0
    hash: str = ""


class Custody(Record):
    """Whether publishing is trusted to this store: state is `missing` from the moment something was found missing until
    somebody confirms. Every grant of the wire checks that field.

    epoch counts what was found missing. seen is what was there before, at `seen_at`; found what is there now. admins
    and alerts are whom and where to ask, remembered outside the store. A confirmed gap is never asked about again.
    """

    KIND: ClassVar[str] = "custody"
    FIELDS: ClassVar[tuple[str, ...]] = ("state", "epoch")

    state: str = ""
    epoch: int = 0
    gap: Gap = Gap.EMPTY
    seen: Mark = Mark()
    seen_at: AwareDatetime | None = None
    found: Mark = Mark()
    admins: tuple[MemberId, ...] = ()
    alerts: tuple[str, ...] = ()
    noticed_at: AwareDatetime | None = None
    confirmed_by: MemberId = ""
    confirmed_at: AwareDatetime | None = None

    @property
    def missing(self) -> bool:
        """Whether nothing may be published now."""
        return self.state == "missing"

    def accepts(self, seen_at: datetime | None) -> bool:
        """Whether somebody confirmed, after what was seen then, that we go on from here."""
        return (
            not self.missing and self.confirmed_at is not None and (seen_at or self.confirmed_at) <= self.confirmed_at
        )


def gap(seen: Mark, head: Mark, there: Mark | None) -> Gap | None:
    """What is missing, None when all is there. `there` is the store's entry with the number of `seen`."""
    if not seen.number:
        return None
    if not head.number:
        return Gap.EMPTY
    if head.number < seen.number:
        return Gap.BEHIND
    return None if there == seen else Gap.OTHER
