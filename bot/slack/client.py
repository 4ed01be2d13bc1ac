"""Every request to Slack leaves here: checked against Slack's limits, named, and answered by a small tree of errors.

SlackError
├── SlackRefused        Slack said no: `error` is its word for it, nothing happened
│   └── SlackLimited    too fast: nothing happened, wait `seconds`
└── SlackSilent         no answer, or none that makes sense: it may have happened
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Self

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.errors import VoceroError
from bot.slack.blocks import Message, View
from bot.slack.limits import check_message, check_view

TIMEOUT = 10.0  # seconds; a lease on a channel is longer
_SERVER = 500
_READS = frozenset(
    {
        "chat.getPermalink",
        "conversations.history",
        "conversations.list",
        "conversations.replies",
        "files.info",
        "users.info",
        "users.list",
    }
)


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


class SlackApi:
    """The calls that we make, and no others.

    base_url ends in a slash. Calls that may be repeated wait out a rate limit; posting and updating don't, because
    the deck keeps their pace, and they are never repeated behind its back: a message has no idempotency key.
    """

    def __init__(self, token: str, *, base_url: str, session: aiohttp.ClientSession) -> None:
        if not base_url.endswith("/"):
            raise ValueError("Slack's base URL ends in a slash")
        self._session = session
        patient: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=3)]
        self.web = AsyncWebClient(token, base_url, session=session, retry_handlers=patient)
        self._once = AsyncWebClient(token, base_url, session=session, retry_handlers=[])

    @classmethod
    def opened(cls, token: str, *, base_url: str) -> Self:
        """With a session of its own, whose requests end after ten seconds."""
        return cls(
            token, base_url=base_url, session=aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        )

    async def close(self) -> None:
        """Closes the session."""
        await self._session.close()

    async def who(self) -> Mapping[str, Any]:
        """`auth.test`: team_id, user_id and bot_id of this bot."""
        return await self._call(self.web, "auth.test", {})

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        thread_ts: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        broadcast: bool = False,
    ) -> str:
        """Posts and returns the message's ts. Never tried twice."""
        arguments = self._message(message) | {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        optional = {"thread_ts": thread_ts, "metadata": metadata, "reply_broadcast": broadcast or None}
        arguments |= {name: value for name, value in optional.items() if value is not None}
        answer = await self._call(self._once, "chat.postMessage", arguments)
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Draws a message again."""
        await self._call(self._once, "chat.update", self._message(message) | {"channel": channel, "ts": ts})

    async def whisper(self, channel: str, user: str, message: Message, thread_ts: str | None = None) -> None:
        """An ephemeral message."""
        arguments = self._message(message) | {"channel": channel, "user": user}
        await self._call(self.web, "chat.postEphemeral", arguments | ({"thread_ts": thread_ts} if thread_ts else {}))

    async def respond(self, url: str, message: Message) -> None:
        """Answers through a response_url, to the person only; https://docs.slack.dev/interactivity/handling-user-interaction."""
        body = self._message(message) | {"response_type": "ephemeral", "replace_original": False}
        try:
            async with self._session.post(url, json=body) as answer:
                text = await answer.text()
                if answer.status == 429:
                    raise SlackLimited("response_url", float(answer.headers.get("Retry-After", "1")))
                if answer.status >= _SERVER:
                    raise SlackSilent("response_url", f"HTTP {answer.status}")
                if answer.status >= 400 or '"ok":false' in text.replace(" ", ""):
                    raise SlackRefused("response_url", text[:100])
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SlackSilent("response_url", type(error).__name__) from error

    async def open_view(self, trigger: str, view: View) -> None:
        """Opens a modal."""
        check_view(view)
        await self._call(self._once, "views.open", {"trigger_id": trigger, "view": view})

    async def push_view(self, trigger: str, view: View) -> None:
        """Puts a modal on top of the open one."""
        check_view(view)
        await self._call(self._once, "views.push", {"trigger_id": trigger, "view": view})

    async def update_view(self, view_id: str, view: View, hash_: str | None = None) -> None:
        """Draws a modal again; with a hash only if nobody else did in the meantime."""
        check_view(view)
        arguments = {"view_id": view_id, "view": view} | ({"hash": hash_} if hash_ else {})
        await self._call(self.web, "views.update", arguments)

    async def publish_home(self, user: str, view: View) -> None:
        """Draws somebody's Home."""
        check_view(view)
        await self._call(self.web, "views.publish", {"user_id": user, "view": view})

    async def direct(self, user: str) -> str:
        """The channel of the direct messages with a member."""
        answer = await self._call(self.web, "conversations.open", {"users": user})
        return str(answer["channel"]["id"])

    async def member(self, user: str) -> Mapping[str, Any]:
        """`users.info` with the locale."""
        answer = await self._call(self.web, "users.info", {"user": user, "include_locale": True})
        found = answer["user"]
        return found if isinstance(found, Mapping) else {}

    async def recent(
        self, channel: str, oldest: str, *, thread_ts: str | None = None, cursor: str | None = None
    ) -> tuple[Sequence[Mapping[str, Any]], str | None]:
        """Up to 15 messages since `oldest` with their metadata, and the cursor of the next page."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 15, "include_all_metadata": True}
        optional = {"ts": thread_ts, "cursor": cursor}
        arguments |= {name: value for name, value in optional.items() if value}
        answer = await self._call(self.web, method, arguments)
        following = (answer.get("response_metadata") or {}).get("next_cursor")
        return answer.get("messages", []), following or None

    async def permalink(self, channel: str, ts: str) -> str:
        """A message's address."""
        answer = await self._call(self.web, "chat.getPermalink", {"channel": channel, "message_ts": ts})
        return str(answer["permalink"])

    async def names_of_members(self) -> Mapping[str, str]:
        """User ids by handle and id; not by display name, because anybody may choose any."""
        return {
            str(name): str(found["id"])
            for found in await self._listed("users.list", "members", {})
            for name in (found.get("name"), found["id"])
            if name and not found.get("deleted")
        }

    async def names_of_channels(self) -> Mapping[str, str]:
        """Channel ids by name and id: public ones, and private ones that we are in."""
        asked = {"types": "public_channel,private_channel", "exclude_archived": True}
        found = await self._listed("conversations.list", "channels", asked)
        return {str(name): str(each["id"]) for each in found for name in (each.get("name"), each["id"]) if name}

    async def download(self, file: str, *, most: int) -> bytes:
        """The first `most` bytes of a file in Slack. Raises SlackRefused when it is gone or not ours to read."""
        answer = await self._call(self.web, "files.info", {"file": file})
        url = str(answer["file"].get("url_private_download") or answer["file"].get("url_private") or "")
        if not self._slacks(url):
            raise SlackRefused("files.info", "no_file_data")
        try:
            headers = {"Authorization": f"Bearer {self.web.token}"}
            async with self._session.get(url, headers=headers, allow_redirects=False) as found:
                if found.status != 200:  # Slack redirects to a login page what the token may not read
                    raise SlackRefused("download", f"HTTP {found.status}")
                taken = bytearray()
                async for part in found.content.iter_any():
                    taken += part
                    if len(taken) >= most:
                        break
                return bytes(taken[:most])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackSilent("download", type(error).__name__) from error

    def _slacks(self, url: str) -> bool:
        """Whether our token may go there: to Slack's own hosts, or to where the Web API is."""
        try:
            host = URL(url).host or ""
        except ValueError:
            return False
        return host == URL(self.web.base_url).host or host == "slack.com" or host.endswith(".slack.com")

    async def _listed(self, method: str, name: str, arguments: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        asked = dict(arguments) | {"limit": 200}
        while True:
            answer = await self._call(self.web, method, asked)
            found += answer.get(name, [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found
            asked["cursor"] = cursor

    @staticmethod
    def _message(message: Message) -> dict[str, Any]:
        check_message(message.text, message.blocks)
        return {"text": message.text} | ({"blocks": list(message.blocks)} if message.blocks else {})

    async def _call(self, web: AsyncWebClient, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Reads go as a query, as slack_sdk does it; everything else as JSON."""
        reads = method in _READS
        try:
            async with asyncio.timeout(TIMEOUT * 3):
                if reads:
                    answer = await web.api_call(method, http_verb="GET", params=dict(arguments))
                else:
                    answer = await web.api_call(method, json=dict(arguments))
        except SlackApiError as error:
            raise self._refusal(method, error) from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SlackSilent(method, type(error).__name__) from error
        data = answer.data
        if not isinstance(data, dict):
            raise SlackSilent(method, "no JSON object")
        return data

    @staticmethod
    def _refusal(method: str, error: SlackApiError) -> SlackError:
        response = error.response
        word = str(response.get("error") or "") if isinstance(response.data, dict) else ""
        if response.status_code == 429 or word in {"ratelimited", "rate_limited"}:
            seconds = str(response.headers.get("Retry-After", response.headers.get("retry-after", "1")))
            return SlackLimited(method, float(seconds) if seconds.replace(".", "", 1).isdigit() else 1.0)
        if response.status_code >= _SERVER or not word or word in {"fatal_error", "internal_error", "request_timeout"}:
            return SlackSilent(method, word or f"HTTP {response.status_code}")
        return SlackRefused(method, word)
