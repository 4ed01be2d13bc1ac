"""One Chromium for all browser tests of the run; each test gets a tab and a fixture server of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.chromium import Browser, Page, chromium, installed
from tests.browser.fixture_server import Fixture, fixture_server
from tests.walks.people import Demo, demo


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium; the tests that need it are skipped where none is installed."""
    if installed() is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The demo, running, one for each file; not started at all where there is no browser."""
    async with demo(tmp_path_factory.mktemp("browser") / "demo", VOCERO_POLL_SECONDS="1") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[Fixture]:
    """The page's backend with sample data."""
    async with fixture_server() as serving:
        yield serving


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, world: Fixture) -> AsyncIterator[Page]:
    """The page as Ana sees it, loaded; at the end nothing may have gone wrong in its console."""
    async with browser.page(f"{world.url}/?user=ana") as opened:
        await opened.until("document.body.dataset.ready")
        yield opened
        assert opened.errors == []
