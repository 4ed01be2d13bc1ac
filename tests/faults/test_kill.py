"""kill -9 at every step of the publishing protocol, then on again: one live post, or none and a person is asked."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.deliveries import Delivery, State
from bot.sandbox import world
from bot.store.records import Store
from tests.outside import Outside, outside_world
from tests.publishing import approve, open_desk, settle_in

pytestmark = pytest.mark.slow

POINTS = (
    "publish.after_claim",
    "publish.after_prepare",
    "publish.before_wire",
    "publish.after_wire",
    "publish.after_answer",
    "publish.before_commit",
    "publish.after_commit",
)
ACCOUNTS = {account.network: account for account in reversed(world.ACCOUNTS)}


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with outside_world(tmp_path) as running:
        yield running


async def work(valkey: str, store: Store, outside: Outside, delivery: str, failpoints: str = "") -> int:
    """One life of a worker; answers its exit code."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.one_worker", valkey, store.team, outside.url, delivery),
        env={**os.environ, "VOCERO_FAILPOINTS": failpoints},
    )
    return await process.wait()


@pytest.mark.parametrize("network", sorted(ACCOUNTS))
async def test_killed_at_each_step(network: str, valkey: str, store: Store, outside: Outside) -> None:
    account = ACCOUNTS[network]
    desk = open_desk(store, outside.url)
    record = await settle_in(desk, account)
    for number, point in enumerate(POINTS):
        text = f"El café de hoy, número {number}"
        delivery = await approve(desk, record, text, id_=f"p{number}")
        assert await work(valkey, store, outside, delivery.id, f"{point}=kill") == -signal.SIGKILL
        assert await work(valkey, store, outside, delivery.id) == 0
        end = (await store.get(Delivery, delivery.id)).state
        public = [post["text"] for post in await outside.public(f"{network}:{account.handle}")].count(text)
        # killed between the mark and the request: only an idempotent network may be asked again, else a person is
        asks = point == "publish.after_wire" and network != "practice"
        assert (end, public) == ((State.UNKNOWN, 0) if asks else (State.LIVE, 1)), f"{network} {point}"
