"""The sandbox's Slack workspace: its people, conversations, messages, views and files, and its line to the app."""

import base64
import binascii
from collections.abc import Sequence
from typing import cast

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.slack.activity import Activity
from bot.sandbox.slack.channels import Channels
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.http import Http
from bot.sandbox.slack.limits import Limiter
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.people import BOT_NAME, People
from bot.sandbox.slack.posting import Posting
from bot.sandbox.slack.response_urls import ResponseUrls
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.terms import Json, Refusal
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.typed import Names
from bot.sandbox.slack.views import Views
from bot.sandbox.storage import Row

BOT_ICON = {"emoji": ":speech_balloon:"}


class Workspace:
    """Everything that the Web API, the sockets and the human API share.

    limits: whether rate limits apply. ack_seconds: how long Slack waits for the app. retry_after: seconds before
    each retry of an event, the first counted from the failure.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        limits: bool = True,
        ack_seconds: float = 3.0,
        retry_after: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> None:
        self.sandbox = sandbox
        self.now = sandbox.now
        self.url = sandbox.url
        self.people = People(sandbox.db)
        self.channels = Channels(sandbox.db)
        self.messages = Messages(sandbox.db, sandbox.now)
        self.files = Files(sandbox.db, sandbox.now, sandbox.url)
        self.views = Views(sandbox.db, sandbox.now, sandbox.changes.tell)
        self.triggers = Triggers(sandbox.now)
        self.response_urls = ResponseUrls(sandbox.url, sandbox.now)
        self.limiter = Limiter(sandbox.now, on=limits)
        self.activity = Activity()
        self.sockets = Sockets(sandbox.url, sandbox.now, ack_seconds)
        self.http = Http(sandbox.bot_url, sandbox.now, ack_seconds)
        subscribed = cast("frozenset[str] | None", sandbox.extra.get("slack_events"))
        carrier = self.http if sandbox.mode == "http" else self.sockets
        self.delivery = Delivery(carrier, sandbox.now, retry_after, subscribed)
        self.posting = Posting(self.messages, self.channels, self.delivery, sandbox.changes.tell)
        self.names = Names(user=self._member_id, channel=self._public_id)
        # What external selects have offered last, by action id; and what people chose in messages.
        self.offered: dict[str, list[Json]] = {}
        self.chosen: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = {}

    @property
    def scopes(self) -> frozenset[str] | None:
        """The bot's scopes when the sandbox was told them (`sandbox.extra["slack_scopes"]`); None allows all."""
        return cast("frozenset[str] | None", self.sandbox.extra.get("slack_scopes"))

    async def ready(self) -> bool:
        """Whether a bot is there to hear people."""
        if self.sandbox.mode == "http":
            return await self.http.healthy()
        return bool(self.sockets.open)

    async def close(self) -> None:
        """Ends connections and retries."""
        await self.delivery.close()
        await self.sockets.close()
        await self.http.close()

    def bot_message(self, text: str, blocks: list[Json]) -> Json:
        """What every message of the app has."""
        return {
            "user": world.BOT_USER_ID, "bot_id": world.BOT_ID, "app_id": world.APP_ID, "team": world.TEAM_ID,
            "text": text, "blocks": blocks,
            "bot_profile": {
                "id": world.BOT_ID, "app_id": world.APP_ID, "user_id": world.BOT_USER_ID, "name": BOT_NAME,
                "deleted": False, "updated": 1760000000, "team_id": world.TEAM_ID, "icons": BOT_ICON,
            },
        }  # fmt: skip

    def readable(self, channel: Row, user: str) -> bool:
        """Whether this person may see the conversation."""
        return channel["kind"] == "channel" or self.channels.has(channel["id"], user)

    def _member_id(self, name: str) -> str | None:
        user = self.people.named(name)
        return str(user["id"]) if user else None

    def _public_id(self, name: str) -> str | None:
        channel = self.channels.named(name)
        return str(channel["id"]) if channel and channel["kind"] == "channel" else None

    # What `fields.Surroundings` asks for.

    def user_id(self, name: str) -> str | None:
        """A member by id, name or `@name`."""
        return self._member_id(name)

    def channel_id(self, name: str) -> str | None:
        """A channel by id, name or `#name`."""
        channel = self.channels.get(name) or self.channels.named(name)
        return str(channel["id"]) if channel else None

    def upload(self, file: Json, user: str = "") -> Json:
        """The file object of `{name, base64, alt?}`."""
        try:
            data = base64.b64decode(str(file["base64"]), validate=True)
        except (KeyError, binascii.Error) as error:
            raise Refusal("a file is {name, base64, alt?}, and base64 must be valid") from error
        return self.files.add(str(file["name"]), data, str(file.get("alt") or ""), user)

    def suggested(self, element: Json) -> list[Json]:
        """The options that an external select has offered last."""
        return self.offered.get(element["action_id"], [])
