"""The store on this machine: started once, shared by every process here, outliving them; and how to connect to any.

Valkey listens on a unix socket inside the data folder, with every write on the disk before it is acknowledged. It
is nobody's child: the bot may be killed at any moment, and its next process adopts the running server.
"""

import os
import signal
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import redis
import redis.asyncio

from bot.errors import ConfigurationError, StoreError
from bot.store.connections import CANCELLABLE
from bot.store.server import (
    OLDEST,
    Fsync,
    State,
    client_of,
    folder_of,
    one_at_a_time,
    owned,
    pid_on_file,
    probe,
    socket_of,
    start,
    stuck,
    unanswered,
    wait_until,
)


@dataclass(frozen=True)
class StoreStatus:
    """What is known of the server of one data folder; `pid` and the figures are None where it doesn't answer."""

    state: State
    socket: Path
    pid: int | None = None
    version: str | None = None
    memory: int | None = None  # bytes resident
    log: int | None = None  # bytes of the append-only file

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"unix://{self.socket}"


def connect(url: str, *, connections: int = 32) -> redis.asyncio.Redis:
    """A client whose callers wait (20 s at most) for one of its connections instead of failing.

    A command is never repeated behind the caller's back: after a broken connection only the caller knows whether
    running a script twice is right.
    """
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        url, decode_responses=True, max_connections=connections, timeout=20
    )
    pool.connection_class = CANCELLABLE[pool.connection_class]
    return redis.asyncio.Redis.from_pool(pool)


def ensure_store(data: Path, *, fsync: Fsync = "always", timeout: float = 30) -> str:
    """The `unix://` URL of the store of this folder, started if nobody did, adopted if somebody did.

    Any number of processes may call it at once: one server comes up. Returns when the server has loaded its data.
    Raises StoreUnavailable where no server can be started or it does not answer within `timeout` seconds, and
    ConfigurationError on a host that forgets its files.
    """
    if "DYNO" in os.environ:  # https://devcenter.heroku.com/articles/dynos: each has its own, short-lived disk
        raise ConfigurationError("This host forgets its files: set REDIS_URL to a Valkey or Redis that lasts.")
    deadline = time.monotonic() + timeout
    data = folder_of(data)
    with one_at_a_time(data):
        socket = socket_of(data)
        if probe(socket) == "down":
            start(data, socket, fsync)
        wait_until(lambda: _ready(data, socket), deadline, lambda: unanswered(data))
    return f"unix://{socket}"


def stop_store(data: Path, *, timeout: float = 30) -> bool:
    """Stops the folder's server after its last write; False if none was running. Raises StoreError if it won't."""
    if not data.is_dir():
        return False
    data = data.resolve()
    with one_at_a_time(data):
        status = store_status(data)
        if status.state == "down":
            return False
        if status.state == "up":
            with client_of(status.socket) as client, suppress(redis.ConnectionError):
                client.shutdown(nosave=True)  # no snapshot; the append-only file is complete
        elif status.pid is not None:
            os.kill(status.pid, signal.SIGTERM)
        wait_until(lambda: not owned(data), time.monotonic() + timeout, lambda: StoreError(stuck(data)))
        return True


def store_status(data: Path) -> StoreStatus:
    """Looks at the folder's server without changing anything."""
    data = data.resolve()
    socket = socket_of(data, make=False)
    state = probe(socket)
    if state == "up":
        with client_of(socket) as client:
            info = cast(dict[str, Any], client.info())
            return StoreStatus(
                state="up",
                socket=socket,
                pid=info["process_id"],
                version=info.get("valkey_version", info["redis_version"]),
                memory=info["used_memory_rss"],
                log=info.get("aof_current_size"),
            )
    if state == "down" and owned(data):
        state = "hung"
    return StoreStatus(state=state, socket=socket, pid=None if state == "down" else pid_on_file(data))


def store_pid(data: Path) -> int | None:
    """The process id of the folder's server, None if there is none."""
    return store_status(data).pid


async def advice(client: redis.asyncio.Redis) -> list[str]:
    """One sentence for each thing about this store that could lose a post; empty for our own.

    Managed services often block CONFIG: then what can't be read is said to be unknown.
    """
    info = await client.info("all")
    told = []
    if int(str(info["redis_version"]).split(".", maxsplit=1)[0]) < OLDEST:
        told.append(f"The store is version {info['redis_version']}: use Valkey, or Redis {OLDEST} or newer.")
    if info.get("role") == "slave":
        told.append("REDIS_URL leads to a replica, which can't be written: use the primary's address.")
    if not info.get("aof_enabled"):
        told.append("The store keeps no append-only file, so a crash of it may lose posts: set appendonly yes.")
    else:
        fsync = await _setting(client, "appendfsync")
        if fsync is None:
            told.append("The store doesn't say how often it writes to disk: have appendfsync always confirmed.")
        elif fsync != "always":
            told.append(f"The store writes to disk with appendfsync {fsync}: a crash of it may lose its last writes.")
    policy = info.get("maxmemory_policy") or await _setting(client, "maxmemory-policy")
    if policy is None:
        told.append("The store doesn't say what it does when full: have maxmemory-policy noeviction confirmed.")
    elif policy != "noeviction":
        told.append(f"When full, the store throws away records ({policy}): set maxmemory-policy noeviction.")
    return told


def _ready(data: Path, socket: Path) -> bool:
    """Raises StoreUnavailable as soon as the server is gone, instead of waiting for it."""
    state = probe(socket)
    if state == "down" and not owned(data):
        raise unanswered(data)
    return state == "up"


async def _setting(client: redis.asyncio.Redis, name: str) -> str | None:
    try:
        found = await cast(Awaitable[dict[str, str]], client.config_get(name))
    except redis.ResponseError:  # unknown command, or not permitted
        return None
    return found.get(name)
