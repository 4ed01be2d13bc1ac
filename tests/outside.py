"""The outside world as a process of its own, for tests that need it real, and the accounts that live there."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.network import Endpoint
from bot.sandbox import networks, world
from bot.sandbox.calls import CallLog
from bot.sandbox.context import Sandbox
from bot.sandbox.faults import Faults
from bot.sandbox.storage import open_db
from tests.sandbox_networks.listening import bound


@dataclass
class Outside:
    """Where it listens, and short ways to ask it."""

    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str, **params: str) -> Any:
        """JSON of a GET."""
        async with self.session.get(self.url + path, params=params) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            return body

    async def post(self, path: str, **body: Any) -> Any:
        """JSON of a POST."""
        async with self.session.post(self.url + path, json=body) as answer:
            result = await answer.json()
            assert answer.status in {200, 201}, result
            return result

    async def fault(self, **fault: Any) -> None:
        """Arm a fault."""
        await self.post("/faults", **fault)

    async def calm(self) -> None:
        """No more faults."""
        async with self.session.delete(self.url + "/faults") as answer:
            assert answer.status == 200

    async def public(self, account: str) -> list[dict[str, Any]]:
        """What is public on an account, newest first."""
        found: list[dict[str, Any]] = (await self.get("/audience/posts", account=account))["posts"]
        return found


def endpoints(url: str, timeout: float = 20) -> Mapping[str, Endpoint]:
    """The networks of the sandbox, as an operator would configure them."""
    return {
        "x": Endpoint(
            url,
            {"consumer_key": world.X_CONSUMER_KEY, "consumer_secret": world.X_CONSUMER_SECRET},
            timeout,
        ),
        "facebook": Endpoint(url, {"app_id": world.FACEBOOK_APP_ID, "app_secret": world.FACEBOOK_APP_SECRET}, timeout),
        "practice": Endpoint(url, {}, timeout),
    }


def credentials(account: world.Account) -> Mapping[str, str]:
    """An account's credentials by the names of its connector's fields."""
    return {
        "x": {"access_token": account.token, "access_token_secret": account.secret},
        "facebook": {"page_token": account.token},
        "practice": {"key": account.token},
    }[account.network]


class _Untold:
    """Nobody looks at a page here."""

    def tell(self, topic: str, key: str = "") -> None:
        """Nothing."""


@asynccontextmanager
async def networks_only(folder: Path) -> AsyncIterator[Outside]:
    """X, Facebook and practice in this process, on a free port: quicker, where nobody is killed."""
    listener = bound()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    log = CallLog(time.time)
    db = open_db(folder / "sandbox.db")
    sandbox = Sandbox(db=db, now=time.time, calls=log, changes=_Untold(), url=url, bot_url=url)
    app = networks.build(sandbox, log, Faults(), with_readers=False).app
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Outside(url, session)
    finally:
        await runner.cleanup()
        db.close()


@asynccontextmanager
async def outside_world(folder: Path) -> AsyncIterator[Outside]:
    """Start the sandbox on a free port; stopped at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox", "--port", "0", "--data", str(folder), "--no-readers"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(30):
            line = ""
            while " is at http://" not in line:
                raw = await process.stderr.readline()
                assert raw, "the sandbox did not start"
                line = raw.decode()
        async with aiohttp.ClientSession() as session:
            yield Outside(line.split()[-1], session)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
