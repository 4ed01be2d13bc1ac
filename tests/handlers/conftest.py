"""The demo's people at work, in one process."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.demo import Town, open_town
from tests.handlers.pager import Pager, listening_pager


@pytest.fixture
async def town(client: Any, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(client, tmp_path) as opened:
        yield opened


@pytest.fixture
async def pager() -> AsyncIterator[Pager]:
    async with listening_pager() as opened:
        yield opened


@pytest.fixture
async def night(client: Any, tmp_path: Path, pager: Pager) -> AsyncIterator[Town]:
    """The demo's workspace, whose bot may reach the pager."""
    async with open_town(client, tmp_path, reachable=[pager.address]) as opened:
        await opened.settle()
        yield opened
