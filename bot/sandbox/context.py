"""What every part of the sandbox shares: one sqlite file, one clock, the call log, the faults and the live page."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

# What a handler leaves on its request for the call log: Slack's method name, and the arguments as it decoded them.
METHOD = web.RequestKey("vocero_method", str)
ARGS = web.RequestKey("vocero_args", dict[str, Any])


class Calls(Protocol):
    """The log of every request received from the bot (`GET /calls`)."""

    def record(
        self, target: str, method: str | None, http: str, path: str, args: dict[str, object], status: int
    ) -> None:
        """Keep one request; `method` is the Web API method's name for Slack, `http` is GET/POST/…."""


class Changes(Protocol):
    """Wakes the browser page: every part says what changed, the page's event stream passes it on."""

    def tell(self, topic: str, key: str = "") -> None:
        """`topic` is one of messages (key: channel id), views and home (key: user id), public (key: network)."""


@dataclass
class Sandbox:
    """Handed to each service when it is mounted.

    db: autocommit sqlite connection in WAL mode; each service creates the tables that it needs.
    now: seconds since the epoch, as a float. url: `http://127.0.0.1:PORT` without a slash at the end.
    bot_url: base of the bot's own HTTP server. mode: "socket" or "http" (how Slack delivers).
    pids_file: JSON `{"bot": int, "store": int}` kept by whoever started the bot; absent in tests without one.
    """

    db: sqlite3.Connection
    now: Callable[[], float]
    calls: Calls
    changes: Changes
    url: str
    bot_url: str
    mode: str = "socket"
    pids_file: Path | None = None
    extra: dict[str, object] = field(default_factory=dict)
