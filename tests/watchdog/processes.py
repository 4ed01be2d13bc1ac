"""Web and worker processes as an operator starts them, beside an outside world in this process."""

import asyncio
import base64
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.sandbox import world
from tests.handlers.demo import environment as accounts
from tests.publishing import KEY


def settings(url: str, redis: str, data: Path, **more: str) -> Mapping[str, str]:
    """The environment of every process of this installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VOCERO_", "SLACK_"))}
    own = {
        "SLACK_BOT_TOKEN": world.BOT_TOKEN,
        "SLACK_APP_TOKEN": world.APP_TOKEN,
        "SLACK_SIGNING_SECRET": world.SIGNING_SECRET,
        "SLACK_API_URL": f"{url}/api/",
        "SLACK_MODE": "socket",
        "X_API_URL": url,
        "X_CONSUMER_KEY": world.X_CONSUMER_KEY,
        "X_CONSUMER_SECRET": world.X_CONSUMER_SECRET,
        "FACEBOOK_GRAPH_URL": url,
        "FACEBOOK_APP_ID": world.FACEBOOK_APP_ID,
        "FACEBOOK_APP_SECRET": world.FACEBOOK_APP_SECRET,
        "PRACTICE_URL": url,
        "REDIS_URL": redis,
        "VOCERO_DATA": str(data),
        "VOCERO_KEY": base64.b64encode(KEY).decode(),
        "HOST": "127.0.0.1",
        "PORT": "0",
    }
    return {**kept, **own, **accounts(), **more}


class Processes:
    """Those that run; all of them end with the test."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._running: list[asyncio.subprocess.Process] = []

    async def start(self, verb: str, **more: str) -> asyncio.subprocess.Process:
        """`python -m bot VERB`."""
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", verb), env={**self._environment, **more}, stdout=log, stderr=log
            )
        self._running.append(process)
        return process

    async def end(self) -> None:
        """Those that still run, at once."""
        for process in self._running:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.wait()


@asynccontextmanager
async def processes(environment: Mapping[str, str], log: Path) -> AsyncIterator[Processes]:
    """None yet."""
    running = Processes(environment, log)
    try:
        yield running
    finally:
        await running.end()


async def until(condition: Callable[[], Awaitable[object]], what: str, patience: float = 60) -> None:
    """Looks until it is so; AssertionError when patience ends."""
    try:
        async with asyncio.timeout(patience):
            while not await condition():  # noqa: ASYNC110 - other processes: nothing to wait on
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"never: {what}") from None
