"""The small language in which the shapes of Block Kit are written down and checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.terms import Json


@dataclass
class Findings:
    """What is wrong with a payload, worded as Slack words it.

    surface: message, modal or home. has_file: whether a `slack_file` object names a file that exists.
    """

    surface: str
    has_file: Callable[[Json], bool]
    messages: list[str] = field(default_factory=list)

    def add(self, words: str, at: str) -> None:
        """Notes one mistake at a JSON pointer."""
        self.messages.append(f"[ERROR] {words} [json-pointer:{at}]")


Check = Callable[[Any, str, Findings], None]


def text(high: int, low: int = 1) -> Check:
    """A string of so many characters. Counted in code points (assumed; Slack doesn't say)."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add("must provide a string", at)
        elif len(value) < low:
            found.add(f"must be more than {low - 1} characters", at)
        elif len(value) > high:
            found.add(f"must be less than {high + 1} characters", at)

    return check


def matching(pattern: str, words: str) -> Check:
    """A string of this form."""
    form = re.compile(pattern)

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add("must provide a string", at)
        elif not form.fullmatch(value):
            found.add(words, at)

    return check


def number(low: float | None = None, high: float | None = None, *, whole: bool = True) -> Check:
    """A number within bounds."""

    def check(value: Any, at: str, found: Findings) -> None:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            found.add("must provide an integer" if whole else "must provide a number", at)
        elif low is not None and value < low:
            found.add(f"must be greater than or equal to {low}", at)
        elif high is not None and value > high:
            found.add(f"must be less than or equal to {high}", at)

    return check


def boolean(value: Any, at: str, found: Findings) -> None:
    """True or false."""
    if not isinstance(value, bool):
        found.add("must provide a boolean", at)


def one_of(*allowed: object) -> Check:
    """One of these values."""

    def check(value: Any, at: str, found: Findings) -> None:
        if isinstance(value, bool) or value not in allowed:
            found.add(f"value must be one of: {', '.join(map(str, allowed))}", at)

    return check


def many(inner: Check, low: int, high: int) -> Check:
    """A list of so many."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add("must provide an array", at)
            return
        if len(value) > high:
            found.add(f"no more than {high} items allowed", at)
        if len(value) < low:
            found.add(f"no fewer than {low} items allowed", at)
        for place, one in enumerate(value):
            inner(one, f"{at}/{place}", found)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Check) -> Check:
    """An object with these fields and no others; `rules` run when each field alone is right."""
    known = {**required, **optional}

    def check(value: Any, at: str, found: Findings) -> None:
        before = len(found.messages)
        if not isinstance(value, dict):
            found.add("must provide an object", at)
            return
        for name in required:
            if value.get(name) is None:
                found.add(f"missing required field: {name}", at)
        for name, inner in value.items():
            if name not in known:
                found.add(f"invalid additional property: {name}", at)
            elif inner is not None or name not in required:
                known[name](inner, f"{at}/{name}", found)
        if len(found.messages) == before:
            for rule in rules:
                rule(value, at, found)

    return check


def kind(name: str) -> Check:
    """The `type` field of an object that has been chosen by it."""
    return one_of(name)


def tagged(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of these it is."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add("must provide an object", at)
        elif not isinstance(value.get("type"), str):
            found.add("missing required field: type", at)
        elif value["type"] not in kinds:
            found.add(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            kinds[value["type"]](value, at, found)

    return check
