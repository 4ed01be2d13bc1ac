"""The scored words, phrases and emoji of a language, read from the lists beside this file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.finding import folded as plain

_FOLDER = Path(__file__).parent
_LONGEST = 4
"""Words of the longest phrase."""

_TURNS = {"en": "but however", "es": "pero aunque sino"}
_DENIALS = {
    "en": "not no never neither nor without cannot cant dont doesnt didnt isnt wasnt arent werent wont wouldnt couldnt "
    "shouldnt hasnt havent hardly barely",
    "es": "no ni nunca jamas sin tampoco nada",
}
_LOUDER = {
    "en": "very really so extremely absolutely totally completely incredibly such too truly super",
    "es": "muy tan super mega re totalmente absolutamente completamente demasiado mas mucho que menudo menuda vaya "
    "realmente bastante",
}
_SOFTER = {"en": "little bit slightly somewhat kinda almost", "es": "poco algo casi medio"}


@dataclass(frozen=True)
class Lexicon:
    """One language's words. Scores go from about -5 to 5; a phrase goes before its words."""

    scores: Mapping[str, float]
    emoji: Mapping[str, float]
    turns: frozenset[str]
    denials: frozenset[str]
    louder: frozenset[str]
    softer: frozenset[str]
    inflected: bool

    def value(self, tokens: Sequence[str], at: int) -> tuple[float, int]:
        """The score of what begins at `at`, 0 when it has none, and how many tokens it takes."""
        for length in range(min(_LONGEST, len(tokens) - at), 1, -1):
            found = self.scores.get(" ".join(tokens[at : at + length]))
            if found is not None:
                return found, length
        token = tokens[at].lstrip("#")
        if token in self.emoji:
            return self.emoji[token], 1
        return next((self.scores[form] for form in self._forms(token) if form in self.scores), 0.0), 1

    def _forms(self, word: str) -> tuple[str, ...]:
        """The word as it may stand in the list: Spanish lists have one gender and number."""
        if not self.inflected or len(word) < 4:
            return (word, word.replace("'", ""))
        forms = [word]
        if word.endswith("s"):
            forms += [word[:-1], word[:-2] if word.endswith("es") else word[:-1]]
        forms += [form[:-1] + "o" for form in forms if form.endswith("a")]
        if word.endswith(("isimo", "isima", "isimos", "isimas")):
            stem = word.rstrip("s")[:-5]
            forms += [stem + "o", stem, stem + "e"]
        return tuple(forms)


def folded(token: str) -> str:
    """Small letters without accents, with a plain apostrophe: as the lists are written. An emoji stays itself."""
    return plain(token.replace("’", "'")) or token


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of "en" or "es"; of any other language only the emoji."""
    known = language in _TURNS
    scores = _read(f"{language}.txt") | _read(f"social_{language}.txt") if known else {}
    return Lexicon(
        scores=scores,
        emoji=_read("emoji.txt") | _read("social_emoji.txt"),
        turns=_set(_TURNS, language),
        denials=_set(_DENIALS, language) | frozenset(word for word in scores if word.endswith("n't")),
        louder=_set(_LOUDER, language),
        softer=_set(_SOFTER, language),
        inflected=language == "es",
    )


def _set(lists: Mapping[str, str], language: str) -> frozenset[str]:
    return frozenset(lists.get(language, "").split())


def _read(name: str) -> dict[str, float]:
    """A list's lines, `words score`; `#` opens a comment."""
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
    return {words: float(score) for words, score in pairs}
