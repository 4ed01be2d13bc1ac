"""Who is told to stop stops, whatever moment of a request to the store it is told in."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.engine.clockwork import Clockwork
from bot.store.connections import CANCELLABLE

MOMENTS = 60
"""Turns of the event loop: more than one request takes."""


async def ends(task: asyncio.Task[None], turns: int) -> bool:
    """Whether a task ends that is cancelled after so many turns of the event loop."""
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    return bool(done)


async def test_a_cancelled_task_lets_go_at_any_moment_of_a_request(client: Redis) -> None:
    async def ask() -> None:
        while True:
            await client.xread({"nothing": "0"}, block=20)

    await client.ping()
    lost = [turns for turns in range(1, MOMENTS) if not await ends(asyncio.create_task(ask()), turns)]
    assert not lost


@pytest.mark.slow
async def test_docket_ends_with_us_at_any_moment(valkey: str, team: str) -> None:
    async def nothing() -> None:
        return

    for turns in range(1, 400, 13):
        clockwork = Clockwork(valkey, f"ends-{team}", instant=lambda: datetime.now(UTC))
        clockwork.every("beat", timedelta(milliseconds=50), nothing)
        assert await ends(asyncio.create_task(clockwork.run("me")), turns), turns


async def test_a_job_that_hangs_does_not_keep_us(valkey: str, team: str) -> None:
    began = asyncio.Event()

    async def hang() -> None:
        began.set()
        await asyncio.Event().wait()

    clockwork = Clockwork(valkey, f"hangs-{team}", instant=lambda: datetime.now(UTC))
    clockwork.every("hang", timedelta(seconds=1), hang)
    task = asyncio.create_task(clockwork.run("me"))
    await asyncio.wait_for(began.wait(), 10)
    assert await ends(task, 0)


async def test_a_write_leaves_the_time_out_of_reads_as_it_was(client: Redis) -> None:
    await client.ping()
    pool = client.connection_pool
    assert pool.connection_class in CANCELLABLE.values()
    (connection,) = pool._available_connections
    connection.socket_timeout = 3.0
    await connection.send_command("PING")
    assert connection.socket_timeout == 3.0
    assert await connection.read_response() == "PONG"
