"""Failpoints: armed by name, each with its meaning; and a request that is caught while its answer is on the way."""

import asyncio
import re
from pathlib import Path

import pytest

import bot
from bot.engine.failpoints import NAMES, Failpoints, parse

SOURCES = Path(bot.__file__).parent


class Seen(Failpoints):
    """Writes down what is reached."""

    def __init__(self) -> None:
        super().__init__(parse("publish.after_bytes=kill"))
        self.names: list[str] = []

    def reach(self, name: str, network: str = "") -> None:
        """Live on."""
        self.names.append(f"{name}:{network}")


def test_every_name_is_reached_somewhere_and_says_what_is_true_there() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCES.rglob("*.py") if path.name != "failpoints.py")
    reached = set(re.findall(r'(?:reach|during)\(\s*"([a-z_.]+)"', code))
    assert reached == set(NAMES)
    assert all(meaning and len(set(NAMES.values())) == len(NAMES) for meaning in NAMES.values())


@pytest.mark.parametrize("text", ["publish.nowhere=kill", "publish.after_wire=sing", "publish.after_wire", "a=kill@x"])
def test_a_name_or_an_act_that_doesn_t_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such failpoint"):
        parse(text)


async def test_an_answer_that_comes_at_once_reaches_nothing() -> None:
    points = Seen()

    async def quick() -> str:
        return "an answer"

    assert await points.during("publish.after_bytes", "x", quick()) == "an answer"
    assert points.names == []


async def test_a_request_that_waits_for_its_answer_is_caught() -> None:
    points, answered = Seen(), asyncio.Event()

    async def slow() -> str:
        await answered.wait()
        return "an answer"

    request = asyncio.create_task(points.during("publish.after_bytes", "x", slow()))
    async with asyncio.timeout(10):
        while not points.names:  # noqa: ASYNC110 - a deadline, and nothing to wait on but the point itself
            await asyncio.sleep(0.01)
        answered.set()
        assert await request == "an answer"
    assert points.names == ["publish.after_bytes:x"]


async def test_what_is_cancelled_leaves_no_request_behind() -> None:
    points, ended = Seen(), asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    request = asyncio.create_task(points.during("publish.after_bytes", "x", endless()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    async with asyncio.timeout(10):
        await ended.wait()
