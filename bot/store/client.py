"""The one client of the store: whatever keeps it from answering is `NoAnswer`, which says what to mend.

Commands that only read are asked again for a moment, because a store that was killed is back within seconds. What
writes is never repeated here: after a broken connection only the caller knows whether twice is right.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar

import redis.asyncio
from redis.asyncio.client import Pipeline
from redis.asyncio.connection import AbstractConnection
from redis.commands.core import AsyncScript
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    ExecAbortError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StoreUnavailable
from bot.store.connections import CANCELLABLE, one_patience

T = TypeVar("T")

ANSWER = 5.0
"""Seconds that the store may take for one answer; longer than any of our blocking reads."""
ROOM = 20.0
"""Seconds that a caller waits for one of the connections."""
READS_AGAIN = 3.0
"""Seconds for which a read is asked again."""
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Seconds between two attempts; the last one again and again."""

_READS = frozenset(
    {"EXISTS", "GET", "HGET", "HGETALL", "HMGET", "MGET", "TIME", "XLEN", "XRANGE", "ZCARD", "ZRANGE", "ZRANGEBYSCORE"}
)


class Cause(StrEnum):
    """Why the store doesn't do what it is asked; each has its sentence, `store.trouble.<cause>`."""

    GONE = "gone"  # nobody listens
    SILENT = "silent"  # somebody listens and doesn't answer, or the connection broke
    LOADING = "loading"
    BUSY = "busy"  # one script keeps everybody waiting
    MEMORY = "memory"
    DISK = "disk"
    REPLICA = "replica"
    PASSWORD = "password"  # noqa: S105 - a word, no password
    FORBIDDEN = "forbidden"
    OTHER = "other"


class NoAnswer(StoreUnavailable, RedisError):
    """The store did not do it (`sent` False), or nobody knows (`sent` True); `cause` says why."""

    def __init__(self, text: str, cause: Cause, *, sent: bool) -> None:
        super().__init__(text)
        self.cause = cause
        self.sent = sent


_AT_START = {
    Cause.PASSWORD: "REDIS_URL has a wrong user or password (it may have been changed): put the present one there.",
    Cause.FORBIDDEN: "The user in REDIS_URL isn't permitted to do what Vocero does: give it all commands on all keys.",
    Cause.REPLICA: "REDIS_URL leads to a replica, which can't be written: use the primary's address.",
    Cause.LOADING: "The store is still loading its data: start Vocero again in a moment.",
    Cause.BUSY: "The store is kept busy by one script: end it with SCRIPT KILL, then start Vocero again.",
    Cause.MEMORY: "The store's memory is full: raise maxmemory, then start Vocero again.",
    Cause.DISK: "The store can't write to its disk: make room there, then start Vocero again.",
}


def unanswered(error: NoAnswer) -> str:
    """What to do when the store doesn't answer at the start, in a sentence without addresses or secrets."""
    return _AT_START.get(error.cause, "The store doesn't answer: check REDIS_URL, and that the store runs.")


_BY_CLASS: tuple[tuple[type[RedisError], Cause], ...] = (
    (AuthenticationError, Cause.PASSWORD),
    (BusyLoadingError, Cause.LOADING),
    (NoPermissionError, Cause.FORBIDDEN),
    (OutOfMemoryError, Cause.MEMORY),
    (ReadOnlyError, Cause.REPLICA),
    (ClusterDownError, Cause.GONE),
    (TryAgainError, Cause.LOADING),
)
_SAID = re.compile(r"^Command # \d+ \(.*\) of pipeline caused error: \(?['\"]?", re.DOTALL)
"""What redis-py puts before an answer within a pipeline: the whole command, which has no place in a log."""
_BY_WORD = {  # error codes without a class in redis-py; https://valkey.io/topics/protocol and valkey's server.c
    "MISCONF": Cause.DISK,
    "BUSY": Cause.BUSY,
    "UNKILLABLE": Cause.BUSY,
    "NOREPLICAS": Cause.REPLICA,
    "MASTERDOWN": Cause.REPLICA,
    "OOM": Cause.MEMORY,
    "READONLY": Cause.REPLICA,
    "NOAUTH": Cause.PASSWORD,
}


