"""As much of Slack as a handler's answer needs: it says yes, and remembers when it was asked."""

import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from aiohttp import web

from bot.sandbox import world


@dataclass(frozen=True)
class Sent:
    """A message that was posted or drawn again. at: seconds of a clock that only goes forwards."""

    channel: str
    at: float
    body: dict[str, Any]


class SlackStub:
    """Listens in the bench's own process, so that its clock is the one of the acknowledgements."""

    def __init__(self) -> None:
        self.url = ""
        self.told: list[tuple[str, float]] = []
        self.sent: list[Sent] = []
        self.asked: Counter[str] = Counter()
        self._stamps = count(1)

    def clear(self) -> None:
        """Forgets what was told."""
        self.told = []

    async def respond(self, request: web.Request) -> web.Response:
        """A response_url: the answer to one command."""
        await request.read()
        self.told.append((request.match_info["name"], time.perf_counter()))
        return web.Response(text="ok")

    async def call(self, request: web.Request) -> web.Response:
        """A Web API method."""
        self.asked[request.match_info["method"]] += 1
        match request.match_info["method"]:
            case "auth.test":
                found = {
                    "team_id": world.TEAM_ID,
                    "user_id": world.BOT_USER_ID,
                    "bot_id": world.BOT_ID,
                    "url": self.url,
                }
                return web.json_response({"ok": True, **found})
            case "users.info":
                user = request.query.get("user", "")
                person = {"id": user, "name": user.lower(), "locale": "en-US", "tz": "Europe/Madrid"}
                return web.json_response({"ok": True, "user": person})
            case "chat.postEphemeral":
                body = await request.json()
                self.told.append((body["channel"], time.perf_counter()))
                return web.json_response({"ok": True, "message_ts": "1.0"})
            case "chat.postMessage" | "chat.update":
                body = await request.json()
                self.sent.append(Sent(str(body["channel"]), time.monotonic(), body))
                ts = body.get("ts") or f"{next(self._stamps)}.000100"
                return web.json_response({"ok": True, "ts": ts, "channel": body["channel"]})
        return web.json_response({"ok": True, "ts": "1.0", "channel": {"id": "D01BENCH001"}})


@asynccontextmanager
async def listening() -> AsyncIterator[SlackStub]:
    """On a free port of this machine."""
    stub = SlackStub()
    app = web.Application()
    app.add_routes([web.post("/respond/{name}", stub.respond), web.route("*", "/api/{method}", stub.call)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield stub
    finally:
        await runner.cleanup()
