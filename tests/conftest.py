"""What most tests need: one real store for the whole run, and a workspace of its own for each test."""

import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from redis.asyncio import Redis

from bot.store.launcher import connect, ensure_store, stop_store, store_pid, store_status
from bot.store.records import Store

_TEAMS = itertools.count(1)
settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test recorded as a table is printed, also when it passed and wherever it ran."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", ()):
                if name == "table":
                    terminalreporter.write_line(f"\n{report.nodeid}\n{text}")


@contextmanager
def fast_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real store, started by our own launcher; `appendfsync` everysec, for speed."""
    with tempfile.TemporaryDirectory(prefix="vocero-") as folder:
        data = Path(folder)
        url = ensure_store(data, fsync="everysec")
        try:
            yield url
        finally:
            stop_store(data)
            if "SANDBOX_CANARY" in os.environ:  # for tests/secrets/plugin.py
                shutil.copytree(data / "appendonlydir", tmp_path_factory.mktemp("store") / "appendonlydir")


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The store that most tests share."""
    with fast_store(tmp_path_factory) as url:
        yield url


@pytest.fixture
def data() -> Iterator[Path]:
    """The folder of a store of the test's own that runs; `appendfsync always`, as in production."""
    with tempfile.TemporaryDirectory(prefix="vocero-") as folder:
        path = Path(folder) / "data"
        ensure_store(path)
        yield path
        if (pid := store_pid(path)) is not None and store_status(path).state == "hung":
            os.kill(pid, signal.SIGCONT)
        stop_store(path)


@pytest.fixture
async def client(valkey: str) -> AsyncIterator[Redis]:
    """A client of the store."""
    opened = connect(valkey)
    yield opened
    await opened.aclose()


@pytest.fixture
def team() -> str:
    """The id of a workspace that no other test uses."""
    return f"T{next(_TEAMS):010d}"


@pytest.fixture
def store(client: Redis, team: str) -> Store:
    """The records of that workspace."""
    return Store(client, team)
