"""One request to Slack's Web API: what its answer means, how long to wait, and what may be asked again.

SlackError
├── SlackRefused        Slack said no: `error` is its word for it, nothing happened
│   └── SlackLimited    too fast: nothing happened, wait `seconds`
└── SlackSilent         no answer, or none that makes sense: it may have happened
"""

import asyncio
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import VoceroError

T = TypeVar("T")

TIMEOUT = 10.0  # seconds for one request; a lease on a channel is longer
PATIENCE = 30.0
"""Seconds that one call waits for Slack's limits, all waits together."""
LONGEST = 3600.0
"""Seconds of Retry-After that are believed."""
AGAIN = (0.25, 1.0)
"""Seconds before a call is repeated that got no answer and may be repeated."""

_SERVER = 500
_READS = frozenset(
    {
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "dnd.info",
        "files.info",
        "users.info",
        "users.list",
    }
)
_QUERIED = _READS | {"files.getUploadURLExternal"}
"""Take no JSON: their arguments go as a query."""
_ACTS = frozenset(
    {
        "chat.postMessage",
        "chat.postEphemeral",
        "chat.update",
        "files.completeUploadExternal",
        "views.open",
        "views.push",
    }
)
"""Never repeated here after silence: a message has no idempotency key, a window opens by a trigger that works once,
a file is completed once, and the deck keeps the pace of updates."""
_WAITS = frozenset(
    {
        "auth.test",
        "chat.getPermalink",
        "chat.postEphemeral",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "dnd.info",
        "files.completeUploadExternal",
        "files.delete",
        "files.getUploadURLExternal",
        "files.info",
        "users.list",
        "views.publish",
        "views.update",
    }
)
"""Wait out a rate limit here. The others' callers decide: the deck keeps the pace of channels, a trigger lives three
seconds, and a name isn't worth a press that waits."""
_UNCLEAR = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


class SlackError(VoceroError):
    """A call to Slack did not do what it should."""

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"{method}: {error}")
        self.method = method
        self.error = error


class SlackRefused(SlackError):
    """Slack said no."""


class SlackLimited(SlackRefused):
    """Too many calls; nothing happened."""

    def __init__(self, method: str, seconds: float) -> None:
        super().__init__(method, "ratelimited")
        self.seconds = seconds


class SlackSilent(SlackError):
    """No answer came, or none that says what happened."""


@dataclass(frozen=True)
class Answer:
    """What Slack said yes with; headers by their names in small letters."""

    method: str
    data: Mapping[str, Any]
    headers: Mapping[str, str]

    def at(self, kind: type[T], *names: str) -> T:
        """What stands at the end of a path; SlackSilent where it isn't there, or is none of that kind."""
        value: Any = self.data
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        if not isinstance(value, kind) or value == "":
            raise SlackSilent(self.method, f"no {'.'.join(names)}")
        return value

    def all(self, name: str) -> list[Mapping[str, Any]]:
        """The objects of a list, none where there is no list."""
        found = self.data.get(name)
        return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []

    @property
    def cursor(self) -> str | None:
        """Where the next page begins; None on the last one."""
        following = self.data.get("response_metadata")
        cursor = following.get("next_cursor") if isinstance(following, Mapping) else None
        return cursor if isinstance(cursor, str) and cursor else None


class Asking:
    """Asks with one token. `web` knows the way: address and proxy. What comes back is read here and not by slack_sdk,
    which breaks on answers that aren't what their headers say, as those of proxies in an outage."""

    def __init__(self, web: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._web = web
        self._session = session

    async def ask(self, method: str, arguments: Mapping[str, Any], *, patient: bool = False) -> Answer:
        """The answer of one call; `patient` waits out a limit that would otherwise be the caller's to wait for.

        Raises SlackRefused, SlackLimited for a limit that is too long to wait, SlackSilent.
        """
        left, waits = PATIENCE, patient or method in _WAITS
        again = iter(() if method in _ACTS else AGAIN)
        while True:
            try:
                return await self.once(method, arguments)
            except SlackLimited as error:
                if not waits or error.seconds > left:
                    raise
                left -= error.seconds
                await asyncio.sleep(error.seconds)
            except SlackSilent:
                pause = next(again, None)
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def once(self, method: str, arguments: Mapping[str, Any]) -> Answer:
        """The same without a second try. Reads go as a query, as slack_sdk does it; everything else as JSON."""
        url, proxy = f"{self._web.base_url}{method}", self._web.proxy
        headers = {"Authorization": f"Bearer {self._web.token}"}
        sent: dict[str, Any] = {"params": {name: _queried(value) for name, value in arguments.items()}}
        if method not in _QUERIED:
            headers["Content-Type"] = "application/json;charset=utf-8"
            sent = {"data": json.dumps(dict(arguments)).encode()}
        verb = "GET" if method in _READS else "POST"
        try:
            async with (
                asyncio.timeout(TIMEOUT),
                self._session.request(verb, url, headers=headers, proxy=proxy, allow_redirects=False, **sent) as found,
            ):
                return judged(method, found.status, found.headers, await found.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise SlackSilent(method, type(error).__name__) from error


def _queried(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def judged(method: str, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """What an answer means, whatever its headers say that it is. Raises SlackRefused, SlackLimited, SlackSilent."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    known: Mapping[str, Any] = data if isinstance(data, dict) else {}
    word = known.get("error") if isinstance(known.get("error"), str) else ""
    if status == 429 or word in {"ratelimited", "rate_limited"}:
        raise SlackLimited(method, retry_after(headers))
    if status == 200 and known.get("ok") is True:
        return Answer(method, known, {name.lower(): value for name, value in headers.items()})
    if status >= _SERVER or not word or word in _UNCLEAR:
        raise SlackSilent(method, word or (f"HTTP {status}" if status != 200 else "no answer of Slack's"))
    raise SlackRefused(method, word)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that Slack asks us to wait, a second where it says nothing that makes sense, an hour at most.

    https://docs.slack.dev/apis/web-api/rate-limits
    """
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(told)
    except ValueError:
        return 1.0
    return min(max(seconds, 0.0), LONGEST) if math.isfinite(seconds) else 1.0
