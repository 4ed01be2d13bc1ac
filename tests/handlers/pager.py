"""A receiver of the outgoing webhook, as somebody would write one: it checks the signature before it believes."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.app import bound, serving
from tests.handlers.demo import Town, view_of


@dataclass
class Pager:
    """What came, and what it answers: a status for each message, 200 when there is none left."""

    url: str
    address: str
    answers: list[int] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """`POST /alarm`."""
        self.came.append((dict(request.headers), await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def bodies(self) -> list[dict[str, Any]]:
        """The messages."""
        return [json.loads(body) for _, body in self.came]

    def genuine(self, secret: str) -> bool:
        """Whether everything that came was signed with this secret."""
        return all(_signed(secret, headers, body) for headers, body in self.came)


def _signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    signed = headers["X-Vocero-Timestamp"].encode() + b"." + body
    wanted = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, headers["X-Vocero-Signature"])


@asynccontextmanager
async def listening_pager() -> AsyncIterator[Pager]:
    """On a free port of this machine."""
    place = bound(0)
    address = f"127.0.0.1:{place.getsockname()[1]}"
    pager = Pager(f"http://{address}/alarm?token=in-the-address", address)
    app = web.Application()
    app.router.add_post("/alarm", pager.take)
    async with serving(app, place):
        yield pager


async def webhook(town: Town, pager: Pager, user: str = "admin") -> str:
    """An admin types the address, and sees the secret once."""
    answer = await town.command(user, "settings")
    message = answer["ephemeral"][-1]
    opened = await town.act("click", user=user, channel="general", ts=message["ts"], action_id="hooks.edit")
    saved = await town.submit(user, view_of(opened), "hooks.form", url=pager.url)
    shown = json.dumps(view_of(saved))
    secret = next(
        str(part["text"])
        for block in view_of(saved)["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"][0]["elements"]
    )
    assert "in-the-address" not in shown
    await town.act("close", user=user, view_id=saved["view"]["id"], all=True)
    return secret
