"""Block Kit payloads by the thousand: made from Slack's published types, then broken in one place or two."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from hypothesis import strategies as st

from tests.sandbox_slack.reference import REFERENCE

SCHEMA = REFERENCE / "blocks.schema.json"
WORDS = ("", "a", "Hola", "https://example.com/a.png", "2026-11-30", "09:30", "primary", "U1", "x" * 300, "12")
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.sampled_from(WORDS) | st.just(0.5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("type", "text", "a")), inner),
    max_leaves=4,
)
Path = tuple[str | int, ...]


class Shapes:
    """Strategies for the definitions of a JSON schema that uses no more than this one does."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions
        self.named = cache(self._named)

    def _named(self, name: str) -> st.SearchStrategy[Any]:
        return st.deferred(lambda: self.of(self.definitions[name]))

    def of(self, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        """Values that fit."""
        if "$ref" in schema:
            return self.named(str(schema["$ref"]).rpartition("/")[2])
        if "anyOf" in schema:
            return st.one_of([self.of(one) for one in schema["anyOf"]])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        kind = schema.get("type")
        if isinstance(kind, list):
            return st.one_of([self.of({**schema, "type": one}) for one in kind])
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return st.lists(self.of(schema["items"]), min_size=1, max_size=2)
        return PLAIN.get(kind, ANYTHING)

    def _object(self, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        required = set(schema.get("required", []))
        fields = {name: self.of(inner) for name, inner in schema.get("properties", {}).items()}
        return st.fixed_dictionaries(
            {name: inner for name, inner in fields.items() if name in required},
            optional={name: inner for name, inner in fields.items() if name not in required},
        )


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(WORDS),
    "boolean": st.booleans(),
    "number": st.integers(0, 5),
    "integer": st.integers(0, 5),
    "null": st.none(),
}


def places(value: Any, at: Path = ()) -> list[Path]:
    """Every place in a document, the document itself first."""
    found = [at]
    if isinstance(value, dict):
        for name, inner in value.items():
            found += places(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*at, number))
    return found


KINDS = ("plain_text", "mrkdwn", "image", "button", "users_select", "section", "rich_text", "text", "raw_text")
PLAINLY_WRONG: tuple[Any, ...] = (None, True, 7, "", "Hola", [], {})


def changed_once(value: Any) -> Iterator[Any]:
    """Every document that differs in one place: replaced, of another kind, with a key more or a key less."""
    for at in places(value):
        found = value
        for step in at:
            found = found[step]
        for change in _changes(found):
            yield _put(copy.deepcopy(value), at, partial(_instead, change))


def _instead(new: Any, _: Any) -> Any:
    return new


def _changes(found: Any) -> Iterator[Any]:
    yield from (wrong for wrong in PLAINLY_WRONG if wrong != found or type(wrong) is not type(found))
    yield [found]
    if isinstance(found, dict):
        yield {**found, "colour": "red"}
        yield from ({**found, "type": kind} for kind in KINDS)
        yield from ({name: inner for name, inner in found.items() if name != gone} for gone in found)


def _replaced(draw: Callable[[Any], Any], value: Any) -> Any:
    return draw(ANYTHING)


def _wrapped(draw: Callable[[Any], Any], value: Any) -> Any:
    return [value]


def _turned(draw: Callable[[Any], Any], value: Any) -> Any:
    """Another kind of the same thing, which is what people mix up."""
    return {**value, "type": draw(st.sampled_from(KINDS))} if isinstance(value, dict) else draw(st.sampled_from(WORDS))


def _extended(draw: Callable[[Any], Any], value: Any) -> Any:
    name = draw(st.sampled_from(("colour", "style", "type", "value", "url", "action_id", "confirm", "elements")))
    return {**value, name: draw(ANYTHING)} if isinstance(value, dict) else [value, value]


def _robbed(draw: Callable[[Any], Any], value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return None
    gone = draw(st.sampled_from(sorted(value)))
    return {name: inner for name, inner in value.items() if name != gone}


@st.composite
def broken(draw: Callable[[Any], Any], whole: st.SearchStrategy[Any]) -> Any:
    """A document with one or two places changed: replaced, wrapped, of another kind, given a key or robbed of one."""
    value = copy.deepcopy(draw(whole))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.sampled_from(places(value)))
        change = draw(st.sampled_from((_replaced, _wrapped, _turned, _turned, _extended, _robbed)))
        value = _put(value, at, partial(change, draw))
    return value


def _put(value: Any, at: Path, change: Callable[[Any], Any]) -> Any:
    """The document with what stands at a place changed."""
    if not at:
        return change(value)
    value[at[0]] = _put(value[at[0]], at[1:], change)
    return value
