"""Whether strangers say nearly the same: small edits, accents, emoji, mentions, links and numbers aside.

What is compared is a sketch of the text (MinHash over runs of four letters), never the text: a handful of numbers finds
those that are alike with one look-up each, and nothing of what somebody said is kept for it.
"""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.domain.checks.folding import NEGATIONS, fold, without_links
from bot.domain.records import Value

LONGEST, LETTERS = 2_000, 240
"""Characters of a text that are looked at, and letters of it that are compared: its beginning."""
RUN = 4
"""Letters of a run: a slip of the finger changes four of them, a word in ten about an eighth."""
SHORT = 12
"""With fewer letters only the same words are alike: one letter more makes `voy` a different thing from `hoy`."""
ROWS, BANDS = 3, 8
"""Two texts that share three runs in four meet in one of eight bands of three in 99 cases of 100, two that share three
in ten in one of five; those are told apart by all that the sketches have in common."""
SAME = 15
"""Of the sketch's 24 numbers: from here on two texts are alike. One answer to two that aren't does more harm than one
card more, so what is in doubt is two."""

_MENTION = re.compile(r"(?<!\w)@[\w.\-]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_LAUGH = re.compile(r"(?:[jh][aeiou]){2,}[jh]?")
_PRIME = (1 << 31) - 1
_STEPS = tuple(zlib.crc32(f"step {n}".encode()) % _PRIME | 1 for n in range(ROWS * BANDS))
_SHIFTS = tuple(zlib.crc32(f"shift {n}".encode()) % _PRIME for n in range(ROWS * BANDS))


class Sketch(Value):
    """What a text is known by. keys: those that are alike share one of them at least, nearly always. marks: by how many
    two sketches have in common it is told whether they are alike; none where only the same words are."""

    keys: tuple[str, ...]
    marks: tuple[int, ...] = ()


def sketch(text: str) -> Sketch | None:
    """A text's sketch; None where there is nothing to compare, as with a picture alone."""
    text = text[:LONGEST]
    words = list(_words(text))
    letters = " ".join(words)[:LETTERS]
    polarity = sum(1 for word in words if word in NEGATIONS or word.endswith(("n't", "n’t")))
    if not words:
        rest = _without_words(text)
        return Sketch(keys=(_same(rest),)) if rest else None
    if len(letters) < SHORT:
        return Sketch(keys=(_same(letters),))
    marks = _marks(letters)
    bands = [marks[at : at + ROWS] for at in range(0, len(marks), ROWS)]
    return Sketch(keys=tuple(f"{polarity}.{n}.{_digest(band)}" for n, band in enumerate(bands)), marks=marks)


def _same(text: str) -> str:
    """The key of a text that is too short to be alike: it is the same or it isn't. The words aren't in it, because keys
    outlast them."""
    return f"={hashlib.blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def alike(mine: Sequence[int], theirs: Sequence[int]) -> bool:
    """Whether two texts whose sketches share a key say nearly the same."""
    if not mine and not theirs:
        return True
    return sum(one == other for one, other in zip(mine, theirs, strict=False)) >= SAME


def _words(text: str) -> Iterator[str]:
    """The folded words without addresses, mentions and numbers; what is drawn out is cut short, a laugh is a laugh."""
    for word in _WORD.findall(fold(_MENTION.sub(" ", without_links(text)))):
        short = _DRAWN_OUT.sub(r"\1", word)
        yield "jaja" if _LAUGH.fullmatch(short) else short


def _without_words(text: str) -> str:
    """Of a text without words: its emoji, each once; else that it mentions somebody, or leads somewhere."""
    signs = {each for each in text if unicodedata.category(each) == "So"}
    if signs:
        return "".join(sorted(signs)[:8])
    return "@" if _MENTION.search(text) else "://" if "://" in text else ""


@lru_cache(maxsize=1024)  # in a raffle everybody says the very same
def _marks(letters: str) -> tuple[int, ...]:
    """The least of all runs under each of so many orders."""
    runs = {zlib.crc32(letters[at : at + RUN].encode("utf-8", "surrogatepass")) for at in range(len(letters) - RUN + 1)}
    return tuple(
        min((run * step + shift) % _PRIME for run in runs) for step, shift in zip(_STEPS, _SHIFTS, strict=True)
    )


def _digest(band: Sequence[int]) -> str:
    return format(zlib.crc32(",".join(map(str, band)).encode()), "x")
