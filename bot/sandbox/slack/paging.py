"""Cursors of the Web API's lists."""

import base64
import binascii
from collections.abc import Sequence

from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.terms import Json, SlackError


def page(call: Call, every: Sequence[object], key: str, *, default: int = 100, most: int = 1000) -> Json:
    """One page of `every` under `key` with `next_cursor`. Raises invalid_limit or invalid_cursor."""
    start, limit = offset(call), size(call, default, most)
    rest = len(every) > start + limit
    cursor = mark(start + limit) if rest else ""
    return {key: list(every[start : start + limit]), "response_metadata": {"next_cursor": cursor}}


def size(call: Call, default: int, most: int) -> int:
    """How many are asked for."""
    limit = call.number("limit", default)
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    return limit


def offset(call: Call) -> int:
    """Where the cursor points."""
    if not call.given("cursor"):
        return 0
    try:
        plain = base64.b64decode(call.text("cursor"), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SlackError("invalid_cursor") from error
    if not plain.startswith("next:") or not plain[5:].isdigit():
        raise SlackError("invalid_cursor")
    return int(plain[5:])


def mark(place: int) -> str:
    """A cursor."""
    return base64.b64encode(f"next:{place}".encode()).decode()
