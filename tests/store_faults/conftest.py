"""The store that `data` names, which may be killed, frozen, filled and damaged, instead of the shared one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.store.client import Client
from bot.store.launcher import connect
from bot.store.records import Store


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
