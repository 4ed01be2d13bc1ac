"""What a post or an answer says, or leans on, that isn't confirmed: a fact that is open, false or a rumour."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import NEGATIONS, words
from bot.domain.checks.subject import Subject
from bot.domain.facts import Fact, FactState

NEAR = 0.8
"""From this share of a statement's words on a sentence says it."""
LONG = 4
"""Letters of a word that weighs; `el local del centro` is mostly articles, and what matters is what it does."""
_SENTENCE = re.compile(r"[.!?…](?=\s|$)|[\n;]")
SHOWN = 120
"""Characters of a statement that a finding names."""


def unconfirmed(subject: Subject) -> Iterator[Finding]:
    """Each such statement once, with how it stands; first what a post leans on, as its author says."""
    wanted = subject.revision.leans if subject.revision is not None else ()
    if set(wanted) - {fact.id for fact in subject.leans}:
        yield Finding(key="check.leans_gone", blocks=True, field="leans")
    for fact in subject.leans:
        if (kind := _kind(fact, subject.now)) is not None:
            yield Finding(key=f"check.leans_{kind}", blocks=True, field="leans", args=_about(fact))
        elif fact.expires is not None and fact.expires <= subject.at:
            args = _about(fact) | {"when": fact.expires}
            yield Finding(key="check.leans_ends", blocks=False, field="leans", args=args)
    leaned = {fact.id for fact in subject.leans}
    for fact in said(subject.texts, [each for each in subject.facts if each.id not in leaned]):
        standing = fact.standing(subject.now)
        if standing is not FactState.TRUE:
            yield Finding(key=f"check.fact_{standing}", blocks=True, field="text", args=_about(fact))


def said(texts: Sequence[str], facts: Sequence[Fact]) -> Iterator[Fact]:
    """Those of some facts that the texts say."""
    if not facts:
        return
    sentences = [found for text in texts for part in _SENTENCE.split(text) if (found := words(part))]
    for fact in facts:
        if any(says(each, words(fact.statement)) for each in sentences):
            yield fact


def fell(texts: Sequence[str], leans: Sequence[Fact], facts: Sequence[Fact], now: datetime) -> Fact | None:
    """The first fact for which something that is approved can't go out: one that it leans on and that isn't confirmed,
    or one that it says and that was decided once and isn't confirmed. What was merely asked since then holds nothing
    back: a question alone doesn't undo an approval."""
    for fact in leans:
        if fact.standing(now) is not FactState.TRUE:
            return fact
    decided = [each for each in facts if each.verdicts and each.standing(now) is not FactState.TRUE]
    return next(said(texts, decided), None)


def _kind(fact: Fact, now: datetime) -> str | None:
    """What is wrong with leaning on it; None where nothing is."""
    standing = fact.standing(now)
    if standing is FactState.TRUE:
        return None
    return "expired" if standing is FactState.OPEN and fact.verdicts else standing.value


def _about(fact: Fact) -> dict[str, object]:
    return {"statement": fact.statement[:SHOWN]}


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
