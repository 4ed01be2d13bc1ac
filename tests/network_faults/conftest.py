"""Each network's account."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.records import Store
from tests.engine.bench import ACCOUNTS, NETWORKS, Bench, Shift
from tests.network_faults.there import There
from tests.outside import networks_only
from tests.publishing import open_desk, settle_in


@pytest.fixture(params=NETWORKS)
async def there(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> AsyncIterator[There]:
    """Each network."""
    async with networks_only(tmp_path) as outside:
        clock = Shift()
        desk = open_desk(store, outside.url, timeout=10, now=clock)
        bench = Bench(desk, await settle_in(desk, ACCOUNTS[request.param]), outside, clock)
        yield There(bench, outside, bench.where)
