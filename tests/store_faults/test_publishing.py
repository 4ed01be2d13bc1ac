"""Posts that are due while the store is killed, frozen or cut off: each goes out once, by itself, within seconds.

On Facebook, where nothing but our own marks keeps a post from being there twice.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.deliveries import Delivery, State
from bot.engine.failpoints import Failpoints
from bot.engine.storekeeping import Storekeeper
from bot.engine.worker import Worker
from bot.sandbox import world
from bot.store.client import Client
from bot.store.launcher import connect
from bot.store.records import Store
from tests.outside import Outside, networks_only
from tests.publishing import ANA, BRUNO, open_desk, settle_in
from tests.store_faults.cutting import cutting
from tests.store_faults.killing import frozen, kill_store

pytestmark = pytest.mark.slow
PAGE = next(account for account in world.ACCOUNTS if account.network == "facebook")


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    """Networks that answer at once."""
    async with networks_only(tmp_path) as running:
        yield running


async def plan(desk: Desk, number: int) -> None:
    """So many approved posts that are due now, as approving them would leave them."""
    account = await settle_in(desk, PAGE)
    for each in range(number):
        content = Content(brand=account.brand, text=f"El café número {each}", accounts=(account.id,))
        await desk.posts.submit(f"p{each}", content, ANA)
        await desk.posts.approve(f"p{each}", BRUNO, revision=1)


@asynccontextmanager
async def working(url: str, team: str, outside: Outside, data: Path, said: list[str]) -> AsyncIterator[Desk]:
    """A worker and its storekeeper, as `bot.house` puts them together."""
    client = connect(url)
    desk = open_desk(Store(client, team), outside.url, timeout=5)

    async def tell(_: object) -> None:
        return None

    async def download(_: str) -> bytes:
        return b""

    async def say(_: str, text: str) -> None:
        said.append(text)

    worker = Worker(
        desk,
        url=url,
        me="w1",
        tell=tell,
        download=download,
        failpoints=Failpoints(),
        poll_every=timedelta(seconds=60),
    )
    assert isinstance(client, Client)
    keeper = Storekeeper(client, desk, me="w1", data=data, embedded=True, say=say)
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(keeper.run())]
    try:
        yield desk
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.aclose()


async def all_live(store: Store, number: int, *, within: float) -> None:
    """Waits until all are live."""
    seen: Counter[State] = Counter()
    try:
        async with asyncio.timeout(within):
            while seen[State.LIVE] < number:
                found = await store.listed(Delivery, f"live:{PAGE.network}-{PAGE.id}", limit=number)
                seen = Counter(each.state for each in found)
                await asyncio.sleep(0.05)
    except TimeoutError:
        left = await store.client.zcard(store.key("index", "due"))
        raise AssertionError(f"{seen}, {left} still due") from None


async def each_once(outside: Outside, number: int) -> None:
    """What the public sees, and what Facebook was asked for."""
    texts = Counter(post["text"] for post in await outside.public(f"{PAGE.network}:{PAGE.handle}"))
    ours = {text: count for text, count in texts.items() if text.startswith("El café número")}
    assert ours == {f"El café número {each}": 1 for each in range(number)}


async def live_so_far(store: Store, mark: int) -> None:
    """Waits until so many are live."""
    key, live = store.key("index", f"live:{PAGE.network}-{PAGE.id}"), 0
    while live < mark:
        live = int(await store.client.zcard(key))
        await asyncio.sleep(0.02)


async def test_a_store_that_is_killed_twice_during_1000_due_posts(
    store: Store, data: Path, outside: Outside, team: str
) -> None:
    said: list[str] = []
    await plan(open_desk(store, outside.url), 1000)
    async with working(f"unix://{data}/valkey.sock", team, outside, data, said):
        for mark in (50, 500):
            await live_so_far(store, mark)
            await asyncio.to_thread(kill_store, data)
        await all_live(store, 1000, within=90)
    await each_once(outside, 1000)


async def test_a_store_that_is_frozen_for_ten_seconds(store: Store, data: Path, outside: Outside, team: str) -> None:
    said: list[str] = []
    await plan(open_desk(store, outside.url), 300)
    async with working(f"unix://{data}/valkey.sock", team, outside, data, said):
        await live_so_far(store, 20)
        with frozen(data), suppress(TimeoutError):
            async with asyncio.timeout(10):
                await asyncio.Event().wait()
        await all_live(store, 300, within=60)
    await each_once(outside, 300)


async def test_connections_that_are_cut_every_50_commands(
    store: Store, data: Path, outside: Outside, team: str
) -> None:
    await plan(open_desk(store, outside.url), 200)
    async with (
        cutting(data / "valkey.sock", data.parent / "cut.sock", every=50) as cutter,
        working(f"unix://{data.parent}/cut.sock", team, outside, data, []),
    ):
        await all_live(store, 200, within=90)
        assert len(cutter.cuts) > 20
    await each_once(outside, 200)
