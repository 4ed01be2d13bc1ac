"""The demo's workspace with the whole bot in this process, and what watches it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.demo import Town, open_town
from tests.handlers.pager import Pager, listening_pager
from tests.watchdog.outside import Outside, opened


@pytest.fixture
async def town(client: Any, tmp_path: Path) -> AsyncIterator[Town]:
    """Of its own for each test."""
    async with open_town(client, tmp_path) as opened:
        yield opened


@pytest.fixture
async def pager() -> AsyncIterator[Pager]:
    """A receiver of the webhook."""
    async with listening_pager() as opened:
        yield opened


@pytest.fixture
async def night(client: Any, tmp_path: Path, pager: Pager) -> AsyncIterator[Town]:
    """A workspace whose bot may reach the pager."""
    async with open_town(client, tmp_path, reachable=[pager.address]) as opened:
        yield opened


@pytest.fixture
async def outside(client: Any, valkey: str, tmp_path: Path) -> AsyncIterator[Outside]:
    """For processes."""
    async with opened(client, valkey, tmp_path) as found:
        yield found
