"""Text as rules compare it: without accents, capitals and addresses; ñ is a letter of its own."""

import re
import unicodedata
from collections.abc import Sequence

LINK = re.compile(r"https?://[^\s<>\"«»“”]+", re.IGNORECASE)
HASHTAG = re.compile(r"(?<![\w&/])#\w+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TILDE = "\u0303"
NEGATIONS = frozenset({
    "no", "ni", "nunca", "jamas", "sin", "tampoco", "nadie", "ningun", "ninguna", "ninguno", "nada",
    "not", "never", "nobody", "without", "nor", "none", "cannot",
})  # fmt: skip
"""`No me gusta` is one word away from the opposite: texts with another number of these don't say the same."""


def links(text: str) -> Sequence[str]:
    """The addresses in a text, each once; a sign that ends the sentence around one isn't part of it."""
    found = (match.group().rstrip(".,;:!?…'’)]}") for match in LINK.finditer(text))
    return list(dict.fromkeys(found))


def without_links(text: str) -> str:
    """The text with a blank for each address."""
    return LINK.sub(" ", text)


def fold(text: str) -> str:
    """Small letters without accents; `ñ` stays, because `año` is no `ano`."""
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", text.casefold()):
        if not unicodedata.combining(letter):
            kept.append(letter)
        elif letter == _TILDE and kept and kept[-1] == "n":
            kept[-1] = "ñ"
    return "".join(letter for letter in kept if unicodedata.category(letter) != "Cf")


def words(text: str) -> Sequence[str]:
    """The folded words of a text, addresses aside."""
    return _WORD.findall(fold(without_links(text)))
