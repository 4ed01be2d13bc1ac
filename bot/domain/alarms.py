"""What can't wait for the digest: an alarm rings one person after another until somebody says *I'm on it*."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, NotAllowed

PATIENCE = timedelta(minutes=5)
"""How long each rung of the ladder is rung before the next one is."""
TOGETHER = timedelta(minutes=1)
"""Within this time alarms of one kind in one brand are one: an outage is told once, with its count."""
MOST = 200
"""Things in one alarm; what comes after is another one."""
REMIND = timedelta(minutes=30)
"""When whoever took an alarm that isn't over is reminded, once."""
FAR_AHEAD = timedelta(minutes=40)
"""No rung and no reminder is so far off: one that is was planned by a clock that was put back since."""


class AlarmKind(StrEnum):
    """What happened; the sentence is the message `alarm.<kind>`, and `alarm.<kind>.more` what its detail adds."""

    REFUSED = "refused"  # a network said no to a delivery
    UNKNOWN = "unknown"  # nobody knows whether a delivery went out
    MISSED = "missed"  # a post's time is over
    STUCK = "stuck"  # a delivery has come to no end state for minutes
    ACCESS_LOST = "access_lost"  # an account's token is dead
    ACCESS_ENDING = "access_ending"  # … or will be soon
    FOREIGN_POST = "foreign_post"  # a post on the account that we did not send
    SPIKE = "spike"
    SERIOUS = "serious"  # a serious word in a comment
    RULE_PAUSED = "rule_paused"  # a rule would have hidden far more than usual, and stopped itself
    ROUTE_LOST = "route_lost"  # a route leads to a channel that we can't write to
    REMOVED = "removed"  # an emergency unpublish that somebody has to acknowledge
    CHANNEL_LOST = "channel_lost"
    WORKER_DOWN = "worker_down"
    WEB_DOWN = "web_down"
    LAGGING = "lagging"  # a process is alive and doesn't get on
    STORE_TROUBLE = "store_trouble"
    STATE_MISSING = "state_missing"
    RECORD_BROKEN = "record_broken"  # an entry of the record is not what was written
    DOWNTIME = "downtime"  # we were away: what came due meanwhile


DELIVERIES = frozenset({AlarmKind.REFUSED, AlarmKind.UNKNOWN, AlarmKind.MISSED})
"""A delivery asks; the subject is `question(delivery, asked)`."""
ACCOUNTS = frozenset({AlarmKind.ACCESS_LOST, AlarmKind.ACCESS_ENDING})
"""The subject is an account's id."""
RULEBOOK = frozenset({AlarmKind.RULE_PAUSED, AlarmKind.ROUTE_LOST})
"""A brand's admin mends these in its rulebook."""
ALONE = frozenset({AlarmKind.REMOVED, AlarmKind.STATE_MISSING, AlarmKind.STORE_TROUBLE})
"""Each of these has to be acknowledged by itself."""
ALWAYS = frozenset(
    {AlarmKind.WORKER_DOWN, AlarmKind.FOREIGN_POST, AlarmKind.SERIOUS, AlarmKind.SPIKE, AlarmKind.RECORD_BROKEN}
)
"""These ring though the brand's rule for the hours between shifts is to wait."""


class AlarmState(StrEnum):
    """Where an alarm stands."""

    RINGING = "ringing"
    TAKEN = "taken"
    OVER = "over"  # what it was about has passed, or was settled


class Rung(StrEnum):
    """Who is rung, one after the other."""

    DUTY = "duty"
    DEPUTY = "deputy"
    ADMINS = "admins"  # the brand's own
    WORKSPACE = "workspace"  # the workspace's admins
    WEBHOOK = "webhook"


LADDER: Sequence[Rung] = tuple(Rung)


class Told(Value):
    """Somebody was rung: a member, or the webhook ("")."""

    rung: Rung
    who: MemberId = ""
    at: AwareDatetime


class Thing(Value):
    """One of the things that an alarm is about; `detail` fills its sentence: names, counts, ids, never content."""

    subject: str
    detail: Mapping[str, str] = Field(default_factory=dict)
    over_at: AwareDatetime | None = None


class Step(Value):
    """The rung that is next: who is rung there, and where it stands on the ladder."""

    rung: Rung
    place: int
    members: tuple[MemberId, ...] = ()


