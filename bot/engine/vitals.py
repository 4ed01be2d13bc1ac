"""What keeps an eye on one process and on the others, put together: pulse, watchdog, and a thread for a stuck loop."""

import asyncio
import logging
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version

from bot.desk.desk import Desk
from bot.domain.vigil import WEB, WORKER
from bot.engine.alarming import Alarming
from bot.engine.loopwatch import Loopwatch, on_duty_or_alerts
from bot.engine.pulse import Pulse
from bot.engine.watchdog import Show, Watchdog
from bot.errors import StoreError
from bot.slack.outcry import Outcry
from bot.store.heartbeats import Heartbeats

log = logging.getLogger(__name__)

HEAR = 60.0
"""Seconds between two looks at whom a stuck process tells."""


class Watching:
    """Of the process named `me`. roles: web, worker or both. outcry: speaks for a stuck loop where nobody else can."""

    def __init__(
        self, desk: Desk, *, me: str, roles: Collection[str], show: Show, alarming: Alarming, outcry: Outcry
    ) -> None:
        beats, ordered = Heartbeats(desk.store), [role for role in (WEB, WORKER) if role in roles]
        away = desk.vigil.away if WORKER in roles else None
        self.pulse = Pulse(beats, name=me, roles=ordered, version=_version(), since=desk.now(), away=away)
        self._desk = desk
        self._watchdog = Watchdog(desk, beats, roles=roles, show=show, alarming=alarming)
        alone = {WEB, WORKER} <= set(roles)
        self._loop = Loopwatch(lambda: self.pulse.turned, outcry if alone else None)

    async def run(self) -> None:
        """Until cancelled."""
        self._loop.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.pulse.run(), name="pulse")
                group.create_task(self._watchdog.run(), name="watchdog")
                group.create_task(self._hear(), name="whom to tell")
        finally:
            self._loop.stop()

    async def _hear(self) -> None:
        while True:
            try:
                self._loop.listeners = await on_duty_or_alerts(self._desk)
            except StoreError as error:
                log.warning("whom to tell is as it was: %s", error)
            await asyncio.sleep(HEAR)


def _version() -> str:
    try:
        return version("vocero")
    except PackageNotFoundError:
        return ""
