"""One running demo for all walks, as a newcomer starts it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.walks.people import Demo, demo


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The demo, running. X lets mentions be read 300 times in a quarter of an hour, so not every 3 s or quicker."""
    data: Path = tmp_path_factory.mktemp("demo")
    async with demo(data, VOCERO_POLL_SECONDS="4") as running:
        yield running


@pytest.fixture
def taps(town: Demo) -> Demo:
    """The demo, with the taps counted from here."""
    town.taps = 0
    return town
