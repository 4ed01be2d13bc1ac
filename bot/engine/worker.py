"""A worker: everything that happens without a person, started and stopped together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from bot.desk.desk import Desk
from bot.domain.deliveries import State
from bot.domain.events import (
    AnyEvent,
    BrandChanged,
    ChannelLost,
    ConversationChanged,
    DeliveryChanged,
    FactChanged,
    PostChanged,
    ProposalChanged,
    StopChanged,
    SuggestionChanged,
)
from bot.engine.alarming import Alarming
from bot.engine.arriving import Arriving
from bot.engine.clockwork import Clockwork
from bot.engine.errands import EVERY as ERRANDS_EVERY
from bot.engine.errands import Errands
from bot.engine.failpoints import Failpoints
from bot.engine.handing import EVERY as HANDS_EVERY
from bot.engine.handing import Handing
from bot.engine.leaving import leaving
from bot.engine.links import EVERY as LINKS_EVERY
from bot.engine.links import LinkLook, answered, sent_to_many
from bot.engine.minding import EVERY as MINDING_EVERY
from bot.engine.minding import Minding
from bot.engine.pictures import Pictures
from bot.engine.placing import EVERY as PLACES_EVERY
from bot.engine.placing import Placing
from bot.engine.polling import Poller
from bot.engine.probing import EVERY as PROBES_EVERY
from bot.engine.probing import Prober
from bot.engine.publishing import Publisher
from bot.engine.pulse import Pulse
from bot.engine.relaying import Relay
from bot.engine.removals import EVERY as REMOVALS_EVERY
from bot.engine.removals import Removals
from bot.engine.sealing import EVERY as SEAL_EVERY
from bot.engine.sealing import Sealing
from bot.engine.showing import Showing, concerned
from bot.engine.storms import BATCHES_EVERY, LOOKS_EVERY, StormEngine
from bot.engine.subscribing import EVERY as SUBSCRIBES_EVERY
from bot.engine.subscribing import Subscriber
from bot.engine.sweeping import Sweep
from bot.errors import StoreError
from bot.store.blobs import Blobs
from bot.store.due import DueIndex

log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks into the due index."""
RING_EVERY = 1.0
"""Seconds between two looks at who is to be rung."""
DIGESTS_EVERY = timedelta(seconds=20)
RETENTION_EVERY = timedelta(minutes=30)
GRACE = 3.0
"""Seconds for a claim that is under way when we end."""
WORDS_SETTLED = frozenset({"submit", "approve", "fix", "send_alone"})
"""What happened to a post whose links are to be looked at."""
WIRE = 12.0
"""Seconds for what is on the wire then; later whoever follows looks for it on the account."""


