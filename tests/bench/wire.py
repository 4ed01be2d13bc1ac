"""Slack's side of signed HTTP, as cheap as it can be: requests made by hand, and connections that stay open."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.sandbox import world
from tests.bench.table import Wrong

PATH = "/slack/events"
MEMBERS = 20
MOST_CONNECTIONS = 200
PATIENCE = 20.0
"""Seconds until an answer that doesn't come is a wrong run."""
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Request:
    """A signed request; `name` is what its handling is known by again."""

    name: str
    data: bytes


def _signed(name: str, body: bytes, type_: str) -> Request:
    stamp = str(int(time.time()))
    signature = hmac.new(world.SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {type_}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return Request(name, head.encode() + body)


def commands(stub: str) -> Iterator[Request]:
    """`/vocero help`, again and again; its answer goes to a response_url of its own at `stub`."""
    for number in _NUMBERS:
        name = f"c{number}"
        fields = {
            "token": "unused",
            "team_id": world.TEAM_ID,
            "team_domain": "bench",
            "channel_id": "C01GENERAL1",
            "channel_name": "general",
            "user_id": f"U01BENCH{number % MEMBERS:03d}",
            "user_name": "bench",
            "command": "/vocero",
            "text": "help",
            "api_app_id": world.APP_ID,
            "is_enterprise_install": "false",
            "response_url": f"{stub}/respond/{name}",
            "trigger_id": f"1.2.{name}",
        }
        yield _signed(name, urlencode(fields).encode(), "application/x-www-form-urlencoded")


def mentions() -> Iterator[Request]:
    """`@vocero hello` in a channel of its own each time, which names the answer."""
    for number in _NUMBERS:
        name = f"C01BENCH{number:07d}"
        event = {
            "type": "app_mention",
            "user": f"U01BENCH{number % MEMBERS:03d}",
            "text": f"<@{world.BOT_USER_ID}> hello",
            "ts": f"{number}.000100",
            "event_ts": f"{number}.000100",
            "channel": name,
        }
        body = {
            "token": "unused",
            "team_id": world.TEAM_ID,
            "api_app_id": world.APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev01BENCH{number}",
            "event_time": int(time.time()),
        }
        yield _signed(name, json.dumps(body).encode(), "application/json")


class Connection(asyncio.Protocol):
    """One kept-open connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._got = b""
        self._answer: asyncio.Future[int] | None = None

    @classmethod
    async def opened(cls, port: int) -> "Connection":
        """Connected to this machine."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    async def send(self, request: Request) -> None:
        """Sends and waits for a 200; raises Wrong."""
        assert self._transport is not None
        self._got, self._answer = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request.data)
        try:
            async with asyncio.timeout(PATIENCE):
                status = await self._answer
        except (TimeoutError, ConnectionError) as error:
            raise Wrong(f"no acknowledgement: {error or 'it took too long'}") from error
        if status != 200:
            raise Wrong(f"acknowledged with {status}")

    def close(self) -> None:
        """Ends it."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by asyncio; an answer is whole when its Content-Length is here."""
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if end and len(body) >= int(length or 0) and self._answer is not None and not self._answer.done():
            self._answer.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the connection broke"))


@dataclass
class Acks:
    """What was acknowledged: name, seconds it took, and when (monotonic). cpu: seconds that the other side used."""

    names: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)
    elapsed: float = 0.0
    cpu: float = 0.0

    def add(self, name: str, since: float) -> None:
        """Acknowledged now; it took the time since then."""
        now = time.perf_counter()
        self.names.append(name)
        self.took.append(now - since)
        self.at[name] = now

    def join(self, other: "Acks") -> None:
        """Another round of the same."""
        self.names += other.names
        self.took += other.took
        self.at |= other.at
        self.elapsed += other.elapsed
        self.cpu += other.cpu

    @property
    def rate(self) -> float:
        """Acknowledgements a second."""
        return len(self.took) / self.elapsed


async def hammer(port: int, requests: Iterator[Request], *, at_once: int, seconds: float = 60, most: int = 0) -> Acks:
    """So many connections, each sending its next request when the last one was acknowledged, for `seconds`, or until
    `most` were sent."""
    acks, began = Acks(), time.perf_counter()
    limited = itertools.islice(requests, most) if most else requests

    async def one() -> None:
        connection = await Connection.opened(port)
        try:
            for request in limited:
                since = time.perf_counter()
                await connection.send(request)
                acks.add(request.name, since)
                if time.perf_counter() - began > seconds:
                    return
        finally:
            connection.close()

    await asyncio.gather(*(one() for _ in range(at_once)))
    acks.elapsed = time.perf_counter() - began
    return acks


async def pace(port: int, requests: Iterator[Request], *, rate: float, seconds: float) -> Acks:
    """So many a second, whether acknowledged or not; each counts from the moment at which it was to be sent."""
    acks, idle = Acks(), [await Connection.opened(port) for _ in range(8)]
    room = asyncio.Semaphore(MOST_CONNECTIONS)

    async def one(request: Request, since: float) -> None:
        async with room:
            connection = idle.pop() if idle else await Connection.opened(port)
            await connection.send(request)
            acks.add(request.name, since)
            idle.append(connection)

    began = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                planned = began + number / rate
                await asyncio.sleep(max(planned - time.perf_counter(), 0))
                group.create_task(one(next(requests), planned))
    except* Wrong as errors:
        raise Wrong(str(errors.exceptions[0])) from errors
    acks.elapsed = time.perf_counter() - began
    for connection in idle:
        connection.close()
    return acks
