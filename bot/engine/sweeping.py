"""Every half a minute: what should have come to an end and did not is told, and mended where that is safe.

Mended is what only has to be looked at or drawn again. Nothing is ever sent from here.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from redis.exceptions import RedisError

from bot.desk.desk import Desk
from bot.domain.alarms import AlarmKind, AlarmState, question
from bot.domain.brands import Account, Brand
from bot.domain.deliveries import SENDING, WAITING, Delivery
from bot.domain.events import AlarmChanged, DeliveryChanged
from bot.domain.records import score
from bot.domain.vigil import stuck
from bot.engine.alarming import RINGS
from bot.errors import Conflict, StoreUnavailable
from bot.store.marks import Marks
from bot.store.turns import Turns

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
SETTLES = timedelta(minutes=1)
"""How long what asks may be without its alarm, and an alarm without its card."""
RETRY = timedelta(minutes=10)
"""How often a card that can't be drawn is tried again."""
KEPT = timedelta(hours=1)
"""How long what can't be mended stays an alarm after somebody took it."""
ASIDE: Mapping[tuple[str, ...], str] = {("events", "aside"): "event", ("inbox", "aside"): "payload"}
MOST = 200

Shown = Callable[[str], Awaitable[bool]]


class Sweep:
    """One in each worker; they take turns. shown: whether an alarm's card stands anywhere."""

    def __init__(self, desk: Desk, marks: Marks, shown: Shown) -> None:
        self._desk = desk
        self._store = desk.store
        self._marks = marks
        self._shown = shown
        self._turns = Turns(desk.store)
        self._retried = desk.store.key("watch", "cards")

    async def tick(self) -> None:
        """Tell who was away; every half a minute, sweep."""
        await self._desk.vigil.settle_downtimes()
        if await self._turns.take("sweep", every=EVERY):
            await self.sweep()

    async def sweep(self) -> None:
        """Everything once; one thing's error never keeps the others from being looked at."""
        for part in (self._deliveries, self._questions, self._alarms, self._cards, self._aside):
            try:
                await part()
            except (StoreUnavailable, RedisError):
                raise
            except Conflict:
                log.info("something moved on while it was looked at")
            except Exception:
                log.exception("a part of the sweep failed")

    # --- deliveries

    async def _deliveries(self) -> None:
        now = self._desk.now()
        for brand in await self._desk.brands.all():
            index = f"planned:{brand.id}"
            for delivery in await self._store.listed(Delivery, index, high=score(now), limit=MOST):
                await self._in_line(delivery)
                if why := stuck(delivery, now):
                    detail = {"why": why, "about": await self._named(delivery, brand)}
                    await self._desk.alarms.ring(AlarmKind.STUCK, subject=delivery.id, brand=brand.id, detail=detail)
        for alarm in await self._desk.alarms.open():
            for thing in alarm.open if alarm.kind is AlarmKind.STUCK else ():
                known = await self._store.find(Delivery, thing.subject)
                if known is not None and not stuck(known, now):
                    await self._desk.alarms.over(AlarmKind.STUCK, thing.subject)

    async def _in_line(self, delivery: Delivery) -> None:
        """What is to be looked at stands in the due index; where it doesn't, nobody would ever look."""
        index = self._store.key("index", "due")
        if delivery.state not in WAITING | SENDING or await self._store.client.zscore(index, delivery.id):
            return
        current = await self._store.find(Delivery, delivery.id)
        if current is None or current.version != delivery.version:
            return
        at = score(delivery.attention or self._desk.now())
        log.error("delivery %s was in no line; put there again", delivery.id)
        change = self._store.begin()
        change.unchanged(current)
        change.do("ZADD", index, "NX", str(at), delivery.id)
        await change.commit()

    async def _named(self, delivery: Delivery, brand: Brand) -> str:
        account = await self._store.find(Account, delivery.account)
        title = self._desk.providers[delivery.network].title
        title = account.title(title) if account else title
        name = f"@{account.handle}" if account and account.handle else account.name if account else ""
        return f"{brand.name}, {title} {name}".strip()

    # --- what asks, and what rings

    async def _questions(self) -> None:
        """What asks a person rings; where its event got lost, it is told again, which changes nothing else."""
        now = self._desk.now()
        for brand in await self._desk.brands.all():
            low = score(now - timedelta(days=7))
            for delivery in await self._store.listed(Delivery, f"asks:{brand.id}", low=low, limit=MOST):
                if delivery.state not in RINGS or now - delivery.due < SETTLES:
                    continue
                if not await self._desk.alarms.about(question(delivery.id, delivery.asked)) and (
                    await self._missing(delivery.id, now)
                ):
                    conversation = delivery.reply.conversation if delivery.reply else ""
                    await self._again(
                        DeliveryChanged(
                            delivery=delivery.id,
                            state=delivery.state,
                            post=delivery.post,
                            conversation=conversation,
                            correlation=delivery.correlation,
                        )
                    )

    async def _missing(self, name: str, now: datetime) -> bool:
        """Whether it is missing since a while; its event may be on its way."""
        key = self._store.key("watch", "missing", name)
        fresh = await self._store.client.set(key, str(score(now)), nx=True, ex=600)
        if fresh:
            return False
        since = await self._store.client.get(key)
        return since is not None and score(now) - float(since) >= SETTLES.total_seconds() * 1000

    async def _alarms(self) -> None:
        """What rings stands in its channel."""
        now = self._desk.now()
        for alarm in await self._desk.alarms.open():
            late = alarm.state is AlarmState.RINGING and now - alarm.raised_at > SETTLES
            if late and not await self._shown(alarm.id) and await self._turns.take("shown", alarm.id, every=RETRY):
                log.warning("alarm %s has no card; it is drawn again", alarm.id)
                await self._again(AlarmChanged(alarm=alarm.id, act="raise", correlation=alarm.correlation))

    async def _again(self, event: DeliveryChanged | AlarmChanged) -> None:
        change = self._store.begin()
        change.emit(event)
        await change.commit()

    # --- what was given up

    async def _cards(self) -> None:
        """A card that was given up is touched again; one that is given up again and again is an alarm."""
        now, client = self._desk.now(), self._store.client
        aside = await self._marks.aside()
        tried = {str(mark): str(row) for mark, row in (await client.hgetall(self._retried)).items()}
        for mark, reference in aside.items():
            last = float(tried[mark]) if mark in tried else None
            if last is not None:
                detail = {"why": "card", "about": reference}
                await self._desk.alarms.ring(AlarmKind.STUCK, subject=f"card:{mark}", detail=detail)
            if last is None or score(now) - last >= RETRY.total_seconds() * 1000:
                await client.hset(self._retried, mark, str(score(now)))
                await self._marks.retry(mark, now)
        for mark, at in tried.items():
            waited = score(now) - float(at) > SETTLES.total_seconds() * 1000
            if mark not in aside and waited and not await self._marks.waits(*mark.split(" ", 1)):
                await client.hdel(self._retried, mark)
                await self._desk.alarms.over(AlarmKind.STUCK, f"card:{mark}")

    async def _aside(self) -> None:
        """What was told or handled in vain too often can't be mended here: somebody has to know."""
        for name, why in ASIDE.items():
            rows: Any = await self._store.client.xrevrange(self._store.key(*name), count=MOST)
            for id_, fields in rows:
                subject = f"{why}:{id_}"
                if not await self._desk.alarms.about(subject):
                    about = fields.get("correlation") or fields.get("reference") or str(id_)
                    await self._desk.alarms.ring(AlarmKind.STUCK, subject=subject, detail={"why": why, "about": about})
        now = self._desk.now()
        for alarm in await self._desk.alarms.open(""):
            taken = alarm.kind is AlarmKind.STUCK and alarm.taken_at is not None and now - alarm.taken_at > KEPT
            for thing in alarm.open if taken else ():
                if thing.subject.partition(":")[0] in ASIDE.values():
                    await self._desk.alarms.over(alarm.kind, thing.subject)
