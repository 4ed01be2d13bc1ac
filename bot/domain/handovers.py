"""A shift that is handed over: offered with the list of what is open, and done only when the other takes it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, NotAllowed

ANSWER_WITHIN = timedelta(minutes=30)
"""How long a shift is on offer before whoever gives it hears that nobody answered."""


class HandoverState(StrEnum):
    """What became of a shift on offer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    SUPERSEDED = "superseded"  # its giver asked somebody else


class Work(Value):
    """What somebody has open in one brand, by ids, oldest first: what a hand over lists."""

    brand: str
    conversations: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # deliveries that wait for a decision
    approvals: tuple[str, ...] = ()  # posts
    alarms: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many things."""
        return len(self.conversations) + len(self.questions) + len(self.approvals) + len(self.alarms)


class Handover(Record):
    """A shift on offer: done only when the other takes it. `work` is what was open when it was offered.

    covered: the brands where the taker is on duty since; until: when the shift there ends, absent where it lasts until
    it is handed on. moved: how many conversations and alarms changed hands.
    """

    KIND: ClassVar[str] = "handover"

    giver: MemberId
    taker: MemberId
    brands: tuple[str, ...]
    note: str = ""
    work: tuple[Work, ...] = ()
    state: HandoverState = HandoverState.OFFERED
    offered_at: AwareDatetime
    answered_at: AwareDatetime | None = None
    until: Mapping[str, AwareDatetime] = Field(default_factory=dict)
    covered: tuple[str, ...] = ()
    moved: int = 0

    def indexes(self) -> Mapping[str, float]:
        """What waits for an answer, in all and by giver."""
        if self.state is not HandoverState.OFFERED:
            return {}
        due = score(self.offered_at + ANSWER_WITHIN)
        return {"handovers:due": due, f"handovers:{self.giver}": due}


def answer(handover: Handover, who: MemberId, state: HandoverState, at: datetime) -> Handover:
    """*Take the shift*, *Not now*, or (`who` is empty) nobody answered or somebody else was asked.

    Raises NotAllowed for anybody else than the one who was asked, and AlreadyDone when it was answered.
    """
    if who and who != handover.taker:
        raise NotAllowed("error.handover_not_yours", who=handover.taker)
    if handover.state is not HandoverState.OFFERED:
        key = f"error.handover_{handover.state.value}"
        raise AlreadyDone(key, who=handover.taker, at=handover.answered_at)
    return handover.model_copy(update={"state": state, "answered_at": at})
