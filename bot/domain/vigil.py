"""When something counts as dead, stuck or behind, and what came due while we were away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.alarms import AlarmKind
from bot.domain.deliveries import GIVE_UP, Delivery, State
from bot.domain.records import Record, Value, score

WEB, WORKER = "web", "worker"
LOST = timedelta(seconds=15)
"""Without a sign of life for so long a process is dead, or its loop is stuck for more than ten seconds."""
SLOW = 10.0
"""Seconds that a loop may need for one turn."""
PUBLISHES = timedelta(seconds=30)
"""How long a worker may take from one look at what is due to the next."""
EVENTS = timedelta(seconds=60)
"""How long an event may wait to be told."""
DUE = timedelta(seconds=60)
"""How long something due may wait to be claimed."""
AWAY = timedelta(minutes=2)
"""After so long without a worker people get one summary of what came due meanwhile."""
UNCLAIMED = timedelta(minutes=2)
OPEN_END = timedelta(minutes=5)
LOOKED = timedelta(minutes=3)
"""How long the wire mark of a post may be unanswered: it is looked for within the first minute."""


class Vital(Value):
    """One process's sign of life. lag: the longest turn of its loop lately, in seconds. rounds: when each of its
    parts last got round, by the store's clock."""

    name: str
    roles: tuple[str, ...]
    version: str = ""
    since: AwareDatetime
    at: AwareDatetime
    lag: float = 0.0
    rounds: Mapping[str, AwareDatetime] = Field(default_factory=dict)


class Backlog(Value):
    """Since when the longest waiting event waits to be told, and something due to be claimed; None: nothing does."""

    events: AwareDatetime | None = None
    due: AwareDatetime | None = None


class Finding(Value):
    """Something is wrong. why picks the sentence `watchdog.why.<why>`; since: when it was last right."""

    kind: AlarmKind
    subject: str
    why: str
    since: AwareDatetime


def workers_findings(
    vitals: Sequence[Vital], heard: datetime | None, backlog: Backlog, now: datetime
) -> Sequence[Finding]:
    """What is wrong with the workers. heard: when any of them was heard last, None for never.

    No worker that publishes is WORKER_DOWN and says it all; one of several, or a line that grows, is LAGGING. One that
    ended in order a moment ago is being restarted.
    """
    workers = [each for each in vitals if WORKER in each.roles]
    if not workers and heard is not None and now - heard <= LOST:
        return []
    ill = {each.name: (why, since) for each in workers for why, since in [_ill(each, now)] if why}
    if len(ill) == len(workers):
        why, last = max(ill.values(), key=lambda each: each[1]) if ill else ("gone", heard or now)
        return [Finding(kind=AlarmKind.WORKER_DOWN, subject=WORKER, why=why, since=last)]
    found = [
        Finding(kind=AlarmKind.LAGGING, subject=name, why=why, since=since)
        for name, (why, since) in ill.items()
        if why != "gone"  # another one does its work; a dead one is started again by whoever started it
    ]
    for why, since, limit in (("events", backlog.events, EVENTS), ("due", backlog.due, DUE)):
        if since is not None and now - since > limit:
            found.append(Finding(kind=AlarmKind.LAGGING, subject=why, why=why, since=since))
    return found


def web_findings(vitals: Sequence[Vital], heard: datetime | None, now: datetime) -> Sequence[Finding]:
    """WEB_DOWN when no process takes what Slack sends."""
    webs = [each for each in vitals if WEB in each.roles]
    if any(now - each.at <= LOST for each in webs) or (heard is not None and now - heard <= LOST):
        return []
    return [Finding(kind=AlarmKind.WEB_DOWN, subject=WEB, why="gone", since=heard or now)]


def _ill(vital: Vital, now: datetime) -> tuple[str, datetime]:
    """What is wrong with a worker and since when; "" for nothing."""
    if now - vital.at > LOST:
        return "gone", vital.at
    if vital.lag > SLOW:
        return "slow", vital.at - timedelta(seconds=vital.lag)
    for part, limit in (("publisher", PUBLISHES), ("relay", EVENTS)):
        last = vital.rounds.get(part, vital.since)
        if now - last > limit:
            return part, last
    return "", now


# --- deliveries that come to no end


def stuck(delivery: Delivery, now: datetime) -> str:
    """Why a delivery should have come to an end state by now, as in `watchdog.stuck.<why>`; "" while all is well.

    What the network itself asked us to wait for isn't late until the post is.
    """
    if delivery.state is State.WIRE:
        marked = delivery.wire_at or delivery.due
        return "wire" if now - marked > LOOKED else ""
    if delivery.state is State.BY_HAND:  # a person has it until its deadline, which we have to see
        return "unclaimed" if delivery.attention is None or now - delivery.attention > UNCLAIMED else ""
    if delivery.state not in {State.PLANNED, State.CLAIMED}:
        return ""
    if now - (delivery.attention or delivery.due) > UNCLAIMED:
        return "unclaimed"
    last = delivery.late_at or max(delivery.due, delivery.segment_at or delivery.due) + GIVE_UP
    begun = delivery.state is State.CLAIMED and delivery.trouble is None
    if now - last > OPEN_END or (begun and now - max(delivery.due, delivery.created_at) > OPEN_END + OPEN_END):
        return "sending"
    return ""


# --- away


class Downtime(Record):
    """A time without a worker in which posts of a brand came due. deliveries: those, and the number of the question
    that each would ask. Open until each has gone its way."""

    KIND: ClassVar[str] = "downtime"

    brand: str
    since: AwareDatetime
    until: AwareDatetime
    deliveries: Mapping[str, int]
    told: bool = False

    def indexes(self) -> Mapping[str, float]:
        """While it isn't told."""
        return {} if self.told else {"downtimes": score(self.until)}


def decided(delivery: Delivery, now: datetime) -> bool:
    """Whether a delivery that came due while we were away went its way: out, asked, or told to wait by the network."""
    if delivery.state in {State.CLAIMED, State.WIRE}:
        return False
    return delivery.state is not State.PLANNED or (delivery.attention is not None and delivery.attention > now)
