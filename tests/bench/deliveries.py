"""A full hour: everything is due in the same second, and one worker brings it out."""

import asyncio
import time
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, cast

from redis.asyncio import Redis

from bot.desk.desk import Desk
from bot.domain.deliveries import Delivery, State
from bot.engine.failpoints import Failpoints
from bot.engine.pictures import FileGone
from bot.engine.worker import Worker
from bot.process import collect_seldom
from bot.store.launcher import connect
from tests.bench.instant import Instant, open_desk, put, settle_in
from tests.bench.planned import spread
from tests.bench.processes import folder_with_store
from tests.bench.scale import Scale
from tests.bench.table import Line, Wrong, exactly_once, median, ms, quantile

BRANDS, EACH = 10, 5
AHEAD = timedelta(seconds=2)
PATIENCE = 90.0
STOPS = 15.0
BATCH = 100
BARE = """
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local ids = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", now, "LIMIT", 0, ARGV[1])
for _, id in ipairs(ids) do
  redis.call("HINCRBY", "{bench}:bare:" .. id, "fence", 1)
  redis.call("ZREM", KEYS[1], id)
end
return ids
"""


async def bare(client: Redis, count: int) -> list[float]:
    """Seconds from due to claimed by a loop that does nothing else: the limit of this store and this Python."""
    due, key = time.time() + 0.5, "{bench}:due"
    await cast(Awaitable[int], client.zadd(key, {f"d{n}": due * 1000 for n in range(count)}))
    claim, taken = client.register_script(BARE), dict[str, float]()
    while len(taken) < count:
        if time.time() > due + PATIENCE:
            raise Wrong("the bare loop lost something")
        ids: Any = await claim(keys=[key], args=[str(BATCH)])
        now = time.time()
        taken |= {str(id_): now - due for id_ in ids}
        if not ids:
            await asyncio.sleep(0.01)
    return list(taken.values())


async def _nothing(_: object) -> None:
    """Nobody draws cards here."""


async def _no_file(file: str) -> bytes:
    raise FileGone(file)


async def published(desk: Desk, network: Instant, url: str, count: int) -> None:
    """A worker as in production, until every delivery is live; raises Wrong."""
    worker = Worker(
        desk,
        url=url,
        me="bench",
        tell=_nothing,
        download=_no_file,
        failpoints=Failpoints(),
        poll_every=timedelta(hours=1),
    )
    running = asyncio.create_task(worker.run())
    try:
        await network.reached(count, patience=AHEAD.total_seconds() + PATIENCE)
        await worker.publisher.drain()
    finally:
        running.cancel()
        await asyncio.wait({running}, timeout=STOPS)
    if not running.done():
        raise Wrong("the worker did not stop")


async def run(scale: Scale) -> list[Line]:
    """Both, on the same store."""
    async with folder_with_store() as (_, url):
        client = connect(url)
        try:
            return [await _measured(client, url, scale.deliveries)]
        finally:
            await client.aclose()


async def _measured(client: Redis, url: str, count: int) -> Line:
    limit = await bare(client, count)
    network = Instant()
    desk = open_desk(client, network)
    _, accounts = await settle_in(desk, brands=BRANDS, accounts=EACH)
    # the records take a while to store, so their time is set when they are nearly there
    due = desk.now().replace(microsecond=0) + AHEAD + timedelta(seconds=count / 500)
    made = spread(accounts, count, due, timedelta())
    await put(desk, [record for pair in made for record in pair])
    if desk.now() >= due:
        raise Wrong("the deliveries were due before the worker ran")
    collect_seldom()  # as a worker's process does
    before = time.process_time()
    await published(desk, network, url, count)
    cpu = (time.process_time() - before) / count
    ids = [delivery.id for _, delivery in made]
    exactly_once(ids, [key for key, _ in network.requests], "deliveries")
    ends = await desk.store.find_many(Delivery, ids)
    if any(end.state is not State.LIVE for end in ends):
        raise Wrong(f"{sum(end.state is not State.LIVE for end in ends)} deliveries didn't become live")
    took = [at - due.timestamp() for _, at in network.requests]
    mine, theirs = quantile(took, 0.99), quantile(limit, 0.99)
    return Line(
        "deliveries_due_to_request_p99",
        f"{count:,} deliveries due in one second, {len(accounts)} accounts, instant network: due to request",
        "p99 ≤ 1 s, one worker",
        f"p50 {ms(median(took))}, p99 {ms(mine)} ({cpu * 1000:.2f} ms CPU each)",
        f"bare claim loop p50 {ms(median(limit))}, p99 {ms(theirs)}",
        mine / theirs,
        mine <= 1,
        mine,
        "s",
        theirs,
    )
