"""The store on this machine: started once, shared by every process here, outliving them; and how to connect to any.

Valkey listens on a unix socket inside the data folder, with every write on the disk before it is acknowledged. It
is nobody's child: the bot may be killed at any moment, and its next process adopts the running server.
"""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import redis
import redis.asyncio

from bot.errors import ConfigurationError, StoreError, StoreUnavailable
from bot.store.client import Client, client_for
from bot.store.server import (
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

_STOPPED = "stopped"
"""Stands in the folder while its server was stopped on purpose."""


class StoreStopped(StoreUnavailable):
    """The store's own server was stopped on purpose."""


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


def connect(url: str, *, connections: int = 32) -> Client:
    """A client whose callers wait (20 s at most) for one of its connections instead of failing.

    Nothing that writes is ever repeated behind the caller's back: after a broken connection only the caller knows
    whether running a script twice is right.
    """
    return client_for(url, connections=connections)


def ensure_store(data: Path, *, fsync: Fsync = "always", timeout: float = 30) -> str:
    """The `unix://` URL of the store of this folder, started if nobody did, adopted if somebody did.

    Any number of processes may call it at once: one server comes up. Returns when the server has loaded its data.
    Raises StoreUnavailable where no server can be started or it does not answer within `timeout` seconds, and
    ConfigurationError on a host that forgets its files.
    """
    if "DYNO" in os.environ:  # https://devcenter.heroku.com/articles/dynos: each has its own, short-lived disk
        raise ConfigurationError("This host forgets its files: set REDIS_URL to a Valkey or Redis that lasts.")
    data = folder_of(data)
    with one_at_a_time(data):
        with suppress(OSError):  # on a full or read-only disk the server itself says what is wrong
            (data / _STOPPED).unlink(missing_ok=True)
        _brought_up(data, fsync, timeout)
        return f"unix://{socket_of(data)}"


def revive_store(data: Path, *, fsync: Fsync = "always", timeout: float = 30) -> bool:
    """Starts the folder's server again after it died; whether we did, and not another process before us.

    Raises StoreStopped when somebody stopped it on purpose, StoreUnavailable as `ensure_store`.
    """
    data = data.resolve()
    with one_at_a_time(data):
        if (data / _STOPPED).exists():
            raise StoreStopped(f"The store of {data} was stopped with `vocero store stop`: start Vocero again.")
        return _brought_up(data, fsync, timeout)


def _brought_up(data: Path, fsync: Fsync, timeout: float) -> bool:
    """Starts it unless it runs, and waits until it answers; whether it was started."""
    deadline = time.monotonic() + timeout
    socket = socket_of(data)
    started = probe(socket) == "down"
    if started:
        start(data, socket, fsync)
    wait_until(lambda: _ready(data, socket), deadline, lambda: unanswered(data))
    return started


def stop_store(data: Path, *, timeout: float = 30) -> bool:
    """Stops the folder's server after its last write; False if none was running. Raises StoreError if it won't."""
    if not data.is_dir():
        return False
    data = data.resolve()
    with one_at_a_time(data):
        status = store_status(data)
        if status.state == "down":
            return False
        (data / _STOPPED).touch()  # on purpose: whoever still runs doesn't start it again
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


def _ready(data: Path, socket: Path) -> bool:
    """Raises StoreUnavailable as soon as the server is gone, instead of waiting for it."""
    state = probe(socket)
    if state == "down" and not owned(data):
        raise unanswered(data)
    return state == "up"
