"""What runs every so often goes on after the clock was put back."""

import asyncio
from datetime import UTC, datetime, timedelta

from docket import Docket

from bot.engine.clockwork import Clockwork


def now() -> datetime:
    return datetime.now(UTC)


async def test_what_was_planned_by_a_clock_that_was_a_day_ahead_runs_at_once(valkey: str, team: str) -> None:
    ran = asyncio.Event()

    async def work() -> None:
        ran.set()

    clockwork = Clockwork(valkey, team, instant=now)
    clockwork.every("tick", timedelta(seconds=30), work)

    async def tick() -> None:
        """Stands for the job, as a worker of yesterday planned it."""

    async with Docket(name=team, url=valkey, execution_ttl=timedelta(0)) as docket:
        docket.register(tick)
        await docket.add(tick, when=now() + timedelta(days=1), key="tick")()
    running = asyncio.create_task(clockwork.run("me"))
    try:
        async with asyncio.timeout(20):
            await ran.wait()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_is_planned_within_its_period_is_left_alone(valkey: str, team: str) -> None:
    async def work() -> None:
        """Nothing to do."""

    clockwork = Clockwork(valkey, team, instant=now)
    clockwork.every("tick", timedelta(minutes=10), work)

    async def tick() -> None:
        """Stands for the job."""

    async with Docket(name=team, url=valkey, execution_ttl=timedelta(0)) as docket:
        docket.register(tick)
        await docket.add(tick, when=now() + timedelta(minutes=9), key="tick")()
        async with clockwork.connected():
            assert await clockwork.rearm() == 0
