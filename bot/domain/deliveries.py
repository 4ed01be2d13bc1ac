"""One post (or reply) on one account: the publishing protocol's life cycle as a table, and the facts it keeps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.assisted import Ask
from bot.domain.brands import Stop
from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, UserError

LEASE = timedelta(seconds=30)
"""How long a worker owns a claimed delivery before another may take it over. It is renewed while media uploads."""
RECONCILE_AFTER = (timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=45))
"""When to look for a post whose outcome is unknown, counted from the wire mark (facts: timelines lag)."""
GIVE_UP = timedelta(minutes=30)
"""What can't become missed (a reply, the rest of a thread) and provably could not be sent for this long is refused."""
MOMENT = timedelta(seconds=1)
"""How long after its last moment something is looked at, so that it is over for sure."""
UNDO = timedelta(seconds=20)
"""How long a reply waits for *Undo*."""
OUTAGE = "outage"
"""The kind of a trouble that is tried again by itself, within minutes: see `backoff`."""
PAUSED = "paused"
"""The kind of a trouble that is none: a person holds it, and a person releases it."""
SOON = timedelta(minutes=10)
"""A press that makes something public within this time asks once, naming the account."""


class State(StrEnum):
    """Where a delivery stands. CLAIMED and WIRE are both *sending* to people; BY_HAND: one of them was asked to."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    WIRE = "wire"
    BY_HAND = "by_hand"
    LIVE = "live"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LEFT = "left"
    MISSED = "missed"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    UNPUBLISHED = "unpublished"


class Step(StrEnum):
    """What can happen to a delivery."""

    CLAIM = "claim"  # a worker takes it, fenced
    GRANT = "grant"  # the durable mark before the request leaves
    ASK = "ask"  # of an assisted account: a person is asked to publish it by hand, or the next one is
    SEGMENT = "segment"  # a fact: the network has the next segment of a thread, and more are to follow
    LIVE = "live"  # a fact: the network has it, a thread to its last segment
    RELEASE = "release"  # provably not sent: again later; of one that somebody was asked for: another time
    REFUSE = "refuse"  # the network said no, or nobody can publish it by hand
    LOSE = "lose"  # looked for and not found, and not provable
    MISS = "miss"
    HOLD = "hold"  # by a stop, or a dead account
    WITHDRAW = "withdraw"
    RESUME = "resume"  # a person keeps a held one, or sends a missed, refused or unknown one again
    LEAVE = "leave"  # a person leaves an unknown one as it is
    UNPUBLISH = "unpublish"  # the network took it down, or as much of a thread as was out


S = State
LIFE: Mapping[tuple[State, Step], State] = {
    (S.PLANNED, Step.CLAIM): S.CLAIMED,
    (S.PLANNED, Step.HOLD): S.HELD,
    (S.PLANNED, Step.WITHDRAW): S.WITHDRAWN,
    (S.PLANNED, Step.MISS): S.MISSED,
    (S.CLAIMED, Step.CLAIM): S.CLAIMED,
    (S.CLAIMED, Step.GRANT): S.WIRE,
    (S.CLAIMED, Step.ASK): S.BY_HAND,
    (S.CLAIMED, Step.RELEASE): S.PLANNED,
    (S.CLAIMED, Step.REFUSE): S.REFUSED,
    (S.CLAIMED, Step.HOLD): S.HELD,
    (S.CLAIMED, Step.WITHDRAW): S.WITHDRAWN,
    (S.CLAIMED, Step.MISS): S.MISSED,
    (S.WIRE, Step.CLAIM): S.WIRE,
    (S.WIRE, Step.GRANT): S.WIRE,
    (S.WIRE, Step.SEGMENT): S.CLAIMED,
    (S.WIRE, Step.LIVE): S.LIVE,
    (S.WIRE, Step.RELEASE): S.PLANNED,
    (S.WIRE, Step.REFUSE): S.REFUSED,
    (S.WIRE, Step.HOLD): S.HELD,
    (S.WIRE, Step.LOSE): S.UNKNOWN,
    (S.BY_HAND, Step.CLAIM): S.BY_HAND,
    (S.BY_HAND, Step.ASK): S.BY_HAND,
    (S.BY_HAND, Step.LIVE): S.LIVE,
    (S.BY_HAND, Step.RELEASE): S.PLANNED,
    (S.BY_HAND, Step.REFUSE): S.REFUSED,
    (S.BY_HAND, Step.MISS): S.MISSED,
    (S.BY_HAND, Step.HOLD): S.HELD,
    (S.BY_HAND, Step.WITHDRAW): S.WITHDRAWN,
    (S.UNKNOWN, Step.LIVE): S.LIVE,
    (S.UNKNOWN, Step.RESUME): S.PLANNED,
    (S.UNKNOWN, Step.LEAVE): S.LEFT,
    (S.LEFT, Step.LIVE): S.LIVE,
    (S.REFUSED, Step.RESUME): S.PLANNED,
    (S.REFUSED, Step.WITHDRAW): S.WITHDRAWN,
    (S.MISSED, Step.RESUME): S.PLANNED,
    (S.MISSED, Step.WITHDRAW): S.WITHDRAWN,
    (S.HELD, Step.RESUME): S.PLANNED,
    (S.HELD, Step.WITHDRAW): S.WITHDRAWN,
    (S.HELD, Step.MISS): S.MISSED,
    # facts are accepted from any fence: an answer that comes after another worker took over is still true
    (S.PLANNED, Step.LIVE): S.LIVE,
    (S.CLAIMED, Step.LIVE): S.LIVE,
    (S.HELD, Step.LIVE): S.LIVE,
    (S.MISSED, Step.LIVE): S.LIVE,
    (S.REFUSED, Step.LIVE): S.LIVE,
    (S.WITHDRAWN, Step.LIVE): S.LIVE,
    (S.LIVE, Step.UNPUBLISH): S.UNPUBLISHED,
    (S.LEFT, Step.UNPUBLISH): S.UNPUBLISHED,
    (S.WITHDRAWN, Step.UNPUBLISH): S.UNPUBLISHED,
    # the same fact in the middle of a thread answers a question about that very segment; what a person or a stop
    # decided stays decided, and only what is known of it grows
    (S.PLANNED, Step.SEGMENT): S.PLANNED,
    (S.CLAIMED, Step.SEGMENT): S.CLAIMED,
    (S.UNKNOWN, Step.SEGMENT): S.PLANNED,
    (S.REFUSED, Step.SEGMENT): S.PLANNED,
    (S.MISSED, Step.SEGMENT): S.PLANNED,
    (S.HELD, Step.SEGMENT): S.HELD,
    (S.LEFT, Step.SEGMENT): S.LEFT,
    (S.WITHDRAWN, Step.SEGMENT): S.WITHDRAWN,
}
"""Every permitted step. GRANT from WIRE is only taken on an idempotent network, with the same key: see `repeatable`."""

BEFORE_WIRE = frozenset({S.PLANNED, S.CLAIMED, S.BY_HAND, S.HELD, S.MISSED, S.REFUSED})
"""Nothing more of it is public for sure, or as far as anybody said; see `Delivery.may_be_public` for what went out
before. Whoever was asked to publish by hand is told when it changes, and may say that it was out already."""
SENDING = frozenset({S.CLAIMED, S.WIRE})
WAITING = frozenset({S.PLANNED, S.BY_HAND})
"""A stop, or an account that is gone, turns these into a question at once."""
ASKS = frozenset({S.UNKNOWN, S.MISSED, S.REFUSED, S.HELD})
"""A person has something to decide."""


class Reply(Value):
    """What makes a delivery an answer: the exact text, what it answers and the post above it. `to`: in private, to this
    person by the network's id; else it is public.

    signature: what the text ends with that nobody typed, as it was shown when the answer was sent.
    """

    conversation: str
    text: str
    signature: str = ""
    answers: str
    root: str = ""
    to: str = ""
    by: MemberId


class Trouble(Value):
    """Why a delivery stopped: `kind` picks the sentence (`refused.<kind>`), `detail` is the network's own words, or
    what a fact says that fell."""

    kind: str
    detail: str = ""
    until: AwareDatetime | None = None


class Delivery(Record):
    """One post on one account. `attention` is when the engine must look next (ms index `due`), None for never.

    fence grows with every claim: permissions are bound to it, facts are not. attempts counts wire marks.

    A thread has several `segments`, each with a wire mark of its own: `refs` are the network's ids of those that are
    out, in order, `ref` and `url` those of the first. wire_at, attempts, finds, refusals and prepared speak of the
    next one; segment_at is when the last one was known to be out.

    Of an assisted account `asks` are those who were asked to publish it by hand, in order; the last one has it while
    the state is BY_HAND. It has no `ref`, and `url` is what they gave.
    """

    KIND: ClassVar[str] = "delivery"
    FIELDS: ClassVar[tuple[str, ...]] = ("state", "fence", "attention", "brand", "account", "wire_at")

    brand: str
    account: str
    network: str
    generation: int
    post: str = ""
    revision: int = 0
    hash: str = ""
    reply: Reply | None = None
    state: State = State.PLANNED
    fence: int = 0
    attention: AwareDatetime | None = None
    due: AwareDatetime
    wire_at: AwareDatetime | None = None
    late_minutes: int = 30
    attempts: int = 0
    finds: int = 0
    refusals: int = 0
    asked: int = 0  # how often it came to a state in which a person has something to decide
    prepared: Mapping[str, Any] = Field(default_factory=dict)
    segments: int = 1
    refs: tuple[str, ...] = ()
    segment_at: AwareDatetime | None = None
    ref: str = ""
    url: str = ""
    asks: tuple[Ask, ...] = ()
    corrected: str = ""  # what a post says since it was corrected where it stands
    correcting: str = ""  # the correction that waits, or is on its way
    trouble: Trouble | None = None
    settled_by: MemberId = ""
    settled_at: AwareDatetime | None = None
    created_at: AwareDatetime
    approved_by: MemberId = ""
    during_stop: bool = False
    despite: tuple[str, ...] = ()  # the stops, by their notes, that its approver saw and approved it in spite of
    correlation: str = ""

    def indexes(self) -> Mapping[str, float]:
        """The due index while the engine must look at it; by post or conversation; by brand and state."""
        parent = self.reply.conversation if self.reply else self.post
        names = {f"deliveries:{parent}": score(self.created_at)}
        if self.attention is not None:
            names["due"] = score(self.attention)
            undo = self.reply is not None and self.trouble is None
            retry = self.trouble is not None and self.trouble.kind == OUTAGE
            if self.state in SENDING or undo or retry:
                names["soon"] = score(self.attention)  # never lies far ahead, but on a clock that was put back since
        if self.state in ASKS:
            names[f"asks:{self.brand}"] = score(self.due)
        if self.state in {S.HELD} | WAITING | SENDING:
            names[f"planned:{self.brand}"] = score(self.due)
        if self.state is S.BY_HAND and self.asks and not self.asks[-1].handed:
            names["handing"] = score(self.asks[-1].at)
        if self.state is S.HELD:
            names[f"held:{self.account}"] = score(self.due)
        if self.state in {S.WIRE, S.UNKNOWN, S.LEFT} or (self.state is S.LIVE and not self.ref and not self.asks):
            names[f"unsure:{self.account}"] = score(self.wire_at or self.due)
        if self.state is S.LIVE and self.settled_at is not None:
            names[f"live:{self.account}"] = score(self.settled_at)
        return names

    @property
    def can_be_undone(self) -> bool:
        """Whether it is an answer that still waits on its card: whoever sees a slip may take it back."""
        return self.reply is not None and self.state is S.PLANNED

    @property
    def paused(self) -> bool:
        """Whether a person holds it."""
        return self.state is S.HELD and self.trouble is not None and self.trouble.kind == PAUSED

    @property
    def asked_of(self) -> Ask | None:
        """Whoever was asked last to publish it by hand, None where nobody ever was."""
        return self.asks[-1] if self.asks else None

    def by_hand_of(self, member: MemberId) -> bool:
        """Whether it waits for them to publish it."""
        return self.state is S.BY_HAND and bool(self.asks) and self.asks[-1].to == member

    @property
    def begun(self) -> bool:
        """Whether a first part of it is out and the rest is not."""
        return bool(self.refs) and self.state not in {S.LIVE, S.UNPUBLISHED}

    @property
    def may_be_public(self) -> bool:
        """Whether any of it is, or may be, public: then its content can't change and the post can't be withdrawn."""
        return bool(self.refs) or self.state not in BEFORE_WIRE | {S.WITHDRAWN}

    @property
    def public_refs(self) -> tuple[str, ...]:
        """The network's ids of what stands there and nothing more follows, the newest first; none otherwise."""
        known = tuple(filter(None, dict.fromkeys((self.ref, *self.refs))))
        return known[::-1] if (self.state, Step.UNPUBLISH) in LIFE else ()

    @property
    def key(self) -> str:
        """The publish key of the next segment: one for each visible write, the same at every attempt."""
        return f"{self.id}.{len(self.refs)}" if self.refs else self.id

    @property
    def part(self) -> str:
        """`2/5`: the next segment of a thread, for the record; "" for a single post."""
        return f"{min(len(self.refs) + 1, self.segments)}/{self.segments}" if self.segments > 1 else ""

    def step(self, step: Step) -> State:
        """The state that a step leads to; raises AlreadyDone or UserError where the table has none.

        A thread that began in time is never missed.
        """
        try:
            if step is Step.MISS and self.refs:
                raise KeyError(step)
            return LIFE[self.state, step]
        except KeyError:
            if self.settled_by and self.settled_at:
                raise AlreadyDone("error.already_settled", who=self.settled_by, at=self.settled_at) from None
            raise UserError("error.delivery_moved_on", status=f"delivery_status.{self.state}") from None

    def move(self, step: Step, *, attention: datetime | None = None, **changes: object) -> "Delivery":
        """The delivery after a step; `attention` is when to look again."""
        state = self.step(step)
        asked = self.asked + (state in ASKS and state is not self.state)
        return self.model_copy(update={"state": state, "attention": attention, "asked": asked, **changes})

    def ask(self, to: MemberId, now: datetime, *, pictures: bool = False) -> "Delivery":
        """Somebody is asked to publish it by hand, until it counts as missed; whoever was before isn't any more."""
        until = self.late_at or now
        asked = Ask(to=to, at=now, due=self.due, until=until, handed=not pictures)
        return self.move(Step.ASK, attention=until + MOMENT, asks=(*self.asks, asked), trouble=None)

    def asking(self, **changes: object) -> "Delivery":
        """With something else known of whoever was asked last."""
        return self.model_copy(update={"asks": (*self.asks[:-1], self.asks[-1].model_copy(update=changes))})

    @property
    def late_at(self) -> datetime | None:
        """When it counts as missed; None for a reply, and for a thread that began in time."""
        return None if self.reply or self.refs else self.due + timedelta(minutes=self.late_minutes)

    def late(self, now: datetime) -> bool:
        """Whether it is beyond the post's limit."""
        return self.late_at is not None and now > self.late_at

    def given_up(self, now: datetime) -> bool:
        """Whether it can't become missed and could not be sent for so long that a person must hear of it."""
        since = max(self.due, self.segment_at or self.due)
        return self.late_at is None and now - since > GIVE_UP


