"""Every block type, with the limits of its reference page and the surfaces that show it."""

from typing import Any

from bot.sandbox.slack.kit.charts import data_visualization
from bot.sandbox.slack.kit.check import (
    Check,
    Findings,
    boolean,
    kind,
    many,
    number,
    one_of,
    record,
    tagged,
    text,
)
from bot.sandbox.slack.kit.elements import (
    ELEMENTS,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    among,
    button,
    image,
    one_picture,
)
from bot.sandbox.slack.kit.objects import block_id, image_url, mrkdwn, plain, slack_file, url, words
from bot.sandbox.slack.kit.rich_text import rich_text


def _block(name: str, required: dict[str, Check], optional: dict[str, Check], *rules: Check) -> Check:
    return record({"type": kind(name), **required}, {"block_id": block_id, **optional}, *rules)


def _says_something(value: Any, at: str, found: Findings) -> None:
    if "text" not in value and "fields" not in value:
        found.add("must define either `text` or `fields`", at)


def _has_content(value: Any, at: str, found: Findings) -> None:
    if not {"hero_image", "title", "actions", "body"} & value.keys():
        found.add("must define one of hero_image, title, actions, body", at)


def _has_title(value: Any, at: str, found: Findings) -> None:
    if not {"title", "rich_text_title"} & value.keys():
        found.add("must define either `title` or `rich_text_title`", at)


def _files_in_modals(value: Any, at: str, found: Findings) -> None:
    if value["element"]["type"] == "file_input" and found.surface != "modal":
        found.add("unsupported type: file_input", f"{at}/element/type")
    if value["element"]["type"] == "file_input" and value.get("dispatch_action"):
        found.add("invalid additional property: dispatch_action", at)


_cell = tagged(
    {
        "raw_text": record({"type": kind("raw_text"), "text": text(3000)}, {}),
        "raw_number": record({"type": kind("raw_number"), "value": number(whole=False), "text": text(3000)}, {}),
        "rich_text": rich_text,
    }
)
_column = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
_source = record({"type": kind("url"), "url": url(), "text": text(3000)}, {})
_picture = tagged({"image": image})

card = _block(
    "card",
    {},
    {
        "hero_image": _picture,
        "icon": _picture,
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "actions": many(tagged({"button": button}), 1, 25),
    },
    _has_content,
)
task_card = _block(
    "task_card",
    {
        "task_id": text(255),
        "title": text(3000),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {"details": rich_text, "output": rich_text, "sources": many(tagged({"url": _source}), 0, 100)},
)

BLOCKS: dict[str, Check] = {
    "section": _block(
        "section",
        {},
        {
            "text": words(3000),
            "fields": many(words(2000), 1, 10),
            "accessory": tagged(among(IN_SECTION)),
            "expand": boolean,
        },
        _says_something,
    ),
    "divider": _block("divider", {}, {}),
    "header": _block("header", {"text": plain(150)}, {}),
    "image": _block(
        "image",
        {"alt_text": text(2000)},
        {"image_url": image_url, "slack_file": slack_file, "title": plain(2000)},
        one_picture,
    ),
    "context": _block(
        "context",
        {
            "elements": many(
                tagged(
                    {
                        "image": image,
                        "plain_text": plain(3000),
                        "mrkdwn": mrkdwn(3000),
                    }
                ),
                1,
                10,
            )
        },
        {},
    ),
    "actions": _block("actions", {"elements": many(tagged(among(IN_ACTIONS)), 1, 25)}, {}),
    "input": _block(
        "input",
        {"label": plain(2000), "element": tagged(among(IN_INPUT))},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        _files_in_modals,
    ),
    "rich_text": rich_text,
    "markdown": _block("markdown", {"text": text(12000)}, {}),
    "alert": _block(
        "alert",
        {"text": words(200)},
        {"level": one_of("default", "info", "warning", "error", "success")},
    ),
    "card": card,
    "carousel": _block("carousel", {"elements": many(tagged({"card": card}), 1, 10)}, {}),
    "context_actions": _block(
        "context_actions",
        {"elements": many(tagged({name: ELEMENTS[name] for name in ("feedback_buttons", "icon_button")}), 1, 5)},
        {},
    ),
    "table": _block(
        "table",
        {"rows": many(many(_cell, 1, 20), 1, 100)},
        {"column_settings": many(_column, 1, 20)},
    ),
    "data_table": _block(
        "data_table",
        {"caption": text(2000), "rows": many(many(_cell, 1, 20), 1, 101)},
        {"page_size": number(1, 100), "row_header_column_index": number(0, 19)},
    ),
    "data_visualization": data_visualization,
    "video": _block(
        "video",
        {
            "alt_text": text(2000),
            "title": plain(199),
            "thumbnail_url": image_url,
            "video_url": image_url,
        },
        {
            "author_name": text(49),
            "description": plain(200),
            "provider_icon_url": image_url,
            "provider_name": text(255),
            "title_url": url(),
        },
    ),
    "file": _block("file", {"external_id": text(255), "source": one_of("remote")}, {}),
    "task_card": task_card,
    "plan": _block("plan", {"title": text(3000)}, {"tasks": many(tagged({"task_card": task_card}), 0, 50)}),
}
_INSIDE = (
    "actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video",
)  # fmt: skip
BLOCKS["container"] = _block(
    "container",
    {"child_blocks": many(tagged({name: BLOCKS[name] for name in _INSIDE}), 1, 10)},
    {
        "title": plain(150),
        "rich_text_title": rich_text,
        "subtitle": words(150),
        "icon": _picture,
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    _has_title,
)

# docs.slack.dev/reference/block-kit/blocks, "Available in surfaces".
# assumed: an input in a message is refused, though newer clients show some.
ONLY_IN: dict[str, set[str]] = {
    "input": {"modal", "home"},
    "markdown": {"message"},
    "table": {"message"},
    "data_table": {"message"},
    "data_visualization": {"message"},
    "context_actions": {"message"},
    "file": {"message"},
    "task_card": {"message"},
    "plan": {"message"},
    "card": {"message"},
    "carousel": {"message"},
    "container": {"message"},
    "alert": {"modal"},
}
