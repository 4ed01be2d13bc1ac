"""Windows that open too late and answers with nowhere to go: the person gets a message with a button that works."""

import asyncio
from typing import Any

import pytest

from bot.sandbox import world
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town
from tests.slack.conftest import GENERAL, REVIEW, Workspace
from tests.slack.feature import BrandCard
from tests.slack_faults.counting import Counting, envelope

GONE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")
Json = dict[str, Any]


@pytest.fixture
async def slack(quiet: Workspace) -> Workspace:
    """A workspace with a gate listening."""
    gate = await quiet.stack.enter_async_context(quiet.gate())
    assert quiet.listening is not None
    await quiet.stack.enter_async_context(quiet.listening(gate))
    return quiet


async def offered(slack: Workspace, channel: str = GENERAL) -> Json:
    """The message with the button, as the person sees it last."""
    return [message for message in await slack.messages(channel) if "form.reopen" in str(message["blocks"])][-1]


async def press_open(slack: Workspace, message: Json, channel: str = GENERAL) -> Json:
    """Presses *Open it*."""
    (button,) = message["blocks"][-1]["elements"]
    place = {"channel": channel, "ts": message["ts"]}
    return await slack.act("click", user="ana", **place, action_id=button["action_id"], value=button["value"])


@pytest.mark.parametrize("error", GONE)
async def test_a_command_whose_trigger_is_gone(slack: Workspace, error: str) -> None:
    await slack.fault(route="views.open", status=200, body={"ok": False, "error": error})
    answer = await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    assert answer["view"] is None
    assert answer["ephemeral"]
    opened = await press_open(slack, await offered(slack))
    assert opened["view"]["callback_id"] == "test.note"


async def test_the_button_may_be_too_late_as_well(slack: Workspace) -> None:
    await slack.fault(route="views.open", status=200, body={"ok": False, "error": GONE[0]}, times=2)
    await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    first = await offered(slack)
    await press_open(slack, first)
    second = await offered(slack)
    assert second["ts"] != first["ts"]
    assert (await press_open(slack, second))["view"]["callback_id"] == "test.note"


@pytest.mark.slow
async def test_three_seconds_pass_before_the_window(slack: Workspace) -> None:
    """Slack's own clock: the request reaches it when the trigger has lived its three seconds."""
    await slack.fault(route="views.open", delay=3.2)
    await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    async with asyncio.timeout(10):
        while not [m for m in await slack.messages(GENERAL) if "form.reopen" in str(m["blocks"])]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert (await press_open(slack, await offered(slack)))["view"]["callback_id"] == "test.note"


async def test_a_trigger_that_was_used_already(slack: Workspace) -> None:
    """Two different presses with one trigger, as a client that stutters sends them: one window, and one button."""
    deck = slack.deck()
    await deck.touch([_card()])
    await deck.serve()
    (card,) = await slack.messages()
    button = next(e for b in card["blocks"] for e in b.get("elements", ()) if e["action_id"] == "test.ask")
    await slack.act("click", user="ana", channel=REVIEW, ts=card["ts"], action_id="test.ask", value=button["value"])
    used = (await slack.calls("views.open"))[-1]["args"]["trigger_id"]
    body = envelope("block_actions")
    await slack.act("raw", envelope={**body, "payload": body["payload"] | {"trigger_id": used}})
    assert len((await slack.seen("views", user="ana"))["views"]) == 1
    assert "form.reopen" in str((await offered(slack, REVIEW))["blocks"])


def _card() -> Any:
    from bot.slack.cards import Draw  # noqa: PLC0415

    return Draw(REVIEW, BrandCard(brand="b1"))


# --- where an answer goes


async def test_a_response_url_is_used_five_times_and_then_the_channel_answers(quiet: Workspace) -> None:
    counting = Counting(quiet)
    async with counting.process("http") as gate:
        await quiet.act("command", user="ana", channel=GENERAL, text="/vocero")
        url = await _response_url(quiet)
        body = envelope("command")
        for number in range(6):
            payload = body["payload"] | {"response_url": url, "trigger_id": f"{number}.again"}
            await quiet.act("raw", envelope={**body, "payload": payload})
        await gate.idle()
    said = [message["text"] for message in await quiet.messages(GENERAL)]
    assert said == [f"BareCommand {number}" for number in range(1, 8)]
    assert len(await quiet.calls("chat.postEphemeral")) == 2


