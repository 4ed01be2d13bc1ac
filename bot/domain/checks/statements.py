"""What a text says that nobody has confirmed: a statement of the brand's facts that is open, false or a rumour."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import NEGATIONS, words
from bot.domain.checks.subject import Subject
from bot.domain.facts import FactState

NEAR = 0.8
"""From this share of a statement's words on a sentence says it."""
LONG = 4
"""Letters of a word that weighs; `el local del centro` is mostly articles, and what matters is what it does."""
_SENTENCE = re.compile(r"[.!?…](?=\s|$)|[\n;]")
SHOWN = 120
"""Characters of a statement that a finding names."""


def unconfirmed(subject: Subject) -> Iterator[Finding]:
    """Each such statement once, with how it stands."""
    if not subject.facts:
        return
    sentences = [found for part in _SENTENCE.split(subject.text) if (found := words(part))]
    for fact in subject.facts:
        standing = fact.standing(subject.now)
        if standing is not FactState.TRUE and any(says(each, words(fact.statement)) for each in sentences):
            args = {"statement": fact.statement[:SHOWN]}
            yield Finding(key=f"check.fact_{standing}", blocks=True, field="text", args=args)


def says(sentence: Sequence[str], statement: Sequence[str]) -> bool:
    """Whether a sentence says what a statement says: nearly all of its words, with the same numbers and as many
    negations, because `no abrimos` is the opposite of `abrimos` and `a las 9` is not `a las 10`."""
    wanted, said = {word for word in statement if _weighs(word)} or set(statement), set(sentence)
    if not wanted or len(wanted & said) < NEAR * len(wanted):
        return False
    if not {each for each in wanted if any(sign.isdigit() for sign in each)} <= said:
        return False
    return _negations(sentence) == _negations(statement)


def _weighs(word: str) -> bool:
    return len(word) >= LONG or any(sign.isdigit() for sign in word)


def _negations(said: Sequence[str]) -> int:
    return sum(1 for word in said if word in NEGATIONS or word.endswith(("n't", "n’t")))
