"""Puts messages into conversations, changes and removes them, and tells the page and the app about it."""

import asyncio
from collections.abc import Callable

from bot.sandbox import world
from bot.sandbox.slack.channels import Channels
from bot.sandbox.slack.delivery import Delivery, Reply
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.payloads import without_metadata
from bot.sandbox.slack.terms import Json
from bot.sandbox.storage import Row

Replies = list[asyncio.Future[Reply]]
_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Posting:
    """The app hears of everything in conversations that it is a member of, its own messages included, as in Slack."""

    def __init__(
        self, messages: Messages, channels: Channels, delivery: Delivery, tell: Callable[[str, str], None]
    ) -> None:
        self.messages = messages
        self.channels = channels
        self.delivery = delivery
        self.tell = tell

    def say(self, channel: Row, body: Json) -> tuple[Json, Replies]:
        """A new message that all can see."""
        body = self.messages.add(channel["id"], body)
        self.tell("messages", channel["id"])
        return body, self._heard(channel, without_metadata(body))

    def whisper(self, channel: Row, body: Json, reader: str) -> Json:
        """A message for one person's eyes; no event is made of it."""
        body = self.messages.add(channel["id"], {**body, "is_ephemeral": True}, reader)
        self.tell("messages", channel["id"])
        return body

    def redraw(self, channel: Row, before: Json, after: Json) -> Replies:
        """Replaces a message."""
        self.messages.change(channel["id"], before["ts"], after)
        self.tell("messages", channel["id"])
        if before.get("is_ephemeral"):
            return []
        stamp = self.messages.stamp()
        event = {
            "subtype": "message_changed", "hidden": True, "message": without_metadata(after),
            "previous_message": without_metadata(before), "ts": stamp,
        }  # fmt: skip
        return self._heard(channel, {"type": "message", **event})

    def take_away(self, channel: Row, message: Json) -> Replies:
        """Deletes a message."""
        self.messages.remove(channel["id"], message["ts"])
        self.tell("messages", channel["id"])
        if message.get("is_ephemeral"):
            return []
        event = {
            "type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message["ts"],
            "previous_message": without_metadata(message), "ts": self.messages.stamp(),
        }  # fmt: skip
        return self._heard(channel, event)

    def react(self, channel: Row, message: Json, user: str, name: str, *, on: bool) -> Replies:
        """Adds or removes a reaction; the message must not (or must) have it from this user."""
        reactions = [dict(one) for one in message.get("reactions", [])]
        mine = next((one for one in reactions if one["name"] == name), None)
        if mine is None:
            mine = {"name": name, "users": [], "count": 0}
            reactions.append(mine)
        mine["users"] = [*mine["users"], user] if on else [one for one in mine["users"] if one != user]
        mine["count"] = len(mine["users"])
        after = {**message, "reactions": [one for one in reactions if one["count"]]}
        self.messages.change(channel["id"], message["ts"], after, redrawn=False)
        self.tell("messages", channel["id"])
        if not self.channels.has(channel["id"], world.BOT_USER_ID):
            return []
        event = {
            "type": "reaction_added" if on else "reaction_removed", "user": user, "reaction": name,
            "item": {"type": "message", "channel": channel["id"], "ts": message["ts"]},
            "item_user": message.get("user"), "event_ts": self.messages.stamp(),
        }  # fmt: skip
        return gathered(self.delivery.event(event))

    def _heard(self, channel: Row, event: Json) -> Replies:
        if not self.channels.has(channel["id"], world.BOT_USER_ID):
            return []
        place = {"channel": channel["id"], "event_ts": event["ts"], "channel_type": channel["kind"]}
        event = {**event, **place}
        replies = gathered(self.delivery.event(event, _SUBSCRIPTIONS[channel["kind"]]))
        mention = f"<@{world.BOT_USER_ID}>" in event.get("text", "") and event.get("user") != world.BOT_USER_ID
        if mention and channel["kind"] != "im" and event.get("subtype") in (None, "file_share"):
            named = {key: value for key, value in event.items() if key not in ("subtype", "channel_type")}
            replies += gathered(self.delivery.event({**named, "type": "app_mention"}))
        return replies


def gathered(*futures: asyncio.Future[Reply] | None) -> Replies:
    """Those events that the app is subscribed to."""
    return [future for future in futures if future is not None]
