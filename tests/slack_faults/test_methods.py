"""Every Web API method that we call: limited, failing, cut off, and answered into the void; nothing lost or doubled."""

import base64
from collections import Counter
from typing import Any

import pytest

from bot.slack.asking import LONGEST, retry_after
from bot.slack.cards import Draw
from bot.slack.client import SlackRefused
from tests.slack.conftest import REVIEW, Workspace
from tests.slack_faults.scenes import CARD, SCENES, drawn, methods_called, texts

RETRY = 1
LIMITED: dict[str, Any] = {
    "status": 429,
    "headers": {"Retry-After": str(RETRY)},
    "body": {"ok": False, "error": "ratelimited"},
}
OUTAGES: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "body": "<html>oops</html>"},
    "502": {"status": 502, "body": "<html>bad gateway</html>"},
    "503": {"status": 503, "body": {"ok": False, "error": "service_unavailable"}},
    "internal_error": {"status": 200, "body": {"ok": False, "error": "internal_error"}},
    "not JSON": {"status": 200, "body": "<html>hello</html>"},
    "reset": {"drop": True},
    "lost answer": {"drop": True, "when": "after"},
    "500 afterwards": {"status": 500, "body": "oops", "when": "after"},
}
TWICE_AT_MOST = {"chat.postEphemeral"}
"""A private sentence whose answer was lost is said again by another way rather than not at all."""


@pytest.fixture
async def slack(quiet: Workspace) -> Workspace:
    """A workspace with a gate listening."""
    gate = await quiet.stack.enter_async_context(quiet.gate())
    assert quiet.listening is not None
    await quiet.stack.enter_async_context(quiet.listening(gate))
    return quiet


async def calls(slack: Workspace, method: str) -> list[dict[str, Any]]:
    """All calls of one method, also those that a fault swallowed."""
    async with slack.session.get(f"{slack.url}/calls", params={"target": "slack"}) as answer:
        return [call for call in (await answer.json())["calls"] if call["path"] == f"/api/{method}"]


def test_there_is_a_scene_for_every_method() -> None:
    assert set(SCENES) == methods_called()


@pytest.mark.parametrize("method", sorted(SCENES))
async def test_a_limit_is_obeyed_and_nothing_is_lost(slack: Workspace, method: str) -> None:
    async def limit() -> None:
        await slack.fault(route=method, **LIMITED)

    await SCENES[method](slack, limit)
    every = await calls(slack, method)
    ((place, limited),) = [(n, call) for n, call in enumerate(every) if call["status"] == 429]
    again = [call for call in every[place + 1 :] if _same_limit(method, call, limited)]
    assert all(call["at"] - limited["at"] >= RETRY for call in again), [call["at"] - limited["at"] for call in again]
    assert again or method in {"users.info", "views.open", "views.push"}  # other ways, or another press


def _same_limit(method: str, call: dict[str, Any], limited: dict[str, Any]) -> bool:
    """Messages are limited by channel; a new trigger is another person's act, with a limit that may be over."""
    if method == "chat.postMessage":
        return bool(call["args"].get("channel") == limited["args"].get("channel"))
    return method != "views.open"


@pytest.mark.parametrize("outage", sorted(OUTAGES))
@pytest.mark.parametrize("method", sorted(SCENES))
async def test_an_outage_loses_nothing_and_doubles_nothing(slack: Workspace, method: str, outage: str) -> None:
    async def fail() -> None:
        await slack.fault(route=method, **OUTAGES[outage])

    await SCENES[method](slack, fail)
    doubled = {text: count for text, count in Counter(await everything(slack)).items() if count > 1}
    assert not doubled or method in TWICE_AT_MOST, doubled


async def everything(slack: Workspace) -> list[str]:
    """What the bot said in each place; the same card may stand in two channels."""
    said = []
    for channel in (REVIEW, "#general", "@ana"):
        said += [f"{channel}: {text}" for text in await texts(slack, channel)]
    return said


@pytest.mark.parametrize("trouble", ["429", "503", "reset"])
async def test_a_file_is_not_gone_because_slack_is_busy(slack: Workspace, trouble: str) -> None:
    file = {"name": "a.png", "base64": base64.b64encode(b"bytes").decode()}
    await slack.act("message", user="ana", channel="general", text="look", files=[file])
    id_ = (await slack.messages("#general"))[-1]["files"][0]["id"]
    fault: dict[str, dict[str, Any]] = {
        "429": {"status": 429, "headers": {"Retry-After": "0"}},
        "503": {"status": 503},
        "reset": {"drop": True},
    }
    await slack.fault(route="/files/*", times=2, **fault[trouble])
    assert await slack.api.download(id_, most=100, pauses=(0.0, 0.0)) == b"bytes"
    await slack.fault(route="/files/*", status=302)
    with pytest.raises(SlackRefused):
        await slack.api.download(id_, most=100, pauses=(0.0, 0.0))


async def test_a_long_outage_of_everything(slack: Workspace) -> None:
    """Ten minutes of 503 for every method: then each card stands where it belongs, once."""
    deck = slack.deck()
    await slack.fault(route="/api/*", status=503, times=10_000)
    await deck.touch([Draw(REVIEW, CARD), Draw("C01GENERAL1", CARD)])
    for _ in range(20):
        await deck.serve()
        slack.clock.skip(seconds=30)
    async with slack.session.delete(f"{slack.url}/faults") as answer:
        assert answer.status == 200
    await drawn(slack, deck)
    assert await texts(slack) == await texts(slack, "#general") == ["Café"]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("0", 0.0), ("-3", 0.0), ("1000000000", LONGEST), ("nan", 1.0), ("soon", 1.0)],
)
def test_what_retry_after_may_say(told: str, seconds: float) -> None:
    assert retry_after({"Retry-After": told}) == retry_after({"retry-after": told}) == seconds
    assert retry_after({}) == 1.0