def no_answer(error: RedisError, *, sent: bool) -> NoAnswer | None:
    """What an error of redis-py means for us; None where the store answered and the question was wrong."""
    if isinstance(error, NoAnswer):
        return error
    cause = error.__cause__
    if type(error) is RedisConnectionError and isinstance(cause, RedisError):
        error = cause  # while connecting, redis-py hides behind a lost connection what the store answered
    said = _SAID.sub("", str(error))
    text = f"{type(error).__name__}: {said}"
    told = next((cause for kind, cause in _BY_CLASS if isinstance(error, kind)), None)
    if told is None and isinstance(error, ResponseError):
        word = said.partition(" ")[0]
        told = _BY_WORD.get(word, Cause.OTHER if isinstance(error, ExecAbortError) else None)
    if told is not None:
        return NoAnswer(text, told, sent=False)
    if isinstance(error, RedisTimeoutError):
        return NoAnswer(text, Cause.SILENT, sent=sent)
    if isinstance(error, RedisConnectionError):
        return NoAnswer(text, Cause.SILENT if sent else Cause.GONE, sent=sent)
    return None


@contextmanager
def _translated(trouble: asyncio.Event, *, sent: bool) -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        told = no_answer(error, sent=sent)
        if told is None:
            raise
        trouble.set()
        if told is error:
            raise
        raise told from error


class _Pool(redis.asyncio.BlockingConnectionPool):
    """Tells a store that can't be reached from one that was asked and did not answer."""

    trouble: asyncio.Event

    async def get_connection(self, command_name: str | None = None, *keys: Any, **options: Any) -> Any:
        """See redis-py; raises NoAnswer, with nothing sent."""
        with _translated(self.trouble, sent=False):
            return await super().get_connection()  # type: ignore[no-untyped-call]


class Script(AsyncScript):
    """A script by its hash; where the store forgot it, the same request again with its text, in one step."""

    async def __call__(self, keys: Any = None, args: Any = None, client: Any = None) -> Any:
        """Run it; raises NoAnswer."""
        asked = client or self.registered_client
        flat = (*(keys or ()), *(args or ()))
        try:
            return await asked.evalsha(self.sha, len(keys or ()), *flat)
        except NoScriptError:
            pass  # surely not run
        return await asked.eval(str(self.script), len(keys or ()), *flat)


class _Pipeline(Pipeline):
    trouble: asyncio.Event

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """See redis-py; raises NoAnswer."""
        with _translated(self.trouble, sent=True):
            return await super().execute(raise_on_error)

    async def _execute_pipeline(self, connection: Any, commands: Any, raise_on_error: bool) -> Any:
        async with one_patience(connection):
            return await super()._execute_pipeline(connection, commands, raise_on_error)


class Client(redis.asyncio.Redis):
    """redis-py's client with our errors. `trouble` is set whenever the store didn't answer; who looks after it clears
    it."""

    trouble: asyncio.Event

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """See redis-py; raises NoAnswer."""

        async def ask() -> Any:
            with _translated(self.trouble, sent=True):
                return await super(Client, self).execute_command(*args, **options)  # type: ignore[no-untyped-call]

        if str(args[0]).upper() in _READS:
            return await asked_again(ask, READS_AGAIN)
        return await ask()

    def register_script(self, script: Any) -> Script:  # type: ignore[override]
        """See redis-py."""
        return Script(self, script)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """See redis-py."""
        made = _Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        made.trouble = self.trouble
        return made


async def asked_again(ask: Callable[[], Awaitable[T]], patience: float) -> T:
    """Asks until it is answered, for `patience` seconds; for what may be done twice. Raises the last NoAnswer."""
    loop = asyncio.get_running_loop()
    over = loop.time() + patience
    for attempt in range(10**9):
        try:
            return await ask()
        except NoAnswer as error:
            pause = PAUSES[min(attempt, len(PAUSES) - 1)]
            lasting = error.cause not in {Cause.GONE, Cause.SILENT, Cause.LOADING}
            if lasting or loop.time() + pause >= over:
                raise
        await asyncio.sleep(pause)
    raise AssertionError("unreachable")


def client_for(url: str, *, connections: int = 32, answer: float = ANSWER) -> Client:
    """A client whose callers wait for one of its connections instead of failing."""
    pool = _Pool.from_url(
        url,
        decode_responses=True,
        max_connections=connections,
        timeout=ROOM,
        socket_timeout=answer,
        socket_connect_timeout=answer,
    )
    kind: type[AbstractConnection] = pool.connection_class
    pool.connection_class = CANCELLABLE[kind]
    client = Client.from_pool(pool)
    assert isinstance(pool, _Pool)
    assert isinstance(client, Client)
    client.trouble = pool.trouble = asyncio.Event()
    return client
