"""Looks after shifts: who begins one, whether Slack would ring them, and offers that nobody answers."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.domain.events import DutyChanged
from bot.domain.records import MemberId

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=20)
"""How often the rotas are looked at."""

Quiet = Callable[[MemberId], Awaitable[tuple[datetime, datetime] | None]]
"""From when until when Slack's do-not-disturb keeps somebody's notifications back, next or now; None: not at all."""


class Shifts:
    """One of these in each worker; what it tells is told once by all of them together."""

    def __init__(self, desk: Desk, quiet: Quiet) -> None:
        self._desk = desk
        self._quiet = quiet
        self._looked: datetime | None = None

    async def tick(self) -> None:
        """Offers that nobody answered, and shifts that begin."""
        await self._desk.duty.unanswered()
        now = self._desk.now()
        if self._looked is not None and timedelta() <= now - self._looked < EVERY:
            return
        self._looked = now
        for brand, watch in await self._desk.duty.begun():
            await self._desk.alarms.wake(brand.id)
            for member in watch.members:
                await self._ask(member, brand.id, watch.until)
            await self._desk.duty.announced(brand, watch)

    async def heard(self, event: DutyChanged) -> None:
        """A shift was taken over: would an alarm ring? And with another rota, is there somebody to be rung now?"""
        if event.act in {"cover", "rota"}:
            await self._desk.alarms.wake(event.brand)
        if event.act != "cover":
            return
        brand = await self._desk.brand(event.brand)
        watch = await self._desk.duty.watch(brand)
        if event.by in watch.members:
            await self._ask(event.by, brand.id, watch.until)

    async def _ask(self, member: MemberId, brand: str, until: datetime | None) -> None:
        """Tells somebody on duty when Slack would keep silent during their shift."""
        silent = await self._quiet(member)
        if silent is None or silent[1] <= self._desk.now():
            return
        if until is None or silent[0] < until:
            await self._desk.duty.quiet(member, brand, silent[1])
