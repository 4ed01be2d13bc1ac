"""The outside world as one application: Slack, X, Facebook, practice, the audience, and the page that shows it.

`open_sandbox` makes what the parts share, `build` puts them together, `serve` listens on 127.0.0.1.
"""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.sandbox import human, networks
from bot.sandbox.calls import CallLog
from bot.sandbox.context import Sandbox
from bot.sandbox.faults import Faults
from bot.sandbox.slack import mount as mount_slack
from bot.sandbox.storage import open_db, rows

PAGE = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
}
HEARTBEAT = 15.0
ARRIVALS = 0.5
SHUTDOWN = 0.5


@dataclass
class Stream:
    """Server-sent events for the page: whoever calls `tell` is heard by every open page."""

    listeners: set[asyncio.Queue[str | None]] = field(default_factory=set)

    def tell(self, topic: str, key: str = "") -> None:
        """See `bot.sandbox.context.Changes`."""
        data = json.dumps({"topic": topic, "key": key})
        for queue in self.listeners:
            # A page that doesn't read fast enough loads the state anew with whatever event comes next.
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(data)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """`GET /page/stream`."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1000)
        self.listeners.add(queue)
        try:
            await response.write(b": hello\n\n")
            while True:
                try:
                    data = await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if data is None:
                    break
                await response.write(f"data: {data}\n\n".encode())
        except ConnectionResetError:
            return response  # the page was closed
        finally:
            self.listeners.discard(queue)
        return response

    async def close(self, _: web.Application) -> None:
        """End every stream, so that the server can stop at once."""
        for queue in list(self.listeners):
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)


def open_sandbox(
    data: Path,
    url: str,
    bot_url: str,
    mode: str = "socket",
    pids: Path | None = None,
    now: Callable[[], float] = time.time,
) -> Sandbox:
    """What every part shares; state lives in `data`/sandbox.db."""
    log, stream = CallLog(now), Stream()
    db = open_db(data / "sandbox.db")
    return Sandbox(db=db, now=now, calls=log, changes=stream, url=url, bot_url=bot_url, mode=mode, pids_file=pids)


def build(sandbox: Sandbox, *, with_readers: bool = True) -> web.Application:
    """Everything on one application. `sandbox.calls` and `.changes` are those that `open_sandbox` made."""
    log, stream = sandbox.calls, sandbox.changes
    assert isinstance(log, CallLog)
    assert isinstance(stream, Stream)
    app = networks.build(sandbox, log, Faults(), with_readers=with_readers).app
    workspace = mount_slack(app, sandbox)
    human.mount(app, sandbox, workspace)
    app.router.add_get("/", _file)
    app.router.add_get("/page/stream", stream.show)
    app.router.add_get("/page/{path:.+}", _file)
    app.on_shutdown.append(stream.close)
    app.cleanup_ctx.append(_announce(sandbox))
    return app


def _announce(sandbox: Sandbox) -> Callable[[web.Application], AsyncIterator[None]]:
    """Tells the page about posts and comments whose time has come."""

    async def watch() -> None:
        seen = sandbox.now()
        while True:
            await asyncio.sleep(ARRIVALS)
            now = sandbox.now()
            for found in rows(sandbox.db, "SELECT DISTINCT network FROM public WHERE at > ? AND at <= ?", seen, now):
                sandbox.changes.tell("public", found["network"])
            seen = now

    async def running(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(watch())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return running


async def _file(request: web.Request) -> web.StreamResponse:
    """A file of the page; read anew each time, so that a change shows at the next reload."""
    path = (PAGE / request.match_info.get("path", "index.html")).resolve()
    if not path.is_relative_to(PAGE.resolve()) or path.suffix not in TYPES or not path.is_file():
        return web.Response(status=404, text="not here")
    return web.Response(
        body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers={"Cache-Control": "no-store"}
    )


@contextlib.asynccontextmanager
async def serving(app: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    """The application on a socket that is already bound; open connections are closed within half a second."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()


def bound(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.setblocking(False)
    return listener
