"""A store of the test's own, which may be killed, frozen, filled and damaged."""

import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.store.client import Client
from bot.store.launcher import connect, ensure_store, stop_store, store_pid, store_status
from bot.store.records import Store


@pytest.fixture
def data() -> Iterator[Path]:
    """The folder of a store that runs; `appendfsync always`, as in production."""
    with tempfile.TemporaryDirectory(prefix="vocero-") as folder:
        path = Path(folder) / "data"
        ensure_store(path)
        yield path
        if (pid := store_pid(path)) is not None and store_status(path).state == "hung":
            os.kill(pid, signal.SIGCONT)
        stop_store(path)


@pytest.fixture
async def client(data: Path) -> AsyncIterator[Redis]:
    """A client of that store, instead of the one that other tests share."""
    opened: Client = connect(f"unix://{data}/valkey.sock")
    yield opened
    await opened.aclose()


@pytest.fixture
def store(client: Redis, team: str) -> Store:
    """The records of a workspace there."""
    return Store(client, team)
