"""The web process: Slack's endpoint where signed HTTP is used, and how it is."""

import time

from aiohttp import web

from bot.slack.gate import Gate
from bot.store.records import Store
from bot.web.health import Health
from bot.web.leaving import Leaving
from bot.web.slack import SlackEndpoint


def build_web(
    gate: Gate,
    signing_secret: str | None,
    store: Store,
    leaving: Leaving | None = None,
    health: Health | None = None,
) -> web.Application:
    """`/healthz`, `/readyz` (see `Health`), and `/slack/events` where there is a secret.

    A route that isn't listed here doesn't exist: everything but the two health checks is signed.
    """
    leaving = leaving or Leaving()
    app = web.Application(middlewares=[leaving.middleware])
    if signing_secret:
        app.add_routes(SlackEndpoint(gate, signing_secret, time.time).routes())
    app.add_routes((health or Health(store, leaving=leaving)).routes())
    return app
