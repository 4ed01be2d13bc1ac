"""The loop is stuck: a thread writes down where, says so in Slack by itself, and says when it turns again."""

import asyncio
import logging
import time
from dataclasses import dataclass

import pytest

from bot.engine.loopwatch import Loopwatch, on_duty_or_alerts
from bot.sandbox import world
from bot.slack.outcry import Outcry
from tests.handlers.demo import Town
from tests.watchdog.processes import until


@dataclass
class Loop:
    """When it last turned, for the thread; the test's own loop serves Slack meanwhile."""

    turned: float


async def test_it_is_said_in_each_language_and_edited_when_it_is_over(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    loop = Loop(time.monotonic())
    outcry = Outcry(world.BOT_TOKEN, f"{town.url}/api/")
    watch = Loopwatch(lambda: loop.turned, outcry, patience=0.5)
    watch.listeners = await on_duty_or_alerts(town.desk)
    places = {listener.where for listener in watch.listeners}
    assert any(where.startswith("@") for where in places)
    watch.start()
    try:

        async def said() -> bool:
            english, spanish = await town.text("#northwind-alerts"), await town.text("#agora-alerts")
            return "I have been stuck" in english and "Me he quedado atascado" in spanish

        await until(said, "it is said", 20)
        (trace,) = [record.getMessage() for record in caplog.records if "the loop is stuck" in record.getMessage()]
        assert "most recent call first" in trace
        reference = trace.partition("reference ")[2][:8]
        assert reference in await town.text("#agora-alerts")
        await until(lambda: rung(town), "whoever is on duty hears it", 20)
        loop.turned = float("inf")

        async def over() -> bool:
            english, spanish = await town.text("#northwind-alerts"), await town.text("#agora-alerts")
            return "I am back" in english and "He vuelto" in spanish and "atascado el" not in spanish

        await until(over, "it is over", 20)
        assert len([record for record in caplog.records if record.levelno == logging.ERROR]) >= 2
    finally:
        watch.stop()


async def rung(town: Town) -> bool:
    return "stuck" in await town.text("@carla")


async def test_where_others_speak_it_only_writes_down(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    before = time.monotonic() - 60
    watch = Loopwatch(lambda: before, patience=0.5)
    watch.listeners = await on_duty_or_alerts(town.desk)
    watch.start()
    try:

        async def noted() -> bool:
            await asyncio.sleep(0)
            return any("the loop is stuck" in record.getMessage() for record in caplog.records)

        await until(noted, "it is written down", 20)
        assert not await town.messages("#agora-alerts")
    finally:
        watch.stop()
