"""tweepy's session: the same requests to the configured host, with time-outs, judged before tweepy sees the answer.

tweepy signs for https://api.twitter.com, whatever host is asked: that is the origin X verifies. It loses headers, and
meets a page of HTML with an exception of its own; so the answer is translated here, where everything is at hand.
"""

import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from bot.network import NetworkError, Transient
from bot.network.bodies import whole
from bot.network.once import once
from connectors.x.answers import fault, lost, note_allowance

ORIGIN = "https://api.twitter.com"
UPLOADS = "/2/media/"
LOOKUP = "/2/tweets?"

# At DEBUG both write the signed header, and with it the access token.
for _name in ("tweepy", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


@dataclass(frozen=True)
class Answer:
    """What tweepy and the connector take of a response: it was read to its end, and no further than is sensible."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""

    async def read(self) -> bytes:
        """The body."""
        return self.body


class Wire:
    """Has the two methods that tweepy wants of a session. Raises the port's errors; `secrets` never show in them."""

    def __init__(self, url: str, timeout: float, secrets: Iterable[str]) -> None:
        self._url = url.rstrip("/")
        self._secrets = sorted((secret.encode() for secret in secrets if secret), key=len, reverse=True)
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_connected)
        trace.on_connection_reuseconn.append(_connected)
        # A new connection each time: one that the other side closed while idle would leave a write's outcome unknown.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=timeout),
            trace_configs=[trace],
            middlewares=(once,),
        )

    @asynccontextmanager
    async def request(self, method: str, url: str | URL, **options: Any) -> AsyncIterator["Answer"]:
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
            body = await whole(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            name = type(problem).__name__
            error = lost(write, f"{name} after sending") if progress.connected else Transient(f"{name} before sending")
        else:
            note_allowance(path, response.headers)
            error = fault(
                response.status, response.headers, self._cleaned(body), write=write, several=path.startswith(LOOKUP)
            )
        if error is not None:
            raise error
        yield Answer(response.status, response.headers, body)

    def _cleaned(self, body: bytes) -> bytes:
        """What is quoted in errors must not repeat the keys, should X ever do so."""
        for secret in self._secrets:
            body = body.replace(secret, b"...")
        return body

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()


async def _connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    context.trace_request_ctx.connected = True
