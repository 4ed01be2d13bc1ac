"""A store and workers on a machine whose clock can be put forward and back while they run (`shifted.c`)."""

import asyncio
import mmap
import os
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.launcher import connect, stop_store
from bot.store.records import Store

SOURCE = Path(__file__).with_name("shifted.c")
COMPILER = shutil.which("cc")
needs_compiler = pytest.mark.skipif(
    COMPILER is None or sys.platform != "linux", reason="needs Linux and a C compiler (Debian: apt install gcc)"
)


class Machine:
    """`put` moves the clock of everything that runs on it; `now` is what it shows."""

    def __init__(self, folder: Path, team: str, sandbox: str) -> None:
        self.data = folder / "store"
        self.team = team
        self._sandbox = sandbox
        self._library = folder / "shifted.so"
        assert COMPILER
        subprocess.run([COMPILER, "-shared", "-fPIC", "-O1", "-o", self._library, SOURCE], check=True)
        self._file = folder / "clock"
        self._file.write_bytes(bytes(8))
        with self._file.open("r+b") as file:
            self._seconds = mmap.mmap(file.fileno(), 8)
        self.off = timedelta()

    def put(self, off: timedelta) -> None:
        """Show the real time and so much more (or less)."""
        self.off = off
        self._seconds[:] = struct.pack("=q", round(off.total_seconds()))

    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.now(UTC) + self.off

    def environment(self, other: Mapping[str, str]) -> Mapping[str, str]:
        """The same for a process on it, and for whatever that starts."""
        return {**other, "SHIFTED_CLOCK": str(self._file), "LD_PRELOAD": str(self._library)}

    async def start(self, module: str, *arguments: str, **more: str) -> asyncio.subprocess.Process:
        """A Python process on it."""
        env = self.environment({**os.environ, **more})
        return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, env=env)

    async def worker(self, failpoints: str = "") -> asyncio.subprocess.Process:
        """One that publishes whatever is due, until it is told to stop."""
        arguments = (f"unix://{self.data / 'valkey.sock'}", self.team, self._sandbox)
        return await self.start("tests.clock.faked_worker", *arguments, VOCERO_FAILPOINTS=failpoints)


@asynccontextmanager
async def machine(folder: Path, team: str, sandbox: str) -> AsyncIterator[tuple[Machine, Store]]:
    """One with its store running."""
    here = Machine(folder, team, sandbox)
    starting = await here.start("tests.clock.faked_store", str(here.data))
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
