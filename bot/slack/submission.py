"""A form's answer: what rides on the acknowledgement, and the same by other means when that has left already."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack.blocks import Block, Message, View, mrkdwn, plain, section
from bot.slack.call import Call
from bot.slack.client import SlackRefused
from bot.slack.forms import Form, field_of, secret_ids
from bot.slack.limits import PayloadTooBig, check_view
from bot.slack.perform import GONE, Performer, notice
from bot.slack.reply import Close, Errors, HomeView, Open, Push, Quiet, Reply, Say, SendFile, Several, Update
from bot.slack.wire import known

AckBody = dict[str, Any]

_KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "notify_on_close", "clear_on_close")
_INITIAL = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "rich_text_value": "initial_value",
    "value": "initial_value",
}


def ack_of(reply: Reply, form: type[Form], sentences: Mapping[str, str], view: Mapping[str, Any]) -> AckBody:
    """The acknowledgement's body; `sentences` are those of Errors, by field.

    https://docs.slack.dev/surfaces/modals#response_actions
    """
    match reply:
        case Update(shown):
            return {"response_action": "update", "view": shown}
        case Push(shown) | Open(shown):
            return {"response_action": "push", "view": shown}
        case Close(all=True):
            return {"response_action": "clear"}
        case Errors():
            return errors_of(form, sentences, view)
        case Several(replies):
            bodies = (ack_of(each, form, sentences, view) for each in replies)
            return next((body for body in bodies if body), {})
        case Close() | Quiet() | Say() | SendFile() | HomeView():
            return {}


def said_by(reply: Reply) -> Sequence[Say | SendFile | HomeView]:
    """What else a submission's answer does, besides the acknowledgement."""
    match reply:
        case Say() | SendFile() | HomeView():
            return [reply]
        case Close(say=message) if message is not None:
            return [Say(message)]
        case Several(replies):
            return [each for one in replies for each in said_by(one)]
        case _:
            return []


def errors_of(form: type[Form], sentences: Mapping[str, str], view: Mapping[str, Any]) -> AckBody:
    """Sentences by field as Slack wants them, by block. One without an input of its own stands at the first input;
    in a form without inputs they stand on top."""
    blocks = {field: str(block["block_id"]) for block in inputs_of(view) if (field := _field(form, block))}
    first = next((str(block["block_id"]) for block in inputs_of(view)), None)
    if first is None:
        return {"response_action": "update", "view": _told(view, "\n".join(sentences.values()))}
    beside: dict[str, str] = {}
    for field, text in sentences.items():
        block = blocks.get(field, first)
        beside[block] = f"{beside[block]} {text}" if block in beside else text
    return {"response_action": "errors", "errors": beside}


def _told(view: Mapping[str, Any], text: str) -> View:
    """The view with a sentence on top; where it is none that we drew, the sentence alone."""
    shown = refilled(view, {"": text})
    try:
        check_view(shown)
    except (PayloadTooBig, TypeError, AttributeError, ValueError):  # none that we drew: parts are of other types
        return {"type": "modal", "title": plain("Vocero", 24), "blocks": [_warning(text)]}
    return shown


def inputs_of(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A view's input blocks."""
    return [block for block in view.get("blocks") or () if block.get("type") == "input" and "block_id" in block]


def _field(form: type[Form], block: Mapping[str, Any]) -> str | None:
    return field_of(form, str((block.get("element") or {}).get("action_id", "")))


def refilled(view: Mapping[str, Any], sentences: Mapping[str, str]) -> View:
    """A view that Slack sent, ready to be sent back with what was typed in it; `sentences` stand above their block,
    the one of "" on top. Files can't be given back, Slack has no such field; secrets never are."""
    values = (view.get("state") or {}).get("values") or {}
    form = known(Form, str(view.get("callback_id", "")))
    secrets = secret_ids(form) if form is not None else frozenset()
    blocks: list[Block] = [_warning(sentences[""])] if "" in sentences else []
    for block in view.get("blocks") or ():
        block_id = str(block.get("block_id", ""))
        if block_id in sentences:
            blocks.append(_warning(sentences[block_id]))
        typed = values.get(block_id) or {}
        blocks.append(_with_values(block, {id_: state for id_, state in typed.items() if id_ not in secrets}))
    return {name: view[name] for name in _KEPT if view.get(name) is not None} | {"blocks": blocks}


def _warning(text: str) -> Block:
    return section(mrkdwn(f":warning: {text}"))


def _with_values(block: Mapping[str, Any], values: Mapping[str, Any]) -> Block:
    element = block.get("element")
    if not isinstance(element, Mapping) or element.get("action_id") not in values:
        return dict(block)
    state = values[element["action_id"]]
    bare = {name: value for name, value in element.items() if not name.startswith("initial_")}
    initial = {_INITIAL[name]: value for name, value in state.items() if name in _INITIAL and value}
    return dict(block) | {"element": bare | initial}


async def apply_late(body: AckBody, call: Call, performer: Performer) -> None:
    """Does to the open view what the acknowledgement was too early for; a form that came back and is no longer open
    is offered by a message with what was typed in it."""
    if call.view is None:
        return
    action = body.get("response_action")
    if action == "errors":
        shown = refilled(call.view.payload, body["errors"])
    elif action in {"update", "push"}:
        shown = body["view"]
    else:
        shown = notice(call, call.words("slack.done"))
    try:
        await performer.replace(call, shown)
    except SlackRefused as error:
        if error.error not in GONE:
            raise
        if action == "errors":
            await performer.say(call, Message("\n".join(body["errors"].values())))
        if action:
            await performer.offer(call, shown, "slack.form_came_back" if action == "errors" else "error.form_expired")
