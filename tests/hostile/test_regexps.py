"""Every regular expression of ours on hostile text: twice as long takes about twice as long, never four times."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

import bot
import connectors
import handlers

PATTERNS = {
    "a": "a", "blanks": " ", "breaks": "\n", "digits": "1", "dots": "a.", "dashes": "a-", "colons": ":a",
    "angles": "<", "ends": "<a|", "at": "@a", "marks": "a\u0301", "joiners": "\U0001f600\u200d",
    "flags": "\U0001f3f4\U000e0067", "slashes": "http://", "stars": "*_~`", "quotes": "\"'\\",
    "secrets": "oauth_token=", "bearer": "Bearer ", "escapes": "%3D", "words": "xoxb-a.", "commas": "a, ",
    "co": "t.co/a ", "brackets": "(((", "hebrew": "\u05e9a", "and": "&amp;",
}  # fmt: skip
LONG = 100_000
SLOW = 0.2
"""Seconds. What is quicker on the whole is no danger, and too quick to be compared."""


def modules() -> Iterator[ModuleType]:
    """All of ours but the sandbox, which is no part of the bot."""
    for package in (bot, handlers, connectors):
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith("bot.sandbox") and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def compiled(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Patterns in a module's attributes, also within tuples, lists and tables."""
    if hasattr(value, "finditer") and hasattr(value, "pattern"):
        yield name, value
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from compiled(each, f"{name}[{number}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from compiled(each, f"{name}[{key!r}]")


@cache
def expressions() -> dict[str, Any]:
    """Every compiled pattern, once, by where it was found first."""
    found: dict[tuple[str, int], tuple[str, Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for where, pattern in compiled(value, f"{module.__name__}.{name}"):
                if isinstance(pattern.pattern, str):
                    found.setdefault((pattern.pattern, pattern.flags), (where, pattern))
    return dict(found.values())


def seconds(pattern: Any, text: str) -> float:
    """The quickest of up to three readings of a text from end to end, and of one that must match all of it."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        for _ in pattern.finditer(text):
            pass
        pattern.fullmatch(text)
        best = min(best, time.process_time() - started)
        if best < SLOW:
            break
    return best


def test_they_are_found() -> None:
    names = {where.rpartition(".")[0] for where in expressions()}
    assert {"bot.text.relaying", "bot.text.markup", "bot.journal", "connectors.x.urls"} <= names
    assert len(expressions()) > 40


@pytest.mark.slow
@pytest.mark.parametrize("hostile", PATTERNS)
def test_each_is_linear(hostile: str) -> None:
    piece, slow = PATTERNS[hostile], []
    for where, pattern in expressions().items():
        for end in ("", "!", "\x00"):
            slow += [f"{where}: {told}" for told in growing(pattern, piece, end)]
    assert not slow


def growing(pattern: Any, piece: str, end: str) -> Iterator[str]:
    """What takes too long for its length; the longer text is only tried where the shorter one went well."""
    for length in (LONG // 10, LONG):
        took = seconds(pattern, piece * (length // len(piece)) + end)
        if took < SLOW:
            continue
        half = seconds(pattern, piece * (length // len(piece) // 2) + end)
        if took > 3 * half:
            yield f"{length} characters of {piece!a} in {took:.2f} s, half of them in {half:.2f} s"
            return


def test_the_eye_sees_what_is_not_linear() -> None:
    wrong = re.compile("a*a*b")
    half, whole = (min(seconds(wrong, "a" * length) for _ in range(3)) for length in (200, 400))
    assert whole > 3 * half
