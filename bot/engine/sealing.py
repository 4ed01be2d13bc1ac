"""Seals the record at least once a minute and when the worker ends, and writes beside the store what was seen last.

A record that was changed is never sealed again by itself: people are rung, once, with the first wrong number.
"""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

from bot.desk.desk import Desk
from bot.domain.alarms import AlarmKind
from bot.domain.audit import Broken
from bot.errors import StoreError
from bot.store import witness
from bot.store.audit import AuditLog
from bot.store.witness import Witness

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=30)
RECORD = "record"
"""What the alarm about a changed record is about."""


class Sealing:
    """`data` is the folder of the witness; None where nobody keeps one."""

    def __init__(self, desk: Desk, data: Path | None) -> None:
        self._desk = desk
        self._data = data
        self._log = AuditLog(desk.store)

    async def tick(self) -> None:
        """Seal what was written since, and keep the head in mind; a record that was changed rings."""
        try:
            await self._log.seal(self._desk.vault.sign, self._desk.now())
        except Broken as broken:
            log.error("the record was changed, so it isn't sealed any more: %s", broken)
            if (await self._desk.custody.now()).missing:
                return  # people were rung about that already
            detail = {"number": str(broken.number)}
            await self._desk.alarms.ring(AlarmKind.RECORD_BROKEN, subject=RECORD, detail=detail)
            return
        await self._desk.alarms.over(AlarmKind.RECORD_BROKEN, RECORD)
        if self._data is not None:
            await self._witness(self._data)

    async def _witness(self, data: Path) -> None:
        head, team, custody = await self._log.head(), self._desk.store.team, await self._desk.custody.now()
        if custody.missing:
            return  # what it saw before is the proof of that
        seen = await asyncio.to_thread(witness.read, data)
        if seen is not None and seen.team == team:
            if (seen.number, seen.hash, seen.seal) == (head.number, head.hash, head.seals):
                return
            if (seen.number > head.number or seen.seal > head.seals) and not custody.accepts(seen.at):
                log.error(
                    "the record went back from entry %d to %d; the witness stays as it is", seen.number, head.number
                )
                return
        brands = await self._desk.brands.all()
        now = Witness(
            team=team,
            number=head.number,
            hash=head.hash,
            seal=head.seals,
            at=self._desk.now(),
            admins=tuple(sorted((await self._desk.workspace()).admins)),
            alerts=tuple(dict.fromkeys(brand.channel("alerts") for brand in brands)),
        )
        await asyncio.to_thread(witness.write, data, now)

    async def last(self) -> None:
        """The seal when the process ends; a store that is gone already must not keep it."""
        try:
            async with asyncio.timeout(5):
                await self.tick()
        except (StoreError, TimeoutError) as error:
            log.warning("no last seal: %s", error)
