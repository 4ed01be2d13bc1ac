"""What a whole message, modal or home may hold: counts, unique ids, and what belongs where."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.slack.kit.blocks import BLOCKS, ONLY_IN
from bot.sandbox.slack.kit.check import Findings, boolean, kind, many, record, tagged, text
from bot.sandbox.slack.kit.objects import plain
from bot.sandbox.slack.terms import Json

MOST = {"message": 50, "modal": 100, "home": 100}
# Undocumented; seen by users at about 13,200 (slackapi/bolt-js#2509). Counted over all texts of the blocks (assumed).
MESSAGE_CHARACTERS = 13_200
MARKDOWN_CHARACTERS = 12_000
# assumed: one chart more makes Slack refuse the message.
CHARTS = 2

_own: dict[str, Any] = {"private_metadata": text(3000, low=0), "callback_id": text(255, low=0)}
_modal = record(
    {"type": kind("modal"), "title": plain(24), "blocks": lambda value, at, found: None},
    {
        **_own,
        "external_id": text(255, low=0),
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_home = record(
    {"type": kind("home"), "blocks": lambda value, at, found: None},
    {**_own, "external_id": text(255, low=0)},
)
_view = tagged({"modal": _modal, "home": _home})


def check_blocks(blocks: Any, surface: str, has_file: Callable[[Json], bool], at: str = "/blocks") -> list[str]:
    """What is wrong with these blocks on this surface; nothing when all is right."""
    found = Findings(surface, has_file)
    many(_allowed(surface), 0 if surface == "message" else 1, MOST[surface])(blocks, at, found)
    if not found.messages:
        _together(blocks, at, found)
    return found.messages


def check_view(view: Any, has_file: Callable[[Json], bool]) -> list[str]:
    """What is wrong with a view; nothing when all is right."""
    found = Findings("modal", has_file)
    _view(view, "/view", found)
    if found.messages:
        return found.messages
    messages = check_blocks(view["blocks"], view["type"], has_file, "/view/blocks")
    if messages:
        return messages
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and inputs and not view.get("submit"):
        found.add("must define `submit` to use an `input` block in modals", "/view")
    return found.messages


def characters(blocks: list[Json]) -> int:
    """How much text the blocks hold together."""
    return sum(len(one) for one in _strings(blocks))


def _allowed(surface: str) -> Callable[[Any, str, Findings], None]:
    return tagged({name: check for name, check in BLOCKS.items() if surface in ONLY_IN.get(name, {surface})})


def _together(blocks: list[Json], at: str, found: Findings) -> None:
    """Rules that see every block at once."""
    seen: set[str] = set()
    focused = 0
    for place, block in enumerate(blocks):
        for one in [block, *block.get("child_blocks", [])]:
            name = one.get("block_id")
            if name in seen:
                found.add(f"`block_id` {name} already exists", f"{at}/{place}/block_id")
            if name is not None:
                seen.add(name)
        used: set[str] = set()
        for element in elements(block):
            action = element.get("action_id")
            if action in used:
                found.add(f"`action_id` {action} already exists", f"{at}/{place}")
            if action is not None:
                used.add(action)
            focused += element.get("focus_on_load") is True
    if focused > 1:
        found.add("only one element can have focus_on_load", at)
    kinds = [block["type"] for block in blocks]
    if kinds.count("table") > 1:
        found.add("only_one_table_allowed", at)
    if kinds.count("data_visualization") > CHARTS:
        found.add(f"no more than {CHARTS} data_visualization blocks allowed", at)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARACTERS:
        found.add(f"markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters together", at)


def elements(block: Json) -> Iterator[Json]:
    """The elements of a block that a person can act on, those of inner blocks included."""
    for key in ("elements", "actions", "child_blocks"):
        for one in block.get(key, []):
            if not isinstance(one, dict):
                continue
            if one.get("type") in BLOCKS and one["type"] != "image":
                yield from elements(one)
            else:
                yield one
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield block[key]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "text" and isinstance(one, str):
                yield one
            else:
                yield from _strings(one)