class Alarm(Record):
    """Something that somebody has to look after. `brand` is empty where it concerns the whole workspace.

    things: what it is about, the first one first. rung: the place on the ladder that is next; round_from: how many
    were told before the ladder was climbed anew. attention: when the engine looks next, to ring or
    to remind, None for never. waits: nobody is rung until then, as the brand's rule is. refused: who said *I can't*.
    lost: who had it and left, or lost their role.
    """

    KIND: ClassVar[str] = "alarm"

    kind: AlarmKind
    brand: str = ""
    things: tuple[Thing, ...]
    state: AlarmState = AlarmState.RINGING
    rung: int = 0
    round_from: int = 0
    told: tuple[Told, ...] = ()
    waits: AwareDatetime | None = None
    refused: tuple[MemberId, ...] = ()
    lost: tuple[MemberId, ...] = ()
    attention: AwareDatetime | None = None
    raised_at: AwareDatetime
    taken_by: MemberId = ""
    taken_at: AwareDatetime | None = None
    reminded_at: AwareDatetime | None = None
    over_at: AwareDatetime | None = None
    correlation: str = ""

    @property
    def subject(self) -> str:
        """The id of what it is about (a delivery's question, an account, a process, a channel), of the first thing."""
        return self.things[0].subject

    @property
    def detail(self) -> Mapping[str, str]:
        """What fills the sentence of the first thing."""
        return self.things[0].detail

    @property
    def cause(self) -> MemberId:
        """Who did what it is about, so that somebody else has to acknowledge it; "" where nobody did."""
        return self.detail.get("by", "") if self.kind is AlarmKind.REMOVED else ""

    @property
    def open(self) -> tuple[Thing, ...]:
        """The things that are not over yet."""
        return tuple(thing for thing in self.things if thing.over_at is None)

    @property
    def round(self) -> tuple[Told, ...]:
        """Who was rung since the ladder was begun: counted, not timed, since clocks are put back."""
        return self.told[self.round_from :]

    @property
    def rung_members(self) -> tuple[MemberId, ...]:
        """Everybody who was rung, or took it, once each."""
        return tuple(dict.fromkeys(filter(None, (*(each.who for each in self.told), self.taken_by))))

    def indexes(self) -> Mapping[str, float]:
        """When the engine looks next; what is open, in all, by brand and by taker; and what each thing rang."""
        names = {f"alarms_about:{thing.subject}": score(self.raised_at) for thing in self.things}
        if self.state is AlarmState.OVER:
            return names
        if self.attention is not None:
            names["alarms:due"] = score(self.attention)
        if self.taken_by:
            names[f"alarms_of:{self.taken_by}"] = score(self.raised_at)
        return names | {"alarms": score(self.raised_at), f"alarms:{self.brand}": score(self.raised_at)}


def question(delivery: str, asked: int) -> str:
    """The subject of what a delivery asks: each question has an alarm of its own."""
    return f"{delivery}#{asked}"


def asked_in(subject: str) -> tuple[str, int]:
    """The delivery and the number of its question."""
    delivery, _, asked = subject.rpartition("#")
    return delivery, int(asked)


def wants(alarm: Alarm, now: datetime) -> bool:
    """Whether it is to ring or to remind now. Only where it waits for a shift may that lie far ahead."""
    if alarm.attention is None:
        return False
    return alarm.attention <= now or (alarm.waits is None and alarm.attention - now > FAR_AHEAD)


def takes_in(alarm: Alarm, now: datetime) -> bool:
    """Whether another thing of its kind and brand belongs to it: nobody has it yet and it rings since a moment ago."""
    fresh = abs(now - alarm.raised_at) < TOGETHER and len(alarm.things) < MOST
    return fresh and alarm.state is AlarmState.RINGING and alarm.kind not in ALONE


def join(alarm: Alarm, subject: str, detail: Mapping[str, str]) -> Alarm:
    """One thing more."""
    return alarm.model_copy(update={"things": (*alarm.things, Thing(subject=subject, detail=dict(detail)))})


def next_step(alarm: Alarm, ladder: Mapping[Rung, Sequence[MemberId]], *, hook: bool) -> Step | None:
    """The next rung with somebody on it who wasn't rung yet in this round and didn't say *I can't*; None: nobody is
    left. Whoever caused it is never rung. An empty rung is skipped. Whoever came to a lower rung meanwhile, as with a
    new shift, is rung first. `hook`: a webhook is set."""
    heard = {each.who for each in alarm.round} | {*alarm.refused, alarm.cause}
    for place, rung in enumerate(LADDER):
        members = tuple(member for member in dict.fromkeys(ladder.get(rung, ())) if member not in heard)
        if members or (rung is Rung.WEBHOOK and hook and place >= alarm.rung):
            return Step(rung=rung, place=max(place, alarm.rung - 1), members=members)
    return None


