"""reactions.*: emoji on messages."""

import re

from bot.sandbox import world
from bot.sandbox.slack.api.conversations import find
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.storage import Row

# assumed: any name of this form is an emoji of the workspace.
NAME = re.compile(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?")
KINDS_MOST = 23


def _message(workspace: Workspace, call: Call) -> tuple[Row, Json]:
    if not call.given("channel") or not call.given("timestamp"):
        raise SlackError("no_item_specified")
    channel = find(workspace, call)
    if not re.fullmatch(r"\d+\.\d+", call.text("timestamp")):
        raise SlackError("bad_timestamp")
    message = workspace.messages.get(channel["id"], call.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def _has(message: Json, name: str) -> bool:
    return any(one["name"] == name and world.BOT_USER_ID in one["users"] for one in message.get("reactions", []))


def add(workspace: Workspace, call: Call) -> Json:
    """reactions.add."""
    channel, message = _message(workspace, call)
    name = _name(call)
    if channel["archived"]:
        raise SlackError("is_archived")
    if not workspace.channels.has(channel["id"], world.BOT_USER_ID):
        raise SlackError("no_access")
    if _has(message, name):
        raise SlackError("already_reacted")
    reactions = message.get("reactions", [])
    if len(reactions) >= KINDS_MOST and name not in [one["name"] for one in reactions]:
        raise SlackError("too_many_emoji")
    workspace.posting.react(channel, message, world.BOT_USER_ID, name, on=True)
    return {}


def remove(workspace: Workspace, call: Call) -> Json:
    """reactions.remove."""
    channel, message = _message(workspace, call)
    name = _name(call)
    if not _has(message, name):
        raise SlackError("no_reaction")
    workspace.posting.react(channel, message, world.BOT_USER_ID, name, on=False)
    return {}


def get(workspace: Workspace, call: Call) -> Json:
    """reactions.get, of a message."""
    channel, message = _message(workspace, call)
    return {"type": "message", "channel": channel["id"], "message": message}


HANDLERS = {"reactions.add": add, "reactions.remove": remove, "reactions.get": get}
