"""A stand-in for the sandbox: serves the page with sample data and keeps what the page sends."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import world
from tests.browser import samples

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
Json = dict[str, Any]


@dataclass
class Fixture:
    """What it serves and what it was told. `sent` holds (path, body) of every POST, oldest first."""

    url: str = ""
    messages: dict[str, list[Json]] = field(default_factory=dict)
    views: dict[str, list[Json]] = field(default_factory=dict)
    posts: dict[str, Json] = field(default_factory=dict)
    sent: list[tuple[str, Json]] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)
    homes: int = 0
    listeners: set[asyncio.Queue[str]] = field(default_factory=set)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, topic: str, key: str = "") -> None:
        """As the sandbox's stream does."""
        for queue in self.listeners:
            queue.put_nowait(json.dumps({"topic": topic, "key": key}))

    async def told(self, path: str) -> Json:
        """The newest body posted to a path; waits for the first one."""
        async with asyncio.timeout(10):
            while not any(each == path for each, _ in self.sent):
                self.arrived.clear()
                await self.arrived.wait()
        return next(body for each, body in reversed(self.sent) if each == path)

    async def state(self, _: web.Request) -> web.Response:
        """`/human/state`."""
        users = [
            {
                "id": user.id,
                "name": user.name,
                "real_name": user.real_name,
                "locale": user.locale,
                "tz": user.zone,
                "dm": f"D{user.id}",
            }
            for user in world.USERS
        ]
        channels = [{"id": channel.id, "name": channel.name, "is_archived": False} for channel in world.CHANNELS]
        accounts = [
            {"id": one.id, "network": one.network, "handle": one.handle, "name": one.name, "brand": one.brand}
            for one in world.ACCOUNTS
        ]
        return web.json_response(
            {
                "ready": True,
                "team": {"name": world.TEAM_NAME},
                "users": users,
                "channels": channels,
                "accounts": accounts,
                "shortcuts": samples.SHORTCUTS,
            }
        )

    async def listed(self, request: web.Request) -> web.Response:
        """`/human/messages`, without what others alone may read."""
        reader = next(user.id for user in world.USERS if user.name == request.query["user"])
        listed = self.messages.get(request.query["channel"], [])
        seen = [each for each in listed if each.get("ephemeral", {}).get("user", reader) == reader]
        return web.json_response({"messages": seen})

    async def home(self, request: web.Request) -> web.Response:
        """`/human/home`; reading it again with `peek` opens nothing."""
        self.homes += "peek" not in request.query
        return web.json_response({"ok": True, "ack_ms": 3, "view": samples.HOME})

    async def opened(self, request: web.Request) -> web.Response:
        """`/human/views`."""
        return web.json_response({"views": self.views.get(request.query["user"], [])})

    async def act(self, request: web.Request) -> web.Response:
        """Any POST: kept, then answered with what the test prepared."""
        body = await request.json()
        path = request.path
        self.sent.append((path, body))
        self.arrived.set()
        user = body.get("user", "")
        if path == "/human/command":
            self.views[user] = [samples.FORM]
            self.tell("views", user)
        elif path == "/human/close":
            self.views[user] = [] if body.get("all") else self.views.get(user, [])[:-1]
        elif path == "/human/message":
            mine = next(each.id for each in world.USERS if each.name == user)
            self.messages.setdefault(body["channel"], []).append(
                {
                    "ts": f"{time.time():.6f}",
                    "user": mine,
                    "text": body["text"],
                    "blocks": [],
                    **({"thread_ts": body["thread_ts"]} if "thread_ts" in body else {}),
                }
            )
            self.tell("messages", body["channel"])
        elif path == "/audience/comment":
            self._comment(body)
        return web.json_response(
            self.answers.get(path, {"ok": True, "ack_ms": 4, "response": None, "view": None, "ephemeral": []})
        )

    def _comment(self, body: Json) -> None:
        said = {
            "id": f"c{len(self.sent)}", "author": body["author"], "by_account": False, "text": body["text"],
            "media": [], "at": time.time(), "hidden": False, "replies": [],
        }  # fmt: skip
        timeline = self.posts.setdefault(body["account"], {"posts": [], "mentions": []})
        for post in timeline["posts"]:
            if post["id"] == body.get("post"):
                post["replies"].append(said)
        if "post" not in body:
            timeline["mentions"].insert(0, {**said, "permalink": "/"})

    async def timeline(self, request: web.Request) -> web.Response:
        """`/audience/posts`."""
        return web.json_response(self.posts.get(request.query["account"], {"posts": [], "mentions": []}))

    async def private(self, _: web.Request) -> web.Response:
        """`/audience/private`."""
        return web.json_response({"messages": []})

    async def image(self, _: web.Request) -> web.Response:
        """Any file."""
        return web.Response(body=samples.picture(), content_type="image/png")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`/page/stream`."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        self.listeners.add(queue)
        try:
            await response.write(b": hello\n\n")
            while True:
                await response.write(f"data: {await queue.get()}\n\n".encode())
        except ConnectionResetError:
            return response
        finally:
            self.listeners.discard(queue)

    async def file(self, request: web.Request) -> web.Response:
        """The page itself."""
        path = PAGE / request.match_info.get("path", "index.html")
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8")


@contextlib.asynccontextmanager
async def fixture_server() -> AsyncIterator[Fixture]:
    """Serves the gallery on a free port of 127.0.0.1."""
    now = time.time()
    fixture = Fixture(messages=samples.messages(now), posts=samples.posts(now))
    app = web.Application(client_max_size=2**25)
    get = app.router.add_get
    get("/", fixture.file)
    get("/page/stream", fixture.stream)
    get("/page/{path:.+}", fixture.file)
    get("/human/state", fixture.state)
    get("/human/messages", fixture.listed)
    get("/human/home", fixture.home)
    get("/human/views", fixture.opened)
    get("/audience/posts", fixture.timeline)
    get("/audience/private", fixture.private)
    get("/human/files/{id}", fixture.image)
    get("/audience/media/{id}", fixture.image)
    app.router.add_post("/{path:.+}", fixture.act)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fixture.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fixture
    finally:
        await runner.cleanup()
