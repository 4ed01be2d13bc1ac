"""The web process: Slack's endpoint over signed HTTP, networks' webhooks, pages for people outside, and how it is."""

import time
from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from bot.slack.gate import Gate
from bot.store.records import Store
from bot.web.health import Health
from bot.web.leaving import Leaving
from bot.web.slack import SlackEndpoint
from bot.web.webhooks import Webhooks


class Pages(Protocol):
    """What people outside Slack see: calendars, the client's page."""

    def routes(self) -> list[web.RouteDef]:
        """For an aiohttp application."""


def build_web(
    gate: Gate,
    signing_secret: str | None,
    store: Store,
    leaving: Leaving | None = None,
    health: Health | None = None,
    webhooks: Webhooks | None = None,
    pages: Sequence[Pages] = (),
) -> web.Application:
    """`/healthz`, `/readyz` (see `Health`), and `/slack/events` where there is a secret.

    A route that isn't listed here doesn't exist: everything but the two health checks is signed, or shows its token.
    """
    leaving = leaving or Leaving()
    app = web.Application(middlewares=[leaving.middleware])
    if signing_secret:
        app.add_routes(SlackEndpoint(gate, signing_secret, time.time).routes())
    if webhooks is not None:
        app.add_routes(webhooks.routes())
    for each in pages:
        app.add_routes(each.routes())
    app.add_routes((health or Health(store, leaving=leaving)).routes())
    return app
