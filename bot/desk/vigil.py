"""What waits while something is down, what came due while we were away, and what comes to no end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.alarms import Alarm, AlarmKind, AlarmState, Thing, question
from bot.domain.brands import Brand
from bot.domain.conversations import Conversation
from bot.domain.deliveries import SENDING, Delivery, State
from bot.domain.events import AlarmChanged, ConversationChanged, parse_event
from bot.domain.posts import Post
from bot.domain.records import score
from bot.domain.vigil import Backlog, Downtime, decided
from bot.errors import Conflict

if TYPE_CHECKING:
    from bot.desk.desk import Desk

SHOWN = 3
"""Posts that are named one by one."""
READ = 2000
"""Events that are counted at the most."""
MOST = 150
"""Missed posts in one alarm."""
_AT_WORK = {State.PLANNED} | SENDING


@dataclass(frozen=True)
class Waiting:
    """What people wait for in a brand, or in all of them. posts: how many were due, since when, the first of them."""

    posts: int
    since: datetime | None
    first: Sequence[tuple[Delivery, Post]]
    comments: int


class Vigil:
    """Reads, and the one act of coming back."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def backlog(self, now: datetime) -> Backlog:
        """Since when the oldest event and the oldest due delivery wait, by the store's clock, which says `now`."""
        client = self._store.client
        events: Any = await client.xrange(self._store.key("events"), count=1)
        due: Any = await client.zrange(self._store.key("index", "due"), 0, 0, withscores=True)
        told = float(str(events[0][0]).partition("-")[0]) if events else None
        claimed = float(due[0][1]) if due and float(due[0][1]) < score(now) else None
        return Backlog(
            events=_instant(told) if told is not None else None, due=_instant(claimed) if claimed is not None else None
        )

    async def waiting(self, brand: Brand | None) -> Waiting:
        """Posts whose time has come and comments that nobody was shown; without a brand, of all that are real."""
        now = self._desk.now()
        brands = [brand] if brand else [each for each in await self._desk.brands.all() if not each.practice]
        due: list[Delivery] = []
        for each in brands:
            found = await self._store.listed(Delivery, f"planned:{each.id}", high=score(now))
            due += [delivery for delivery in found if delivery.post and delivery.state in _AT_WORK]
        due.sort(key=lambda delivery: delivery.due)
        posts = {p.id: p for p in await self._store.find_many(Post, [each.post for each in due[:SHOWN]])}
        first = [(each, posts[each.post]) for each in due[:SHOWN] if each.post in posts]
        comments = await self._untold({each.id for each in brands})
        return Waiting(len(due), due[0].due if due else None, first, comments)

    async def _untold(self, brands: set[str]) -> int:
        rows: Any = await self._store.client.xrange(self._store.key("events"), count=READ)
        ids: dict[str, None] = {}
        for _, fields in rows:
            try:
                event = parse_event(fields["event"])
            except ValueError:
                continue  # a newer Vocero's: its worker counts it
            if isinstance(event, ConversationChanged):
                ids[event.conversation] = None
        found = await self._store.find_many(Conversation, ids)
        return sum(conversation.brand in brands for conversation in found)

    # --- away

    async def away(self, since: datetime, until: datetime) -> Sequence[Downtime]:
        """No worker was there: note, brand by brand, the posts that came due meanwhile, before any is looked at.

        Another worker may have noted the same time already.
        """
        noted = []
        for brand in await self._desk.brands.all():
            low, high = score(since), score(until)
            due = await self._store.listed(Delivery, f"planned:{brand.id}", low=low, high=high, limit=1000)
            late = {each.id: each.asked + 1 for each in due if each.post and each.state in _AT_WORK}
            downtime = Downtime(
                id=f"{brand.id}-{round(score(since))}", brand=brand.id, since=since, until=until, deliveries=late
            )
            change = self._store.begin()
            change.put(downtime)
            for id_, asked in late.items():
                change.do("SET", self._store.key("away", question(id_, asked)), downtime.id, "EX", "604800")
            try:
                if late:
                    await change.commit()
                    noted.append(downtime)
            except Conflict:
                continue
        return noted

    async def told_with_downtime(self, delivery: Delivery) -> bool:
        """Whether the summary of a time away speaks for the question that a delivery asks now."""
        name = self._store.key("away", question(delivery.id, delivery.asked))
        return await self._store.client.get(name) is not None

    async def settle_downtimes(self) -> None:
        """Tell each time away as soon as every post of it went its way."""
        now = self._desk.now()
        for downtime in await self._store.listed(Downtime, "downtimes"):
            deliveries = await self._store.find_many(Delivery, downtime.deliveries)
            if all(decided(each, now) for each in deliveries):
                try:
                    await self._tell(downtime, deliveries)
                except Conflict:
                    continue  # another worker told it, or a person was quicker: the next look tells

    async def _tell(self, downtime: Downtime, deliveries: Sequence[Delivery]) -> None:
        """One alarm for a brand: a line for each missed post. Where none is missed it is over at once, and rings
        nobody."""
        now = self._desk.now()
        missed = [d for d in deliveries if d.state is State.MISSED and d.asked == downtime.deliveries[d.id]]
        live = sum(each.state is State.LIVE for each in deliveries)
        detail = {
            "since": downtime.since.isoformat(),
            "until": downtime.until.isoformat(),
            "late": str(live),
            "missed": str(len(missed)),
        }
        change = self._store.begin()
        for each in missed:
            change.unchanged(each)
        things = [Thing(subject=question(f"{downtime.id}", 0), detail=detail, over_at=now)]
        things += [Thing(subject=question(each.id, each.asked)) for each in missed[:MOST]]
        alarm = Alarm(
            id=self._desk.new_id(),
            kind=AlarmKind.DOWNTIME,
            brand=downtime.brand,
            things=tuple(things),
            state=AlarmState.RINGING if missed else AlarmState.OVER,
            attention=now if missed else None,
            raised_at=now,
            over_at=None if missed else now,
        )
        change.put(alarm)
        for thing in things[1:]:
            change.do("SET", self._desk.alarms.open_name(alarm.kind, thing.subject), alarm.id)
        change.put(downtime.model_copy(update={"told": True}), downtime)
        change.emit(AlarmChanged(alarm=alarm.id, act="raise"))
        change.audit(self._desk.entry("engine", "alarm.downtime", brand=downtime.brand, subject=alarm.id))
        await change.commit()


def _instant(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
