"""What Slack sends, read without trusting it: of what kind, from whom, where, and by what it is known again.

Shapes: https://docs.slack.dev/reference/interaction-payloads, /interactivity/implementing-slash-commands,
/reference/events-api (payload wrappers).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.records import MemberId

Payload = Mapping[str, Any]
DEEPEST = 64  # levels of nesting; Block Kit needs about ten
_OBJECT = (dict, Mapping)  # a dict, as nearly all are, is told without asking the abstract class
_LARGEST = 10**100  # nothing that anybody counts is larger
_HALF = re.compile("[\ud800-\udfff]")
_STAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_CHANNEL = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Kind(StrEnum):
    """The kinds of payload, by Slack's names."""

    COMMAND = "command"
    ACTION = "block_actions"
    SUBMISSION = "view_submission"
    CLOSED = "view_closed"
    SHORTCUT = "shortcut"
    MESSAGE_SHORTCUT = "message_action"
    SUGGESTION = "block_suggestion"
    EVENT = "event_callback"
    VERIFICATION = "url_verification"
    LIMITED = "app_rate_limited"
    OTHER = "other"


class Malformed(ValueError):
    """This isn't what Slack sends."""


def sound(body: Payload) -> dict[str, Any]:
    """The payload with whole characters only: half of one can't be stored, shown or published, so it becomes U+FFFD.

    Raises Malformed for what is nested too deep, and for numbers that are none or of more than a hundred digits.
    """
    return {_whole(name): _sound(value, DEEPEST) for name, value in body.items()}


def _sound(value: Any, room: int) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, dict | list) and not room:
        raise Malformed("nested too deep")
    if isinstance(value, dict):
        return {_whole(name): _sound(child, room - 1) for name, child in value.items()}
    if isinstance(value, list):
        return [_sound(child, room - 1) for child in value]
    if isinstance(value, float | int) and not abs(value) < _LARGEST:  # nor is it for NaN
        raise Malformed("no number")
    return value


def _whole(text: str) -> str:
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def kind_of(body: Payload) -> Kind:
    """The kind, OTHER for what we don't know."""
    if isinstance(body.get("command"), str):
        return Kind.COMMAND
    try:
        return Kind(str(body.get("type")))
    except ValueError:
        return Kind.OTHER


def _object(value: object) -> Payload:
    return value if isinstance(value, _OBJECT) else {}


def part(body: Payload, *names: str) -> Any:
    """What stands at the end of a path of objects, None where the path breaks."""
    value: Any = body
    for name in names:
        if not isinstance(value, _OBJECT):
            return None
        value = value.get(name)
    return value


def text_at(body: Payload, *names: str) -> str:
    """The string at the end of a path, empty where there is none."""
    value = part(body, *names)
    return value if isinstance(value, str) else ""


def teams_of(body: Payload) -> frozenset[str]:
    """The workspaces that a payload was sent for: those that authorized an event, where it says so, else its own."""
    authorizations = body.get("authorizations")
    listed = authorizations if isinstance(authorizations, list) else ()
    authorized = {text_at(each, "team_id") for each in listed if isinstance(each, Mapping)} - {""}
    return frozenset(authorized or {text_at(body, "team_id"), text_at(body, "team", "id")} - {""})


def person_of(body: Payload) -> MemberId | None:
    """Who did it, as `T…:U…` with the person's own team; None when no person did, or it happened in two workspaces at
    once."""
    kind = kind_of(body)
    if len({text_at(body, "team_id"), text_at(body, "team", "id")} - {""}) > 1:
        return None
    home = text_at(body, "team_id") or text_at(body, "team", "id")
    if kind is Kind.EVENT:
        user = text_at(body, "event", "user")
        team = text_at(body, "event", "user_team") or text_at(body, "event", "source_team") or home
    elif kind is Kind.COMMAND:
        user, team = text_at(body, "user_id"), home
    else:
        user, team = text_at(body, "user", "id"), text_at(body, "user", "team_id") or home
    return f"{team}:{user}" if user and team else None


