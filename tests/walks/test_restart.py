"""kill -9 in the middle of a journey, a second start on the same state, and an end that leaves nothing behind."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
import pytest_asyncio

from tests.walks.people import Demo, Json, demo, elements, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

AGAIN = 2.0
"""Seconds until a killed bot's next process is there."""
STOPPED = 10.0
"""Seconds until everything has ended, on a busy machine; it takes one or two."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A demo of its own, whose bot dies often."""
    async with demo(tmp_path_factory.mktemp("restart") / "data", VOCERO_POLL_SECONDS="1") as running:
        yield running


async def kill(town: Demo) -> None:
    """kill -9 of the bot at this moment; the next process is there within two seconds, and joins Slack."""
    before, at = (await town.pids())["bot"], time.monotonic()
    os.kill(before, signal.SIGKILL)

    async def next_one() -> bool:
        return (await town.pids())["bot"] not in {before, None}

    await town.until(next_one, "another bot")
    assert time.monotonic() - at < AGAIN
    await town.until(lambda: joined(town), "the bot joined Slack again", 30)


async def joined(town: Demo) -> bool:
    """Whether people are heard: dead connections are dropped before the new ones count."""
    return bool((await town.get("/human/state"))["ready"])


async def submitted(town: Demo, text: str, **values: object) -> None:
    """Ana's post for Café Ágora, sent to review."""
    opened = await town.command("ana", "#agora-review", "/vocero post")
    assert (await town.submit("ana", opened["view"], text=text, **values))["ok"]


async def cards(town: Demo, channel: str, text: str) -> list[Json]:
    """Every message of a channel that says this."""
    return [message for message in await town.messages(channel) if text in words(message.get("blocks") or [])]


async def live(town: Demo, text: str) -> list[Json]:
    """What of this is public on both of Café Ágora's accounts, once both have it."""
    found = [await town.public(account) for account in ("x:cafe_agora", "facebook:cafe.agora")]
    both = [[post for post in posts if post["text"] == text] for posts in found]
    return [post for posts in both for post in posts] if all(both) else []


# kill -9


async def test_killed_right_after_submitting(town: Demo) -> None:
    await submitted(town, "Enviada justo antes")
    await kill(town)
    card = await town.card("#agora-review", "Enviada justo antes", "Aprobar y publicar", patience=40)
    await town.press("bruno", card, "Aprobar y publicar")
    await town.until(lambda: live(town, "Enviada justo antes"), "live")
    assert len(await cards(town, "#agora-review", "Enviada justo antes")) == 1


async def test_killed_right_after_approving(town: Demo) -> None:
    await submitted(town, "Aprobada justo antes")
    card = await town.card("#agora-review", "Aprobada justo antes", "Aprobar y publicar")
    await town.press("bruno", card, "Aprobar y publicar")
    await kill(town)
    await town.until(lambda: live(town, "Aprobada justo antes"), "live", 60)
    done = await town.card("#agora-review", "Aprobada justo antes", "Publicada", patience=60)
    assert done["ts"] == card["ts"]
    assert len(await live(town, "Aprobada justo antes")) == 2
    assert len(await cards(town, "#agora-review", "Aprobada justo antes")) == 1


async def test_killed_while_a_reply_waits_for_undo(town: Demo) -> None:
    said = {"account": "x:cafe_agora", "author": "Paz", "text": "@cafe_agora ¿tenéis terraza?"}
    assert (await town.post("/audience/comment", **said))["ok"]
    card = await town.card("#agora-inbox", "¿tenéis terraza?", "Responder en público")
    form = (await town.press("carla", card, "Responder en público"))["view"]
    assert (await town.submit("carla", form, text="Sí, con sombra"))["ok"]
    await kill(town)

    async def answers() -> list[str]:
        calls = (await town.get("/calls", target="x"))["calls"]
        sent = [call["args"] for call in calls if call["path"] == "/2/tweets" and call["http"] == "POST"]
        return [args["text"] for args in sent if "Sí, con sombra" in args["text"]]

    await town.until(answers, "answered", 60)
    await town.card("#agora-inbox", "¿tenéis terraza?", "Respondida", patience=40)
    assert len(await answers()) == 1
    assert len(await cards(town, "#agora-inbox", "¿tenéis terraza?")) == 1


async def test_killed_again_and_again_it_still_hears_everybody(town: Demo) -> None:
    for number in range(3):
        await kill(town)
        await submitted(town, f"Vuelta número {number}")
    for number in range(3):
        await town.card("#agora-review", f"Vuelta número {number}", "Aprobar y publicar", patience=40)
        assert len(await cards(town, "#agora-review", f"Vuelta número {number}")) == 1


