"""The gate: stored before acknowledged, handled though a process dies, and never twice."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.sandbox import world
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.perform import Performer
from bot.slack.reply import Close, Errors, Quiet, Reply, Say
from bot.slack.router import Router
from bot.slack.wire import BareCommand, Mentioned, UnknownVerb
from bot.store.launcher import connect
from bot.store.records import Store
from tests.slack.conftest import GENERAL, NAMES, Workspace, command, event
from tests.slack.feature import Note, note


class Slow:
    """Handlers that wait until they are let go, and count."""

    def __init__(self, slack: Workspace) -> None:
        self.slack = slack
        self.runs: list[str] = []
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self.late: list[bool] = []
        self.router = Router()
        self.router.on(BareCommand)(self._commanded)
        self.router.on(UnknownVerb)(self._commanded)
        self.router.on(Mentioned)(self._mentioned)
        self.router.on(Note)(self._sent)

    def gate(self, **options: Any) -> Gate:
        """A gate in front of them, as another process would have it."""
        slack = self.slack
        performer = Performer(slack.api, slack.store)
        slow = Dispatcher(self.router, desk=slack.desk, people=slack.people, performer=performer)
        return slack.gate(slow, **options)

    async def _ran(self, what: str, late: bool) -> None:
        self.runs.append(what)
        self.late.append(late)
        self.started.set()
        await self.go.wait()

    async def _commanded(self, command: BareCommand | UnknownVerb, call: Any) -> Reply:
        await self._ran("command", call.late)
        return Quiet()

    async def _mentioned(self, mention: Mentioned, call: Any) -> Reply:
        await self._ran(mention.text, call.late)
        return Say("heard")

    async def _sent(self, form: Note, call: Any) -> Reply:
        await self._ran("form", call.late)
        return Errors({"text": UserError("error.field")}) if form.text == "errors" else Close()


@pytest.fixture
def slow(quiet: Workspace) -> Slow:
    """Handlers under control."""
    return Slow(quiet)


def submission(slack: Workspace, view_id: str, text: str, trigger: str = "t1") -> dict[str, Any]:
    """A submitted form as Slack sends it."""
    drawn = note("b1").view
    state = {"text": {"test.note.text": {"type": "plain_text_input", "value": text}}}
    return {
        "type": "view_submission",
        "team": {"id": slack.store.team},
        "user": {"id": NAMES["ana"].rpartition(":")[2], "team_id": slack.store.team},
        "trigger_id": trigger,
        "view": drawn | {"id": view_id, "hash": "1.h", "type": "modal", "state": {"values": state}},
    }


async def test_the_same_delivery_four_times_at_once_runs_once(slow: Slow) -> None:
    gate, other = slow.gate(), slow.gate()
    body = event(text="once")
    slow.go.set()
    acks = await asyncio.gather(*(each.take(body, {}) for each in (gate, other, gate, other)))
    assert {ack.status for ack in acks} == {200}
    await asyncio.gather(gate.idle(), other.idle())
    assert slow.runs == ["once"]
    assert await gate.inbox.counts() == {"received": 1, "repeated": 3}
    assert await gate.inbox.waiting() == 0


async def test_a_replay_has_no_effect_and_a_second_press_has(slow: Slow) -> None:
    gate = slow.gate()
    slow.go.set()
    first, second = command(trigger="1"), command(trigger="2")
    for body in (first, first, second, first):
        assert (await gate.take(body, {"X-Slack-Retry-Num": "1"})).status == 200
        await gate.idle()
    assert slow.runs == ["command", "command"]


async def test_the_acknowledgement_does_not_wait_for_the_handler(slow: Slow) -> None:
    gate = slow.gate()
    assert (await gate.take(command(), {})).status == 200
    await slow.started.wait()
    assert await gate.inbox.waiting() == 1
    slow.go.set()
    await gate.idle()
    assert await gate.inbox.waiting() == 0


async def test_what_a_dead_process_left_is_taken_over(slow: Slow) -> None:
    dying, living = slow.gate(), slow.gate(idle=timedelta())
    await dying.take(event(text="left"), {})
    await slow.started.wait()
    await dying.close(grace=0)
    slow.go.set()
    slow.slack.clock.skip(seconds=20)
    await living.sweep()
    await living.idle()
    assert slow.runs == ["left", "left"]
    assert slow.late == [False, True]
    assert await living.inbox.waiting() == 0
    assert await living.inbox.take_over(idle=timedelta()) == ([], [])


async def test_a_command_taken_over_too_late_leaves_a_button(slow: Slow) -> None:
    dying, living = slow.gate(), slow.slack.gate(idle=timedelta())
    await dying.take(command(), {})
    await slow.started.wait()
    await dying.close(grace=0)
    slow.slack.clock.skip(seconds=20)
    await living.sweep()
    await living.idle()
    (said,) = await slow.slack.messages(GENERAL)
    assert said["ephemeral"] == {"user": NAMES["ana"].rpartition(":")[2]}
    assert "form.reopen" in str(said["blocks"])
    assert await slow.slack.calls("views.open") == []


async def test_acknowledgements_do_not_run_far_ahead(slow: Slow) -> None:
    gate = slow.gate(backlog=2)
    assert (await gate.take(command(), {})).status == 200
    second = asyncio.create_task(gate.take(command(), {}))
    await slow.started.wait()
    assert (await gate.take(event(), {})).status == 200  # nobody waits for what follows an event
    _, waits = await asyncio.wait([second], timeout=0.05)
    assert waits == {second}
    slow.go.set()
    assert (await second).status == 200
    await gate.idle()


async def test_what_is_being_worked_on_is_not_taken_over(slow: Slow) -> None:
    working, other = slow.gate(), slow.gate()
    await working.take(event(text="long"), {})
    await slow.started.wait()
    await working.beat()
    await other.sweep()
    assert await other.inbox.take_over(idle=timedelta(seconds=10)) == ([], [])
    slow.go.set()
    await asyncio.gather(working.idle(), other.idle())
    assert slow.runs == ["long"]


async def test_a_stalled_owner_does_not_take_its_work_back(slow: Slow) -> None:
    stalled, other = slow.gate(), slow.gate()
    await stalled.take(event(text="x"), {})
    await slow.started.wait()
    (entry,), _ = await other.inbox.take_over(idle=timedelta())
    assert await stalled.inbox.hold([entry.id]) == [entry.id]
    assert await other.inbox.hold([entry.id]) == []
    slow.go.set()
    await stalled.idle()


async def test_what_is_never_handled_is_set_aside(slow: Slow, caplog: pytest.LogCaptureFixture) -> None:
    first = slow.gate()
    await first.take(event(text="poison"), {})
    await slow.started.wait()
    await first.close(grace=0)
    for _ in range(3):
        gate = slow.gate(idle=timedelta())
        await gate.sweep()
        slow.started.clear()
        await slow.started.wait()
        await gate.close(grace=0)
    last = slow.gate(idle=timedelta())
    with caplog.at_level(logging.ERROR):
        await last.sweep()
    assert slow.runs == ["poison"] * 4
    assert "set aside" in caplog.text
    assert await last.inbox.waiting() == 0
    assert await slow.slack.store.client.xlen(slow.slack.store.key("inbox", "aside")) == 1


async def test_a_quick_submission_rides_on_its_acknowledgement(slow: Slow) -> None:
    gate = slow.gate()
    slow.go.set()
    ack = await gate.take(submission(slow.slack, "V1", "errors"), {})
    assert ack.body["response_action"] == "errors"
    assert set(ack.body["errors"]) == {"text"}  # type: ignore[call-overload]


async def test_a_repeated_submission_gets_the_same_acknowledgement(slow: Slow) -> None:
    gate = slow.gate()
    slow.go.set()
    body = submission(slow.slack, "V1", "errors")
    acks = await asyncio.gather(gate.take(body, {}), gate.take(body, {}))
    assert acks[0].body == acks[1].body
    assert slow.runs == ["form"]


@pytest.mark.parametrize("text", ["errors", "fine"])
async def test_a_slow_submission_shows_that_we_work_and_then_its_answer(slow: Slow, text: str) -> None:
    slack, gate = slow.slack, slow.gate(patience=0.05)
    view = await opened(slack)
    ack = await gate.take(submission(slack, view, text), {})
    assert ack.body["response_action"] == "update"
    slow.go.set()
    await gate.idle()
    (shown,) = (await slack.seen("views", user="ana"))["views"]
    if text == "errors":
        assert shown["callback_id"] == "test.note"
        assert shown["blocks"][0]["type"] == "section"
        assert shown["blocks"][1]["element"]["initial_value"] == "errors"
    else:
        assert shown["callback_id"] == ""


async def test_a_slow_submission_whose_window_was_closed_comes_back_as_a_button(slow: Slow) -> None:
    slack, gate = slow.slack, slow.gate(patience=0.05)
    await gate.take(submission(slack, "VGONE", "errors"), {})
    slow.go.set()
    await gate.idle()
    said = await slack.messages("@ana")
    assert "form.reopen" in str(said[-1]["blocks"])


async def test_other_workspaces_and_bots_are_not_heard(slow: Slow) -> None:
    gate = slow.gate()
    slow.go.set()
    for body in (
        command() | {"team_id": "TOTHER"},
        event() | {"team_id": "TOTHER"},
        event(bot_id="B1"),
        event(user=world.BOT_USER_ID),
        {},
    ):
        assert (await gate.take(body, {})).status == 200
    await gate.idle()
    assert slow.runs == []
    assert await gate.inbox.counts() == {}


async def test_slack_checks_the_address(slow: Slow) -> None:
    ack = await slow.gate().take({"type": "url_verification", "challenge": "abc", "token": "x"}, {})
    assert ack.body == {"challenge": "abc"}


async def test_without_a_store_nothing_is_acknowledged(slow: Slow) -> None:
    client = connect("unix:///nowhere/at/all.sock")
    lost = Store(client, slow.slack.store.team)
    slack = slow.slack
    dispatcher = Dispatcher(slow.router, desk=slack.desk, people=slack.people, performer=Performer(slack.api, lost))
    gate = Gate(lost, dispatcher, team=lost.team, me="lost")
    assert (await gate.take(command(), {})).status == 503
    assert slow.runs == []
    await client.aclose()


async def test_what_comes_while_the_store_is_started_again_waits_for_it(slow: Slow, tmp_path: Path) -> None:
    slow.go.set()
    (there,) = [kept["path"] for kept in [slow.slack.store.client.connection_pool.connection_kwargs]]
    path = tmp_path / "store.sock"
    client = connect(f"unix://{path}")
    slack, again = slow.slack, Store(client, slow.slack.store.team)
    dispatcher = Dispatcher(slow.router, desk=slack.desk, people=slack.people, performer=Performer(slack.api, again))
    gate = Gate(again, dispatcher, team=again.team, me="again")
    asyncio.get_running_loop().call_later(0.3, path.symlink_to, there)
    assert (await gate.take(command(), {})).status == 200
    await gate.idle()
    assert slow.runs == ["command"]
    await client.aclose()


async def opened(slack: Workspace) -> str:
    """A form of Ana's that is open in the sandbox."""
    gate = slack.gate()
    assert slack.listening is not None
    async with gate, slack.listening(gate):
        answer = await slack.act("command", user="ana", channel="general", text="/vocero")
    return str(answer["view"]["id"])
