"""The networks of the sandbox, and a bench for each of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.records import Store
from tests.engine.bench import ACCOUNTS, Bench, Shift
from tests.outside import Outside, networks_only
from tests.publishing import open_desk, settle_in


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    """X, Facebook and practice."""
    async with networks_only(tmp_path) as running:
        yield running


@pytest.fixture
async def benches(store: Store, outside: Outside) -> dict[str, Bench]:
    """By network, over one store."""
    clock = Shift()
    desk = open_desk(store, outside.url, now=clock)
    return {
        network: Bench(desk, await settle_in(desk, account), outside, clock) for network, account in ACCOUNTS.items()
    }
