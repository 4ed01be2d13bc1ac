"""A web application on an address, for as long as it is wanted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import ConfigurationError


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, setting: str = "PORT") -> AsyncIterator[None]:
    """A web application on an address; raises ConfigurationError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigurationError(f"{setting} {port} on {host} can't be listened on: {error.strerror}.") from error
    try:
        yield
    finally:
        await runner.cleanup()
