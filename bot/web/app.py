"""The web process: Slack's endpoint where signed HTTP is used, and how it is."""

import time

from aiohttp import web
from redis.exceptions import RedisError

from bot.slack.gate import Gate
from bot.store.records import Store
from bot.web.slack import SlackEndpoint


def build_web(gate: Gate, signing_secret: str | None, store: Store) -> web.Application:
    """`/healthz` (the loop turns), `/readyz` (the store answers), and `/slack/events` where there is a secret.

    A route that isn't listed here doesn't exist: everything but the two health checks is signed.
    """
    app = web.Application()
    if signing_secret:
        app.add_routes(SlackEndpoint(gate, signing_secret, time.time).routes())

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(_: web.Request) -> web.Response:
        try:
            await store.client.ping()
        except RedisError:
            return web.json_response({"ok": False, "store": "no answer"}, status=503)
        return web.json_response({"ok": True, "store": "up"})

    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    return app
