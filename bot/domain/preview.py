"""How a post will look where people meet it, in a feed: where its text folds, what of a picture is cut, which link
gets a card."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import regex

from bot.domain.checks import folding

_BACK = 30
"""Characters within which the fold moves back to the end of a word, ours."""
_LEAST = 0.005
"""A smaller part of a picture is no loss that anybody sees."""


@dataclass(frozen=True)
class Feed:
    """What a network does to a post in its feed. The default is one that shows everything as it is.

    fold: characters after which the rest hides behind *see more*, and lines after which it does; 0: never. opening:
    characters at the beginning in which stands what nobody may miss; 0: all that is read at once. widest, tallest: a
    single picture's width by its height, outside which it is cut; 0: never. card: whether the first link is drawn as
    a card, where no picture goes with the post.
    """

    fold: int = 0
    fold_lines: int = 0
    opening: int = 0
    widest: float = 0.0
    tallest: float = 0.0
    card: bool = False


class Edge(StrEnum):
    """Where a picture loses something."""

    SIDES = "sides"
    ENDS = "ends"  # top and bottom


@dataclass(frozen=True)
class Cut:
    """What of a picture a feed doesn't show: `percent` of it, of 1 to 99."""

    edge: Edge
    percent: int


class Card(StrEnum):
    """What becomes of a post's first link."""

    DRAWN = "drawn"
    PICTURES = "pictures"  # they take its place
    NONE = "none"  # the network draws none


def folded(text: str, feed: Feed) -> tuple[str, str]:
    """What is read at once, and what only after *see more*: "" where nothing is folded. Together they are the text,
    but for the white space at the fold."""
    at = _by_lines(text, feed.fold_lines)
    if feed.fold and at > feed.fold:
        at = _at_word(text, feed.fold)
    head, rest = text[:at], text[at:]
    return (head.rstrip(), rest.lstrip()) if rest.strip() else (text, "")


def opening(text: str, feed: Feed) -> str:
    """The part of a text in which stands what nobody may miss: a relationship, for one."""
    head, _ = folded(text, feed)
    return head[: _at_word(head, feed.opening)] if feed.opening and len(head) > feed.opening else head


def _by_lines(text: str, lines: int) -> int:
    ends = [match.start() for match in re.finditer("\n", text)]
    return ends[lines - 1] if lines and len(ends) >= lines else len(text)


def _at_word(text: str, at: int) -> int:
    """Where a word ends shortly before, else between two signs as people see them."""
    if text[at].isspace():
        return at
    for back in range(at, max(at - _BACK, 1), -1):
        if text[back - 1].isspace():
            return back
    whole = 0
    for sign in regex.finditer(r"\X", text):
        if sign.end() > at:
            break
        whole = sign.end()
    return whole or at


def cut(width: int, height: int, feed: Feed) -> Cut | None:
    """What a feed cuts from a single picture of so many pixels; None for nothing, or where its size isn't known."""
    if width <= 0 or height <= 0:
        return None
    shape = width / height
    if feed.widest and shape > feed.widest:
        edge, kept = Edge.SIDES, feed.widest / shape
    elif feed.tallest and shape < feed.tallest:
        edge, kept = Edge.ENDS, shape / feed.tallest
    else:
        return None
    return Cut(edge, min(max(round((1 - kept) * 100), 1), 99)) if 1 - kept >= _LEAST else None


def card(texts: Sequence[str], pictures: int, feed: Feed) -> tuple[str, Card] | None:
    """The first link of what goes out first, and what becomes of it; None without a link."""
    found = folding.links(texts[0]) if texts else ()
    if not found:
        return None
    return found[0], Card.NONE if not feed.card else Card.PICTURES if pictures else Card.DRAWN
