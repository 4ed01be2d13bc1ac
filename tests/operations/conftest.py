"""An installation of several processes, and a desk on the sandbox's networks alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.records import Store
from tests.engine.bench import ACCOUNTS, Bench, Shift
from tests.outside import networks_only
from tests.publishing import open_desk, settle_in
from tests.watchdog.outside import Outside, opened


@pytest.fixture
async def outside(client: Any, valkey: str, tmp_path: Path) -> AsyncIterator[Outside]:
    """The sandbox, for processes."""
    async with opened(client, valkey, tmp_path) as found:
        yield found


@pytest.fixture
async def benches(store: Store, tmp_path: Path) -> AsyncIterator[dict[str, Bench]]:
    """An account of each network, with a desk and a publisher in this process."""
    async with networks_only(tmp_path) as networks:
        clock = Shift()
        desk = open_desk(store, networks.url, now=clock)
        accounts = {network: await settle_in(desk, account) for network, account in ACCOUNTS.items()}
        yield {network: Bench(desk, account, networks, clock) for network, account in accounts.items()}