def from_a_bot(body: Payload, ours: str) -> bool:
    """Whether an event was caused by a bot, ourselves above all: answering those makes loops."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        return False
    by_bot = bool(event.get("bot_id") or event.get("bot_profile")) or event.get("subtype") == "bot_message"
    return by_bot or bool(ours and event.get("user") == ours)


def small_talk(body: Payload) -> bool:
    """Whether an event is a message that is none of our business: no person's new words under another message."""
    if text_at(body, "event", "type") != "message":
        return False
    thread, ts = text_at(body, "event", "thread_ts"), text_at(body, "event", "ts")
    told = text_at(body, "event", "subtype") not in {"", "file_share", "thread_broadcast"}
    return told or not thread or thread == ts or not text_at(body, "event", "user")


def key_of(body: Payload) -> str:
    """What makes a delivery the same delivery again. A second press has another trigger, so it is another one."""
    kind = kind_of(body)
    if kind is Kind.EVENT and (event := text_at(body, "event_id")):
        return f"event:{event}"
    trigger = text_at(body, "trigger_id")
    if not trigger:
        whole = json.dumps(body, sort_keys=True, default=str)
        return f"{kind}:{hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()}"
    if kind is Kind.ACTION:
        actions = body.get("actions")
        pressed = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}
        where = text_at(body, "view", "id") or text_at(body, "container", "message_ts")
        return f"action:{trigger}:{where}:{text_at(pressed, 'action_id')}:{text_at(pressed, 'action_ts')}"
    if kind is Kind.SUBMISSION:
        return f"submission:{trigger}:{text_at(body, 'view', 'id')}:{text_at(body, 'view', 'hash')}"
    return f"{kind}:{trigger}"


@dataclass(frozen=True)
class Place:
    """Where something happened and what may be done about it; each is None where there is no such thing.

    fleeting: what was pressed, by its label, in a message that nobody draws again: one that only this person sees, or
    a notice that is said once.
    """

    channel: str | None
    message_ts: str | None
    thread_ts: str | None
    trigger: str | None
    response_url: str | None
    fleeting: str | None = None


PINNED = "pinned"
"""The id of the first block of a message that is never drawn again."""


def place_of(body: Payload) -> Place:
    """The surroundings of a payload of any kind."""
    event = kind_of(body) is Kind.EVENT
    source: Payload = part(body, "event") if event and isinstance(part(body, "event"), Mapping) else body
    channel = text_at(source, "channel", "id") or text_at(source, "channel_id") or text_at(source, "channel")
    channel = channel or text_at(source, "item", "channel")  # of a reaction: where the message is
    message = text_at(body, "message", "ts") or text_at(body, "container", "message_ts") or text_at(source, "ts")
    thread = text_at(body, "message", "thread_ts") or text_at(body, "container", "thread_ts")
    channel = channel or text_at(body, "container", "channel_id")
    return Place(
        channel=channel if _CHANNEL.fullmatch(channel) else None,
        message_ts=message or None,
        thread_ts=thread or text_at(source, "thread_ts") or None,
        trigger=text_at(body, "trigger_id") or None,
        response_url=text_at(body, "response_url") or None,
        fleeting=_label(body) if _stays(body) else None,
    )


def _stays(body: Payload) -> bool:
    blocks = part(body, "message", "blocks")
    first = blocks[0] if isinstance(blocks, list) and blocks else None
    return part(body, "container", "is_ephemeral") is True or text_at(_object(first), "block_id") == PINNED


def typed_at(body: Payload) -> str:
    """When something was changed in a form, by Slack's clock; empty where the payload doesn't say."""
    actions = part(body, "actions")
    action = _object(actions[0]) if isinstance(actions, list) and actions else {}
    at = text_at(action, "action_ts")
    return at if _STAMP.fullmatch(at) else ""


def _label(body: Payload) -> str | None:
    actions = part(body, "actions")
    action = _object(actions[0]) if isinstance(actions, list) and actions else {}
    return text_at(action, "selected_option", "text", "text") or text_at(action, "text", "text") or None
