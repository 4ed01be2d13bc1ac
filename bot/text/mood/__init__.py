"""How a comment sounds: a guess that sorts and flags, says when it isn't sure, and never hides or answers anything.

Scored words, a few phrases, negation, "but", emoji: what is reachable without a model is about half of the way. Among
the texts that it calls clearly negative or positive about three of four are; hence `Tone.UNSURE` for everything thin.
"""

from dataclasses import dataclass
from math import sqrt

import regex

from bot.domain.moods import Tone
from bot.text.mood.lexicon import Lexicon, folded, lexicon

MOST = 2_000
"""Characters that are read; how something sounds shows early."""
CLEAR = 0.4
"""A score from here on, either way, is said as sure."""
SLIGHT = 0.22
"""A score below it, either way, is neutral."""
_EASE = 12.0  # how much it takes to come near 1
_MIXED = 0.5  # of the weaker side against the stronger one: both are meant
_AFTER_BUT = 0.5  # what stands before a "but" counts half
_NEGATION_REACHES = 3
_SHOUT = regex.compile(r"\p{Lu}{3,}")
_TOKEN = regex.compile(r"https?://\S++|[@#]?[\p{L}\p{M}]++(?:['’]\p{L}++)*+|\p{N}++|\p{Extended_Pictographic}|[?!.;\n]")
_LONG = regex.compile(r"(\p{L})\1{2,}")
_END = frozenset(".;!?\n")


@dataclass(frozen=True)
class Mood:
    """A guess: `score` from -1 (angry) to 1 (delighted), and what it is called, which may be "unsure"."""

    score: float
    tone: Tone


def mood(text: str, language: str) -> Mood:
    """How `text` sounds. `language` is "en" or "es"; of any other only the emoji are understood, so it is unsure."""
    words = lexicon(language)
    up, down, shouted = _weighed(text[:MOST], words)
    total = up - down
    if shouted and total < 0:
        total *= 1.2  # capitals make anger louder; joy needs no help
    score = total / sqrt(total * total + _EASE)
    return Mood(round(score, 3), _tone(score, up, down, known=language in {"en", "es"}))


def _tone(score: float, up: float, down: float, *, known: bool) -> Tone:
    mixed = min(up, down) > _MIXED * max(up, down) and max(up, down) >= 1.5
    if abs(score) < SLIGHT:
        return Tone.UNSURE if mixed or not known else Tone.NEUTRAL
    if abs(score) < CLEAR or mixed:
        return Tone.UNSURE
    return Tone.POSITIVE if score > 0 else Tone.NEGATIVE


def _weighed(text: str, words: Lexicon) -> tuple[float, float, bool]:
    """How much there is of either side, both >= 0, and whether something is shouted."""
    tokens = _TOKEN.findall(text)
    plain = [_as_listed(folded(token), words) for token in tokens]
    asked = text.rstrip().endswith("?")
    up = down = 0.0
    denied = 0  # for how many more words a negation reaches
    louder = 1.0
    at = 0
    while at < len(plain):
        token = plain[at]
        if token in _END:
            denied, louder, at = 0, 1.0, at + 1
            continue
        if token in words.turns:
            up, down, denied, at = up * _AFTER_BUT, down * _AFTER_BUT, 0, at + 1
            continue
        value, length = words.value(plain, at)
        if value:
            value *= louder * (1.25 if length == 1 and _LONG.search(tokens[at]) else 1.0)
            if denied and token not in words.denials:
                value *= -0.6 if value > 0 else -0.3  # "not good" is worse than "not bad" is good
            if value > 0:
                up += value * (0.5 if asked else 1.0)
            else:
                down -= value
            louder = 1.0
        elif token in words.louder:
            louder = 1.3
        elif token in words.softer:
            louder = 0.7
        denied = _NEGATION_REACHES if token in words.denials and length == 1 and not value else max(0, denied - 1)
        at += length
    return up, down, bool(_SHOUT.search(text))


def _as_listed(word: str, words: Lexicon) -> str:
    """A stretched word ("buenísimoooo", "soooo") as it is written, with one letter or with two."""
    short = _LONG.sub(r"\1", word)
    return short if short == word or words.value([short], 0)[0] else _LONG.sub(r"\1\1", word)
