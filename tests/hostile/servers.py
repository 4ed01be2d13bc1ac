"""A server that answers byte for byte what a test wants, well-formed or not, and a name server that lies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.network.fetching import Fetcher

HOME = "127.0.0.1"
"""Stands for a public address: it is on the list of those that may be opened."""
OTHER = "127.0.0.2"
"""This machine too, and on no list."""

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Raw:
    """Where it listens, and the requests it got: their first line and headers, then the body."""

    address: str
    port: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.split(b" ", 2)[1].decode("latin-1") for request in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
            self.asked.append(head + await reader.readexactly(int(length.partition(b":")[2])))
            answer = self.answers.get(self.paths[-1], plain(b"", status=b"404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the other side went away, as it should
        finally:
            writer.close()


def plain(body: bytes, *headers: bytes, status: bytes = b"200 OK", kind: bytes = b"text/html") -> bytes:
    """A whole answer."""
    lines = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*lines, b"", body])


def moved(where: str, status: bytes = b"302 Found") -> bytes:
    """A redirect."""
    return plain(b"", b"Location: " + where.encode(), status=status)


@asynccontextmanager
async def raw_server(
    answers: Mapping[str, Answer], address: str = "127.0.0.1", port: int = 0, **more: object
) -> AsyncIterator[Raw]:
    """Listening until left; connections that still wait are cut."""
    raw = Raw(address, answers=answers)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(task := asyncio.create_task(raw.serve(reader, writer)))
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, address, port, **more)  # type: ignore[arg-type]
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@dataclass
class Names:
    """A name server that answers from lists, the last one for ever; it remembers what it was asked."""

    answers: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        known = self.answers.get(host)
        if not known:
            raise OSError("no such name")
        return known.pop(0) if len(known) > 1 else known[0]


@dataclass
class Web:
    """One server, the names that lead to it, and a fetcher that may open it."""

    server: Raw
    names: Names
    fetcher: Fetcher

    def url(self, path: str = "/", host: str = "site.example.com") -> str:
        """An address on the server."""
        return f"http://{host}:{self.server.port}{path}"


@asynccontextmanager
async def web(answers: dict[str, Answer], **names: Sequence[Sequence[str]]) -> AsyncIterator[Web]:
    """`names` are hosts with _ for a dot."""
    async with raw_server(answers) as server:
        known = {"site.example.com": [[HOME]]} | {n.replace("_", "."): list(a) for n, a in names.items()}
        found = Names({name: [list(each) for each in each_list] for name, each_list in known.items()})
        yield Web(server, found, Fetcher(resolve=found, allow={f"{HOME}:{server.port}"}))