def soon(due: datetime | None, now: datetime) -> bool:
    """Whether sending it at `due` (None: at once) makes it public so soon that the press asks first."""
    return due is None or due - now <= SOON


def next_look(delivery: Delivery, now: datetime, waits: Sequence[timedelta] = RECONCILE_AFTER) -> datetime | None:
    """When to look again for one whose outcome is unknown; None when it was looked for often and late enough."""
    marked = delivery.wire_at or now
    remaining = [marked + wait for wait in waits[delivery.finds :]]
    return max(remaining[0], now) if remaining else None


def looked(delivery: Delivery, now: datetime, waits: Sequence[timedelta] = RECONCILE_AFTER) -> Delivery:
    """One look more was in vain. After the last wait a single look is enough, whoever was away until then."""
    late = delivery.wire_at is not None and now - delivery.wire_at >= waits[-1]
    return delivery.model_copy(update={"finds": len(waits) if late else delivery.finds + 1})


def repeatable(delivery: Delivery, now: datetime, waits: Sequence[timedelta] = RECONCILE_AFTER) -> bool:
    """Whether a request whose outcome is unknown may go out once more under its key, where that makes no second post:
    only while its time isn't over, and while another look will follow; then a person is asked as anywhere else."""
    return delivery.finds < len(waits) - 1 and not delivery.late(now) and not delivery.given_up(now)


def backoff(delivery: Delivery, now: datetime) -> datetime:
    """When to try again after a refusal that says nothing was written: 2, 4, 8 … seconds, 5 minutes at most."""
    return now + timedelta(seconds=min(2 ** (delivery.refusals + 1), 300))


def held_by(delivery: Delivery, stops: Iterable[Stop]) -> Stop | None:
    """The one of the stops in force that keeps it back, if any. Silence does with everything; else people's answers go
    out, and what somebody approved who saw that very stop."""
    for stop in stops:
        if stop.reach == "silence" or not (delivery.reply or stop.note in delivery.despite):
            return stop
    return None
