"""Slack's limits on what we send, checked before anything leaves; a payload that breaks one is our bug.

Builders in `bot.slack.blocks` cut texts, so what arrives here too big was built wrong: it raises, in tests and in
production, and is never sent. Limits: https://docs.slack.dev/reference/block-kit, /reference/views, and
`msg_blocks_too_long` by measurement.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.errors import VoceroError
from bot.slack.wire import elements_in

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_200  # of all blocks together
MESSAGE_TEXT = 40_000
VIEW_BYTES = 250_000
METADATA = 3000

_TEXTS: Mapping[str, Mapping[str, int]] = {
    "header": {"text": 150},
    "section": {"text": 3000},
    "button": {"text": 75, "value": 2000, "url": 3000, "accessibility_label": 75},
    "image": {"alt_text": 2000, "title": 2000, "image_url": 3000},
    "input": {"label": 2000, "hint": 2000},
    "plain_text_input": {"placeholder": 150, "initial_value": 3000},
    "modal": {"title": 24, "submit": 24, "close": 24, "private_metadata": METADATA, "callback_id": 255},
    "home": {"private_metadata": METADATA, "callback_id": 255},
}
_SELECTS = ("static_select", "multi_static_select", "users_select", "multi_users_select", "conversations_select")
_COUNTS: Mapping[str, tuple[str, int, int]] = {
    "actions": ("elements", 1, 25),
    "context": ("elements", 1, 10),
    "overflow": ("options", 1, 5),
    "static_select": ("options", 1, 100),
    "multi_static_select": ("options", 1, 100),
    "radio_buttons": ("options", 1, 10),
    "checkboxes": ("options", 1, 10),
    "section": ("fields", 1, 10),
}
_OPTION: Mapping[str, int] = {"text": 75, "description": 75, "value": 150}
_CONFIRM: Mapping[str, int] = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
_ONLY_IN_VIEWS = {"input"}
_LEAST: Mapping[str, int] = {**_CONFIRM, **_OPTION}
"""For what has no type, or one without limits of its own."""
_FIELDS = {kind: tuple(limits.items()) for kind, limits in _TEXTS.items()}
_LEAST_FIELDS = tuple(_LEAST.items())
_TEXT_KINDS = frozenset({"plain_text", "mrkdwn"})


class PayloadTooBig(VoceroError):
    """Slack would refuse this; `problems` says what and where."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def check_message(text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
    """Raises PayloadTooBig for a message that Slack would refuse."""
    characters = _at_a_glance(blocks)
    if characters is not None and characters <= MESSAGE_CHARACTERS and text.strip() and len(text) <= MESSAGE_TEXT:
        return
    problems = list(_blocks(blocks, MESSAGE_BLOCKS, unique_actions=False))
    if not text.strip():
        problems.append("text: empty, so notifications and screen readers have nothing")
    if len(text) > MESSAGE_TEXT:
        problems.append(f"text: {len(text)} characters")
    if (characters := sum(_written(block) for block in blocks)) > MESSAGE_CHARACTERS:
        problems.append(f"blocks: {characters} characters together")
    problems += [f"blocks: {block.get('type')} in a message" for block in blocks if block.get("type") in _ONLY_IN_VIEWS]
    if problems:
        raise PayloadTooBig(problems)


def check_view(view: Mapping[str, Any]) -> None:
    """Raises PayloadTooBig for a modal or a Home that Slack would refuse."""
    blocks = view.get("blocks", ())
    problems = list(_blocks(blocks, VIEW_BLOCKS, unique_actions=True))
    problems += _texts(view, str(view.get("type")), str(view.get("type")))
    if view.get("type") == "modal" and not view.get("submit") and any(b.get("type") == "input" for b in blocks):
        problems.append("modal: inputs without a submit button")
    if len(str(view).encode("utf-8", "replace")) > VIEW_BYTES:
        problems.append("view: too many bytes")
    if problems:
        raise PayloadTooBig(problems)


def _at_a_glance(blocks: Sequence[Mapping[str, Any]]) -> int | None:
    """The characters of a message's blocks if surely nothing else is wrong with them, else None: then each is looked at
    closely, which takes ten times as long and says what and where."""
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(blocks) > MESSAGE_BLOCKS or len(set(map(str, names))) != len(names) or any(len(str(n)) > 255 for n in names):
        return None
    if any(block.get("type") in _ONLY_IN_VIEWS for block in blocks):
        return None
    counted = [_in_a_block(block) for block in blocks]
    return None if None in counted else sum(count or 0 for count in counted)


