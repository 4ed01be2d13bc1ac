"""SIGTERM: nothing more is begun, what is on the wire is finished, the rest given back; a second one ends at once."""

import asyncio
import signal
import time
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web

from bot.desk.posts import Content
from bot.domain.brands import Standing
from bot.domain.deliveries import Delivery, State
from bot.domain.vigil import WEB, WORKER
from bot.engine.publishing import CONCURRENCY
from bot.sandbox.app import bound, serving
from bot.web.leaving import Leaving
from tests.handlers.demo import NAMES
from tests.publishing import open_publisher
from tests.watchdog.outside import Outside
from tests.watchdog.processes import processes, settings, until

SLOW = 2.0
"""Seconds that the network takes for an answer."""


async def due_now(outside: Outside, number: int) -> list[Delivery]:
    """Practice posts that are due."""
    desk = outside.desk
    (account,) = [each for each in await desk.accounts.all() if each.network == "practice"]
    found = []
    for each in range(number):
        content = Content(brand=account.brand, text=f"Lista número {each}", accounts=(account.id,))
        await desk.posts.submit(f"p{each}", content, Standing(id=NAMES["ana"]))
        await desk.posts.approve(f"p{each}", Standing(id=NAMES["bruno"]), revision=1)
        found += await desk.posts.deliveries(f"p{each}")
    return found


async def slow(outside: Outside, seconds: float) -> None:
    fault = {"target": "practice", "times": 1000, "when": "after", "delay": seconds}
    async with outside.session.post(f"{outside.url}/faults", json=fault) as answer:
        assert answer.status == 200


async def in_state(outside: Outside, deliveries: list[Delivery], state: State) -> int:
    found = await outside.desk.store.find_many(Delivery, [each.id for each in deliveries])
    return sum(each.state is state for each in found)


async def test_what_was_claimed_and_not_begun_is_given_back_at_once(outside: Outside) -> None:
    deliveries = await due_now(outside, CONCURRENCY + 4)
    await slow(outside, 0.5)
    leaving, other = open_publisher(outside.desk), open_publisher(outside.desk)
    assert await leaving.tick() == len(deliveries)
    await until(lambda: in_state(outside, deliveries, State.WIRE), "some are on the wire")
    leaving.leave()
    await leaving.drain(10)
    assert await in_state(outside, deliveries, State.LIVE) == CONCURRENCY
    assert await other.tick() == 4
    await other.drain()
    assert await in_state(outside, deliveries, State.LIVE) == len(deliveries)
    assert all(each.fence <= 2 for each in await outside.desk.store.find_many(Delivery, [d.id for d in deliveries]))


@pytest.mark.slow
async def test_what_is_on_the_wire_is_finished(outside: Outside) -> None:
    await slow(outside, SLOW)
    environment = settings(outside.url, outside.redis, outside.folder / "data")
    async with processes(environment, outside.folder / "processes.log") as all_:
        worker = await all_.start("worker")
        deliveries = await due_now(outside, 3)
        await until(lambda: in_state(outside, deliveries, State.WIRE), "it is on the wire")
        worker.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(worker.wait(), 20) == 0
    left = await outside.desk.store.find_many(Delivery, [each.id for each in deliveries])
    assert {each.state for each in left} <= {State.LIVE, State.CLAIMED, State.PLANNED}
    assert State.LIVE in {each.state for each in left}
    # what isn't live can be taken at once
    assert all(each.attention and each.attention <= datetime.now(UTC) for each in left if each.state is not State.LIVE)
    assert not await outside.there(WORKER)


@pytest.mark.slow
async def test_a_second_signal_ends_at_once(outside: Outside) -> None:
    await slow(outside, 60)
    environment = settings(outside.url, outside.redis, outside.folder / "data")
    async with processes(environment, outside.folder / "processes.log") as all_:
        worker = await all_.start("worker")
        deliveries = await due_now(outside, 1)
        await until(lambda: in_state(outside, deliveries, State.WIRE), "it is on the wire")
        worker.send_signal(signal.SIGTERM)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(worker.wait()), 2)
        at = time.monotonic()
        worker.send_signal(signal.SIGINT)
        assert await worker.wait() == 128 + signal.SIGINT
        assert time.monotonic() - at < 2


async def test_http_turns_away_before_it_closes() -> None:
    leaving, listener = Leaving(), bound(0)
    app = web.Application(middlewares=[leaving.middleware])
    held, answered = asyncio.Event(), asyncio.Event()

    async def take(_: web.Request) -> web.Response:
        answered.set()
        await held.wait()
        return web.Response()

    app.router.add_post("/", take)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    async with serving(app, listener), ClientSession() as session:
        first = asyncio.create_task(session.post(url))
        await answered.wait()
        ending = asyncio.create_task(leaving.leave(quiet=0.1, longest=30))
        held.set()
        answer = await first
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        await ending
        async with session.post(url) as refused:
            assert (refused.status, refused.headers["Connection"]) == (503, "close")


@pytest.mark.slow
async def test_a_web_process_is_not_ready_first_and_leaves_in_time(outside: Outside) -> None:
    listener = bound(0)
    port = listener.getsockname()[1]
    listener.close()
    environment = settings(outside.url, outside.redis, outside.folder / "data", SLACK_MODE="http", PORT=str(port))
    async with processes(environment, outside.folder / "processes.log") as all_:
        process = await all_.start("web")

        async def there() -> bool:
            assert process.returncode is None, (outside.folder / "processes.log").read_text()[-2000:]
            return bool(await outside.there(WEB))

        await until(there, "it is there", 30)
        async with outside.session.get(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)

        async def turned_away() -> bool:
            async with outside.session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                return answer.status == 503

        await until(turned_away, "it is not ready")
        assert await asyncio.wait_for(process.wait(), 20) == 0
