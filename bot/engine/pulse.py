"""This process's sign of life: how long its loop takes for a turn, and when each of its parts last got round."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from bot.domain.vigil import AWAY, Vital
from bot.errors import StoreError
from bot.store.heartbeats import Heartbeats

log = logging.getLogger(__name__)

EVERY = 3.0
"""Seconds between two beats."""
STEP = 0.25
"""Seconds between two measurements of the loop."""

Away = Callable[[datetime, datetime], Awaitable[object]]


class Pulse:
    """One a process. away: told from when until when, by the store's clock, no process of the last role was heard."""

    def __init__(
        self,
        beats: Heartbeats,
        *,
        name: str,
        roles: Collection[str],
        version: str,
        since: datetime,
        away: Away | None = None,
    ) -> None:
        self._beats = beats
        self._vital = Vital(name=name, roles=tuple(roles), version=version, since=since, at=since)
        self._away = away
        self._rounds: dict[str, float] = {}
        self._lag = self._lag_before = 0.0
        self._beaten = time.time()
        self._beating = asyncio.Lock()
        self.turned = time.monotonic()
        """When the loop last turned: read by another thread."""

    def round(self, part: str) -> None:
        """A part of this process got round."""
        self._rounds[part] = time.monotonic()

    @property
    def lag(self) -> float:
        """The longest turn of the loop in the last few seconds."""
        return max(self._lag, self._lag_before)

    def ages(self) -> Mapping[str, float]:
        """Seconds since each part last got round."""
        now = time.monotonic()
        return {part: now - at for part, at in self._rounds.items()}

    async def beat(self) -> None:
        """Say that we are there; where nobody was for minutes, that is told first. Raises StoreUnavailable."""
        async with self._beating:
            lag, self._lag = self._lag, 0.0
            self._lag_before = lag
            heard = await self._beats.beat(self._vital.model_copy(update={"lag": lag}), self.ages())
            if heard.before is not None and heard.now - heard.before > AWAY and self._away is not None:
                log.warning("nobody was here from %s to %s", heard.before, heard.now)
                await self._away(heard.before, heard.now)
            self._beaten = time.time()

    async def awake(self) -> None:
        """Before something due is looked at: a machine that slept says so first. Raises StoreUnavailable."""
        if time.time() - self._beaten > AWAY.total_seconds():
            await self.beat()

    async def run(self) -> None:
        """Until cancelled; then nobody misses us."""
        measuring = asyncio.create_task(self._measure(), name="loop")
        try:
            while True:
                try:
                    await self.beat()
                except StoreError as error:
                    log.warning("no sign of life: %s", error)
                await asyncio.sleep(EVERY)
        finally:
            measuring.cancel()

    async def leave(self) -> None:
        """We end in order."""
        try:
            async with asyncio.timeout(2):
                await self._beats.leave(self._vital.name)
        except (StoreError, TimeoutError) as error:
            log.warning("nobody hears that we end: %s", error)

    async def _measure(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(STEP)
            self.turned = time.monotonic()
            self._lag = max(self._lag, self.turned - before - STEP)