async def _response_url(slack: Workspace) -> str:
    async with slack.session.get(f"{slack.url}/calls", params={"target": "slack"}) as answer:
        paths = [call["path"] for call in (await answer.json())["calls"] if call["path"].startswith("/response/")]
    return f"{slack.url}{paths[-1]}"


RESPONSES: dict[str, Json] = {
    "404": {"status": 404, "body": {"ok": False, "error": "expired_url"}},
    "used": {"status": 404, "body": {"ok": False, "error": "used_url"}},
    "500": {"status": 500, "body": "oops"},
    "reset": {"drop": True},
    "429": {"status": 429, "headers": {"Retry-After": "60"}, "body": "slow down"},
}


@pytest.mark.parametrize("gone", sorted(RESPONSES))
@pytest.mark.parametrize("whisper", [True, False], ids=["in the channel", "by direct message"])
async def test_a_response_url_that_is_gone(quiet: Workspace, gone: str, whisper: bool) -> None:
    counting = Counting(quiet)
    await quiet.fault(route="/response", **RESPONSES[gone])
    if not whisper:
        refusal = {"ok": False, "error": "user_not_in_channel"}
        await quiet.fault(route="chat.postEphemeral", status=200, body=refusal)
    async with counting.process("http") as gate:
        await quiet.act("command", user="ana", channel=GENERAL, text="/vocero")
        await gate.idle()
    where, other = (GENERAL, "@ana") if whisper else ("@ana", GENERAL)
    assert [message["text"] for message in await quiet.messages(where)] == ["BareCommand 1"]
    assert await quiet.messages(other) == []


# --- Slack holds events back


async def test_admins_hear_once_that_slack_holds_events_back(town: Town) -> None:
    minute = 1_795_401_660
    body = {
        "token": "x",
        "type": "app_rate_limited",
        "team_id": world.TEAM_ID,
        "minute_rate_limited": minute,
        "api_app_id": world.APP_ID,
    }
    for times, together in ((4, True), (1, False)):
        async with town.session.post(
            f"{town.url}/human/raw", json={"envelope": body, "times": times, "together": together}
        ) as answer:
            assert (await answer.json())["ok"]
    await town.settle()
    assert (await town.text("@admin")).count("holding events back") == 1
    for name in ("ana", "bruno", "carla"):
        assert "reteniendo" not in await town.text(f"@{name}")
    store = town.desk.store
    counts: Any = await store.client.hgetall(store.key("inbox", "counts"))
    assert counts["limited"] == "1"
    assert counts["repeated"] == "4"
    lines: Any = await store.client.xrange(store.key("audit"))
    assert str(lines).count("slack.events_held") == 1


# --- what was pressed where nothing is drawn again


async def test_a_press_in_a_message_that_nobody_redraws_is_confirmed(town: Town) -> None:
    from tests.slack_faults.test_double import submitted  # noqa: PLC0415

    brand = await town.desk.brand("agora")
    rules = brand.rules.model_copy(update={"off": frozenset({"spacing"})})  # what has a warning is approved on its card
    change = town.desk.store.begin()
    change.put(brand.model_copy(update={"rules": rules}), brand)
    await change.commit()
    await submitted(town, "Abrimos a las 9")
    await submitted(town, "Y cerramos a las 8")
    answer = await town.command("bruno", "today", "general")
    (digest,) = answer["ephemeral"]
    button = next(e for e in elements_in(digest["blocks"]) if e.get("action_id") == "review.approve")
    place = {"channel": "general", "ts": digest["ts"]}
    pressed = await town.act("click", user="bruno", **place, action_id="review.approve", value=button["value"])
    (said,) = pressed["ephemeral"]
    assert "Aprobar" in said["text"]
    assert "hecho" in said["text"]
    again = await town.act("click", user="bruno", **place, action_id="review.approve", value=button["value"])
    (refused,) = again["ephemeral"]
    assert "hecho" not in refused["text"]
    assert f"<@{NAMES['bruno'].rpartition(':')[2]}>" in refused["text"]
