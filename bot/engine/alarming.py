"""Rings people: hears what can't wait, climbs the ladder every five minutes, and stops as soon as it has passed.

Every step is one commit on the alarm's version, so two workers never ring twice, and the event of that commit draws the
messages: after a crash a message is drawn again in its place, and nobody is left out.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.desk.hearing import Part
from bot.domain.alarms import ACCOUNTS, DELIVERIES, Alarm, AlarmKind, AlarmState, question, wants
from bot.domain.brands import Account, AccountState, Brand
from bot.domain.deliveries import Delivery, State
from bot.domain.events import (
    AccountChanged,
    AlarmChanged,
    AnyEvent,
    BrandChanged,
    ChannelLost,
    CustodyChanged,
    DeliveryChanged,
    DutyChanged,
)
from bot.domain.records import MemberId
from bot.engine.calling import Caller
from bot.engine.shifts import Shifts
from bot.errors import Conflict, StoreUnavailable
from bot.store.marks import in_trouble

log = logging.getLogger(__name__)

RINGS: Mapping[State, AlarmKind] = {
    State.REFUSED: AlarmKind.REFUSED,
    State.UNKNOWN: AlarmKind.UNKNOWN,
    State.MISSED: AlarmKind.MISSED,
}
"""A delivery in one of these rings; it is over as soon as the delivery leaves the state."""
HOLDERS_EVERY = timedelta(seconds=30)
"""How often it is looked whether whoever has an alarm is still there."""
HOLDERS_KNOWN = timedelta(minutes=5)
"""How old what Slack says of them may be."""
SETTLED = timedelta(seconds=10)
"""A channel's trouble is told a moment before it is counted."""


