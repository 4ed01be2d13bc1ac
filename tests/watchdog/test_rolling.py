"""Two web and two worker processes are restarted one after another, under load: nobody outside notices."""

import asyncio
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Standing
from bot.domain.deliveries import Delivery, State
from bot.domain.vigil import WEB, WORKER
from tests.handlers.demo import NAMES
from tests.watchdog.outside import Outside
from tests.watchdog.processes import Processes, processes, settings, until

pytestmark = pytest.mark.slow

POSTS = 200
SPREAD = timedelta(seconds=30)
GAP = timedelta(seconds=8)
"""Due to live, on a busy machine; a claim that got lost would wait for its lease, half a minute."""


async def planned(desk: Desk, start: datetime) -> list[Delivery]:
    """Posts that come due one after another."""
    (account,) = [each for each in await desk.accounts.all() if each.network == "practice"]
    ana, bruno = (Standing(id=NAMES[name]) for name in ("ana", "bruno"))
    found = []
    for number in range(POSTS):
        due = start + SPREAD * number / POSTS
        content = Content(brand=account.brand, text=f"Entrega número {number}", accounts=(account.id,), due=due)
        await desk.posts.submit(f"p{number}", content, ana)
        await desk.posts.approve(f"p{number}", bruno, revision=1)
        found += await desk.posts.deliveries(f"p{number}")
    return found


async def test_each_is_restarted_in_turn_and_nobody_outside_notices(outside: Outside) -> None:
    desk = outside.desk
    environment_ = settings(outside.url, outside.redis, outside.folder / "data")
    async with processes(environment_, outside.folder / "processes.log") as all_:
        old = {WORKER: [await start(outside, all_, WORKER) for _ in range(2)]}
        old[WEB] = [await start(outside, all_, WEB) for _ in range(2)]
        deliveries = await planned(desk, datetime.now(UTC) + timedelta(seconds=6))
        over = asyncio.Event()
        pressing = asyncio.create_task(press(outside, over))
        took = [await restarted(outside, all_, role, old[role].pop()) for role in (WORKER, WEB, WORKER, WEB)]
        await until(lambda: ended(desk, deliveries), "every post has gone its way", 90)
        over.set()
        acks = await pressing
        log = (outside.folder / "processes.log").read_text()
    after = await desk.store.find_many(Delivery, [each.id for each in deliveries])
    assert Counter(each.state for each in after) == {State.LIVE: POSTS}
    async with outside.session.get(f"{outside.url}/audience/posts", params={"account": "Ensayo"}) as answer:
        public = Counter(post["text"] for post in (await answer.json())["posts"])
    assert public == {f"Entrega número {number}": 1 for number in range(POSTS)}
    waits = sorted(each.settled_at - each.due for each in after if each.settled_at)
    told = [ack for ack in acks if ack is not None]
    print(f"due to live: median {waits[len(waits) // 2]}, longest {waits[-1]}; {len(acks)} presses, {took=}")
    assert waits[-1] < GAP
    assert len(told) == len(acks) > 10
    assert max(took) < 20
    assert "Traceback" not in log, log[-4000:]


async def start(outside: Outside, all_: Processes, role: str) -> asyncio.subprocess.Process:
    """One more, once it works."""
    before = await outside.there(role)
    process = await all_.start(role)

    async def there() -> bool:
        assert process.returncode is None
        return bool(await outside.there(role) - before)

    await until(there, f"another {role}")
    return process


async def restarted(outside: Outside, all_: Processes, role: str, process: asyncio.subprocess.Process) -> float:
    """SIGTERM, and another one in its place; the seconds until it had ended."""
    at = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    took = time.monotonic() - at
    await start(outside, all_, role)
    return took


async def press(outside: Outside, over: asyncio.Event) -> list[int | None]:
    """A command every now and then; how long each waited for its acknowledgement, None for one without."""
    found: list[int | None] = []
    while not over.is_set():
        answer = await outside.act("command", user="ana", channel="#ensayo", text="/vocero help")
        found.append(answer["ack_ms"] if answer["ok"] else None)
        try:
            await asyncio.wait_for(over.wait(), 0.2)
        except TimeoutError:
            continue
    return found


async def ended(desk: Desk, deliveries: list[Delivery]) -> bool:
    """Whether nothing is planned or on its way."""
    now = await desk.store.find_many(Delivery, [each.id for each in deliveries])
    return not any(each.state in {State.PLANNED, State.CLAIMED, State.WIRE} for each in now)
