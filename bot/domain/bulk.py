"""One act for all of a crowd: asked once by a person with the number that they saw, done by the engine in batches.

Everything that a batch does may be done again: what is claimed, closed, hidden or answered already is passed over, and
an answer's id says for whom of which act it is. So whoever goes on after a crash begins with the batch that it was at.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.checks.folding import links, words
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.deliveries import UNDO
from bot.domain.records import MemberId, Record, score
from bot.errors import AlreadyDone, FieldErrors, UserError

FEWEST, MOST = 2, 5
"""Variations of an answer to many: one alone looks like a machine, and networks refuse it."""
PAUSE = timedelta(seconds=2)
"""Between two batches: an account that answers faster than people can looks like one that was taken over."""
WAITS = timedelta(seconds=30)
"""How often it is seen whether the last answers have left, where the network has them wait."""
LEASE = timedelta(seconds=60)
"""How long a batch belongs to whoever does it."""


class BulkAct(StrEnum):
    """What is done for all."""

    CLAIM = "claim"
    ANSWER = "answer"
    HIDE = "hide"
    CLOSE = "close"


class BulkState(StrEnum):
    """Where it stands."""

    RUNNING = "running"
    UNDOING = "undoing"  # answers that didn't go out yet are taken back
    DONE = "done"
    UNDONE = "undone"
    STOPPED = "stopped"  # whoever asked may not any more, or the brand is silent


BATCH = {BulkAct.CLAIM: 50, BulkAct.ANSWER: 10, BulkAct.HIDE: 25, BulkAct.CLOSE: 50}
"""Conversations of one batch."""
AT_ONCE = {BulkAct.ANSWER: 50, BulkAct.HIDE: 25}
"""So many need not keep the network's long pace: what is left of its limit is for everybody else."""
OVER = frozenset({BulkState.DONE, BulkState.UNDONE, BulkState.STOPPED})


class Bulk(Record):
    """One act for the conversations that a crowd had until `until` (ms), the number `seen` on the card.

    place: how many of them were looked at. done: for how many it was done; passed: how many were passed over, because
    somebody else has them, or there was nothing to do. undone: answers that were taken back, by `undone_by`; taken:
    of those, in the present round. last_due: when the last answer leaves; then the act is over. problem: a key.
    """

    KIND: ClassVar[str] = "bulk"

    brand: str
    account: str
    crowd: str
    act: BulkAct
    reason: ClosedAs | None = None
    texts: tuple[str, ...] = ()
    seen: int
    until: float
    by: MemberId
    at: AwareDatetime
    state: BulkState = BulkState.RUNNING
    place: int = 0
    done: int = 0
    passed: int = 0
    undone: int = 0
    undone_by: MemberId = ""
    taken: int = 0
    last_due: AwareDatetime | None = None
    problem: str = ""
    attention: AwareDatetime | None = None
    correlation: str = ""

    def indexes(self) -> Mapping[str, float]:
        """Those of a crowd, and what the engine has to go on with."""
        names = {f"bulks:{self.crowd}": score(self.at)}
        return names | ({"bulks": score(self.attention)} if self.attention is not None else {})

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self.state in OVER

    def text_of(self, number: int) -> str:
        """The variation for the conversation of that number: one after the other."""
        return self.texts[number % len(self.texts)]

    def answer_id(self, conversation: str) -> str:
        """The id of its answer in a conversation: asked for again, it is the same delivery."""
        return f"{self.id}{MARK}{conversation}"


MARK = ".to."
"""Stands in the id of an answer that was written for many, and in no other."""


def for_many(delivery: str) -> bool:
    """Whether a delivery's id is that of an answer which was written for many."""
    return MARK in delivery


def variations(texts: Mapping[str, str]) -> tuple[str, ...]:
    """The filled-in ones by their fields, in order. Raises FieldErrors for too few, and for two that are the same."""
    filled = {field: text.strip() for field, text in texts.items() if text.strip()}
    if len(filled) < FEWEST:
        empty = next(field for field, text in texts.items() if not text.strip())
        raise FieldErrors({empty: UserError("error.variations_few", count=FEWEST)})
    seen: set[str] = set()
    for field, text in filled.items():
        said = " ".join([*words(text), *links(text)]) or text
        if said in seen:
            raise FieldErrors({field: UserError("error.variations_same")})
        seen.add(said)
    return tuple(filled.values())[:MOST]


