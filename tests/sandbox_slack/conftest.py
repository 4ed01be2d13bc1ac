"""A sandbox on a free port, a small Bolt app connected to it, and a person's hands."""

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import human, world
from bot.sandbox.context import Sandbox
from bot.sandbox.slack import Workspace, mount
from bot.sandbox.storage import open_db
from tests.fidelity.slack_errors import Refusals


class Clock:
    """The real time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass
class Kept:
    """The call log and the page, as lists."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, topic: str, key: str = "") -> None:
        self.told.append((topic, key))

    def record(
        self, target: str, method: str | None, http: str, path: str, args: dict[str, object], status: int
    ) -> None:
        raise AssertionError("the workspace leaves the log to the middleware")


@dataclass
class Place:
    """A running sandbox. `act` and `read` are a person's requests; `bot` is a client with the bot's token."""

    sandbox: Sandbox
    workspace: Workspace
    clock: Clock
    kept: Kept
    session: aiohttp.ClientSession
    runner: web.AppRunner

    @property
    def url(self) -> str:
        return self.sandbox.url

    @property
    def bot(self) -> AsyncWebClient:
        return self.client(world.BOT_TOKEN)

    def client(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=f"{self.url}/api/")

    async def act(self, name: str, /, **fields: Any) -> Any:
        async with self.session.post(f"{self.url}/human/{name}", json=fields) as answer:
            return {"status": answer.status, **(await answer.json())}

    async def read(self, name: str, /, **query: str) -> Any:
        async with self.session.get(f"{self.url}/human/{name}", params=query) as answer:
            return {"status": answer.status, **(await answer.json())}

    async def messages(self, channel: str = "#general") -> list[Any]:
        listed = await self.read("messages", channel=channel)
        found: list[Any] = listed["messages"]
        return found

    async def call(self, method: str, /, **args: Any) -> Any:
        """A Web API call without a client's opinions; gives the body."""
        headers = {"Authorization": f"Bearer {world.BOT_TOKEN}"}
        async with self.session.post(f"{self.url}/api/{method}", json=args, headers=headers) as answer:
            return await answer.json()


async def until(condition: Callable[[], object]) -> None:
    """Waits for something that other tasks bring about."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 (any condition, not one event)
            await asyncio.sleep(0.005)


@dataclass
class Starter:
    """Opens sandboxes and closes them at the end of the test."""

    folder: Path
    places: list[Place] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)

    async def __call__(
        self, *, mode: str = "socket", bot_url: str = "http://127.0.0.1:1", clock: Clock | None = None, **options: Any
    ) -> Place:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        clock, kept = clock or Clock(), Kept()
        db: sqlite3.Connection = open_db(self.folder / "sandbox.db")
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        sandbox = Sandbox(db=db, now=clock, calls=kept, changes=kept, url=url, bot_url=bot_url, mode=mode)
        sandbox.extra.update(options.pop("extra", {}))
        app = web.Application(client_max_size=50_000_000, middlewares=[self.refusals.middleware])
        workspace = mount(app, sandbox, **{"limits": False, **options})
        human.mount(app, sandbox, workspace)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        place = Place(sandbox, workspace, clock, kept, aiohttp.ClientSession(), runner)
        self.places.append(place)
        return place

    async def stop(self, place: Place) -> None:
        self.places.remove(place)
        await place.session.close()
        await place.runner.cleanup()
        place.sandbox.db.close()


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Starter]:
    starter = Starter(tmp_path)
    yield starter
    for place in list(starter.places):
        await starter.stop(place)
    assert starter.refusals.unlisted() == []


@pytest.fixture
async def place(start: Starter) -> Place:
    """A sandbox in Socket Mode without a bot."""
    return await start()


@dataclass
class Bot:
    """A Bolt app with nothing but what the test registers; it remembers every event and press."""

    app: AsyncApp
    heard: list[Any] = field(default_factory=list)

    def events(self, kind: str) -> list[Any]:
        return [one["event"] for one in self.heard if one.get("event", {}).get("type") == kind]


Connect = Callable[[Place], Awaitable[Bot]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connects a Bolt app to a place through its real Socket Mode handler."""
    handlers: list[AsyncSocketModeHandler] = []

    async def connected(place: Place) -> Bot:
        app = AsyncApp(
            token=world.BOT_TOKEN,
            client=place.bot,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
        )
        bot = Bot(app)

        async def remember(body: Any, next_: Any) -> None:
            bot.heard.append(body)
            await next_()

        app.middleware(remember)
        handler = AsyncSocketModeHandler(
            app, world.APP_TOKEN, web_client=place.client(world.APP_TOKEN), ping_interval=30
        )
        handlers.append(handler)
        before = len(place.workspace.sockets.open)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await until(lambda: len(place.workspace.sockets.open) > before)
        return bot

    yield connected
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
async def bot(place: Place, connect: Connect) -> Bot:
    return await connect(place)


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, text: str = "Press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def field_of(action_id: str, element: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An input block; a line of text unless said otherwise."""
    inner = element or {"type": "plain_text_input"}
    return {
        "type": "input",
        "block_id": f"b_{action_id}",
        "label": plain(action_id),
        "element": {**inner, "action_id": action_id},
        **more,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("A form"),
        "submit": plain("Send"),
        "callback_id": "form",
        "blocks": list(blocks),
        **more,
    }