def ring(alarm: Alarm, step: Step | None, at: datetime) -> Alarm:
    """The next ones are rung; without a step, everybody was."""
    if step is None:
        return alarm.model_copy(update={"rung": len(LADDER), "attention": None, "waits": None})
    told = [Told(rung=step.rung, who=who, at=at) for who in step.members or ("",)]
    update = {"told": (*alarm.told, *told), "rung": step.place + 1, "attention": at + PATIENCE, "waits": None}
    return alarm.model_copy(update=update)


def wait(alarm: Alarm, until: datetime) -> Alarm:
    """Between shifts nobody is rung, as the brand's rule is: until the next one begins."""
    return alarm.model_copy(update={"attention": until, "waits": until})


def wake(alarm: Alarm, at: datetime) -> Alarm:
    """Somebody is on duty now who wasn't when everybody had been rung, or when nobody was to be."""
    return alarm.model_copy(update={"attention": at, "waits": None})


def take(alarm: Alarm, who: MemberId, at: datetime) -> Alarm:
    """*I'm on it*; a second person hears who has it."""
    if alarm.cause == who:
        raise NotAllowed("error.own_emergency")
    if alarm.state is AlarmState.TAKEN:
        raise AlreadyDone("error.alarm_taken", who=alarm.taken_by, at=alarm.taken_at)
    if alarm.state is AlarmState.OVER:
        raise AlreadyDone("error.alarm_over", at=alarm.over_at)
    update = {
        "state": AlarmState.TAKEN,
        "taken_by": who,
        "taken_at": at,
        "attention": at + REMIND,
        "reminded_at": None,
        "refused": tuple(each for each in alarm.refused if each != who),
    }
    return alarm.model_copy(update=update)


def release(alarm: Alarm, who: MemberId, at: datetime) -> Alarm:
    """*I can't*: it rings on at once, unless others who were rung may still take it.

    After everybody was rung, the ladder is climbed anew. Raises AlreadyDone, and NotAllowed for somebody else's.
    """
    if alarm.state is AlarmState.OVER:
        raise AlreadyDone("error.alarm_over", at=alarm.over_at)
    if alarm.state is AlarmState.TAKEN and alarm.taken_by != who:
        raise NotAllowed("error.alarm_not_yours", who=alarm.taken_by)
    if alarm.state is AlarmState.RINGING and who in alarm.refused:
        raise AlreadyDone("error.alarm_refused")
    refused = (*alarm.refused, who)
    update: dict[str, object] = {"refused": refused}
    if alarm.state is AlarmState.TAKEN:
        update |= {"state": AlarmState.RINGING, "taken_by": "", "taken_at": None, "reminded_at": None}
    elif any(each.who not in refused for each in alarm.round if each.who):
        return alarm.model_copy(update=update)  # others were rung and may still take it
    update |= {"attention": at, "waits": None}
    if alarm.rung >= len(LADDER):
        update |= {"rung": 0, "round_from": len(alarm.told)}
    return alarm.model_copy(update=update)


def lapse(alarm: Alarm, at: datetime) -> Alarm:
    """Whoever had it is no longer there: the ladder is climbed anew, since the others stood down for them."""
    update: dict[str, object] = {
        "state": AlarmState.RINGING,
        "lost": (*(each for each in alarm.lost if each != alarm.taken_by), alarm.taken_by),
        "taken_by": "",
        "taken_at": None,
        "reminded_at": None,
        "attention": at,
        "waits": None,
        "rung": 0,
        "round_from": len(alarm.told),
    }
    return alarm.model_copy(update=update)


def pass_on(alarm: Alarm, who: MemberId, at: datetime) -> Alarm:
    """Whoever took the shift over has it now."""
    update = {"taken_by": who, "taken_at": at, "attention": at + REMIND, "reminded_at": None}
    return alarm.model_copy(update=update)


def remind(alarm: Alarm, at: datetime) -> Alarm:
    """Whoever has it for so long is reminded, once."""
    return alarm.model_copy(update={"reminded_at": at, "attention": None})


def settle(alarm: Alarm, subject: str, at: datetime) -> Alarm:
    """One of its things has passed; with the last one it is over, and nobody is rung any more."""
    things = tuple(
        thing.model_copy(update={"over_at": at}) if thing.subject == subject and thing.over_at is None else thing
        for thing in alarm.things
    )
    if things == alarm.things or alarm.state is AlarmState.OVER:
        return alarm
    update: dict[str, object] = {"things": things}
    if all(thing.over_at for thing in things):
        update |= {"state": AlarmState.OVER, "over_at": at, "attention": None, "waits": None}
    return alarm.model_copy(update=update)