def wanted(bulk: Bulk, conversation: Conversation) -> bool:
    """Whether an act for all means this one: what a colleague has stays with them, what is closed stays closed."""
    if conversation.forgotten_at is not None or not conversation.open:
        return False
    if conversation.owner not in {"", bulk.by}:
        return False
    if bulk.act is BulkAct.CLAIM:
        return conversation.status in {ConversationStatus.NEW, ConversationStatus.ESCALATED}
    return bulk.act is not BulkAct.ANSWER or (conversation.latest.there and conversation.unanswered_since is not None)


def already(bulk: Bulk, conversation: Conversation) -> bool:
    """Whether this very act did it: a batch that is done again after a crash counts what it did before."""
    if bulk.act is BulkAct.CLAIM:
        return conversation.owner == bulk.by and conversation.owned_at is not None and conversation.owned_at >= bulk.at
    if bulk.act is BulkAct.CLOSE:
        closed = conversation.status is ConversationStatus.CLOSED and conversation.closed_by == bulk.by
        return closed and conversation.closed_as is bulk.reason and conversation.changed_at >= bulk.at
    return False


def batch_done(bulk: Bulk, looked: int, done: int, now: datetime, *, every: float = 0.0) -> Bulk:
    """A batch of `looked` conversations was done. `every`: seconds between two that the network allows in the long
    run."""
    made = bulk.done + done
    update: dict[str, object] = {"done": made, "passed": bulk.passed + looked - done, "place": bulk.place + looked}
    if bulk.act is BulkAct.ANSWER and done:
        update["last_due"] = now + UNDO
    ahead = made + BATCH[bulk.act] - AT_ONCE.get(bulk.act, made + BATCH[bulk.act])
    return bulk.model_copy(update={**update, "attention": max(now + PAUSE, bulk.at + timedelta(seconds=every * ahead))})


def all_done(bulk: Bulk, now: datetime, *, unsent: bool = False) -> Bulk:
    """All were looked at: it is over, unless an answer (`unsent`) can still be taken back."""
    if bulk.last_due is not None and bulk.last_due > now:
        return bulk.model_copy(update={"attention": bulk.last_due})
    if unsent:
        return bulk.model_copy(update={"attention": now + WAITS})
    return bulk.model_copy(update={"state": BulkState.DONE, "attention": None})


def undo(bulk: Bulk, who: MemberId, now: datetime) -> Bulk:
    """Nothing more is done; of answers, what didn't go out is taken back. Raises for what was, or is over."""
    if bulk.undone_by:
        raise AlreadyDone("error.bulk_undone", who=bulk.undone_by, at=bulk.at)
    if bulk.over:
        raise UserError("error.bulk_over")
    if bulk.act is not BulkAct.ANSWER:
        return bulk.model_copy(update={"state": BulkState.STOPPED, "undone_by": who, "attention": None})
    begin = {"place": 0, "taken": 1, "undone_by": who}
    return bulk.model_copy(update={**begin, "state": BulkState.UNDOING, "attention": now})


def taken_back(bulk: Bulk, looked: int, undone: int, now: datetime) -> Bulk:
    """A batch of answers was taken back. All are looked at until a whole round finds none: one may have been planned
    in the moment in which it was asked."""
    update: dict[str, object] = {"undone": bulk.undone + undone, "taken": bulk.taken + undone}
    if looked:
        return bulk.model_copy(update={**update, "place": bulk.place + looked, "attention": now})
    if bulk.taken:
        return bulk.model_copy(update={**update, "place": 0, "taken": 0, "attention": now + PAUSE})
    return bulk.model_copy(update={**update, "state": BulkState.UNDONE, "attention": None})


def stop(bulk: Bulk, problem: str) -> Bulk:
    """It can't go on; what was done stays done."""
    return bulk.model_copy(update={"state": BulkState.STOPPED, "problem": problem, "attention": None})
