"""A network that answers wrongly at the level of bytes: it stands in front of the sandbox, or of nothing."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Crooked:
    """Listens at `url`. What fits `route` (`POST /2/tweets`, with `*`) is answered by `behaviour`, `times` times.

    after: the sandbox is asked first, so that the effect is there and only the answer is wrong. requests: method and
    path of everything that came, in order.
    """

    def __init__(self, url: str, upstream: str = "") -> None:
        self.url = url
        self.requests: list[str] = []
        self._upstream = urlsplit(upstream)
        self._route, self._times, self._after, self._skip = "", 0, False, 0
        self._behaviour: Behaviour | None = None

    def break_(
        self, behaviour: Behaviour, *, route: str = "*", times: int = 1, after: bool = False, skip: int = 0
    ) -> None:
        """Answer so from now on, once `skip` requests went well."""
        self._route, self._behaviour, self._times, self._after, self._skip = route, behaviour, times, after, skip

    def count(self, route: str) -> int:
        """How many requests fitted a route."""
        return sum(fnmatchcase(each, route) for each in self.requests)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                await self._serve(reader, writer)
                await writer.drain()
            finally:
                writer.close()
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == b"\x16":  # a client that speaks TLS
            writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return
        head, body = await _request(first, reader)
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
        name = f"{method} {target.partition('?')[0]}"
        self.requests.append(name)
        behaviour = self._next(name)
        if behaviour is None:
            writer.write(await self._ask(head, body))
            return
        if self._after:
            await self._ask(head, body)
        await behaviour(reader, writer)

    def _next(self, name: str) -> Behaviour | None:
        if self._behaviour is None or self._times < 1 or not fnmatchcase(name, self._route):
            return None
        if self._skip > 0:
            self._skip -= 1
            return None
        self._times -= 1
        return self._behaviour

    async def _ask(self, head: bytes, body: bytes) -> bytes:
        assert self._upstream.hostname, "there is nothing behind it"
        reader, writer = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        first, *lines = head.split(b"\r\n")
        kept = [line for line in lines if line and not line.lower().startswith((b"connection:", b"expect:"))]
        writer.write(b"\r\n".join([first, *kept, b"Connection: close", b"", b""]) + body)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


async def _request(first: bytes, reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of one request, as they came."""
    head = first + await reader.readuntil(b"\r\n\r\n")
    names = {line.partition(b":")[0].strip().lower(): line.partition(b":")[2].strip() for line in head.split(b"\r\n")}
    if b"content-length" in names:
        return head, await reader.readexactly(int(names[b"content-length"]))
    if b"transfer-encoding" in names:
        return head, await reader.readuntil(b"\r\n0\r\n\r\n")
    return head, b""


@asynccontextmanager
async def crooked(upstream: str = "") -> AsyncIterator[Crooked]:
    """Listening on a free port, until the end of the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    there = Crooked(f"http://127.0.0.1:{listener.getsockname()[1]}", upstream)
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(there.serve(reader, writer)))

    async with await asyncio.start_server(accept, sock=listener, limit=1 << 24):
        yield there
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


@asynccontextmanager
async def full_house() -> AsyncIterator[str]:
    """An address where connections are neither taken nor refused: its queue is full."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            one.connect(listener.getsockname())
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    for one in (*waiting, listener):
        one.close()


# --- what it answers


def answers(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, *, announced: int | None = None
) -> Behaviour:
    """A whole answer, or less of it than is announced."""
    fields = {"Content-Type": "application/json", "Content-Length": str(announced or len(body)), "Connection": "close"}
    lines = [f"{name}: {value}" for name, value in {**fields, **(headers or {})}.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} Whatever", *lines, "", ""]).encode()

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head + body)

    return behave


def resets(first: bytes = b"") -> Behaviour:
    """Cuts the connection hard, after a few bytes of an answer."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await writer.drain()
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return behave


async def closes(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hangs up politely, without a word."""
    writer.close()


async def never(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Says nothing until the other side has had enough."""
    await reader.read()


async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A drop at a time, each in time, until the other side has had enough."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await reader.read(1)
