"""A store and workers on a machine whose clock can be put forward and back while they run (libfaketime)."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.launcher import connect, stop_store
from bot.store.records import Store

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
needs_faketime = pytest.mark.skipif(LIBRARY is None, reason="needs libfaketime (Debian: apt install libfaketime)")


class Machine:
    """`put` moves the clock of everything that runs on it; `now` is what it shows."""

    def __init__(self, folder: Path, team: str, sandbox: str) -> None:
        self.data = folder / "store"
        self.team = team
        self._sandbox = sandbox
        self._file = folder / "clock"
        self.off = timedelta()
        self.put(timedelta())

    def put(self, off: timedelta) -> None:
        """Show the real time and so much more (or less)."""
        self.off = off
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{off.total_seconds():+.0f}\n")
        draft.replace(self._file)

    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.now(UTC) + self.off

    async def start(self, module: str, *arguments: str, **more: str) -> asyncio.subprocess.Process:
        """A Python process on it; one with LD_PRELOAD goes by the faked clock."""
        faked = {
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        env = {**os.environ, **faked, **more}
        return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, env=env)

    async def worker(self, failpoints: str = "") -> asyncio.subprocess.Process:
        """One that publishes whatever is due, until it is told to stop."""
        arguments = (f"unix://{self.data / 'valkey.sock'}", self.team, self._sandbox)
        more = {"LD_PRELOAD": str(LIBRARY), "VOCERO_FAILPOINTS": failpoints}
        return await self.start("tests.clock.faked_worker", *arguments, **more)


@asynccontextmanager
async def machine(folder: Path, team: str, sandbox: str) -> AsyncIterator[tuple[Machine, Store]]:
    """One with its store running."""
    here = Machine(folder, team, sandbox)
    starting = await here.start("tests.clock.faked_store", str(here.data), str(LIBRARY))
    assert await starting.wait() == 0
    client = connect(f"unix://{here.data / 'valkey.sock'}")
    try:
        yield here, Store(client, team)
    finally:
        await client.aclose()
        stop_store(here.data)


async def ended(process: asyncio.subprocess.Process) -> None:
    """Tell a worker to stop, and wait."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await process.wait()
