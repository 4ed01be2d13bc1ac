"""Whether a payload has the shape of its kind: Bolt reads it before we do, and relies on it without looking.

Shapes: https://docs.slack.dev/reference/interaction-payloads, /interactivity/implementing-slash-commands,
/reference/events-api (payload wrappers).
"""

from collections.abc import Mapping

from bot.slack.payload import Kind, Payload, kind_of, part, text_at

_OBJECTS = (
    "event", "view", "container", "message", "previous_message", "item", "state", "assistant_thread", "function",
    "function_data",
)  # fmt: skip
_NAMED = ("team", "enterprise", "user", "channel")  # objects, or ids alone
_LISTS = ("actions", "authorizations", "response_urls")
_TELLING = ("event", "message", "previous_message", "item", "assistant_thread")
"""What Bolt looks in, and in it again, for who did what where."""
_TEXTS = (
    "type", "command", "text", "callback_id", "trigger_id", "response_url", "event_id", "team_id", "user_id",
    "channel_id", "enterprise_id", "action_id", "block_id", "challenge", "token", "api_app_id", "context_team_id",
    "context_enterprise_id",
)  # fmt: skip

_TEXT = (str, type(None))
_OBJECT = (dict, Mapping)  # a dict, as nearly all are, is told without asking the abstract class


def well_formed(body: Payload) -> bool:
    """Whether every part that is there is of its type, and what its kind always has is there."""
    return _typed(body) and _whole(body)


def _typed(body: Payload) -> bool:
    blocks = part(body, "view", "blocks")
    return (
        _told(body)
        and all(isinstance(body.get(name), _TEXT) for name in _TEXTS)
        and isinstance(part(body, "event", "type"), _TEXT)
        and isinstance(part(body, "view", "callback_id"), _TEXT)
        and all(_chosen(action) for action in body.get("actions") or ())
        and _objects(blocks)
        and all(_object(each.get("element")) for each in blocks or ())
        and _entered(part(body, "view", "state", "values"))
        and _object(part(body, "view", "state"))
    )


def _told(about: Payload) -> bool:
    """Who, where and what: in a payload, in its event and whatever that holds, and in who authorized it."""
    return (
        all(_object(about.get(name)) for name in _OBJECTS)
        and all(_object(about.get(name)) or isinstance(about[name], str) for name in _NAMED)
        and all(_objects(about.get(name)) for name in _LISTS)
        and all(_told(about[name]) for name in _TELLING if about.get(name))
        and all(_told(each) for each in about.get("authorizations") or ())
    )


def _object(value: object) -> bool:
    return value is None or isinstance(value, _OBJECT)


def _objects(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, _OBJECT) for each in value))


def _entered(values: object) -> bool:
    """What was entered in a view: objects by block, and in them by element."""
    if values is None:
        return True
    blocks = values.values() if isinstance(values, Mapping) else [None]
    return all(
        isinstance(block, Mapping) and all(isinstance(each, Mapping) and _chosen(each) for each in block.values())
        for block in blocks
    )


def _chosen(state: Payload) -> bool:
    """What was chosen in an element has an option's shape."""
    return _object(state.get("selected_option")) and _objects(state.get("selected_options"))


def _whole(body: Payload) -> bool:
    match kind_of(body):
        case Kind.EVENT:
            return bool(text_at(body, "event", "type"))
        case Kind.ACTION:
            pressed = body.get("actions") or []
            seen = body.get("view") is None or bool(text_at(body, "view", "type"))
            return bool(pressed) and all(text_at(each, "action_id") for each in pressed) and seen
        case Kind.SUBMISSION | Kind.CLOSED:
            return bool(text_at(body, "view", "type") and text_at(body, "view", "callback_id"))
        case Kind.SHORTCUT | Kind.MESSAGE_SHORTCUT:
            return bool(text_at(body, "callback_id"))
        case Kind.LIMITED:
            minute = body.get("minute_rate_limited")
            return type(minute) is int and 10**9 < minute < 10**10  # since the epoch
        case kind:
            return kind is not Kind.SUGGESTION or bool(text_at(body, "action_id"))
