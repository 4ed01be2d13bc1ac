"""Workspaces that deliver by HTTP or by Socket Mode, and a town with two web processes."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.demo import Town, open_town
from tests.slack.conftest import Workspace, workspace


@pytest.fixture(params=["http", "socket"])
async def either(
    request: pytest.FixtureRequest, client: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Workspace]:
    """A workspace in which nothing of the bot listens yet, for each way to deliver."""
    caplog.set_level(logging.INFO, "bot")
    async with workspace(client, tmp_path, request.param) as made:
        yield made


@pytest.fixture
async def quiet(client: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Workspace]:
    """A workspace that delivers by HTTP, nothing of the bot listening yet."""
    caplog.set_level(logging.INFO, "bot")
    async with workspace(client, tmp_path, "http") as made:
        yield made


@pytest.fixture
async def sockets(client: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Workspace]:
    """A workspace that delivers by Socket Mode, nothing of the bot listening yet."""
    caplog.set_level(logging.INFO, "bot")
    async with workspace(client, tmp_path, "socket") as made:
        yield made


@pytest.fixture
async def town(client: Any, tmp_path: Path) -> AsyncIterator[Town]:
    """The demo's workspace with two web processes on one store, each getting every other payload."""
    async with open_town(client, tmp_path, webs=2) as opened:
        yield opened
