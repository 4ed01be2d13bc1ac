"""Looks after the other kind of process: web processes after workers, workers after web processes.

Where no worker is left, a web process rings, shows and calls the webhook itself: its own alarm, and every other one
that would have rung meanwhile. Who of several does is agreed through the store; the alarm is one for each episode, and
says when it is over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.domain.alarms import Alarm, AlarmKind, AlarmState
from bot.domain.events import AlarmChanged
from bot.domain.vigil import LOST, WEB, WORKER, Finding, web_findings, workers_findings
from bot.engine.alarming import Alarming
from bot.errors import Conflict, StoreUnavailable
from bot.store.heartbeats import Heartbeats, Presence
from bot.store.turns import Turns

log = logging.getLogger(__name__)

LOOK = 4.0
"""Seconds between two looks."""
GRACE = LOST + timedelta(seconds=15)
"""How long nobody is missed after we began to look, or were away ourselves."""
CALM = timedelta(seconds=6)
"""For how long all must be well again before it is said."""
AGAIN = timedelta(seconds=60)
"""How often what waits is counted anew on the cards."""
KINDS = frozenset({AlarmKind.WORKER_DOWN, AlarmKind.WEB_DOWN, AlarmKind.LAGGING})

Show = Callable[[AlarmChanged], Awaitable[None]]


class Watchdog:
    """One a process. roles: what this process does. show: draws an alarm's messages at once, without a worker.
    alarming: rings as a worker does.

    grace: how long nobody is missed at first. calm: how long all must be well. every: between two looks of all
    processes of these roles.
    """

    def __init__(
        self,
        desk: Desk,
        beats: Heartbeats,
        *,
        roles: Collection[str],
        show: Show,
        alarming: Alarming,
        grace: timedelta = GRACE,
        calm: timedelta = CALM,
        every: timedelta = timedelta(seconds=LOOK * 0.8),
    ) -> None:
        self._desk = desk
        self._beats = beats
        self._roles = frozenset(roles)
        self._show = show
        self._alarming = alarming
        self._grace = grace
        self._calm = calm
        self._every = every
        self._turns = Turns(desk.store)
        self._looked: datetime | None = None
        self._from: datetime | None = None
        self._well: dict[tuple[AlarmKind, str], datetime] = {}
        self._shown: dict[str, tuple[int, datetime]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:  # the storekeeper says so
                self._looked = None
                log.warning("can't look after the others: %s", error)
            except Conflict:
                log.info("another process was quicker")
            except Exception:
                log.exception("looking after the others failed; trying again")
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Ring what is wrong, follow it, and say when it is over."""
        there = await self._beats.read()
        if self._fresh(there.now):
            return
        findings = await self._findings(there)
        if not await self._turns.take("watchdog", *sorted(self._roles), every=self._every):
            return
        for finding in findings:
            await self._wrong(finding)
        if WEB in self._roles and any(finding.kind is AlarmKind.WORKER_DOWN for finding in findings):
            await self._stand_in()
        await self._right({(each.kind, each.subject) for each in findings}, there.now)

    def _fresh(self, now: datetime) -> bool:
        """Whether we don't know enough yet: just started, or asleep with all the others."""
        gap = self._looked is None or not timedelta() <= now - self._looked < LOST
        self._looked = now
        if gap:
            self._from = now + self._grace
        return self._from is not None and now < self._from

    async def _findings(self, there: Presence) -> Sequence[Finding]:
        found: list[Finding] = []
        if WEB in self._roles:
            backlog = await self._desk.vigil.backlog(there.now)
            found += workers_findings(there.vitals, there.heard.get(WORKER), backlog, there.now)
        if WORKER in self._roles:
            found += web_findings(there.vitals, there.heard.get(WEB), there.now)
        return found

    def _mine(self, kind: AlarmKind) -> bool:
        return kind in KINDS and (WORKER if kind is AlarmKind.WEB_DOWN else WEB) in self._roles

    async def _wrong(self, finding: Finding) -> None:
        self._well.pop((finding.kind, finding.subject), None)
        detail = {"why": finding.why, "since": finding.since.isoformat()}
        alarm = await self._desk.alarms.ring(finding.kind, subject=finding.subject, detail=detail)
        if WEB not in self._roles:
            return  # a worker rings and draws what its own event says
        await self._tell(await self._alarming.climb(alarm))

    async def _stand_in(self) -> None:
        """No worker rings: what else would have, rings from here and is followed, and the webhook is called."""
        rung = {alarm.id for alarm in await self._alarming.ring()}
        await self._alarming.call()
        for alarm in await self._desk.alarms.open():
            if alarm.id in rung or alarm.id in self._shown:
                await self._tell(alarm)

    async def _right(self, wrong: Collection[tuple[AlarmKind, str]], now: datetime) -> None:
        for alarm in await self._desk.alarms.open(""):
            if not self._mine(alarm.kind):
                continue
            for thing in alarm.open:
                about = (alarm.kind, thing.subject)
                if about in wrong:
                    continue
                since = self._well.setdefault(about, now)
                if now - since >= self._calm:
                    del self._well[about]
                    await self._desk.alarms.over(*about)
                    if WEB in self._roles:
                        await self._tell(await self._desk.alarms.get(alarm.id))

    async def _tell(self, alarm: Alarm) -> None:
        now = self._desk.now()
        version, at = self._shown.get(alarm.id, (-1, now))
        if version == alarm.version and now - at < AGAIN:
            return
        reminded = alarm.state is AlarmState.TAKEN and alarm.reminded_at is not None
        await self._show(AlarmChanged(alarm=alarm.id, act="remind" if reminded else "raise"))
        self._shown = {alarm.id: (alarm.version, now)} | {
            id_: shown for id_, shown in self._shown.items() if id_ != alarm.id and now - shown[1] < timedelta(days=1)
        }
