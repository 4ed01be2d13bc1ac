"""A running outside world without Slack, on a free port, with a clock that tests can move."""

import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox import networks, world
from bot.sandbox.calls import CallLog
from bot.sandbox.context import Sandbox
from bot.sandbox.faults import Faults
from bot.sandbox.networks import Networks
from bot.sandbox.storage import open_db
from tests.sandbox_networks.listening import bound

AGORA_X, NORTHWIND_X, AGORA_FB, NORTHWIND_FB, ENSAYO = world.ACCOUNTS


@dataclass
class Told:
    """What the page would be told."""

    topics: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, topic: str, key: str = "") -> None:
        """Keep it."""
        self.topics.append((topic, key))


@dataclass
class Clock:
    """Real time, moved forward by the test."""

    ahead: float = 0.0

    def __call__(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead


@dataclass
class World:
    """The server, a session, and short ways to use them."""

    url: str
    session: aiohttp.ClientSession
    clock: Clock
    networks: Networks
    sandbox: Sandbox
    told: Told

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Status and JSON (text when it isn't JSON)."""
        async with self.session.request(method, self.url + path, **options) as answer:
            if "json" in answer.content_type:
                return answer.status, await answer.json(content_type=None)
            return answer.status, await answer.text()

    async def timeline(self, account: str) -> dict[str, Any]:
        """`GET /audience/posts`."""
        status, body = await self.ask("GET", "/audience/posts", params={"account": account})
        assert status == 200, body
        assert isinstance(body, dict)
        return body

    async def comment(self, account: str, text: str, author: str = "Lucía Ferrer", post: str | None = None) -> str:
        """`POST /audience/comment`; the id of what was written."""
        body = {"account": account, "author": author, "text": text} | ({"post": post} if post else {})
        status, answer = await self.ask("POST", "/audience/comment", json=body)
        assert status == 200, answer
        return str(answer["id"])

    async def fault(self, **fault: Any) -> None:
        """`POST /faults`."""
        status, answer = await self.ask("POST", "/faults", json=fault)
        assert status == 200, answer

    async def calls(self, target: str) -> list[dict[str, Any]]:
        """`GET /calls?target=`."""
        _, answer = await self.ask("GET", "/calls", params={"target": target})
        return list(answer["calls"])


@contextlib.asynccontextmanager
async def running(
    data: Path, clock: Clock, bot_url: str = "http://127.0.0.1:9", *, innermost: Sequence[Middleware] = ()
) -> AsyncIterator[World]:
    """Networks on the database in `data`; used twice on one folder, it is a restart. `innermost`: see every request."""
    listener = bound()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    told, log = Told(), CallLog(clock)
    db = open_db(data / "sandbox.db")
    sandbox = Sandbox(db=db, now=clock, calls=log, changes=told, url=url, bot_url=bot_url)
    built = networks.build(sandbox, log, Faults())
    built.app.middlewares.extend(innermost)
    runner = web.AppRunner(built.app, shutdown_timeout=0.2)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
            yield World(url, session, clock, built, sandbox, told)
    finally:
        await runner.cleanup()
        db.close()


@pytest.fixture
async def world_(tmp_path: Path) -> AsyncIterator[World]:
    """One running outside world."""
    async with running(tmp_path, Clock()) as one:
        yield one
