"""`/healthz` and `/readyz` say what a supervisor and a balancer have to know, also of a store that only half works."""

import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.sandbox.app import bound, serving
from bot.store.launcher import connect, ensure_store, store_pid
from bot.store.records import Store
from bot.web.health import BEHIND, Health
from bot.web.leaving import Leaving


@pytest.fixture
async def own(data: Path) -> AsyncIterator[Store]:
    """The records of a store that may be spoiled."""
    client = connect(ensure_store(data))
    yield Store(client, "T1")
    await client.aclose()


@asynccontextmanager
async def asked(health: Health) -> AsyncIterator[Any]:
    """A question over HTTP: status and body."""
    app, listener = web.Application(), bound(0)
    app.add_routes(health.routes())
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving(app, listener), ClientSession() as session:

        async def ask(path: str) -> tuple[int, dict[str, Any]]:
            async with session.get(url + path) as answer:
                return answer.status, await answer.json()

        yield ask


async def due(store: Store, ago: float) -> None:
    """Something that has been due for a while."""
    await store.client.zadd(store.key("index", "due"), {"d1": (time.time() - ago) * 1000})


async def test_alive_while_the_loop_turns(store: Store) -> None:
    for lag, status in ((0.2, 200), (1.5, 503)):
        async with asked(Health(store, lag=partial(float, lag))) as ask:
            assert await ask("/healthz") == (status, {"ok": status == 200, "lag": lag})


async def test_a_worker_is_ready_while_it_keeps_up(store: Store) -> None:
    ages = {"publisher": 0.1}
    async with asked(Health(store, ages=lambda: ages, worker=True)) as ask:
        assert await ask("/readyz") == (200, {"ok": True, "store": "up", "engine_lag": 0.0})
        await due(store, BEHIND - 10)
        assert (await ask("/readyz"))[0] == 200
        await due(store, BEHIND + 10)
        status, body = await ask("/readyz")
        assert (status, list(body["behind"])) == (503, ["due"])
        assert BEHIND + 9 < body["engine_lag"] < BEHIND + 30
        await store.client.delete(store.key("index", "due"))
        ages["publisher"] = BEHIND + 1
        status, body = await ask("/readyz")
        assert (status, body["behind"]) == (503, {"publisher": BEHIND + 1})


async def test_a_web_process_tells_the_engines_lag_and_stays_ready(store: Store) -> None:
    await due(store, BEHIND + 10)
    async with asked(Health(store)) as ask:
        status, body = await ask("/readyz")
    assert (status, body["ok"]) == (200, True)
    assert body["engine_lag"] > BEHIND


async def test_who_leaves_is_not_ready(store: Store) -> None:
    leaving = Leaving()
    leaving.going = True
    async with asked(Health(store, leaving=leaving)) as ask:
        assert await ask("/readyz") == (503, {"ok": False, "leaving": True})
        assert (await ask("/healthz"))[0] == 200


async def test_a_store_that_answers_and_takes_nothing(own: Store) -> None:
    async with asked(Health(own)) as ask:
        assert (await ask("/readyz"))[0] == 200
        await own.client.config_set("maxmemory", 1)
        assert await ask("/readyz") == (503, {"ok": False, "store": "memory"})
        await own.client.config_set("maxmemory", 0)
        assert (await ask("/readyz"))[0] == 200


async def test_a_store_that_is_frozen_is_said_before_a_probe_gives_up(own: Store, data: Path) -> None:
    pid = store_pid(data)
    assert pid is not None
    async with asked(Health(own)) as ask:
        os.kill(pid, signal.SIGSTOP)
        try:
            at = time.monotonic()
            assert await ask("/readyz") == (503, {"ok": False, "store": "silent"})
            assert time.monotonic() - at < 4
        finally:
            os.kill(pid, signal.SIGCONT)
        assert (await ask("/readyz"))[0] == 200
