"""How conversations are found again: by the words in them and by their topics, without accents, cases or filler."""

import re
import unicodedata

MOST = 24
"""Different words of one conversation that find it."""
SHORTEST, LONGEST = 3, 24
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Small letters without accents: `Café` and `cafe` are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def words_in(text: str) -> frozenset[str]:
    """The first words of a text that can be searched for, folded; of a long one its beginning."""
    found: dict[str, None] = {}
    for match in _WORD.finditer(folded(text[:4000])):
        word = match[0][:LONGEST]
        if len(word) >= SHORTEST:
            found[word] = None
        if len(found) == MOST:
            break
    return frozenset(found)


def word_index(brand: str, word: str) -> str:
    """The index of a brand's open conversations with that word."""
    return f"word:{brand}:{word}"


def topic_index(brand: str, topic: str) -> str:
    """The index of a brand's conversations about that topic, open or closed, by when they changed last."""
    return f"topic:{brand}:{folded(topic)}"
