"""Socket Mode under faults: connections go in every way that Slack knows, and come back by themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.sandbox import world
from bot.slack.gate import Gate
from bot.slack.sockets import SocketMode
from tests.slack.conftest import Workspace
from tests.slack_faults.counting import Counting, envelope
from tests.slack_faults.scenes import until


async def connections(slack: Workspace) -> int:
    """How many connections Slack has."""
    return int((await slack.act("admin", act="sockets"))["connections"])


async def connected(slack: Workspace, count: int = 2) -> None:
    """Waits until Slack has at least so many connections."""

    async def there() -> bool:
        return await connections(slack) >= count

    await until(there, f"{count} connections")


@asynccontextmanager
async def listening(slack: Workspace) -> AsyncIterator[tuple[Counting, Gate, SocketMode]]:
    """A process with two connections."""
    counting = Counting(slack)
    async with counting.gate() as gate, SocketMode(gate, world.APP_TOKEN, f"{slack.url}/api/") as mode:
        yield counting, gate, mode


async def send(slack: Workspace, number: int, kind: str = "event") -> dict[str, Any]:
    """One more event, as Slack would deliver it."""
    body = envelope(kind)
    body["payload"] = body["payload"] | {"event_id": f"Ev{number}", "trigger_id": f"{number}.t"}
    return await slack.act("raw", envelope=body)


@pytest.mark.parametrize("reason", ["refresh_requested", pytest.param("link_disabled", marks=pytest.mark.slow)])
async def test_every_connection_is_sent_away_and_comes_back(sockets: Workspace, reason: str) -> None:
    async with listening(sockets) as (counting, gate, mode):
        assert (await sockets.act("admin", act="disconnect", reason=reason))["connections"] == 2
        if reason == "link_disabled":
            assert await connections(sockets) == 0  # it doesn't hammer
        await connected(sockets)
        assert (await send(sockets, 1))["ok"]
        await gate.idle()
        assert counting.runs == {"Mentioned": 1}
        assert mode.connected == 2


async def test_a_warned_connection_has_a_successor_before_it_goes(sockets: Workspace) -> None:
    """All the while envelopes come, on old connections and new ones, and none is lost or answered late."""
    async with listening(sockets) as (counting, gate, mode):
        before = {id(listener) for listener in mode._listeners}
        await sockets.act("admin", act="disconnect", reason="warning")
        await connected(sockets, 4)  # two old ones, two new ones
        assert not before & {id(listener) for listener in mode._listeners}
        for number in range(12):
            assert (await send(sockets, number))["ok"]
        await sockets.act("admin", act="disconnect", reason="refresh_requested")
        await connected(sockets)
        assert (await send(sockets, 99))["ok"]
        await gate.idle()
        assert counting.runs == {"Mentioned": 13}


@pytest.mark.slow
async def test_too_many_connections_wait_for_room(sockets: Workspace) -> None:
    async with listening(sockets) as (counting, gate, _):
        await sockets.act("admin", act="sockets", most=2)
        async with SocketMode(counting.gate(), world.APP_TOKEN, f"{sockets.url}/api/") as crowded:
            assert crowded.connected == 0
            opened = len(await sockets.calls("apps.connections.open"))
            for number in range(3):
                assert (await send(sockets, number))["ok"]
            await gate.idle()
            assert counting.runs == {"Mentioned": 3}
            assert len(await sockets.calls("apps.connections.open")) == opened  # it doesn't hammer
            await sockets.act("admin", act="sockets", most=10)
            await connected(sockets, 4)


async def test_a_silent_connection_is_given_up(sockets: Workspace) -> None:
    """It looks open, and answers no ping: what Slack sent there comes again, on a new one."""
    async with listening(sockets) as (counting, gate, _):
        await sockets.act("admin", act="hush")
        await connected(sockets, 2)

        async def heard() -> bool:
            return bool((await send(sockets, 1))["ok"])

        await until(heard, "an answer")
        await gate.idle()
        assert counting.runs == {"Mentioned": 1}


@pytest.mark.parametrize("when", ["half", "whole"])
async def test_a_connection_cut_in_the_middle_of_an_envelope(sockets: Workspace, when: str) -> None:
    """Half a frame never arrived; a whole one was taken and its acknowledgement lost. The event comes once more."""
    async with listening(sockets) as (counting, gate, _):
        for _ in range(2):  # Slack reports the message and the mention
            await sockets.act("admin", act="cut", when=when)
        await sockets.act("message", user="ana", channel="general", text="@vocero hola")
        await connected(sockets)

        async def once() -> bool:
            await gate.idle()
            return counting.runs["Mentioned"] >= 1

        await until(once, "the event")
        assert counting.runs == {"Mentioned": 1}


async def test_connections_that_break_without_a_word(sockets: Workspace) -> None:
    async with listening(sockets) as (counting, gate, _):
        await sockets.act("admin", act="cut")
        assert await connections(sockets) == 0
        await connected(sockets)
        assert (await send(sockets, 1))["ok"]
        await gate.idle()
        assert counting.runs == {"Mentioned": 1}


OUTAGES: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "body": "<html>oops</html>"},
    "refused": {"status": 200, "body": {"ok": False, "error": "internal_error"}},
    "reset": {"drop": True},
    "429": {"status": 429, "headers": {"Retry-After": "1"}, "body": {"ok": False, "error": "ratelimited"}},
}


@pytest.mark.parametrize("outage", sorted(OUTAGES))
async def test_no_address_for_a_while(sockets: Workspace, outage: str) -> None:
    """`apps.connections.open` fails six times: it is asked again with pauses, and then all is as before."""
    async with listening(sockets) as (counting, gate, mode):
        await sockets.fault(route="apps.connections.open", times=4, **OUTAGES[outage])
        await sockets.act("admin", act="cut")
        await connected(sockets)
        assert (await send(sockets, 1))["ok"]
        await gate.idle()
        assert counting.runs == {"Mentioned": 1}
        assert mode.connected == 2
        calls = await sockets.calls("apps.connections.open")
        assert len(calls) == 2 + 4 + 2
        if outage == "429":  # two places ask, each for itself
            limited = [call["at"] for call in calls if call["status"] == 429]
            assert limited[-1] - limited[0] >= 1


async def test_starting_while_slack_is_out_of_reach(sockets: Workspace) -> None:
    """A process that starts in an outage waits for its end; one whose token is refused says so."""
    counting = Counting(sockets)
    await sockets.fault(route="apps.connections.open", times=3, status=503)
    async with counting.gate() as gate, SocketMode(gate, world.APP_TOKEN, f"{sockets.url}/api/") as mode:
        assert mode.connected == 0
        await connected(sockets)
        assert (await send(sockets, 1))["ok"]
        await gate.idle()
    assert counting.runs == {"Mentioned": 1}
    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN"):
        async with SocketMode(counting.gate(), "xapp-wrong", f"{sockets.url}/api/"):
            pass