class Alarming:
    """Rings, reminds, and ends what has passed. refresh: asks Slack who somebody is at this moment."""

    def __init__(
        self, desk: Desk, *, refresh: Callable[[MemberId], Awaitable[object]], shifts: Shifts, caller: Caller
    ) -> None:
        self._desk = desk
        self._refresh = refresh
        self._shifts = shifts
        self._caller = caller
        self._looked: datetime | None = None

    async def heard(self, event: AnyEvent) -> None:
        """What an event rings, or ends; hearing it twice changes nothing."""
        if isinstance(event, DeliveryChanged):
            await self._delivery(event.delivery)
        elif isinstance(event, AccountChanged):
            await self._account(event.account)
        elif isinstance(event, ChannelLost):
            await self._channel(event)
        elif isinstance(event, AlarmChanged) and event.act in {"raise", "release", "lapse", "wake"}:
            await self.climb(await self._desk.alarms.get(event.alarm))
        elif isinstance(event, DutyChanged):
            await self._shifts.heard(event)
        elif isinstance(event, CustodyChanged):
            await self._desk.custody.ring()
        elif isinstance(event, BrandChanged):
            await self._meet(event.brand)

    async def tick(self) -> None:
        """Ring and remind whoever is due, end what has passed, send, and look after shifts."""
        await self._holders()
        await self.ring()
        await self._channels_back()
        await self.call()
        await self._shifts.tick()

    async def ring(self) -> Sequence[Alarm]:
        """Ring and remind whoever is due; answers those that moved on."""
        due = await self._desk.alarms.due()
        return [rung for alarm in due if (rung := await self._guarded(alarm)) is not None]

    async def call(self) -> None:
        """Send what is due to the outgoing webhook."""
        await self._caller.tick()

    async def _meet(self, id_: str) -> None:
        """Whoever has a role is known by the name that Slack gives them, because a rota names them so."""
        brand = await self._desk.store.find(Brand, id_)
        for member in brand.roles if brand else ():
            if not (await self._desk.member(member)).handle:
                await self._refresh(member)

    # --- ringing

    async def _guarded(self, alarm: Alarm) -> Alarm | None:
        try:
            return await self.climb(alarm)
        except StoreUnavailable:
            raise
        except Conflict:
            log.info("alarm %s moved on while it rang", alarm.id)
        except Exception:
            log.exception("alarm %s could not ring", alarm.id)  # one alarm's error never silences another
        return None

    async def climb(self, alarm: Alarm) -> Alarm:
        """The next rung, where it is due; whoever left Slack since yesterday is skipped, so Slack is asked first."""
        if not wants(alarm, self._desk.now()):
            return alarm
        if alarm.state is AlarmState.RINGING:
            step = await self._desk.alarms.next_step(alarm)
            for member in step.members if step else ():
                await self._refresh(member)
        rung = await self._desk.alarms.ring_next(alarm.id)
        log.info("alarm %s (%s): rung %d, next look at %s", rung.id, rung.kind, rung.rung, rung.attention)
        return rung

    async def _holders(self) -> None:
        """An alarm whose holder left since rings on."""
        now = self._desk.now()
        if self._looked is not None and timedelta() <= now - self._looked < HOLDERS_EVERY:
            return
        self._looked = now
        for alarm in await self._desk.alarms.open():
            if alarm.state is AlarmState.TAKEN:
                seen = (await self._desk.member(alarm.taken_by)).seen_at
                if seen is None or now - seen > HOLDERS_KNOWN:
                    await self._refresh(alarm.taken_by)
                await self._desk.alarms.lapse(alarm.id)

    # --- what rings, and when it is over

    async def _delivery(self, id_: str) -> None:
        delivery = await self._desk.store.find(Delivery, id_)
        if delivery is None or not delivery.asked:
            return
        alarms, rings = self._desk.alarms, RINGS.get(delivery.state)
        if rings is AlarmKind.MISSED and await self._desk.vigil.told_with_downtime(delivery):
            rings = AlarmKind.DOWNTIME  # one summary for all that came due while we were away
        for asked in range(1, delivery.asked + 1):
            for kind in sorted(DELIVERIES | {AlarmKind.DOWNTIME}):
                if (kind, asked) != (rings, delivery.asked):
                    await alarms.over(kind, question(id_, asked))
        if rings is not None and rings is not AlarmKind.DOWNTIME:
            detail = {"account": await self._named(delivery.account)}
            await alarms.ring(rings, subject=question(id_, delivery.asked), brand=delivery.brand, detail=detail)

    async def _named(self, account_id: str) -> str:
        account = await self._desk.store.find(Account, account_id)
        if account is None:
            return account_id
        title = account.title(self._desk.providers[account.network].title)
        return f"{title} @{account.handle}" if account.handle else f"{title} {account.name}"

    async def _account(self, id_: str) -> None:
        account = await self._desk.store.find(Account, id_)
        if account is None:
            return
        if account.state is not AccountState.ACTIVE:
            await self._desk.hearing.heard(account, *Part)  # it isn't read any more, and that is told otherwise
        if account.state is AccountState.DEAD:
            detail = {"account": await self._named(id_)}
            await self._desk.alarms.ring(AlarmKind.ACCESS_LOST, subject=id_, brand=account.brand, detail=detail)
            return
        for kind in sorted(ACCOUNTS):
            await self._desk.alarms.over(kind, id_)

    async def _channel(self, event: ChannelLost) -> None:
        """A channel; somebody's direct messages are their own trouble, and told to admins elsewhere."""
        if event.channel.startswith("@"):
            return
        brand = await self._desk.brands.of_channel(event.channel)
        if brand is not None:
            detail = {"channel": event.channel, "reason": event.reason, "since": str(event.since)}
            kind = AlarmKind.CHANNEL_LOST
            await self._desk.alarms.ring(kind, subject=event.channel, brand=brand.id, detail=detail)

    async def _channels_back(self) -> None:
        """A channel to which something could be written since is no trouble any more."""
        for alarm in await self._desk.alarms.open():
            if alarm.kind is AlarmKind.CHANNEL_LOST and self._desk.now() - alarm.raised_at > SETTLED:
                for thing in alarm.open:
                    if not await in_trouble(self._desk.store, thing.subject):
                        await self._desk.alarms.over(alarm.kind, thing.subject)
