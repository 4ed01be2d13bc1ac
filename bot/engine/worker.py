"""A worker: everything that happens without a person, started and stopped together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.events import AnyEvent, PostChanged
from bot.engine.clockwork import Clockwork
from bot.engine.failpoints import Failpoints
from bot.engine.pictures import Pictures
from bot.engine.polling import Poller
from bot.engine.publishing import Publisher
from bot.engine.relaying import Relay
from bot.errors import StoreError
from bot.store.blobs import Blobs
from bot.store.due import DueIndex

log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks into the due index."""
DIGESTS_EVERY = timedelta(seconds=20)


class Worker:
    """Publishes, polls, relays events to cards, draws digests.

    tell: what the router does with an event. download: a Slack file's bytes. me: this process's name in groups.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        url: str,
        me: str,
        tell: Callable[[AnyEvent], Awaitable[None]],
        download: Callable[[str], Awaitable[bytes]],
        failpoints: Failpoints,
        poll_every: timedelta,
    ) -> None:
        blobs = Blobs(desk.store)
        self._desk = desk
        self._me = me
        self._tell = tell
        self._awake = asyncio.Event()
        self.publisher = Publisher(desk, blobs, failpoints, on_room=self._awake.set)
        self.poller = Poller(desk, failpoints, every=poll_every)
        self._pictures = Pictures(desk, blobs, download)
        self.relay = Relay(desk.store, self._told, me, failpoints)
        self._due = DueIndex(desk.store)
        self.clockwork = Clockwork(url, f"vocero-{desk.store.team}", instant=desk.now)
        self.clockwork.job("pictures", self._pictures.fetch)
        self.clockwork.job("wake", self._wake)
        self.clockwork.every("poll", max(poll_every / 2, timedelta(seconds=1)), self.poller.tick)
        self.clockwork.every("digests", DIGESTS_EVERY, self._digests)

    async def _told(self, event: AnyEvent) -> None:
        await self._tell(event)
        if isinstance(event, PostChanged) and event.act == "submit":
            await self.clockwork.add("pictures", event.post)
        self._awake.set()

    async def _wake(self, _: str) -> None:
        self._awake.set()

    async def _digests(self) -> None:
        told = await self._desk.digests.due_members() + await self._desk.digests.due_brands()
        if told:
            log.info("digests: %d announced", told)

    async def run(self) -> None:
        """Work until cancelled; then what is on the wire is finished, within its own time-out."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._publish(), name="publish")
                group.create_task(self._forever("relay", self.relay.run), name="relay")
                group.create_task(self._forever("clockwork", lambda: self.clockwork.run(self._me)), name="clockwork")
        finally:
            await self.publisher.drain()

    async def _publish(self) -> None:
        planned = None
        while True:
            try:
                claimed = await self.publisher.tick()
                due = await self._due.next_at()
                if due is not None and due != planned and due > self._desk.now():
                    planned = due
                    await self.clockwork.replace("wake", "due", due)
            except StoreError:
                log.exception("the store is out of reach; trying again")
                claimed = 0
            if not claimed:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(TICK):
                await self._awake.wait()
        except TimeoutError:
            return  # nobody woke us: the tick's turn
        finally:
            self._awake.clear()

    async def _forever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:
                log.exception("%s stopped; starting it again", name)
            await asyncio.sleep(1)
