"""Composition objects: texts, options, confirmation dialogs, images of one's own and dispatch settings."""

from typing import Any

from bot.sandbox.slack.kit.check import (
    Check,
    Findings,
    boolean,
    kind,
    many,
    matching,
    one_of,
    record,
    tagged,
    text,
)

OPTION_TEXT = 75
OPTION_VALUE = 150

block_id = text(255)
action_id = text(255)
style = one_of("primary", "danger")


def plain(high: int) -> Check:
    """A plain_text object."""
    return tagged({"plain_text": record({"type": kind("plain_text"), "text": text(high)}, {"emoji": boolean})})


def mrkdwn(high: int) -> Check:
    """A mrkdwn object."""
    return tagged({"mrkdwn": record({"type": kind("mrkdwn"), "text": text(high)}, {"verbatim": boolean})})


def words(high: int) -> Check:
    """Either kind of text object."""
    return tagged({
        "plain_text": record({"type": kind("plain_text"), "text": text(high)}, {"emoji": boolean}),
        "mrkdwn": record({"type": kind("mrkdwn"), "text": text(high)}, {"verbatim": boolean}),
    })  # fmt: skip


def url(high: int = 3000) -> Check:
    """An address that a person can open."""
    length = text(high)
    form = matching(r"(?:https?|mailto|tel|slack):\S+", "must be a valid url")

    def check(value: Any, at: str, found: Findings) -> None:
        before = len(found.messages)
        length(value, at, found)
        if len(found.messages) == before:
            form(value, at, found)

    return check


# assumed: an image must come from the web.
image_url = matching(r"(?s)https?://\S{1,2992}", "must be a valid url of less than 3001 characters")

confirm = record(
    {"text": words(300)},
    {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": style},
)

# docs.slack.dev/reference/block-kit/composition-objects/option-object: `value` is required, at most 150.
_option_fields = {"description": plain(OPTION_TEXT)}
option = record({"text": plain(OPTION_TEXT), "value": text(OPTION_VALUE)}, _option_fields)
rich_option = record({"text": words(OPTION_TEXT), "value": text(OPTION_VALUE)}, _option_fields)
overflow_option = record({"text": plain(OPTION_TEXT), "value": text(OPTION_VALUE)}, {**_option_fields, "url": url()})
option_group = record({"label": plain(75), "options": many(option, 1, 100)}, {})

dispatch = record(
    {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
    {},
)


def _one_name(value: Any, at: str, found: Findings) -> None:
    if len(value) != 1:
        found.add("must provide either id or url", at)
    elif not found.has_file(value):
        found.add("invalid slack file", at)


slack_file = record({}, {"id": text(255), "url": text(3000)}, _one_name)
