"""Socket Mode: two connections, which come back when Slack sends them away."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.sandbox import world
from bot.slack.sockets import SocketMode
from tests.slack.conftest import GENERAL, Workspace, workspace


@pytest.fixture
async def slack(client: Any, tmp_path: Path) -> AsyncIterator[Workspace]:
    """A workspace that delivers by Socket Mode, with a bot connected."""
    async with workspace(client, tmp_path, "socket") as made:
        gate = await made.stack.enter_async_context(made.gate())
        await made.stack.enter_async_context(SocketMode(gate, world.APP_TOKEN, f"{made.url}/api/"))
        yield made


async def test_a_command_and_its_form(slack: Workspace) -> None:
    opened = await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    assert opened["ok"]
    view = opened["view"]["id"]
    wrong = await slack.act("submit", user="ana", view_id=view, values={"test.note.text": "field"})
    assert set(wrong["response"]["errors"]) == {"text", "reason"}
    right = await slack.act("submit", user="ana", view_id=view, values={"test.note.text": "hola"})
    assert right["ok"]
    assert right["view"] is None


async def test_the_same_envelope_again_does_nothing(slack: Workspace) -> None:
    payload = {
        "type": "event_callback",
        "team_id": world.TEAM_ID,
        "event_id": "EvTwice",
        "event": {"type": "app_mention", "user": world.USERS[0].id, "channel": GENERAL, "ts": "1.0", "text": "hola"},
    }
    await slack.act("raw", envelope={"type": "events_api", "payload": payload}, times=5)
    said = [
        message for message in (await slack.seen("messages", channel=GENERAL))["messages"] if "hola" in message["text"]
    ]
    assert len(said) == 1


async def test_connections_come_back(slack: Workspace) -> None:
    await slack.act("admin", act="disconnect")
    answer: dict[str, Any] = {"ok": False}
    while not answer["ok"]:
        answer = await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    assert answer["view"]["callback_id"] == "test.note"


async def test_a_wrong_token_is_told(slack: Workspace) -> None:
    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN"):
        async with SocketMode(slack.gate(), "xapp-wrong", f"{slack.url}/api/"):
            pass
