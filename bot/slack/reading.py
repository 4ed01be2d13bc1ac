"""From a payload to the interaction that it is; raises BadPress, or UserError for a verb that we don't serve yet."""

import logging
from collections.abc import Callable, Mapping

from bot.errors import UserError
from bot.slack.payload import Kind, Payload, kind_of, part, text_at
from bot.slack.wire import (
    BadPress,
    BareCommand,
    Command,
    Interaction,
    MessageShortcut,
    Shortcut,
    SlackEvent,
    UnknownVerb,
    known,
)
from bot.text.markup import from_slack
from bot.text.verbs import Suggestion, parse_verb

log = logging.getLogger(__name__)


def interaction_of(body: Payload) -> Interaction | None:
    """A command, a shortcut or a Slack event; None for what nobody listens to. Presses and forms are read elsewhere."""
    return _READ[kind_of(body)](body)


def _command(body: Payload) -> Interaction:
    asked = parse_verb(text_at(body, "text"))
    if asked is None:
        return BareCommand()
    if isinstance(asked, Suggestion):
        return UnknownVerb(word=asked.word, nearest=asked.nearest, text=from_slack(text_at(body, "text")))
    text = from_slack(asked.argument)
    found = known(Command, asked.verb.value)
    return found.unpacked({"text": text}) if found else _not_yet(asked.verb.value)


def _not_yet(verb: str) -> Interaction:
    raise UserError("error.not_yet", verb=f"command.{verb}")


def _shortcut(body: Payload) -> Interaction:
    found = known(Shortcut, text_at(body, "callback_id"))
    if found is None:
        raise BadPress(f"no shortcut {text_at(body, 'callback_id')!r}")
    return found.unpacked({})


def _message_shortcut(body: Payload) -> Interaction:
    found = known(MessageShortcut, text_at(body, "callback_id"))
    if found is None:
        raise BadPress(f"no shortcut {text_at(body, 'callback_id')!r}")
    files = part(body, "message", "files")
    fields = {
        "channel": text_at(body, "channel", "id"),
        "ts": text_at(body, "message", "ts"),
        "thread_ts": text_at(body, "message", "thread_ts"),
        "author": "" if text_at(body, "message", "bot_id") else text_at(body, "message", "user"),
        "text": text_at(body, "message", "text"),
        "files": files if isinstance(files, list) else [],
    }
    return found.unpacked(fields)


def _event(body: Payload) -> Interaction | None:
    found = known(SlackEvent, text_at(body, "event", "type"))
    return found.unpacked(part(body, "event")) if found is not None else None


def _nothing(body: Payload) -> None:
    log.info("nothing to do for a payload", extra={"kind": kind_of(body), "type": text_at(body, "type")})


_READ: Mapping[Kind, Callable[[Payload], Interaction | None]] = {
    Kind.COMMAND: _command,
    Kind.SHORTCUT: _shortcut,
    Kind.MESSAGE_SHORTCUT: _message_shortcut,
    Kind.EVENT: _event,
    Kind.SUGGESTION: _nothing,
    Kind.VERIFICATION: _nothing,
    Kind.OTHER: _nothing,
}
