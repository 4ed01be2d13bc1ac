"""One request to Slack's Web API: what its answer means, how long to wait, and what may be asked again.

SlackError
├── SlackRefused        Slack said no: `error` is its word for it, nothing happened
│   └── SlackLimited    too fast: nothing happened, wait `seconds`
└── SlackSilent         no answer, or none that makes sense: it may have happened
"""

import asyncio
import math
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import VoceroError

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
        "conversations.list",
        "conversations.replies",
        "dnd.info",
        "files.info",
        "users.info",
        "users.list",
    }
)
_ACTS = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.push"})
"""Never repeated here after silence: a message has no idempotency key, a window opens by a trigger that works once,
and the deck keeps the pace of updates."""
_WAITS = frozenset(
    {
        "auth.test",
        "chat.getPermalink",
        "chat.postEphemeral",
        "conversations.list",
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


class Asking:
    """Asks through one client. `web` must not retry by itself."""

    def __init__(self, web: AsyncWebClient) -> None:
        self._web = web

    async def ask(self, method: str, arguments: Mapping[str, Any], *, patient: bool = False) -> Mapping[str, Any]:
        """The answer of one call; `patient` waits out a limit that would otherwise be the caller's to wait for.

        Raises SlackRefused, SlackLimited for a limit that is too long to wait, SlackSilent.
        """
        left, waits = PATIENCE, patient or method in _WAITS
        again = iter(() if method in _ACTS else AGAIN)
        while True:
            try:
                return await self._once(method, arguments)
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

    async def _once(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Reads go as a query, as slack_sdk does it; everything else as JSON."""
        try:
            async with asyncio.timeout(TIMEOUT):
                if method in _READS:
                    answer = await self._web.api_call(method, http_verb="GET", params=dict(arguments))
                else:
                    answer = await self._web.api_call(method, json=dict(arguments))
        except SlackApiError as error:
            raise _refusal(method, error) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise SlackSilent(method, type(error).__name__) from error
        data = answer.data
        if not isinstance(data, dict):
            raise SlackSilent(method, "no JSON object")
        return data


def _refusal(method: str, error: SlackApiError) -> SlackError:
    response = error.response
    word = str(response.get("error") or "") if isinstance(response.data, dict) else ""
    if response.status_code == 429 or word in {"ratelimited", "rate_limited"}:
        return SlackLimited(method, retry_after(response.headers))
    if response.status_code >= _SERVER or not word or word in _UNCLEAR:
        return SlackSilent(method, word or f"HTTP {response.status_code}")
    return SlackRefused(method, word)


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
