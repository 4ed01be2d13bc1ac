"""The payloads of what people do: commands, presses, submissions, shortcuts and suggestions."""

from bot.sandbox import world
from bot.sandbox.slack.terms import Json
from bot.sandbox.storage import Row

DOMAIN = "vocero-demo"
_UNNAMED = {"im": "directmessage", "group": "privategroup"}


def channel_name(channel: Row) -> str:
    """How payloads name a conversation: only public channels by name."""
    return _UNNAMED.get(channel["kind"]) or str(channel["name"])


def _base(kind: str, user: Json) -> Json:
    return {
        "type": kind,
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": world.TEAM_ID},
        "api_app_id": world.APP_ID, "token": world.APP_ID,
        "team": {"id": world.TEAM_ID, "domain": DOMAIN}, "enterprise": None, "is_enterprise_install": False,
    }  # fmt: skip


def command(user: Json, channel: Row, name: str, text: str, response_url: str, trigger_id: str) -> Json:
    """A slash command's form."""
    return {
        "token": world.APP_ID, "team_id": world.TEAM_ID, "team_domain": DOMAIN, "channel_id": channel["id"],
        "channel_name": channel_name(channel), "user_id": user["id"], "user_name": user["name"], "command": name,
        "text": text, "api_app_id": world.APP_ID, "is_enterprise_install": "false", "response_url": response_url,
        "trigger_id": trigger_id,
    }  # fmt: skip


def message_press(
    user: Json, channel: Row, message: Json, reader: str | None, values: Json, response_url: str, trigger_id: str
) -> Json:
    """block_actions on a message, without its `actions`. assumed: an ephemeral message isn't sent along."""
    container: Json = {
        "type": "message", "message_ts": message["ts"], "channel_id": channel["id"], "is_ephemeral": bool(reader),
    }  # fmt: skip
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    payload = {
        **_base("block_actions", user), "container": container, "trigger_id": trigger_id,
        "channel": {"id": channel["id"], "name": channel_name(channel)}, "state": {"values": values},
        "response_url": response_url,
    }  # fmt: skip
    return payload if reader else {**payload, "message": without_metadata(message)}


def view_press(user: Json, view: Json, trigger_id: str) -> Json:
    """block_actions in a modal or Home, without its `actions`."""
    return {
        **_base("block_actions", user), "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id, "view": view,
    }  # fmt: skip


def submission(user: Json, view: Json, trigger_id: str, response_urls: list[Json]) -> Json:
    """view_submission."""
    return {
        **_base("view_submission", user), "trigger_id": trigger_id, "view": view, "response_urls": response_urls,
    }  # fmt: skip


def closing(user: Json, view: Json, *, cleared: bool) -> Json:
    """view_closed."""
    return {**_base("view_closed", user), "view": view, "is_cleared": cleared}


def shortcut(user: Json, callback_id: str, action_ts: str, trigger_id: str) -> Json:
    """A global shortcut."""
    base = _base("shortcut", user)
    return {**base, "action_ts": action_ts, "callback_id": callback_id, "trigger_id": trigger_id}


def message_action(
    user: Json, channel: Row, message: Json, callback_id: str, action_ts: str, response_url: str, trigger_id: str
) -> Json:
    """A shortcut on a message."""
    return {
        **_base("message_action", user), "action_ts": action_ts, "callback_id": callback_id,
        "trigger_id": trigger_id, "response_url": response_url, "message_ts": message["ts"],
        "channel": {"id": channel["id"], "name": channel_name(channel)}, "message": without_metadata(message),
    }  # fmt: skip


def suggestion(user: Json, block_id: str, action_id: str, query: str, place: Json) -> Json:
    """block_suggestion; `place` is the view, or the channel, message and container."""
    return {
        **_base("block_suggestion", user), "action_id": action_id, "block_id": block_id, "value": query, **place,
    }  # fmt: skip


def without_metadata(message: Json) -> Json:
    """A message as events and presses carry it: metadata needs a request of its own."""
    return {key: value for key, value in message.items() if key != "metadata"}
