"""The one way to open an address that a person typed: checked, pinned to the address that was checked, and bounded.

    FetchError
    ├── AddressRefused      we don't open such an address; nothing was sent
    │   └── NotPublic       it leads into a private network
    ├── Unreachable         no answer now: perhaps later
    │   └── TooSlow         not within the time given
    └── AnswerRefused       an answer that we don't take: too large, of another type, broken, redirects without end

A name is resolved once, by us; every address it has must be public; the connection goes to one of those and to no
other, so a second answer of the name server has no effect. A redirect is a new address, checked like the first.
Networks' own APIs are not opened this way: their addresses are the operator's, and fixed.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.network.addresses import (
    AddressRefused,
    FetchError,
    IPAddress,
    NotPublic,
    literal,
    parsed,
    public,
    written,
)
from bot.network.bodies import AnswerRefused, body_of

__all__ = ["AddressRefused", "AnswerRefused", "FetchError", "Fetched", "Fetcher", "NotPublic", "TooSlow", "Unreachable"]

PORTS = frozenset({80, 443})
REDIRECTS = 3
MOST = 2_000_000
"""Bytes that are taken at the most, after decompression as well as before."""
SECONDS = 10.0
"""For everything together: names, connections, redirects, the body."""
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
FEEDS = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/feed+json"}
)
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_MOVED = frozenset({301, 302, 303, 307, 308})
_HEADER = 8190  # bytes of a header field, and of the status line
_HEADERS = 64

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host name and a port to its IP addresses; raises OSError where there are none."""


class Unreachable(FetchError):
    """Nobody answers there now."""


class TooSlow(Unreachable):
    """The time is over."""


@dataclass(frozen=True)
class Fetched:
    """What came back: `url` after redirects, `type` the media type in small letters, `content` decompressed.

    Without content for HEAD, for POST and for any status but 2xx.
    """

    url: str
    status: int
    type: str = ""
    content: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


async def by_system(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine finds for a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Fetcher:
    """Opens addresses that people typed.

    allow: `127.0.0.1:8400`, addresses with their port that are opened although they aren't public; given by the
    composition root for the demo's outside world, and by tests. resolve: who finds the addresses of a name.
    """

    def __init__(self, *, resolve: Resolve = by_system, allow: Collection[str] = ()) -> None:
        self._resolve = resolve
        self._allow = parsed(allow)

    async def fetch(
        self,
        url: str,
        *,
        method: Literal["GET", "HEAD", "POST"] = "GET",
        types: Collection[str] = PAGES,
        most: int = MOST,
        seconds: float = SECONDS,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Opens an address. Raises FetchError.

        types: media types that are taken of a GET. body is for a POST, headers for a POST or a GET; neither then
        follows a redirect: what is signed for one receiver is handed to no other.
        """
        if (method != "POST" and body) or (method == "HEAD" and headers):
            raise ValueError("only a POST carries a body, and a HEAD no headers of its own")
        try:
            async with asyncio.timeout(seconds):
                return await self._followed(url, method, types, most, body, headers or {})
        except TimeoutError as error:
            raise TooSlow(f"no whole answer within {seconds:g} seconds") from error

    async def _followed(
        self, text: str, method: str, types: Collection[str], most: int, body: bytes, headers: Mapping[str, str]
    ) -> Fetched:
        url = written(text)
        for _ in range(REDIRECTS + 1):
            async with self._asked(url, method, body, headers) as answer:
                moved = answer.headers.get("Location") if answer.status in _MOVED else None
                if moved is None or method == "POST" or headers:
                    return await _taken(url, answer, method, types, most)
            url = _next(url, moved)
        raise AnswerRefused(f"more than {REDIRECTS} redirects")

    @asynccontextmanager
    async def _asked(
        self, url: URL, method: str, body: bytes, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request to one checked address; its connection is used for nothing else."""
        addresses = await self._checked(url)
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(addresses), use_dns_cache=False, force_close=True, socket_factory=_only(addresses)
        )
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=_HEADER,
            max_field_size=_HEADER,
            max_headers=_HEADERS,
            timeout=aiohttp.ClientTimeout(total=None),  # the whole has its own
        ) as session:
            sent = {"User-Agent": "Vocero", "Accept-Encoding": "gzip, deflate", **headers}
            try:
                async with session.request(
                    method, url, data=body or None, headers=sent, allow_redirects=False
                ) as answer:
                    yield answer
            except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError) as error:
                raise AnswerRefused(f"{url.host} answers what is no HTTP") from error
            except (aiohttp.ClientError, OSError) as error:
                raise Unreachable(f"{url.host} can't be reached: {type(error).__name__}") from error

    async def _checked(self, url: URL) -> Sequence[IPAddress]:
        """Where a name leads, each address good to be opened."""
        host, port = url.raw_host or "", url.port or 0
        if port not in PORTS and port not in {each for _, each in self._allow}:
            raise AddressRefused(f"port {port} is not opened")
        fixed = literal(url)
        try:
            found = [fixed] if fixed is not None else [ip_address(each) for each in await self._resolve(host, port)]
        except (OSError, ValueError, UnicodeError) as error:
            raise Unreachable(f"{host} has no address") from error
        if not found:
            raise Unreachable(f"{host} has no address")
        for address in found:
            if (address, port) not in self._allow and not (public(address) and port in PORTS):
                raise NotPublic(f"{host} leads into a private network")
        return found


class _Pinned(AbstractResolver):
    """Knows nothing but the addresses that were checked."""

    def __init__(self, addresses: Sequence[IPAddress]) -> None:
        self._addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        """Those."""
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=_family(address),
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""


def _family(address: IPAddress) -> socket.AddressFamily:
    return socket.AF_INET if address.version == 4 else socket.AF_INET6


def _only(addresses: Sequence[IPAddress]) -> Callable[[Any], socket.socket]:
    """The last place before a connection: whatever read the address before, no socket is made for another one."""

    def made(info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, where = info
        if ip_address(where[0]) not in addresses:
            raise OSError("an address that was not checked")
        made_now = socket.socket(family, kind, protocol)
        made_now.setblocking(False)
        return made_now

    return made


def _next(url: URL, moved: str) -> URL:
    """Where a redirect leads, read as strictly as what a person types."""
    try:
        following = url.join(URL(moved.strip()))
    except (ValueError, UnicodeError) as error:
        raise AddressRefused("redirected to no address of the web") from error
    if "\\" in moved:  # browsers and servers disagree about what that means
        raise AddressRefused("redirected to an address with backslashes")
    return written(str(following))


async def _taken(url: URL, answer: aiohttp.ClientResponse, method: str, types: Collection[str], most: int) -> Fetched:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    fetched = Fetched(url=str(url), status=answer.status, type=kind, headers=headers)
    if method != "GET" or not 200 <= answer.status < 300:
        return fetched
    if kind not in types:
        raise AnswerRefused(f"{url.host} answers with another type of content")
    if (answer.content_length or 0) > most:
        raise AnswerRefused(f"{url.host} answers with more than {most} bytes")
    content = await body_of(answer, most, str(url.host))
    return Fetched(url=str(url), status=answer.status, type=kind, content=content, headers=headers)