def _in_a_block(block: Mapping[str, Any]) -> int | None:
    written, actions, stack = 0, list[object](), [block]
    while stack:
        value = stack.pop()
        if not _is_fine(value):
            return None
        for name, child in value.items():
            if isinstance(child, dict):
                stack.append(child)
            elif isinstance(child, list | tuple):
                if not all(isinstance(each, dict) for each in child):
                    return None
                stack.extend(child)
            elif name == "text":
                written += _length(child)
            elif name == "action_id":
                actions.append(child)
    return written if len(set(actions)) == len(actions) else None


def _is_fine(value: Mapping[str, Any]) -> bool:
    """Whether the least that any limit allows is kept here, not looking into what it contains. Plain loops, because
    every element of every message comes here."""
    kind = value.get("type", "")
    if not isinstance(kind, str):
        return False
    if kind in _TEXT_KINDS:
        return 0 < _length(value) <= 3000
    for field, limit in _FIELDS.get(kind, _LEAST_FIELDS):
        if field in value and _length(value[field]) > limit:
            return False
    return (
        ("action_id" not in value or 0 < _length(value["action_id"]) <= 255)
        and (kind not in _COUNTS or _is_counted(value, *_COUNTS[kind]))
        and (kind not in _SELECTS or _length(value.get("placeholder")) <= 150)
        and not (kind and "deny" in value)
        and ("options" not in value or len({str(o.get("value")) for o in value["options"]}) == len(value["options"]))
        and (kind != "section" or _says_something(value))
    )


def _is_counted(value: Mapping[str, Any], name: str, least: int, most: int) -> bool:
    return name not in value or least <= len(value[name]) <= most


def _says_something(value: Mapping[str, Any]) -> bool:
    fields = value.get("fields", ())
    return bool("text" in value or fields) and all(_length(each) <= 2000 for each in fields)


def _blocks(blocks: Sequence[Mapping[str, Any]], most: int, *, unique_actions: bool) -> Iterator[str]:
    if len(blocks) > most:
        yield f"blocks: {len(blocks)} of at most {most}"
    yield from _twice("block_id", (block["block_id"] for block in blocks if "block_id" in block))
    for number, block in enumerate(blocks):
        yield from _walk(block, f"blocks[{number}]")
        yield from _twice("action_id", (element["action_id"] for element in elements_in(block)))
        if len(str(block.get("block_id", ""))) > 255:
            yield f"blocks[{number}].block_id: too long"
    if unique_actions:
        focus = [element for element in elements_in(blocks) if element.get("focus_on_load")]
        if len(focus) > 1:
            yield "focus_on_load: in two elements"


def _walk(value: object, where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        kind = str(value.get("type", ""))
        yield from _texts(value, kind, where)
        yield from _counted(value, kind, where)
        for name, child in value.items():
            yield from _walk(child, f"{where}.{name}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, child in enumerate(value):
            yield from _walk(child, f"{where}[{number}]")


def _texts(value: Mapping[str, Any], kind: str, where: str) -> Iterator[str]:
    limits = dict(_TEXTS.get(kind, {}))
    if "value" in value and "text" in value and not kind:
        limits |= _OPTION
    if "deny" in value and "confirm" in value:
        limits |= _CONFIRM
    if kind in {"plain_text", "mrkdwn"}:
        limits["text"] = 3000
        if not value.get("text"):
            yield f"{where}.text: empty"
    if kind in _SELECTS:
        limits["placeholder"] = 150
    if "action_id" in value:
        limits["action_id"] = 255
        if not value["action_id"]:
            yield f"{where}.action_id: empty"
    for name, most in limits.items():
        length = _length(value.get(name))
        if length > most:
            yield f"{where}.{name}: {length} characters of at most {most}"
    if kind == "section":
        yield from (f"{where}.fields: over 2000" for field in value.get("fields", ()) if _length(field) > 2000)
        if "text" not in value and not value.get("fields"):
            yield f"{where}: neither text nor fields"


def _counted(value: Mapping[str, Any], kind: str, where: str) -> Iterator[str]:
    name, least, most = _COUNTS.get(kind, ("", 0, 0))
    count = len(value.get(name, ()))
    if name in value and not least <= count <= most:
        yield f"{where}.{name}: {count} of {least} to {most}"
    values = [each.get("value") for each in value.get("options", ()) if isinstance(each, Mapping)]
    yield from (f"{where}: {problem}" for problem in _twice("option", values))


def _twice(what: str, values: Any) -> Iterator[str]:
    yield from (f"{what} {value!r} twice" for value, count in Counter(values).items() if count > 1)


def _length(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (dict, Mapping)):  # the first is much quicker to tell, and nearly always so
        value = value.get("text", "")
        return len(value) if isinstance(value, str) else 0
    return 0


def _written(value: object) -> int:
    """Characters of text in a block, wherever they are."""
    if isinstance(value, Mapping):
        return sum(
            len(child) if name == "text" and isinstance(child, str) else _written(child)
            for name, child in value.items()
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return sum(_written(child) for child in value)
    return 0
