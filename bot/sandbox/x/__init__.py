"""X's API v2 at the host's root, as strict as the real one: signatures, lengths, limits, prices, refusals."""

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.public import Public
from bot.sandbox.x.media import Uploads
from bot.sandbox.x.messages import Messages
from bot.sandbox.x.posts import Posts
from bot.sandbox.x.problems import plain
from bot.sandbox.x.search import Search
from bot.sandbox.x.service import X
from bot.sandbox.x.timelines import Timelines


def mount(app: web.Application, sandbox: Sandbox, public: Public, accounts: tuple[world.Account, ...]) -> X:
    """Add /2/* to the application."""
    x = X(sandbox, public, accounts)
    app.router.add_post("/2/oauth2/token", x.auth.token)
    for part in (Search(x), Posts(x), Timelines(x), Uploads(x), Messages(x)):
        part.mount(app)
    app.router.add_route("*", "/2/{path:.*}", _unknown)
    return x


async def _unknown(request: web.Request) -> web.StreamResponse:
    return plain(404, "Not Found").response()
