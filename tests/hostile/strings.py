"""The hostile strings, and what must hold for whatever of them leaves for Slack."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import regex

BY_KIND: Mapping[str, Sequence[str]] = json.loads((Path(__file__).parent / "strings.json").read_text("utf-8"))
"""Some 780 strings by what they attack; lone surrogates are written as JSON escapes."""
STRINGS: Sequence[str] = [text for texts in BY_KIND.values() for text in texts]

_SEQUENCE = regex.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
_ENTITY = regex.compile(r"&(?!(?:amp|lt|gt);)")
_BIDI = regex.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]")
_HALF = regex.compile(r"[\ud800-\udfff]")
_ISOLATES = regex.compile(r"[\u2068\u2069]")


def typable(text: str) -> str:
    """What a person can send: half a character is none, whatever encoding it comes in."""
    return _HALF.sub("\ufffd", text)


def parts(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object in a payload."""
    if isinstance(value, Mapping):
        yield value
        for child in value.values():
            yield from parts(child)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for child in value:
            yield from parts(child)


def formatted(payload: Mapping[str, Any]) -> list[str]:
    """The texts of a message or a view that Slack reads markup in."""
    texts = [each["text"] for each in parts(payload) if each.get("type") == "mrkdwn"]
    return [*texts, *([payload["text"]] if isinstance(payload.get("text"), str) else [])]


def shown(payload: Mapping[str, Any]) -> list[str]:
    """Every text that stands among our own words. What is typed into a field, or quoted whole in a block of its own,
    stands alone: it is shown as it is."""
    return [text for each in parts(_without_quotes(payload)) for text in _texts(each)]


def _texts(part: Mapping[str, Any]) -> list[str]:
    return [part[name] for name in ("text", "alt_text", "accessibility_label") if isinstance(part.get(name), str)]


def _alone(part: Mapping[str, Any]) -> bool:
    """A quote, what is to be copied as it is, or a block of rich text that holds one text and nothing else."""
    if part.get("type") == "rich_text_section":
        elements = part["elements"]
        return len(elements) == 1 and "style" not in elements[0]
    return part.get("type") in {"rich_text_quote", "rich_text_preformatted"}


def _without_quotes(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {} if _alone(value) else {name: _without_quotes(child) for name, child in value.items()}
    return [_without_quotes(child) for child in value] if isinstance(value, list) else value


def alive(payload: Mapping[str, Any]) -> Counter[str]:
    """The control sequences of a payload: who is rung, which channel, where a link leads."""
    return Counter(match[1] for text in formatted(payload) for match in _SEQUENCE.finditer(text))


def harmful(payload: Mapping[str, Any], ours: Counter[str]) -> list[str]:
    """What strangers got alive into a payload; `ours` are the control sequences that we write ourselves."""
    found = [f"not ours: <{each}>" for each in alive(payload) - ours]
    for text in formatted(payload):
        rest = _SEQUENCE.sub("", text)
        if "<" in rest or ">" in rest.replace("\n> ", ""):
            found.append(f"an open bracket: {text[:200]!a}")
        if _ENTITY.search(text):
            found.append(f"an open entity: {text[:200]!a}")
    found += [f"half a character: {each!a}" for each in map(dict, parts(payload)) if _HALF.search(str(_texts(each)))]
    for text in shown(payload):
        if not _balanced(text):
            found.append(f"reordering leaks: {text[:200]!a}")
    return found


def _balanced(text: str) -> bool:
    """Isolates are closed within each line."""
    for line in text.split("\n"):
        open_ = 0
        for mark in _ISOLATES.findall(line):
            open_ += 1 if mark == "\u2068" else -1
            if open_ < 0:
                return False
        if open_:
            return False
    return True


def reordering(payload: Mapping[str, Any]) -> list[str]:
    """Texts with marks that turn the order of what stands around them."""
    return [text for text in shown(payload) if _BIDI.search(text)]
