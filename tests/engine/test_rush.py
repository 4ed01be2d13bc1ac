"""In a rush what is due leaves first, and no answer waits for ever."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.engine.rush import AT_ONCE, Rush


def noting(done: list[str], name: str) -> Callable[[], Awaitable[None]]:
    """Work that leaves its name."""

    async def work() -> None:
        done.append(name)

    return work


async def turns(count: int = 5) -> None:
    """Everybody who can go on does."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_without_one_nothing_waits() -> None:
    rush, done = Rush(patience=60), list[str]()
    await rush.after(noting(done, "a"))
    assert done == ["a"]


async def test_answers_wait_until_it_is_over() -> None:
    rush, done = Rush(patience=60), list[str]()
    rush.on(True)
    waiting = asyncio.create_task(rush.after(noting(done, "a")))
    await turns()
    assert done == []
    rush.on(False)
    await waiting
    assert done == ["a"]


async def test_no_answer_waits_beyond_its_patience() -> None:
    rush, done = Rush(patience=0.05), list[str]()
    rush.on(True)
    await rush.after(noting(done, "a"))
    assert done == ["a"]


async def test_a_new_one_waits_for_few_answers() -> None:
    """They are written down so many at a time: those that have not begun wait again."""
    rush, done, stored = Rush(patience=60), list[str](), asyncio.Event()

    async def work() -> None:
        await stored.wait()
        done.append("")

    waiting = [asyncio.create_task(rush.after(work)) for _ in range(AT_ONCE + 10)]
    await turns()
    rush.on(True)
    stored.set()
    await turns(20)
    assert len(done) == AT_ONCE
    rush.on(False)
    await asyncio.gather(*waiting)
    assert len(done) == AT_ONCE + 10


async def test_after_the_end_there_is_none() -> None:
    rush, done = Rush(patience=60), list[str]()
    rush.end()
    rush.on(True)
    await rush.after(noting(done, "a"))
    assert done == ["a"]
