"""Webhooks of a page: the handshake, the signature, the shapes, retries."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import world
from bot.sandbox.facebook.access import APP_TOKEN
from tests.sandbox_networks.conftest import AGORA_FB, Clock, World, running
from tests.sandbox_networks.graph_clients import graph
from tests.sandbox_networks.listening import bound

PAGE = AGORA_FB.id


@dataclass
class Bot:
    """Takes webhooks; answers with `status`."""

    url: str
    status: int = 200
    got: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def receive(self, request: web.Request) -> web.Response:
        """One delivery, its signature checked over the raw body."""
        body = await request.read()
        right = hmac.new(world.FACEBOOK_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert request.headers["X-Hub-Signature-256"] == f"sha256={right}"
        await self.got.put(json.loads(body))
        return web.Response(status=self.status)

    async def agree(self, request: web.Request) -> web.Response:
        """The handshake."""
        good = request.query["hub.verify_token"] == "v" and request.query["hub.mode"] == "subscribe"
        return web.Response(text=request.query["hub.challenge"] if good else "no")


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A bot that listens."""
    listener = bound()
    one = Bot(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = web.Application()
    app.router.add_post("/webhooks/facebook", one.receive)
    app.router.add_get("/webhooks/facebook", one.agree)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    yield one
    await runner.cleanup()


@pytest.fixture
async def there(tmp_path: Path, bot: Bot) -> AsyncIterator[World]:
    """The outside world, which knows the bot."""
    async with running(tmp_path, Clock(), bot.url) as one:
        yield one


async def changes(bot: Bot) -> list[dict[str, Any]]:
    """The next delivery's changes."""
    body = await asyncio.wait_for(bot.got.get(), 10)
    assert body["object"] == "page"
    (entry,) = body["entry"]
    assert entry["id"] == PAGE
    return list(entry["changes"])


async def test_a_comment_is_told(there: World, bot: Bot) -> None:
    """Nothing before the subscription; then post, comment, reply, edit and removal."""
    _, post = await graph(there, "POST", f"{PAGE}/feed", message="Callado")
    assert (await graph(there, "GET", f"{PAGE}/subscribed_apps"))[1] == {"data": []}
    await graph(there, "POST", f"{PAGE}/subscribed_apps", subscribed_fields="feed,mention")
    comment = await there.comment(PAGE, "Hola", post=post["id"])
    (one,) = await changes(bot)
    assert one["field"] == "feed"
    value = one["value"]
    assert (value["item"], value["verb"], value["comment_id"]) == ("comment", "add", comment)
    assert (value["parent_id"], value["post_id"], value["message"]) == (post["id"], post["id"], "Hola")
    assert value["from"]["name"] == "Lucía Ferrer"
    assert isinstance(value["created_time"], int)
    await graph(there, "POST", f"{comment}/comments", message="Buenas")
    (one,) = await changes(bot)
    assert (one["value"]["from"]["id"], one["value"]["parent_id"]) == (PAGE, comment)
    await there.ask("POST", "/audience/delete", json={"account": PAGE, "id": comment})
    assert (await changes(bot))[0]["value"]["verb"] == "remove"
    await there.comment(PAGE, "Qué bien en Café Ágora")
    assert (await changes(bot))[0]["field"] == "mention"


async def test_not_taken_is_sent_again(there: World, bot: Bot) -> None:
    """After a second, as the same change."""
    await graph(there, "POST", f"{PAGE}/subscribed_apps", subscribed_fields="feed")
    bot.status = 500
    await graph(there, "POST", f"{PAGE}/feed", message="Hola")
    first = await changes(bot)
    bot.status = 200
    there.clock.ahead = 2
    assert await changes(bot) == first


async def test_the_handshake(there: World, bot: Bot) -> None:
    """A callback that repeats the challenge is taken."""
    params = {
        "object": "page",
        "callback_url": bot.url + "/webhooks/facebook",
        "fields": "feed",
        "verify_token": "v",
    }
    path = f"{world.FACEBOOK_APP_ID}/subscriptions"
    assert (await graph(there, "POST", path, token=APP_TOKEN, **params))[1] == {"success": True}
    status, _ = await graph(there, "POST", path, token=APP_TOKEN, **{**params, "verify_token": "w"})
    assert status == 400
