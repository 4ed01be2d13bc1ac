"""Months planned ahead: what is due must still be found at once, and a brand's week be read while somebody waits."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.desk.desk import Desk
from bot.domain.brands import Brand, Role
from bot.domain.deliveries import Delivery
from bot.domain.posts import Post
from bot.domain.records import score
from bot.store.due import BATCH, DueIndex
from bot.store.launcher import connect, store_status
from tests.bench.instant import Instant, open_desk, put, settle_in
from tests.bench.planned import spread
from tests.bench.processes import folder_with_store
from tests.bench.scale import Scale
from tests.bench.table import Line, Wrong, median, ms, quantile

BRANDS, EACH = 20, 2
DAYS = 140
WEEK = timedelta(days=7)
CLAIMS = 20
"""So many batches are due already."""
TIMES = 20
LOOK = "< 20 ms"
ROUNDS = 3


async def timed(work: Callable[[], Awaitable[Any]], times: int) -> list[float]:
    """Seconds that it takes, each time."""
    took = []
    for _ in range(times):
        since = time.perf_counter()
        await work()
        took.append(time.perf_counter() - since)
    return took


async def week(desk: Desk, brand: Brand, first: datetime) -> tuple[list[Delivery], list[Post]]:
    """What a calendar shows of one brand: a week's deliveries and their posts."""
    low, high = score(first), score(first + WEEK)
    found = await desk.store.listed(Delivery, f"planned:{brand.id}", low=low, high=high, limit=1000)
    return found, await desk.store.find_many(Post, [delivery.post for delivery in found])


async def bare_week(desk: Desk, brand: Brand, first: datetime) -> list[Any]:
    """The same bytes from the store, and nothing made of them."""
    store = desk.store
    low, high = score(first), score(first + WEEK)
    ids = await store.client.zrangebyscore(store.key("index", f"planned:{brand.id}"), low, high)
    async with store.client.pipeline(transaction=False) as pipe:
        for id_ in ids:
            pipe.hgetall(store.key(Delivery.KIND, str(id_)))
            pipe.hgetall(store.key(Post.KIND, f"p{str(id_)[1:]}"))
        return list(await pipe.execute())


def verdict(name: str, what: str, hold: str, took: list[float], bare: list[float], most: float) -> Line:
    """Holds when nineteen of twenty were quick enough."""
    slow = quantile(took, 0.95)
    told = f"p50 {ms(median(took))}, p95 {ms(slow)}, max {ms(max(took))}"
    base = median(bare)
    ratio = median(took) / base
    return Line(name, what, hold, told, f"bare redis-py p50 {ms(base)}", ratio, slow < most, slow, "s", base)


async def run(scale: Scale) -> list[Line]:
    """A store full of plans."""
    async with folder_with_store() as (data, url):
        client = connect(url)
        try:
            desk = open_desk(client, Instant())
            brands, accounts = await settle_in(desk, brands=BRANDS, accounts=EACH)
            now = desk.now()
            every = timedelta(days=DAYS) / scale.scheduled
            made = spread(accounts, scale.scheduled, now + timedelta(hours=1) - CLAIMS * BATCH * every, every)
            overdue = [delivery.model_copy(update={"attention": now}) for _, delivery in made[: CLAIMS * BATCH]]
            shown = [post for post, delivery in made if delivery.due < now + 2 * WEEK]
            await put(desk, [*overdue, *(delivery for _, delivery in made[CLAIMS * BATCH :]), *shown])
            memory = store_status(data).memory or 0
            lines = await _due(desk, scale.scheduled)
            return [*lines, *await _lists(desk, brands, scale.scheduled, memory)]
        finally:
            await client.aclose()


async def _due(desk: Desk, count: int) -> list[Line]:
    due, claimed, bare = DueIndex(desk.store), list[str](), list[float]()
    key = desk.store.key("index", "due")

    async def claim() -> None:
        claimed.extend(claim.id for claim in await due.claim(limit=BATCH))

    async def read() -> None:
        await desk.store.client.zrangebyscore(key, "-inf", "+inf", start=0, num=BATCH)

    took: list[float] = []
    for _ in range(CLAIMS):
        bare += await timed(read, 1)
        took += await timed(claim, 1)
    if len(set(claimed)) != CLAIMS * BATCH or len(claimed) != CLAIMS * BATCH:
        raise Wrong(f"{len(claimed)} claimed ({len(set(claimed))} different) of {CLAIMS * BATCH}")
    idle = await timed(claim, TIMES)
    return [
        verdict(
            "claim_p95", f"{count:,} scheduled: claim of {BATCH} due (fenced, leased, fsynced)", LOOK, took, bare, 0.02
        ),
        verdict("claim_nothing_due_p95", "the same when nothing is due", LOOK, idle, bare, 0.02),
    ]


async def _lists(desk: Desk, brands: list[Brand], count: int, memory: int) -> list[Line]:
    first, rows = desk.now() + timedelta(days=1), list[int]()
    took, bare, days = list[float](), list[float](), list[float]()
    for brand in brands * ROUNDS:

        async def read(brand: Brand = brand) -> None:
            found, posts = await week(desk, brand, first)
            if len(found) != len(posts):
                raise Wrong(f"{len(found)} deliveries and {len(posts)} posts")
            rows.append(len(found))

        async def raw(brand: Brand = brand) -> None:
            await bare_week(desk, brand, first)

        async def today(brand: Brand = brand) -> None:
            await desk.digests.brand_day(brand, frozenset(Role))

        bare += await timed(raw, 1)
        took += await timed(read, 1)
        days += await timed(today, 1)
    weekly = f"{count:,} scheduled: one brand's week, {median(rows):.0f} deliveries and their posts"
    return [
        verdict("calendar_week_p95", weekly, "< 100 ms", took, bare, 0.1),
        Line(
            "digest_day_p50",
            "one brand's day, as a digest reads it",
            "",
            f"p50 {ms(median(days))}, max {ms(max(days))}",
            value=median(days),
            unit="s",
        ),
        Line(
            "store_memory_scheduled",
            "the store's memory with them",
            "",
            f"{memory / 1_000_000:.0f} MB",
            value=memory / 1_000_000,
            unit="MB",
        ),
    ]
