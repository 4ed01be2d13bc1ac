"""Every process goes by the store's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.store.clock import StoreClock


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1), timedelta(seconds=3)])
async def test_a_machine_whose_clock_is_off(client: Redis, off: timedelta) -> None:
    clock = StoreClock(client, lambda: datetime.now(UTC) + off)
    assert clock.now() - datetime.now(UTC) > off - timedelta(seconds=1)
    assert abs(await clock.sync() + off) < timedelta(seconds=1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


async def test_on_one_machine_nothing_is_corrected(client: Redis) -> None:
    clock = StoreClock(client)
    assert await clock.sync() == timedelta()
