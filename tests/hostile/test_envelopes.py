"""Nonsense over Socket Mode: every envelope is acknowledged, nothing is handled or breaks, and the line stays up."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import world
from bot.slack.gate import Gate
from bot.slack.sockets import SocketMode
from tests.hostile.bodies import WRONG, fresh, mutants
from tests.hostile.hall import wrapped
from tests.slack.conftest import GENERAL, Workspace, command, event, workspace

pytestmark = pytest.mark.slow
ANA = world.USERS[0].id


@pytest.fixture
async def line(client: Any, tmp_path: Path) -> AsyncIterator[tuple[Workspace, Gate]]:
    """A workspace that delivers by Socket Mode, and the gate behind it."""
    async with workspace(client, tmp_path, "socket") as made:
        gate = await made.stack.enter_async_context(made.gate())
        await made.stack.enter_async_context(SocketMode(gate, world.APP_TOKEN, f"{made.url}/api/"))
        yield made, gate


def payloads() -> list[Any]:
    """Objects of every kind, with wrong parts. What is no object, slack_sdk itself leaves unread (see below)."""
    press: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": world.TEAM_ID},
        "user": {"id": ANA},
        "trigger_id": "t",
    }
    press |= {"actions": [{"action_id": "x.y", "value": "{}"}], "channel": {"id": GENERAL}, "message": {"ts": "1.0"}}
    view = {
        "type": "modal",
        "callback_id": "test.note",
        "state": {"values": {"a": {"b": {"value": "x"}}}},
        "blocks": [],
    }
    sent = {name: press[name] for name in ("team", "user", "trigger_id")} | {"type": "view_submission", "view": view}
    home = wrapped({"type": "app_home_opened", "user": ANA, "tab": "messages", "channel": "D1"})
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    chance, found = random.Random(3), [each for each in WRONG if isinstance(each, dict)]
    found += [{"event": deep}, {"type": "event_callback", "event": {"type": "x", "y": deep}}]
    for number, good in enumerate((event(), command("help"), press, sent, home)):
        found += [fresh(mutant, number * 1000 + n) for n, mutant in enumerate(mutants(good, chance, 40))]
    return found


async def test_envelopes_of_nonsense(line: tuple[Workspace, Gate], caplog: pytest.LogCaptureFixture) -> None:
    made, gate = line
    for route in ("conversations.open", "chat.postMessage", "users.info"):  # anybody can be told, at any pace
        taken = {"ok": True, "ts": "1.0", "channel": {"id": "D1"}, "user": {"id": "U1", "name": "x"}}
        await made.fault(route=route, status=200, body=taken, times=10**9)
    before = await made.audited()
    kinds = ("slash_commands", "interactive", "events_api")
    for number, payload in enumerate(payloads()):
        envelope = {"type": kinds[number % 3], "payload": payload}
        answer = await made.session.post(f"{made.url}/human/raw", json={"envelope": envelope})
        told = await answer.json()
        assert told.get("ok"), (payload, told)
    for root in (None, 7):
        await made.session.post(f"{made.url}/human/raw", json={"envelope": {"type": "interactive", "payload": root}})
    await gate.idle()
    assert await gate.inbox.waiting() == 0
    assert [entry for entry in await made.audited() if "denied" not in entry] == before
    broken = [record.getMessage() for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]
    assert not [said for said in broken if "a bug, reference" in said or "could not be handled" in said]
    assert (await made.act("command", user="ana", channel=GENERAL, text="/vocero"))["ok"]
