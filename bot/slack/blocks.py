"""Block Kit in small typed pieces: each builder cuts its text to what Slack takes, on a grapheme's edge.

Limits: https://docs.slack.dev/reference/block-kit. `bot.slack.limits` checks whole payloads before they leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.text.markup import cut

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

TEXT = 3000  # section text, context text
FIELD = 2000


@dataclass(frozen=True)
class Message:
    """What is posted: `text` is always there, for notifications and screen readers; blocks are what people see."""

    text: str
    blocks: Sequence[Block] = ()


def plain(text: str, limit: int = TEXT, *, emoji: bool = True) -> Element:
    """Text without formatting. Slack refuses an empty one, so a blank stands in; `emoji` off leaves `:smile:` alone."""
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": emoji}


def mrkdwn(text: str, limit: int = TEXT) -> Element:
    """Text with Slack's formatting; only what was written as a link or a mention becomes one."""
    return {"type": "mrkdwn", "text": cut(text, limit) or " ", "verbatim": True}


def section(
    text: str | Element | None = None,
    *,
    fields: Sequence[str] = (),
    accessory: Element | None = None,
    block_id: str | None = None,
    expand: bool = False,
) -> Block:
    """A paragraph in mrkdwn (or a ready text element), up to ten fields in two columns, one element at its side."""
    block: Block = {"type": "section"}
    if text is not None:
        block["text"] = mrkdwn(text) if isinstance(text, str) else text
    if fields:
        block["fields"] = [mrkdwn(field, FIELD) for field in fields[:10]]
    if accessory is not None:
        block["accessory"] = accessory
    if expand:
        block["expand"] = True
    return _named(block, block_id)


def context(*parts: str | Element, block_id: str | None = None) -> Block:
    """Small grey print: up to ten texts (mrkdwn) and images."""
    elements = [mrkdwn(part, TEXT) if isinstance(part, str) else part for part in parts[:10]]
    return _named({"type": "context", "elements": elements}, block_id)


def actions(*elements: Element | None, block_id: str | None = None) -> Block:
    """A row of up to 25 buttons, menus or pickers; None is left out."""
    return _named({"type": "actions", "elements": [each for each in elements if each is not None]}, block_id)


def header(text: str, *, block_id: str | None = None) -> Block:
    """A title."""
    return _named({"type": "header", "text": plain(text, 150)}, block_id)


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def image(alt: str, *, url: str | None = None, file: str | None = None, title: str | None = None) -> Block:
    """A picture, by public address or by the id of a file in Slack; `alt` is required by Slack and by people."""
    block: Block = {"type": "image", "alt_text": cut(alt, 2000) or " "} | _source(url, file)
    return block | ({"title": plain(title, 2000)} if title else {})


def thumbnail(alt: str, *, url: str | None = None, file: str | None = None) -> Element:
    """A small picture inside a section or a context."""
    return {"type": "image", "alt_text": cut(alt, 2000) or " "} | _source(url, file)


def rich(*lines: str, quote: bool = False, code: bool = False, block_id: str | None = None) -> Block:
    """Text that stays exactly what it is: nothing in it can format, link, mention or ping."""
    text = "\n".join(lines)
    kind = "rich_text_quote" if quote else "rich_text_preformatted" if code else "rich_text_section"
    inner: Element = {"type": kind, "elements": [{"type": "text", "text": text or " "}]}
    return _named({"type": "rich_text", "elements": [inner]}, block_id)


def confirm(title: str, text: str, ok: str, cancel: str, *, danger: bool = False) -> Element:
    """The dialog that asks once before a press counts."""
    dialog: Element = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(ok, 30),
        "deny": plain(cancel, 30),
    }
    return dialog | ({"style": "danger"} if danger else {})


def option(label: str, value: str, description: str | None = None) -> Element:
    """One choice of a select, of checkboxes or of radio buttons. Raises ValueError for a value over 150 characters."""
    if len(value) > 150:
        raise ValueError(f"an option's value of {len(value)} characters")
    shown: Element = {"text": plain(label, 75), "value": value}
    return shown | ({"description": plain(description, 75)} if description else {})


def text_input(
    initial: str = "", *, lines: bool = False, most: int = 3000, placeholder: str | None = None, focus: bool = False
) -> Element:
    """A text field; `lines` makes it tall. Slack takes at most 3,000 characters."""
    element: Element = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    if initial:
        element["initial_value"] = initial
    return element | _extras(placeholder, focus)


def select(options: Sequence[Element], initial: str | None = None, *, placeholder: str | None = None) -> Element:
    """Choose one from a list; `initial` is an option's value."""
    element: Element = {"type": "static_select", "options": list(options)}
    chosen = [each for each in options if each["value"] == initial]
    return element | ({"initial_option": chosen[0]} if chosen else {}) | _extras(placeholder)


def radio(options: Sequence[Element], initial: str | None = None) -> Element:
    """Choose one, all of them visible; at most ten."""
    element: Element = {"type": "radio_buttons", "options": list(options)}
    chosen = [each for each in options if each["value"] == initial]
    return element | ({"initial_option": chosen[0]} if chosen else {})


def checkboxes(options: Sequence[Element], initial: Sequence[str] = ()) -> Element:
    """Choose any, all of them visible; at most ten."""
    return _several("checkboxes", options, initial)


def multi_select(options: Sequence[Element], initial: Sequence[str] = (), *, placeholder: str | None = None) -> Element:
    """Choose any from a list; at most a hundred."""
    return _several("multi_static_select", options, initial) | _extras(placeholder)


def users(initial: Sequence[str] = (), *, most: int | None = None, placeholder: str | None = None) -> Element:
    """Choose any members."""
    element: Element = {"type": "multi_users_select"} | ({"initial_users": list(initial)} if initial else {})
    return element | ({"max_selected_items": most} if most else {}) | _extras(placeholder)


def user(initial: str | None = None, *, placeholder: str | None = None) -> Element:
    """Choose one member."""
    return {"type": "users_select"} | ({"initial_user": initial} if initial else {}) | _extras(placeholder)


def channel(initial: str | None = None, *, placeholder: str | None = None) -> Element:
    """Choose one channel, private ones included."""
    element: Element = {"type": "conversations_select"}
    element["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
    return element | ({"initial_conversation": initial} if initial else {}) | _extras(placeholder)


def moment(initial: datetime | None = None) -> Element:
    """Choose a date and a time, in the reader's zone."""
    return {"type": "datetimepicker"} | ({"initial_date_time": int(initial.timestamp())} if initial else {})


def files(*types: str, most: int = 1) -> Element:
    """Choose files to upload; `types` are extensions. https://docs.slack.dev/reference/block-kit/block-elements/file-input-element."""
    element: Element = {"type": "file_input", "max_files": most}
    return element | ({"filetypes": list(types)} if types else {})


def home(blocks: Sequence[Block]) -> View:
    """A Home page."""
    return {"type": "home", "blocks": list(blocks)}


def _named(block: Block, block_id: str | None) -> Block:
    return block | ({"block_id": block_id} if block_id is not None else {})


def _source(url: str | None, file: str | None) -> Element:
    return {"slack_file": {"id": file}} if file is not None else {"image_url": url}


def _extras(placeholder: str | None, focus: bool = False) -> Element:
    shown: Element = {"placeholder": plain(placeholder, 150)} if placeholder else {}
    return shown | ({"focus_on_load": True} if focus else {})


def _several(kind: str, options: Sequence[Element], initial: Sequence[str]) -> Element:
    chosen = [each for each in options if each["value"] in set(initial)]
    return {"type": kind, "options": list(options)} | ({"initial_options": chosen} if chosen else {})
