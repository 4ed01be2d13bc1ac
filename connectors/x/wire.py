"""tweepy's session: the same requests to the configured host, with time-outs, judged before tweepy sees the answer.

tweepy signs for https://api.twitter.com, whatever host is asked: that is the origin X verifies. It loses headers, and
meets a page of HTML with an exception of its own; so the answer is translated here, where everything is at hand.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from bot.network import NetworkError, Transient
from connectors.x.answers import fault, lost

ORIGIN = "https://api.twitter.com"
UPLOADS = "/2/media/"


class Wire:
    """Has the two methods that tweepy wants of a session. Raises the port's errors; `secrets` never show in them."""

    def __init__(self, url: str, timeout: float, secrets: Iterable[str]) -> None:
        self._url = url.rstrip("/")
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_connected)
        trace.on_connection_reuseconn.append(_connected)
        # A new connection each time: one that the other side closed while idle would leave a write's outcome unknown.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=timeout),
            trace_configs=[trace],
        )

    @asynccontextmanager
    async def request(self, method: str, url: str | URL, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """One exchange; the body has been read. Nothing has left while there is no connection."""
        path = str(url).removeprefix(ORIGIN)
        write = method != "GET" and not path.startswith(UPLOADS)
        progress = SimpleNamespace(connected=False)
        error: NetworkError | None = None
        try:
            response = await self._session.request(
                method,
                # The query is part of the signature: it must leave exactly as it was signed.
                URL(self._url + path, encoded=True),
                allow_redirects=False,
                trace_request_ctx=progress,
                **options,
            )
            async with response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            name = type(problem).__name__
            error = lost(write, f"{name} after sending") if progress.connected else Transient(f"{name} before sending")
        else:
            error = fault(response.status, response.headers, body, write=write)
        if error is not None:
            raise self._cleaned(error)
        yield response

    def _cleaned(self, error: NetworkError) -> NetworkError:
        for secret in self._secrets:
            error.detail = error.detail.replace(secret, "…")
        error.args = (error.detail,)
        return error

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()


async def _connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.connected = True
