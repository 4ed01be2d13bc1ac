"""What Slack sends, read without trusting it: of what kind, from whom, where, and by what it is known again.

Shapes: https://docs.slack.dev/reference/interaction-payloads, /interactivity/implementing-slash-commands,
/reference/events-api (payload wrappers).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.records import MemberId

Payload = Mapping[str, Any]


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
    OTHER = "other"


def kind_of(body: Payload) -> Kind:
    """The kind, OTHER for what we don't know."""
    if isinstance(body.get("command"), str):
        return Kind.COMMAND
    try:
        return Kind(str(body.get("type")))
    except ValueError:
        return Kind.OTHER


def well_formed(body: Payload) -> bool:
    """Whether a payload has the parts that its kind always has; Bolt and we rely on them."""
    match kind_of(body):
        case Kind.EVENT:
            return bool(text_at(body, "event", "type"))
        case Kind.ACTION:
            actions = body.get("actions")
            pressed = (
                isinstance(actions, list) and bool(actions) and all(text_at(_object(a), "action_id") for a in actions)
            )
            return pressed and (body.get("view") is None or bool(text_at(body, "view", "type")))
        case Kind.SUBMISSION | Kind.CLOSED:
            values = part(body, "view", "state", "values")
            blocks = part(body, "view", "blocks")
            return bool(text_at(body, "view", "type")) and isinstance(values or {}, dict) and _objects(blocks or [])
        case Kind.SHORTCUT | Kind.MESSAGE_SHORTCUT:
            return bool(text_at(body, "callback_id"))
        case _:
            return True


def _object(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def part(body: Payload, *names: str) -> Any:
    """What stands at the end of a path of objects, None where the path breaks."""
    value: Any = body
    for name in names:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def text_at(body: Payload, *names: str) -> str:
    """The string at the end of a path, empty where there is none."""
    value = part(body, *names)
    return value if isinstance(value, str) else ""


def teams_of(body: Payload) -> frozenset[str]:
    """The workspaces that a payload was sent for: its own, and those that authorized an event."""
    teams = {text_at(body, "team_id"), text_at(body, "team", "id")}
    authorizations = body.get("authorizations")
    for each in authorizations if isinstance(authorizations, list) else ():
        teams.add(text_at(each, "team_id") if isinstance(each, Mapping) else "")
    return frozenset(teams - {""})


def person_of(body: Payload) -> MemberId | None:
    """Who did it, as `T…:U…` with the person's own team; None when no person did."""
    kind = kind_of(body)
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
    """Where something happened and what may be done about it; each is None where there is no such thing."""

    channel: str | None
    message_ts: str | None
    thread_ts: str | None
    trigger: str | None
    response_url: str | None


def place_of(body: Payload) -> Place:
    """The surroundings of a payload of any kind."""
    event = kind_of(body) is Kind.EVENT
    source: Payload = part(body, "event") if event and isinstance(part(body, "event"), Mapping) else body
    channel = text_at(source, "channel", "id") or text_at(source, "channel_id") or text_at(source, "channel")
    message = text_at(body, "message", "ts") or text_at(body, "container", "message_ts") or text_at(source, "ts")
    thread = text_at(body, "message", "thread_ts") or text_at(body, "container", "thread_ts")
    return Place(
        channel=channel or text_at(body, "container", "channel_id") or None,
        message_ts=message or None,
        thread_ts=thread or text_at(source, "thread_ts") or None,
        trigger=text_at(body, "trigger_id") or None,
        response_url=text_at(body, "response_url") or None,
    )
