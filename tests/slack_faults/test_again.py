"""Everything that Slack sends has one effect and one answer, however often and however late it is sent again."""

import asyncio
from typing import Any

import pytest

from bot.slack.gate import Gate
from bot.store.inbox import SEEN
from tests.slack.conftest import Workspace
from tests.slack_faults.counting import PAYLOADS, Counting, envelope

LAST_RETRY = 5 * 60
"""Seconds after which Slack sends an event for the last time."""
KINDS = sorted(PAYLOADS)


def mode_of(request: pytest.FixtureRequest) -> str:
    """How this test's workspace delivers."""
    return str(request.node.callspec.params["either"])


async def deliver(slack: Workspace, kind: str, **how: Any) -> list[Any]:
    """What came back for each delivery; every one is acknowledged."""
    answer = await slack.act("raw", envelope=envelope(kind), **how)
    assert all(answer["acked"]), answer
    return list(answer["responses"])


async def said(slack: Workspace, name: str) -> list[str]:
    """What the handler said, wherever it did."""
    places = ("C01GENERAL1", "C01AGORREV1", "@ana")
    messages = [message for place in places for message in await slack.messages(place)]
    return [message["text"] for message in messages if message["text"].startswith(f"{name} ")]


@pytest.mark.parametrize("kind", KINDS)
async def test_four_times_at_once(either: Workspace, kind: str, request: pytest.FixtureRequest) -> None:
    counting, (name, _) = Counting(either), PAYLOADS[kind]
    async with counting.process(mode_of(request)) as gate:
        answers = await deliver(either, kind, times=4, together=True)
        await gate.idle()
    assert counting.runs == {name: 1}
    assert all(answer == answers[0] for answer in answers)
    assert await gate.inbox.counts() == {"received": 1, "repeated": 3}
    assert await gate.inbox.waiting() == 0
    assert await said(either, name) in ([], [f"{name} 1"])
    if kind == "view_submission":
        assert answers[0]["response_action"] == "errors"


@pytest.mark.parametrize("kind", KINDS)
async def test_minutes_apart_and_after_a_restart(either: Workspace, kind: str, request: pytest.FixtureRequest) -> None:
    """At once, after a minute, and after four more in another process on the same store."""
    counting, (name, _) = Counting(either), PAYLOADS[kind]
    answers: list[Any] = []
    async with counting.process(mode_of(request)) as gate:
        answers += await deliver(either, kind)
        await gate.idle()
        either.clock.skip(minutes=1)
        answers += await deliver(either, kind, times=2)
    either.clock.skip(minutes=3.9)
    async with counting.process(mode_of(request)) as later:
        answers += await deliver(either, kind)
        await later.idle()
    assert counting.runs == {name: 1}
    assert all(answer == answers[0] for answer in answers)
    assert await said(either, name) in ([], [f"{name} 1"])
    assert SEEN > 10 * LAST_RETRY


async def test_what_was_seen_is_remembered_longer_than_slack_tries(quiet: Workspace) -> None:
    counting = Counting(quiet)
    async with counting.process("http") as gate:
        await deliver(quiet, "view_submission")
        await gate.idle()
    keys = [key async for key in quiet.store.client.scan_iter(quiet.store.key("seen", "*"))]
    keys += [key async for key in quiet.store.client.scan_iter(quiet.store.key("answer", "*"))]
    assert len(keys) == 2
    for key in keys:
        assert await quiet.store.client.ttl(key) > 10 * LAST_RETRY


@pytest.mark.parametrize("kind", KINDS)
async def test_on_two_connections_at_once(sockets: Workspace, kind: str) -> None:
    """Two processes with two connections each, the same envelope on all four, twice."""
    counting, (name, _) = Counting(sockets), PAYLOADS[kind]
    async with counting.process("socket") as one, counting.process("socket") as two:
        answers = await deliver(sockets, kind, times=2, together=True, everywhere=True)
        await asyncio.gather(one.idle(), two.idle())
        counts = await one.inbox.counts()
    assert counting.runs == {name: 1}
    assert answers[0] == answers[1]
    assert counts == {"received": 1, "repeated": 7}


async def test_a_form_repeated_while_another_process_works_on_it(quiet: Workspace) -> None:
    """The first acknowledgement never arrived; the second shows that we work, and the answer follows it."""
    counting = Counting(quiet)
    counting.go.clear()
    view = await _opened(quiet)
    body = PAYLOADS["view_submission"][1] | {"view": view}
    working, other = counting.gate(patience=30), counting.gate(patience=0.1)
    first = asyncio.create_task(working.take(body, {}))
    await counting.started.wait()
    again = await other.take(body, {"x-slack-retry-num": "1"})
    assert again.body["response_action"] == "update"
    counting.go.set()
    assert (await first).body["response_action"] == "errors"
    await asyncio.gather(working.idle(), other.idle())
    assert counting.runs == {"Note": 1}
    (shown,) = (await quiet.seen("views", user="ana"))["views"]
    assert shown["callback_id"] == "test.note"
    assert shown["blocks"][0]["type"] == "section"
    assert (await other.take(body, {"x-slack-retry-num": "2"})).body["response_action"] == "errors"


async def _opened(slack: Workspace) -> dict[str, Any]:
    """A form of Ana's that is open, as Slack would send it along."""
    gate: Gate = slack.gate()
    assert slack.listening is not None
    async with gate, slack.listening(gate):
        answer = await slack.act("command", user="ana", channel="general", text="/vocero")
    return dict(answer["view"])
