"""Field expansion: reads `id,comments.limit(5){message,from{name}}` and picks those fields from an object."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.facebook import errors, names
from bot.sandbox.facebook.errors import GraphError

_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass
class Field:
    """One name that was asked for, its arguments, and what was asked of it."""

    name: str
    args: dict[str, str] = field(default_factory=dict)
    fields: list["Field"] = field(default_factory=list)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def wrong(self, expected: str) -> GraphError:
        text = f'Syntax error "Expected {expected} at character {self.at}: {self.text}"'
        return GraphError(2500, text)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, sign: str) -> bool:
        if self.peek() == sign:
            self.at += 1
            return True
        return False

    def name(self) -> str:
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.wrong("name")
        self.at = match.end()
        return match.group()

    def argument(self) -> str:
        end = self.text.find(")", self.at)
        if end < 0:
            raise self.wrong("end of arguments")
        value, self.at = self.text[self.at : end], end + 1
        return value.strip("\"'")

    def list(self, depth: int) -> list[Field]:
        if depth > 5:
            raise self.wrong("fewer levels")
        found = []
        while True:
            one = Field(self.name())
            while self.take("."):
                name = self.name()
                if not self.take("("):
                    raise self.wrong("(")
                one.args[name] = self.argument()
            if self.take("{"):
                one.fields = self.list(depth + 1)
                if not self.take("}"):
                    raise self.wrong("end of field list")
            found.append(one)
            if not self.take(","):
                return found


def parse(text: str) -> list[Field]:
    """Raises GraphError 2500 for what isn't a list of fields."""
    reader = _Reader(re.sub(r"\s", "", text))
    found = reader.list(0)
    if reader.at != len(reader.text):
        raise reader.wrong("end of string")
    return found


Value = Callable[[Field], Any]


def verify(wanted: list[Field], kind: str) -> None:
    """Raises (#100) for a field or an argument that this kind of object doesn't have, however deep."""
    for one in wanted:
        if one.name not in names.KINDS[kind] and one.name != "id":
            raise errors.parameter(f"Tried accessing nonexisting field ({one.name}) on node type ({kind})")
        inside = names.INSIDE.get((kind, one.name))
        if one.args:
            arguments(one.args, names.ARGUMENTS.get(one.name, frozenset()) if inside else frozenset())
        if one.fields and inside is None:
            raise errors.parameter(f"Subfields are not supported by {one.name}")
        if inside is not None:
            verify(one.fields, inside)


def arguments(given: Mapping[str, str], known: frozenset[str]) -> None:
    """Raises (#100) for an argument that a connection doesn't take, or a value that isn't one of its choices."""
    for name, value in given.items():
        if name not in known:
            raise errors.parameter(f"Unexpected parameter: {name}")
        if name in names.CHOICES and value not in names.CHOICES[name]:
            raise errors.parameter(f"Param {name} must be one of {{{', '.join(names.CHOICES[name]).upper()}}}")


def pick(wanted: list[Field], values: dict[str, Value]) -> dict[str, Any]:
    """The fields that were asked for; `id` always. A known field without a value is left out, as the Graph does."""
    answer: dict[str, Any] = {}
    for one in wanted:
        if one.name in values:
            value = values[one.name](one)
            if value is not None:
                answer[one.name] = value
    if "id" in values and "id" not in answer:
        answer["id"] = values["id"](Field("id"))
    return answer


def nested(value: Any, wanted: list[Field]) -> Any:
    """A small object such as `from`, or a list of them, cut to what was asked of it."""
    if not wanted or value is None:
        return value
    if isinstance(value, list):
        return [nested(one, wanted) for one in value]
    if "data" in value:
        return {**value, "data": nested(value["data"], wanted)}
    return {one.name: nested(value[one.name], one.fields) for one in wanted if one.name in value}
