"""A text that is too long for one post as a thread: cut where sentences end, else between words, never in a link."""

import re
from collections.abc import Callable, Iterator, Sequence

import regex

Length = Callable[[str], int]
"""Of a text in the network's own units."""

_PARAGRAPH = re.compile(r"(\n[^\S\n]*+\n\s*+)")
_SENTENCE = re.compile(r"""((?<![.!?…])[.!?…]++["'”’»)\]]*+\s++(?![a-záéíóúüñ])|\n+)""")
_WORD = re.compile(r"(\s+)")
_SHORT = frozenset(
    {"sr", "sra", "srta", "sres", "dr", "dra", "prof", "dª", "av", "avda", "ee", "uu", "mr", "mrs", "ms"}
)
"""What ends in a full stop before a capital, within a sentence."""
_ROOM = " 99/99"


class CannotSplit(ValueError):
    """Not even one sign fits."""


def split(text: str, limit: int, length: Length, *, numbered: bool = False) -> Sequence[str]:
    """The segments, in order, each no longer than `limit` by `length`; `numbered` ends each with ` 2/5`.

    Nothing but the white space at the cuts is lost. Raises CannotSplit where one sign is longer than a segment.
    """
    if not numbered:
        return _pack(text.strip(), limit, length)
    segments = _pack(text.strip(), limit - len(_ROOM), length)
    total = len(segments)
    return [f"{each} {number}/{total}" for number, each in enumerate(segments, start=1)] if total > 1 else segments


def _pack(text: str, limit: int, length: Length) -> list[str]:
    """As many whole pieces in a segment as fit; a piece that doesn't fit alone is taken apart further."""
    segments: list[str] = []
    taken = ""
    for piece, gap in _pieces(text, limit, length):
        longer = taken + piece
        if taken and length(longer.strip()) > limit:
            segments.append(taken.strip())
            longer = piece
        taken = longer + gap
    return [*segments, taken.strip()] if taken.strip() else segments


def _pieces(text: str, limit: int, length: Length) -> Iterator[tuple[str, str]]:
    """(piece, the white space after it): paragraphs that fit whole, else sentences, else words, else signs."""
    for paragraph, gap in _cut(_PARAGRAPH, text):
        if length(paragraph) <= limit:
            yield paragraph, gap
            continue
        parts = [
            part
            for sentence in _sentences(paragraph)
            for part in ([sentence] if length(sentence[0]) <= limit else _smaller(*sentence, limit, length))
        ]
        *first, (last, _) = parts
        yield from first
        yield last, gap


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    held = ""
    for sentence, end in _cut(_SENTENCE, text):
        signs = end.rstrip()
        whole, gap = held + sentence + signs, end[len(signs) :]
        if signs == "." and _short(sentence):
            held = whole + gap
            continue
        held = ""
        yield whole, gap
    if held.strip():
        yield held.rstrip(), ""


def _short(text: str) -> bool:
    last = text.rsplit(None, 1)[-1:] or [""]
    word = last[0].lstrip("(¿¡\"'«")
    return word.casefold() in _SHORT or (len(word) == 1 and word.isupper())


def _smaller(text: str, gap: str, limit: int, length: Length) -> Iterator[tuple[str, str]]:
    parts = [
        part
        for word in _cut(_WORD, text)
        for part in ([word] if length(word[0]) <= limit else _signs(*word, limit, length))
    ]
    *first, (last, _) = parts
    yield from first
    yield last, gap


def _signs(word: str, gap: str, limit: int, length: Length) -> Iterator[tuple[str, str]]:
    """A word longer than a segment, cut between signs as people see them."""
    taken = ""
    for sign in regex.findall(r"\X", word):
        if length(sign) > limit:
            raise CannotSplit(f"{length(sign)} is more than {limit}")
        if length(taken + sign) > limit:
            yield taken, ""
            taken = ""
        taken += sign
    yield taken, gap


def _cut(between: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    parts = between.split(text)
    for at in range(0, len(parts), 2):
        gap = parts[at + 1] if at + 1 < len(parts) else ""
        if parts[at] or gap:
            yield parts[at], gap
