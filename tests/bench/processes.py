"""Processes to measure, started on free ports of this machine and ended with the bench; a store for its duration."""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bot.sandbox import world
from bot.sandbox.app import bound
from bot.store.launcher import ensure_store, stop_store
from tests.bench.table import Wrong

READY = 30.0
LOOK = 0.25


@dataclass(frozen=True)
class Served:
    """A process that listens."""

    port: int
    pid: int


@asynccontextmanager
async def folder_with_store() -> AsyncIterator[tuple[Path, str]]:
    """A folder that goes away, and the address of the store in it, as our launcher starts it: every write fsynced."""
    with tempfile.TemporaryDirectory(prefix="vocero-bench-") as name:
        data = Path(name)
        try:
            yield data, await asyncio.to_thread(ensure_store, data)
        finally:
            await asyncio.to_thread(stop_store, data)


def free_port() -> int:
    """One that nobody listens on, below those that outgoing connections take by themselves."""
    for port in random.sample(range(10_000, 32_000), 100):
        try:
            bound(port).close()
        except OSError:
            continue
        return port
    raise Wrong("no free port")


@asynccontextmanager
async def serving(port: int, log: Path, arguments: Sequence[str], **environment: str) -> AsyncIterator[Served]:
    """`python -m …`, from the moment it listens until it has ended; raises Wrong when it doesn't come up."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "VOCERO_", "REDIS_"))}
    with log.open("ab") as told:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments), env=kept | environment, stdout=told, stderr=told
        )
    try:
        await _listens(process, port, log)
        yield Served(port, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _listens(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    deadline = time.monotonic() + READY
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if process.returncode is not None or time.monotonic() > deadline:
                raise Wrong(f"a process did not start: {_end_of(log)}") from None
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-500:]


def settings(data: Path, slack: str, port: int) -> Mapping[str, str]:
    """What an operator sets for signed HTTP with a store of its own; the log as by default."""
    return {
        "SLACK_BOT_TOKEN": world.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": world.SIGNING_SECRET,
        "SLACK_MODE": "http",
        "SLACK_API_URL": f"{slack}/api/",
        "VOCERO_DATA": str(data),
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has had."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@dataclass
class Residents:
    """The most memory that each of some processes had, in bytes; `together` is the most of all at one moment."""

    pids: Mapping[str, int]
    most: dict[str, int] = field(default_factory=dict)
    together: int = 0

    def look(self) -> None:
        """Measures now."""
        now = {name: int(psutil.Process(pid).memory_info().rss) for name, pid in self.pids.items()}
        self.most = {name: max(size, self.most.get(name, 0)) for name, size in now.items()}
        self.together = max(self.together, sum(size for name, size in now.items() if name != "bolt"))

    async def watch(self) -> None:
        """Measures until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK)


def one_fsync(folder: Path, times: int = 50) -> list[float]:
    """Seconds that each of some small writes to this folder's disk takes until it is safe."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            since = time.perf_counter()
            file.write(b"x" * 1000)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - since)
    return took
