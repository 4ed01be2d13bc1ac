"""The clock of the whole machine jumps under a web process and a worker: comments still arrive, presses still work."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.conversations import Conversation
from bot.domain.vigil import WEB, WORKER
from bot.sandbox import world
from tests.clock.faked import machine, needs_compiler
from tests.handlers.demo import said_in
from tests.watchdog.outside import Outside, opened
from tests.watchdog.processes import processes, settings, until

pytestmark = [pytest.mark.slow, needs_compiler]

OURS = frozenset({AlarmKind.WORKER_DOWN, AlarmKind.WEB_DOWN, AlarmKind.LAGGING, AlarmKind.STUCK, AlarmKind.DOWNTIME})


async def heard(outside: Outside, text: str) -> bool:
    """Whether a comment became a conversation."""
    found = [talk for brand in await outside.desk.brands.all() for talk in await talks(outside, brand.id)]
    return any(words.text == text for talk in found for words in talk.heard)


async def talks(outside: Outside, brand: str) -> list[Conversation]:
    return await outside.desk.store.listed(Conversation, f"open:{brand}")


async def looked(outside: Outside) -> bool:
    """Whether every account that can be read was polled before."""
    accounts = [each for each in await outside.desk.accounts.all() if each.by_hand is None]
    cursors = [await outside.desk.receiving.cursor(account.id) for account in accounts]
    return bool(cursors) and all(cursors)


async def shown(outside: Outside, text: str) -> bool:
    """Whether its card stands in a channel."""
    for channel in ("#agora-inbox", "#agora-review"):
        async with outside.session.get(f"{outside.url}/human/messages", params={"channel": channel}) as answer:
            if any(text in said_in(message) for message in (await answer.json()).get("messages", [])):
                return True
    return False


async def test_comments_arrive_and_presses_work_whatever_the_clock_does(tmp_path: Path) -> None:
    async with (
        machine(tmp_path, world.TEAM_ID, "") as (place, store),
        opened(store.client, f"unix://{place.data / 'valkey.sock'}", tmp_path) as outside,
    ):
        preloaded = place.environment(settings(outside.url, outside.redis, tmp_path / "data", VOCERO_POLL_SECONDS="1"))
        async with processes(preloaded, tmp_path / "processes.log") as all_:
            await asyncio.gather(all_.start("worker"), all_.start("web"))
            await until(lambda: outside.there(WEB), "a web process")
            await until(lambda: outside.there(WORKER), "a worker")
            await until(lambda: looked(outside), "every account was looked at once: what is older isn't relayed")
            page = next(each for each in world.ACCOUNTS if each.network == "facebook")
            for hours in (0, 1, -1, 24, -24):
                place.put(place.off + timedelta(hours=hours))
                text = f"¿Abrís después de {hours} horas?"
                said = {"account": page.id, "author": "Rosa", "text": text}
                async with outside.session.post(f"{outside.url}/audience/comment", json=said) as answer:
                    assert answer.status == 200
                await until(lambda text=text: heard(outside, text), f"{text} is read")  # type: ignore[misc]
                await until(lambda text=text: shown(outside, text), f"{text} is shown")  # type: ignore[misc]
                pressed = await outside.act("command", user="ana", channel="#agora-review", text="/vocero")
                assert pressed["ok"], pressed
            kinds = {alarm.kind for alarm in await outside.desk.alarms.open()}
            assert not kinds & OURS, (tmp_path / "processes.log").read_text()[-4000:]
