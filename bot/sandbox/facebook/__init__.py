"""Facebook's Graph API under /v26.0, as strict as the real one: versions, tokens, proofs, fields, error codes."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.facebook.access import check_version, read
from bot.sandbox.facebook.errors import GraphError
from bot.sandbox.facebook.graph import Graph
from bot.sandbox.facebook.hooks import running
from bot.sandbox.facebook.service import Facebook
from bot.sandbox.public import Public


def mount(app: web.Application, sandbox: Sandbox, public: Public, accounts: tuple[world.Account, ...]) -> Facebook:
    """Add /v{MAJOR}.{MINOR}/* to the application, and the sender of webhooks."""
    facebook = Facebook(sandbox, public, accounts)
    graph = Graph(facebook)

    async def answer(request: web.Request) -> web.StreamResponse:
        page: str | None = None
        try:
            check_version(request.match_info["version"])
            ask = await read(request, facebook.by_token)
            page = ask.page.id if ask.page else None
            body: Any = await graph.answer(ask, request.match_info["version"])
            response = web.json_response(body)
        except GraphError as error:
            response = error.response()
        response.headers.update(facebook.usage(page))
        return response

    async def hooks(app: web.Application) -> AsyncIterator[None]:
        async with running(facebook.hooks):
            yield

    app.router.add_route("*", r"/{version:v\d+\.\d+}/{path:.*}", answer)
    app.cleanup_ctx.append(hooks)
    return facebook
