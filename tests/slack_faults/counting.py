"""A feature that counts: one handler for each kind of payload, and a payload of each kind as Slack sends it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.domain.events import BrandChanged
from bot.errors import UserError
from bot.sandbox import world
from bot.sandbox.app import bound, serving
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.perform import Performer
from bot.slack.reply import Errors, Quiet, Reply, Say
from bot.slack.router import Router
from bot.slack.sockets import SocketMode
from bot.slack.wire import BareCommand, Mentioned, MessageShortcut, Shortcut
from bot.web.app import build_web
from tests.slack.conftest import GENERAL, NAMES, REVIEW, Workspace
from tests.slack.feature import Ask, Note, note

ANA = NAMES["ana"].rpartition(":")[2]
Json = dict[str, Any]


class Global(Shortcut, id="test.global"):
    """From the ⚡ menu."""


class OnMessage(MessageShortcut, id="test.on_message"):
    """On a message."""


@dataclass
class Counting:
    """Handlers that count and answer, and gates in front of them, each as a process of its own would have it.

    A submitted form waits while `go` is not set; it is, unless a test clears it.
    """

    slack: Workspace
    runs: Counter[str] = field(default_factory=Counter)
    router: Router = field(default_factory=Router)
    heard: int = 0
    started: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.go.set()
        kinds = (BareCommand, Mentioned, Global, OnMessage, Ask)
        for kind in kinds:
            self.router.on(kind)(self._counted(kind.__name__))
        self.router.on(Note)(self._sent)
        self.router.closed(Note)(self._closed)
        self.router.on(BrandChanged)(_nothing)

    def _counted(self, name: str) -> Callable[[Any, Call], Any]:
        async def handler(_: Any, call: Call) -> Reply:
            self.runs[name] += 1
            return Say(f"{name} {self.runs[name]}")

        return handler

    async def _sent(self, form: Note, call: Call) -> Reply:
        self.runs["Note"] += 1
        self.started.set()
        await self.go.wait()
        return Errors({"text": UserError("error.field")})

    async def _closed(self, form: Note, call: Call) -> Reply:
        self.runs["closed"] += 1
        return Quiet()

    def gate(self, **options: Any) -> Gate:
        """A gate as another process would have it."""
        slack = self.slack
        performer = Performer(slack.api, slack.store)
        dispatcher = Dispatcher(self.router, desk=slack.desk, people=slack.people, performer=performer)
        return slack.gate(dispatcher, **options)

    def listening(self, gate: Gate) -> AbstractAsyncContextManager[None]:
        """Signed HTTP; the first process has the address that was kept for it, later ones take it again."""
        slack, self.heard = self.slack, self.heard + 1
        assert slack.listening is not None
        if self.heard == 1:
            found: AbstractAsyncContextManager[None] = slack.listening(gate)
            return found
        port = int(slack.bot_url.rpartition(":")[2])
        return serving(build_web(gate, world.SIGNING_SECRET, slack.store), bound(port))

    @asynccontextmanager
    async def process(self, mode: str) -> AsyncIterator[Gate]:
        """A web process: it listens until it ends."""
        async with AsyncExitStack() as stack:
            gate = await stack.enter_async_context(self.gate())
            if mode == "socket":
                await stack.enter_async_context(SocketMode(gate, world.APP_TOKEN, f"{self.slack.url}/api/"))
            else:
                await stack.enter_async_context(self.listening(gate))
            yield gate


async def _nothing(_: BrandChanged, scene: Scene) -> Sequence[Draw]:
    return []


BASE: Json = {
    "team": {"id": world.TEAM_ID, "domain": "vocero-demo"},
    "user": {"id": ANA, "username": "ana", "team_id": world.TEAM_ID},
    "api_app_id": world.APP_ID,
}
VIEW: Json = note("b1").view | {
    "id": "V0000000001",
    "hash": "1.abc",
    "type": "modal",
    "state": {"values": {"text": {"test.note.text": {"type": "plain_text_input", "value": "hola"}}}},
}
PAYLOADS: dict[str, tuple[str, Json]] = {
    "command": (
        "BareCommand",
        {
            "command": "/vocero",
            "text": "",
            "team_id": world.TEAM_ID,
            "user_id": ANA,
            "channel_id": GENERAL,
            "api_app_id": world.APP_ID,
            "trigger_id": "1.command",
        },
    ),
    "block_actions": (
        "Ask",
        BASE
        | {
            "type": "block_actions",
            "trigger_id": "1.action",
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": REVIEW, "is_ephemeral": False},
            "channel": {"id": REVIEW, "name": "agora-review"},
            "message": {"type": "message", "ts": "1.000001", "text": "x"},
            "actions": [
                {
                    "type": "button",
                    "action_id": "test.ask",
                    "block_id": "b",
                    "value": '{"brand":"b1"}',
                    "action_ts": "1.000002",
                    "text": {"type": "plain_text", "text": "Ask"},
                }
            ],
        },
    ),
    "view_submission": ("Note", BASE | {"type": "view_submission", "trigger_id": "1.submission", "view": VIEW}),
    "view_closed": ("closed", BASE | {"type": "view_closed", "view": VIEW, "is_cleared": False}),
    "shortcut": (
        "Global",
        BASE | {"type": "shortcut", "callback_id": "test.global", "trigger_id": "1.shortcut", "action_ts": "1.000003"},
    ),
    "message_action": (
        "OnMessage",
        BASE
        | {
            "type": "message_action",
            "callback_id": "test.on_message",
            "trigger_id": "1.message",
            "action_ts": "1.000004",
            "message_ts": "1.000001",
            "channel": {"id": GENERAL, "name": "general"},
            "message": {"type": "message", "ts": "1.000001", "user": ANA, "text": "hola"},
        },
    ),
    "event": (
        "Mentioned",
        {
            "type": "event_callback",
            "team_id": world.TEAM_ID,
            "api_app_id": world.APP_ID,
            "event_id": "Ev0000000001",
            "event": {"type": "app_mention", "user": ANA, "channel": GENERAL, "ts": "1.000001", "text": "hola"},
        },
    ),
}
"""By kind: whose run it is, and the payload. Triggers are made up: what follows is said, nothing is opened."""
TYPES = {"command": "slash_commands", "event": "events_api"}


def envelope(kind: str) -> Json:
    """The payload of a kind as `/human/raw` takes it."""
    return {"type": TYPES.get(kind, "interactive"), "payload": PAYLOADS[kind][1]}