# a second start


async def at_home(town: Demo, user: str, text: str) -> bool:
    """Whether somebody's Home shows this."""
    return text in words((await town.get("/human/home", user=user))["view"])


async def test_a_second_demo_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    data, later = tmp_path / "data", int(time.time()) + 7200
    async with demo(data) as first:
        await submitted(first, "Para dentro de dos horas", at=later)
        await submitted(first, "Sale en la primera vida")
        for text, label in (("dos horas", "Aprobar"), ("primera vida", "Aprobar y publicar")):
            await first.press("bruno", await first.card("#agora-review", text, label), label)
        await first.until(lambda: live(first, "Sale en la primera vida"), "live")
        waiting = await first.card("#agora-review", "dos horas", "rogramada")
        await first.card("#agora-review", "primera vida", "Publicada")
        form = (await first.command("ana", "#agora-review", "/vocero post"))["view"]
        field = next(e["action_id"] for e in elements(form) if e["action_id"].endswith(".text"))
        await first.post("/human/input", user="ana", view_id=form["id"], values={field: "A medias"})
        await first.post("/human/close", user="ana", view_id=form["id"])
        settings = (await first.command("admin", "#general", "/vocero settings"))["ephemeral"]
        edit = (await first.press("admin", settings[-1] | {"channel": "#general"}, "Edit"))["view"]
        assert (await first.submit("admin", edit, name="Café Ágora Sur"))["ok"]
        await first.until(lambda: at_home(first, "admin", "Café Ágora Sur"), "renamed")
        counted = [len(await first.messages(channel)) for channel in ("#agora-review", "#general")]
    async with demo(data) as second:
        assert [len(await second.messages(channel)) for channel in ("#agora-review", "#general")] == counted
        assert len(await live(second, "Sale en la primera vida")) == 2
        await second.until(lambda: at_home(second, "ana", "A medias"), "the draft is offered")
        assert await at_home(second, "admin", "Café Ágora Sur")
        await second.press("ana", waiting, "Anular")
        after = await second.card("#agora-review", "dos horas", "Anulada")
        assert after["ts"] == waiting["ts"]


# the end


@pytest.mark.parametrize(("number", "after"), [(signal.SIGINT, 0.0), (signal.SIGTERM, 3.0)])
async def test_a_signal_ends_everything_and_the_store_last(
    tmp_path: Path, number: signal.Signals, after: float
) -> None:
    async with demo(tmp_path / "data") as town:
        pids = await town.pids()
        store, bot = psutil.Process(pids["store"]), psutil.Process(pids["bot"])
        outside = [each for each in psutil.Process(town.process.pid).children() if each.pid != bot.pid]
        assert len(outside) == 1
        await town.fit()
        until = time.monotonic() + after
        while time.monotonic() < until:
            await town.post("/human/command", user="ana", channel="#general", text="/vocero")
        assert await ended(town, number, first=[bot, *outside], last=store) < STOPPED


async def test_networks_that_hang_do_not_keep_it(tmp_path: Path) -> None:
    async with demo(tmp_path / "data", VOCERO_POLL_SECONDS="1") as town:
        for target in ("x", "facebook", "practice"):
            await town.post("/faults", target=target, when="before", delay=60, times=1000)
        await town.until(lambda: polled(town), "every network is asked")
        pids = await town.pids()
        store, bot = psutil.Process(pids["store"]), psutil.Process(pids["bot"])
        await town.fit()
        assert await ended(town, signal.SIGINT, first=[bot], last=store) < STOPPED


async def polled(town: Demo) -> bool:
    """Whether no network has been heard of for a while: the next answers hang."""
    calls = [call for call in (await town.get("/calls"))["calls"] if call["target"] in {"x", "facebook"}]
    return not calls or time.time() - max(call["at"] for call in calls) > 3


async def ended(town: Demo, number: signal.Signals, first: list[psutil.Process], last: psutil.Process) -> float:
    """Sends the signal; the seconds until nothing is left. AssertionError when the store ended before the others."""
    at = time.monotonic()
    town.process.send_signal(number)
    while town.process.returncode is None:
        if not last.is_running():
            assert not any(alive(each) for each in first)
        await asyncio.sleep(0.02)
    took = time.monotonic() - at
    assert town.process.returncode == 0
    assert not any(alive(each) for each in [*first, last])
    return took


def alive(process: psutil.Process) -> bool:
    """Whether it runs; one that waits for its parent to notice has ended."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
