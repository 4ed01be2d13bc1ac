"""What Slack itself says of the app: whom the token belongs to, what it may do, what time it is, which channels it is
in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.asking import TIMEOUT, SlackRefused, SlackSilent
from bot.slack.manifest import SCOPES


@dataclass(frozen=True)
class Bot:
    """The bot behind a token. scopes: None where Slack doesn't list them. ahead: Slack's clock minus ours, in seconds,
    to the second; None where it doesn't tell."""

    team: str
    name: str
    scopes: frozenset[str] | None
    ahead: float | None

    @property
    def missing(self) -> Mapping[str, str]:
        """The scopes that are needed and not there, each with what it is for."""
        return {scope: why for scope, why in SCOPES.items() if self.scopes is not None and scope not in self.scopes}


@dataclass(frozen=True)
class Room:
    """A channel as Slack sees it."""

    name: str
    member: bool
    archived: bool


class Checkup:
    """Asks Slack, with one token."""

    def __init__(self, token: str, base_url: str) -> None:
        self._web = AsyncWebClient(token, base_url, timeout=int(TIMEOUT), retry_handlers=[])

    async def bot(self) -> Bot:
        """`auth.test`; scopes and date are in its headers, https://docs.slack.dev/authentication/installing-with-oauth.

        Raises SlackRefused and SlackSilent.
        """
        headers, answer = await self._ask("auth.test")
        listed = headers.get("x-oauth-scopes")
        scopes = frozenset(part.strip() for part in listed.split(",")) if listed is not None else None
        ahead = None
        if date := headers.get("date"):
            try:
                ahead = (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
            except ValueError:
                ahead = None
        return Bot(str(answer.get("team", "")), str(answer.get("user", "")), scopes, ahead)

    async def sockets(self, token: str) -> None:
        """Whether an app-level token opens Socket Mode. Raises SlackRefused and SlackSilent."""
        await self._ask("apps.connections.open", token=token)

    async def room(self, channel: str) -> Room:
        """`conversations.info`. Raises SlackRefused and SlackSilent."""
        _, answer = await self._ask("conversations.info", params={"channel": channel})
        found = answer.get("channel")
        known: Mapping[str, object] = found if isinstance(found, Mapping) else {}
        return Room(str(known.get("name", channel)), bool(known.get("is_member")), bool(known.get("is_archived")))

    async def _ask(
        self, method: str, *, params: Mapping[str, str] | None = None, token: str | None = None
    ) -> tuple[Mapping[str, str], Mapping[str, object]]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        verb = "GET" if params else "POST"
        try:
            answer = await self._web.api_call(method, http_verb=verb, params=dict(params or {}), headers=headers)
        except SlackApiError as error:
            data = error.response.data
            raise SlackRefused(method, str(data.get("error")) if isinstance(data, dict) else "no answer") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise SlackSilent(method, type(error).__name__) from error
        data = answer.data if isinstance(answer.data, dict) else {}
        return {name.lower(): value for name, value in answer.headers.items()}, data
