"""What Slack itself says of the app: whom the token belongs to, what it may do, what time it is, which channels it is
in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.asking import Answer, Asking, SlackLimited, SlackSilent
from bot.slack.manifest import SCOPES
from bot.slack.payload import text_at


@dataclass(frozen=True)
class Bot:
    """The bot behind a token. team: its workspace's id. scopes: None where Slack doesn't list them. ahead: Slack's
    clock minus ours, in seconds, to the second; None where it doesn't tell."""

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
        self._token = token
        self._base_url = base_url

    async def bot(self) -> Bot:
        """`auth.test`; scopes and date are in its headers, https://docs.slack.dev/authentication/installing-with-oauth.

        Raises SlackRefused and SlackSilent.
        """
        answer = await self._ask("auth.test", {})
        listed = answer.headers.get("x-oauth-scopes")
        scopes = frozenset(part.strip() for part in listed.split(",")) if listed is not None else None
        ahead = None
        if date := answer.headers.get("date"):
            try:
                ahead = (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
            except ValueError:
                ahead = None
        return Bot(text_at(answer.data, "team_id"), text_at(answer.data, "user"), scopes, ahead)

    async def sockets(self, token: str) -> None:
        """Whether an app-level token opens Socket Mode. Raises SlackRefused and SlackSilent."""
        await self._ask("apps.connections.open", {}, token)

    async def room(self, channel: str) -> Room:
        """`conversations.info`. Raises SlackRefused and SlackSilent."""
        answer = await self._ask("conversations.info", {"channel": channel})
        found = answer.at(dict, "channel")
        name = text_at(found, "name") or channel
        return Room(name, found.get("is_member") is True, found.get("is_archived") is True)

    async def _ask(self, method: str, arguments: Mapping[str, str], token: str | None = None) -> Answer:
        """A limit that is too long to wait is no answer: it says nothing about what was asked."""
        async with aiohttp.ClientSession() as session:
            web = AsyncWebClient(token or self._token, self._base_url)
            try:
                return await Asking(web, session).ask(method, arguments)
            except SlackLimited as error:
                raise SlackSilent(method, error.error) from error
