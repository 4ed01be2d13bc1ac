"""Several web processes behind one address, each getting every other request, as a balancer hands them out."""

import itertools
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import ClientSession, web

from bot.sandbox.app import bound, serving


@asynccontextmanager
async def balanced(apps: Sequence[web.Application], listener: socket.socket) -> AsyncIterator[None]:
    """The applications on a socket that is already bound; a single one stands there itself."""
    async with AsyncExitStack() as stack:
        if len(apps) == 1:
            await stack.enter_async_context(serving(apps[0], listener))
            yield
            return
        session = await stack.enter_async_context(ClientSession())
        urls = []
        for app in apps:
            own = bound(0)
            urls.append(f"http://127.0.0.1:{own.getsockname()[1]}")
            await stack.enter_async_context(serving(app, own))
        turns = itertools.cycle(urls)

        async def forward(request: web.Request) -> web.Response:
            headers = {name: value for name, value in request.headers.items() if name not in {"Host", "Content-Length"}}
            url = next(turns) + request.path_qs
            async with session.request(request.method, url, data=await request.read(), headers=headers) as answer:
                kept = {name: answer.headers[name] for name in ("Content-Type",) if name in answer.headers}
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)

        front = web.Application()
        front.router.add_route("*", "/{path:.*}", forward)
        await stack.enter_async_context(serving(front, listener))
        yield
