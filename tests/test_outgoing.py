"""The eye that looks at everything our tests send to Slack sees what is wrong."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.blocks import actions, confirm, section
from bot.slack.wire import Reopen
from tests.handlers.demo import open_town
from tests.outgoing import SCHEMA, unfit, unfit_ack

GOOD = {"channel": "C1", "text": "Hello", "blocks": [section("Hello"), actions(Reopen(key="k").draw("Open"))]}
VIEW = {"type": "modal", "callback_id": "a", "title": {"type": "plain_text", "text": "A"}, "blocks": [section("b")]}


def call(args: dict[str, Any], method: str = "chat.postMessage") -> dict[str, Any]:
    """One line of the sandbox's log."""
    return {"target": "slack", "method": method, "path": f"/api/{method}", "args": args, "status": 200}


def test_what_is_right_passes() -> None:
    home = {"type": "home", "blocks": [section("b")]}
    calls = [call(GOOD), call({"user": "U1"}, "users.info")]
    calls += [call({"view": VIEW}, "views.open"), call({"view": home}, "views.publish")]
    assert not unfit(calls)
    assert not unfit_ack({"response_action": "update", "view": VIEW})
    assert not unfit_ack({})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"blocks": [section("x")] * 51}, "51"),
        ({"text": " "}, "text: empty"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]}, "3001"),
        ({"blocks": [actions(Reopen(key="k").draw("Open"), Reopen(key="l").draw("Open"))]}, "twice"),
    ],
)
def test_limits_are_seen(wrong: dict[str, Any], said: str) -> None:
    (problem,) = unfit([call(GOOD | wrong)])
    assert said in problem
    assert problem.startswith("chat.postMessage")


SURE = confirm("Sure?", "Really", "Yes", "No")


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"no reference at {SCHEMA} (set VOCERO_REFERENCE)")
@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"type": "sparkle"}, "no block"),
        ({"type": "input", "text": "x"}, "required"),
        (section("x") | {"colour": "red"}, "colour"),
        (actions(Reopen(key="k").draw("Open", confirm=SURE) | {"style": "loud"}), "actions"),
    ],
)
def test_shapes_are_seen(block: dict[str, Any], said: str) -> None:
    for found in (
        unfit([call(GOOD | {"blocks": [block]})]),
        unfit([call({"view": VIEW | {"blocks": [block]}}, "views.update")]),
        unfit([call(GOOD | {"blocks": [block]}, "") | {"path": "/response/actions/T1/k"}]),
        unfit_ack({"response_action": "push", "view": VIEW | {"blocks": [block]}}),
    ):
        assert any(said.lower() in problem.lower() for problem in found), found


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"no reference at {SCHEMA} (set VOCERO_REFERENCE)")
def test_metadata_and_views_are_looked_at_too() -> None:
    assert unfit([call(GOOD | {"metadata": {"event_type": "a"}})])
    assert unfit([call({"view": VIEW | {"colour": "red"}}, "views.open")])


async def send_too_much(client: Any, folder: Path) -> None:
    """A test that posts a block too many; the sandbox refuses it."""
    async with open_town(client, folder) as town:
        with suppress(SlackApiError):
            await town.api.web.api_call("chat.postMessage", json=GOOD | {"blocks": [section("x")] * 51})


async def test_it_looks_at_what_a_test_has_sent(client: Any, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="51 of at most 50"):
        await send_too_much(client, tmp_path)
