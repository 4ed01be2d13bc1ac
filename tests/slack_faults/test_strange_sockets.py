"""Socket Mode at something that only resembles Slack: no hello, binary frames, nonsense for an address."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.app import bound, serving
from bot.slack import sockets
from bot.slack.gate import Gate
from bot.slack.sockets import SocketMode
from tests.slack.conftest import Workspace
from tests.slack_faults.counting import Counting, envelope


@dataclass
class Stranger:
    """It gives addresses and takes connections; `answers` are given for an address before a right one is."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    asked: int = 0
    open: list[web.WebSocketResponse] = field(default_factory=list)
    heard: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    there: asyncio.Event = field(default_factory=asyncio.Event)

    async def address(self, request: web.Request) -> web.Response:
        """`apps.connections.open`."""
        assert request.headers["Authorization"] == "Bearer xapp-1"
        self.asked += 1
        status, body = self.answers.pop(0) if self.answers else (200, json.dumps({"ok": True, "url": f"{self.url}/ws"}))
        return web.Response(status=status, text=body, content_type="application/json")

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """A connection that says nothing by itself."""
        made = web.WebSocketResponse()
        await made.prepare(request)
        self.open.append(made)
        self.there.set()
        async for message in made:
            assert isinstance(message, WSMessage)
            assert message.type is WSMsgType.TEXT
            self.heard.put_nowait(json.loads(message.data))
        return made

    async def send(self, id_: str, *, binary: bool) -> dict[str, Any]:
        """An envelope, and what came back."""
        body = json.dumps({"envelope_id": id_, "accepts_response_payload": False, **envelope("event")})
        await (self.open[0].send_bytes(body.encode()) if binary else self.open[0].send_str(body))
        async with asyncio.timeout(10):
            return await self.heard.get()


@pytest.fixture
async def stranger() -> AsyncIterator[Stranger]:
    """It listens on a free port."""
    made, app, listener = Stranger(), web.Application(), bound(0)
    app.add_routes([web.post("/api/apps.connections.open", made.address), web.get("/ws", made.connect)])
    made.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving(app, listener):
        yield made


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
async def test_a_connection_without_a_hello(quiet: Workspace, stranger: Stranger, binary: bool) -> None:
    """What comes by it is taken, from the first envelope on."""
    counting = Counting(quiet)
    async with counting.gate() as gate:
        mode = SocketMode(gate, "xapp-1", f"{stranger.url}/api/", connections=1)
        entering = asyncio.create_task(mode.__aenter__())
        await stranger.there.wait()
        assert await stranger.send("e1", binary=binary) == {"envelope_id": "e1"}
        await entering
        assert mode.connected == 1
        assert stranger.asked == 1
        await gate.idle()
        await mode.__aexit__()
    assert counting.runs == {"Mentioned": 1}


@pytest.mark.slow
async def test_a_connection_that_says_nothing_at_all_is_open(quiet: Workspace, stranger: Stranger) -> None:
    counting = Counting(quiet)
    async with counting.gate() as gate, SocketMode(gate, "xapp-1", f"{stranger.url}/api/", connections=1) as mode:
        assert mode.connected == 1
        assert await stranger.send("e1", binary=False) == {"envelope_id": "e1"}
        await gate.idle()
    assert counting.runs == {"Mentioned": 1}


NONSENSE = [
    (200, "<html>hello</html>"),
    (502, "bad gateway"),
    (200, "[]"),
    (200, '{"ok": true}'),
    (200, '{"ok": true, "url": 7}'),
    (200, '{"ok": true, "url": "nowhere"}'),
    (200, '{"ok": true, "url": "ws://127.0.0.1:1/"}'),
    (200, '{"ok": true, "url": "http://["}'),
    (429, ""),
]


async def test_nonsense_for_an_address_is_no_end(
    quiet: Workspace, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes instead of an address, another one is asked for; the first time and when a connection went."""
    monkeypatch.setattr(sockets, "PAUSES", (0.0,))
    counting, stranger.answers = Counting(quiet), list(NONSENSE)
    async with counting.gate() as gate, SocketMode(gate, "xapp-1", f"{stranger.url}/api/", connections=1) as mode:
        await stranger.there.wait()
        assert stranger.asked == len(NONSENSE) + 1
        assert (await stranger.send("e1", binary=False))["envelope_id"] == "e1"
        stranger.there.clear()
        stranger.answers = list(NONSENSE)
        await stranger.open.pop().close()
        await stranger.there.wait()
        assert stranger.asked == 2 * (len(NONSENSE) + 1)
        assert (await stranger.send("e2", binary=False))["envelope_id"] == "e2"
        assert mode.connected == 1
        await gate.idle()
    assert counting.runs == {"Mentioned": 1}


class Broken(Gate):
    """It fails once, in a way that nobody foresaw."""

    failed = False

    async def take(self, body: Any, headers: Any) -> Any:
        """The second time it works."""
        if not self.failed:
            self.failed = True
            raise KeyError("unforeseen")
        return await super().take(body, headers)


async def test_an_envelope_that_could_not_be_taken_is_logged_and_not_acknowledged(
    quiet: Workspace, stranger: Stranger, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Broken(quiet.store, quiet.dispatcher, team=quiet.store.team, me="broken", settle=0.0)
    async with gate, SocketMode(gate, "xapp-1", f"{stranger.url}/api/", connections=1):
        with caplog.at_level(logging.ERROR):
            await stranger.open[0].send_str(json.dumps({"envelope_id": "lost", **envelope("event")}))
            assert (await stranger.send("again", binary=False))["envelope_id"] == "again"
        assert "could not be taken" in caplog.text
        assert stranger.heard.empty()
        await gate.idle()
