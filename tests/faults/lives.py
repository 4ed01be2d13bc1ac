"""What a worker process does in its life here: parts of a real worker, in a hurry, in a workspace of its own."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.desk.desk import Desk
from bot.discovery import find_router
from bot.domain.deliveries import Delivery
from bot.engine.failpoints import Failpoints, parse
from bot.engine.handing import Handing
from bot.engine.polling import Poller
from bot.engine.publishing import Publisher
from bot.engine.relaying import Relay
from bot.errors import StoreError
from bot.sandbox import world
from bot.slack.client import SlackApi
from bot.slack.deck import Deck
from bot.slack.people import People
from bot.store.blobs import Blobs
from bot.store.launcher import connect
from bot.store.records import Store
from handlers.views.by_hand import HandCard
from tests.faults.telling import telling
from tests.publishing import WAITS, open_desk

log = logging.getLogger(__name__)

TICK = 0.1
TIMEOUT = 5.0
"""Seconds for a request; what decides is the order of things, so it only has to be long enough for a busy machine."""
LEASE = timedelta(seconds=TIMEOUT + 1)
"""Longer than a request, as in earnest: else a slow network is looked at by nobody to the end."""
CHANNEL = timedelta(seconds=2)
"""How long a channel belongs to whoever draws in it; a minute in earnest."""
POLLS = timedelta(seconds=0.5)


@dataclass(frozen=True)
class Place:
    """Where a worker works: the store, the workspace in it, the world outside, and the file for its log."""

    store: str
    team: str
    outside: str
    log: Path


def publish(place: Place, delivery: str = "", failpoints: str = "") -> None:
    """Publishes until this delivery wants nobody any more; without one, until nothing is due."""
    asyncio.run(_publish(place, delivery, failpoints))


def relay(place: Place, me: str, failpoints: str = "") -> None:
    """Polls, tells events and draws cards until somebody ends it."""
    asyncio.run(_relay(place, me, failpoints))


def by_hand(place: Place, me: str, failpoints: str = "") -> None:
    """Publishes, tells events, draws cards and hands pictures over until somebody ends it."""
    asyncio.run(_by_hand(place, me, failpoints))


async def _by_hand(place: Place, me: str, failpoints: str) -> None:
    armed = Failpoints(parse(failpoints))
    async with _opened(place) as desk:
        api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{place.outside}/api/")
        people = People(desk.store, api, desk.now)
        deck = Deck(find_router(), desk=desk, api=api, people=people, me=me, reach=armed.reach, lease=CHANNEL)
        publisher = Publisher(desk, Blobs(desk.store), armed, lease=LEASE, waits=WAITS)
        relay = Relay(desk.store, telling(desk, deck, people), me, armed)

        async def where(delivery: str, number: int, to: str) -> tuple[str, str] | None:
            return await deck.where(HandCard(delivery=delivery, number=number, to=to))

        handing = Handing(desk, Blobs(desk.store), api, where, armed)

        async def publishes() -> None:
            await publisher.tick()

        await asyncio.gather(*(_forever(work) for work in (relay.run, deck.run, publishes, handing.tick)))


async def _publish(place: Place, delivery: str, failpoints: str) -> None:
    async with _opened(place) as desk:
        armed = Failpoints(parse(failpoints))
        publisher = Publisher(desk, Blobs(desk.store), armed, lease=LEASE, waits=WAITS)
        wanted = True
        while wanted:
            try:
                await publisher.tick()
                await asyncio.sleep(TICK)
                wanted = await _wanted(desk.store, delivery)
            except StoreError:
                log.exception("the store is out of reach; trying again")
        await publisher.drain()


async def _wanted(store: Store, delivery: str) -> bool:
    if delivery:
        return bool(await store.client.hget(store.key(Delivery.KIND, delivery), "attention"))
    return bool(await store.client.zcard(store.key("index", "due")))


async def _relay(place: Place, me: str, failpoints: str) -> None:
    armed = Failpoints(parse(failpoints))
    async with _opened(place) as desk:
        api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{place.outside}/api/")
        people = People(desk.store, api, desk.now)
        deck = Deck(find_router(), desk=desk, api=api, people=people, me=me, reach=armed.reach, lease=CHANNEL)
        relay, poller = Relay(desk.store, telling(desk, deck, people), me, armed), Poller(desk, armed, every=POLLS)
        await asyncio.gather(*(_forever(work) for work in (relay.run, deck.run, poller.tick)))


async def _forever(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except StoreError:
            log.exception("the store is out of reach; trying again")
        await asyncio.sleep(POLLS.total_seconds() / 2)


@asynccontextmanager
async def _opened(place: Place) -> AsyncIterator[Desk]:
    """A worker's desk; ids are nobody else's, as they are in earnest."""
    logging.basicConfig(filename=place.log, level=logging.INFO, format="%(process)d %(levelname)s %(message)s")
    client = connect(place.store, connections=8)
    desk = open_desk(Store(client, place.team), place.outside, timeout=TIMEOUT)
    desk.new_id = lambda: secrets.token_hex(6)
    try:
        yield desk
    finally:
        await client.aclose()