class Worker:
    """Publishes, polls, relays events to cards, draws digests.

    tell: what the router does with an event. download: a Slack file's bytes. me: this process's name in groups.
    data: the folder of the record's witness. alarming: who rings people. pulse: told what still turns. sweep: what
    should have come to an end. links: looks at the links of posts and answers, where there is a web to look at.
    placing: looks at the channels of routes. handing: hands pictures to whoever publishes by hand.
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
        public_url: str = "",
        data: Path | None = None,
        alarming: Alarming | None = None,
        pulse: Pulse | None = None,
        sweep: Sweep | None = None,
        links: LinkLook | None = None,
        showing: Showing | None = None,
        placing: Placing | None = None,
        handing: Handing | None = None,
    ) -> None:
        blobs = Blobs(desk.store)
        self._desk = desk
        self._me = me
        self._tell = tell
        self._awake = asyncio.Event()
        self._pulse = pulse
        self._leaving = False
        self.publisher = Publisher(desk, blobs, failpoints, on_room=self._awake.set)
        self.poller = Poller(desk, failpoints, every=poll_every)
        self._pictures = Pictures(desk, blobs, download)
        self.relay = Relay(desk.store, self._told, me, failpoints, turned=lambda: self._turned("relay"))
        self._due = DueIndex(desk.store)
        self.clockwork = Clockwork(url, f"vocero-{desk.store.team}", instant=desk.now)
        self.clockwork.job("pictures", self._pictures.fetch)
        self._links = links
        if links is not None:
            self._look_at_links(links)
        self._showing = showing
        if showing is not None:
            self.clockwork.job("showing", showing.look)
        self._placing = placing
        if placing is not None:
            self.clockwork.job("places", placing.look)
            self.clockwork.every("places-known", PLACES_EVERY, placing.tick)
        self._handing = handing
        self._hand_over()
        self.clockwork.job("wake", self._wake)
        self.clockwork.every("poll", max(poll_every / 2, timedelta(seconds=1)), self._poll)
        self.prober = Prober(desk)
        self.clockwork.every("probes", PROBES_EVERY, self.prober.tick)
        self.arriving = Arriving(desk, me, failpoints)
        self.subscriber = Subscriber(desk, public_url)
        self.clockwork.every("subscriptions", SUBSCRIBES_EVERY, self.subscriber.tick)
        self.clockwork.every("retention", RETENTION_EVERY, self._forget)
        self.clockwork.every("digests", DIGESTS_EVERY, self._digests)
        minding = Minding(desk)
        self.clockwork.job("clocks", minding.count_anew)
        self.clockwork.every("minding", MINDING_EVERY, minding.tick)
        self.removals = Removals(desk, failpoints)
        self.clockwork.job("removal", self.removals.carry_out)
        self.clockwork.every("removals", REMOVALS_EVERY, self.removals.tick)
        self.errands = Errands(desk, failpoints)
        self.clockwork.job("errands", self._errands)
        self.clockwork.every("errands-left", ERRANDS_EVERY, self.errands.tick)
        self.storms = StormEngine(desk, failpoints)
        self.clockwork.every("storms", LOOKS_EVERY, self.storms.look)
        self.clockwork.every("for-many", BATCHES_EVERY, self._for_many)
        self._sealing = Sealing(desk, data)
        self._alarming = alarming
        self._sweep = sweep

    def _turned(self, part: str) -> None:
        if self._pulse is not None:
            self._pulse.round(part)

    def _hand_over(self) -> None:
        if self._handing is not None:
            self.clockwork.job("handing", self._hand)
            self.clockwork.every("handing-left", HANDS_EVERY, self._handing.tick)

    def _look_at_links(self, links: LinkLook) -> None:
        self.clockwork.job("links", links.look)
        self.clockwork.job("links-answers", links.look_in_answers)
        self.clockwork.job("links-suggested", links.look_in_suggestion)
        self.clockwork.job("links-crowd", links.look_in_crowd)
        self.clockwork.every("links-before", LINKS_EVERY, links.tick)

    async def _poll(self) -> None:
        await self.poller.tick()
        self._turned("poller")

    async def _told(self, event: AnyEvent) -> None:
        await self._tell(event)
        if self._alarming is not None:
            await self._alarming.heard(event)
        if isinstance(event, PostChanged) and event.act == "submit":
            await self.clockwork.add("pictures", event.post)
        if isinstance(event, FactChanged):
            await self._desk.facts.recall(event.fact)
        if isinstance(event, BrandChanged):
            await self.clockwork.add("clocks", event.brand)
        if self._links is not None:
            await self._links_in(event)
        if isinstance(event, ConversationChanged) and event.act == "moderated":
            await self.clockwork.add("errands", event.conversation)
        if self._showing is not None and (conversation := concerned(event)):
            await self.clockwork.add("showing", conversation)
        if isinstance(event, BrandChanged) and self._placing is not None:
            await self.clockwork.add("places", event.brand)
        if isinstance(event, ChannelLost) and self._placing is not None:
            await self.clockwork.add("places", event.channel)
        if isinstance(event, ProposalChanged):
            await self.clockwork.add("removal", event.proposal)
        await self._told_by_hand(event)
        self._awake.set()

    async def _told_by_hand(self, event: AnyEvent) -> None:
        """Whoever was asked to publish hears of a stop, and whoever is asked now gets the pictures."""
        if isinstance(event, StopChanged) and event.act == "stop":
            await self._desk.stops.hold_asked(event.scope)
        if isinstance(event, DeliveryChanged) and event.state == State.BY_HAND and self._handing is not None:
            await self.clockwork.add("handing", event.delivery)

    async def _hand(self, _: str) -> None:
        if self._handing is not None:
            await self._handing.tick()

    async def _links_in(self, event: AnyEvent) -> None:
        """What becomes public soon may hold links that nobody looked at."""
        if isinstance(event, PostChanged) and event.act in WORDS_SETTLED:
            await self.clockwork.add("links", event.post)
        if talk := answered(event):
            await self.clockwork.add("links-answers", talk)
        if isinstance(event, SuggestionChanged) and event.act in {"suggest", "revise"}:
            await self.clockwork.add("links-suggested", event.suggestion)
        if crowd := sent_to_many(event):
            await self.clockwork.add("links-crowd", crowd)

    async def _errands(self, _: str) -> None:
        await self.errands.tick()

    async def _for_many(self) -> None:
        await self.storms.tick()

    async def _wake(self, _: str) -> None:
        self.wake()

    def wake(self) -> None:
        """Look at what is due now."""
        self._awake.set()

    async def _digests(self) -> None:
        told = await self._desk.digests.due_members() + await self._desk.digests.due_brands()
        if told:
            log.info("digests: %d announced", told)

    async def _forget(self) -> None:
        erased = await self._desk.retention.erase_due()
        if erased:
            log.info("retention: erased what people had deleted in %d conversations", erased)
        forgotten = await self._desk.retention.forget_due()
        if forgotten:
            log.info("retention: forgot %d conversations and people", forgotten)

    async def run(self) -> None:
        """Work until cancelled; then nothing more is claimed, and what is on the wire is finished."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(leaving(self._publish(), self._leave, GRACE), name="publish")
                group.create_task(self._forever("relay", self.relay.run), name="relay")
                group.create_task(self._forever("arrivals", self.arriving.run), name="arrivals")
                group.create_task(self._forever("seals", self._seal), name="seals")
                group.create_task(self._forever("alarms", self._ring), name="alarms")
                group.create_task(self._forever("clockwork", lambda: self.clockwork.run(self._me)), name="clockwork")
        finally:
            await self.publisher.drain(WIRE)
            await self._sealing.last()

    def _leave(self) -> None:
        self._leaving = True
        self.publisher.leave()
        self._awake.set()

    async def _seal(self) -> None:
        """By each worker's own clock: the witness lies on each one's machine."""
        while True:
            await self._sealing.tick()
            await asyncio.sleep(SEAL_EVERY.total_seconds())

    async def _ring(self) -> None:
        """By each worker's own clock, not docket's: an alarm must not hang on what it may be about."""
        while self._alarming is not None:
            await self._alarming.tick()
            if self._sweep is not None:
                await self._sweep.tick()
            await asyncio.sleep(RING_EVERY)
        await asyncio.Event().wait()

    async def _publish(self) -> None:
        planned = None
        while not self._leaving:
            try:
                if self._pulse is not None:
                    await self._pulse.awake()
                claimed = await self.publisher.tick()
                self._turned("publisher")
                due = await self._due.next_at() if not self.publisher.busy else None
                if due is not None and due != planned and due > self._desk.now():
                    planned = due
                    await self.clockwork.replace("wake", "due", due)
            except StoreError as error:
                log.error("the store is out of reach, trying again: %s", error)
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
