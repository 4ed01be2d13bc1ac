"""The demo's people at work, in one process."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.demo import Town, open_town


@pytest.fixture
async def town(client: Any, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(client, tmp_path) as opened:
        yield opened
