"""From text to pieces: every way in which the rules cover the whole of it."""

import unicodedata
from collections.abc import Sequence

from bot.text.when.answers import Refusal, Why
from bot.text.when.grammar import readings
from bot.text.when.parts import Part

MOST = 64
"""Ways of reading one text that are looked at; ordinary phrases have one or two."""
_SKIPPED = frozenset(",;·")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "–": "-", "—": "-", "−": "-", "\u00a0": " ", "\u202f": " "})


def read(text: str) -> Sequence[Sequence[Part]] | Refusal:
    """The pieces of each reading, or the part that no rule fits."""
    folded, origin = _fold(text)
    found: list[Sequence[Part]] = []
    furthest = _cover(folded, 0, (), found)
    if found:
        return found
    return Refusal(Why.NOT_UNDERSTOOD, _part(text, folded, origin, furthest) or text.strip())


def _fold(text: str) -> tuple[str, list[int]]:
    """Small letters without accents, and where each of them stood."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text.translate(_QUOTES)):
        for each in unicodedata.normalize("NFKD", letter.casefold()):
            if not unicodedata.combining(each):
                letters.append(each)
                origin.append(place)
    return "".join(letters).rstrip(" .!?"), origin


def _skip(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in _SKIPPED):
        at += 1
    return at


def _cover(text: str, at: int, before: Sequence[Part], found: list[Sequence[Part]]) -> int:
    """Add every reading of the rest to `found`; answers how far any of them came."""
    at = _skip(text, at)
    if at >= len(text):
        if before:
            found.append(before)
        return at
    furthest = at
    for end, parts in readings(text, at):
        if len(found) >= MOST:
            break
        kinds = {type(part) for part in before}
        if any(type(part) in kinds for part in parts):
            continue  # two days, two hours: none of ours
        furthest = max(furthest, _cover(text, end, (*before, *parts), found))
    return furthest


def _part(text: str, folded: str, origin: Sequence[int], at: int) -> str:
    """The words from there to the next that a rule knows, as they were typed."""
    if at >= len(folded):
        return ""
    end = at
    while True:
        end = next((place for place in range(end, len(folded)) if folded[place].isspace()), len(folded))
        begin = _skip(folded, end)
        if begin >= len(folded) or any(True for _ in readings(folded, begin)):
            return text[origin[at] : origin[end - 1] + 1].strip()
        end = begin + 1
