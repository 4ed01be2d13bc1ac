"""A Slack workspace that behaves like the real one: Web API, Socket Mode or signed HTTP, files, response URLs."""

from collections.abc import Sequence

from aiohttp import web

from bot.sandbox.context import Sandbox
from bot.sandbox.slack import files, response_urls, sockets
from bot.sandbox.slack.api.door import Api
from bot.sandbox.slack.hooks import Hooks
from bot.sandbox.slack.workspace import Workspace

__all__ = ["Workspace", "mount"]


def mount(
    app: web.Application,
    sandbox: Sandbox,
    *,
    limits: bool = True,
    ack_seconds: float = 3.0,
    retry_after: Sequence[float] = (0.0, 60.0, 300.0),
) -> Workspace:
    """Adds `/api/*`, `/files/*`, `/response/*`, `/archives/*` (permalinks) and `/link` to the app.

    limits: whether rate limits apply. ack_seconds: how long the app may take to ack. retry_after: seconds before
    each retry of an event. `sandbox.extra` may hold `slack_events` and `slack_scopes` (frozensets of the names that
    the app's manifest asks for; without them everything is delivered and allowed) and `slack_shortcuts` (a list of
    `{callback_id, type, name}` for the page). The app should be made with a
    `client_max_size` that lets pictures through.
    """
    workspace = Workspace(sandbox, limits=limits, ack_seconds=ack_seconds, retry_after=retry_after)
    api, hooks = Api(workspace), Hooks(workspace)
    app.router.add_route("*", "/api/{method}", api.handle)
    app.router.add_post(response_urls.PATH + "/{kind}/{team}/{key}", hooks.respond)
    app.router.add_post(files.UPLOAD + "/{ticket}", hooks.upload)
    app.router.add_get(files.PRIVATE + "/{name}/{rest:.+}", hooks.private)
    app.router.add_get("/archives/{channel}/{message}", hooks.permalink)
    app.router.add_get(sockets.PATH + "/", workspace.sockets.connect)

    async def end(_: web.Application) -> None:
        await workspace.close()

    app.on_shutdown.append(end)
    return workspace
