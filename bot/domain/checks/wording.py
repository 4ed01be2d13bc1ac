"""Words that a brand doesn't use, or doesn't want to hear: whole words, however they are dressed up."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import fold, without_links
from bot.domain.checks.subject import Subject
from bot.domain.house_rules import Level

_TOKEN = re.compile(r"#?[\w@$!|]+")
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_LEET_L = str.maketrans({"1": "l", "|": "l"})
_LONG = re.compile(r"(\w)\1{2,}")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*]){2,30}\w(?!\w)")
Spoken = Sequence[frozenset[str]]
"""The words of a text in their order, each with every spelling that it may hide."""


def unwanted(subject: Subject) -> Iterator[Finding]:
    """Each word once, at the level that the brand gave it."""
    said = spoken(subject.text)
    for word in subject.brand.rules.words:
        if occurs(word.text, said):
            yield Finding(
                key=f"check.word_{word.level}",
                blocks=word.level is Level.BLOCKER,
                note=word.level is Level.NOTE,
                field="text",
                args={"word": word.text.rstrip("*"), "brand": subject.brand.name},
            )


def spoken(text: str) -> Spoken:
    """Each word with every spelling that it may hide: as it is, its digits read as letters, its drawn-out letters
    once; and letters that stand apart, put together."""
    plain = fold(without_links(text))
    found = [_spellings(token) for token in _TOKEN.findall(plain)]
    apart = (re.sub(r"[ .\-_*]", "", match.group()) for match in _SPACED.finditer(plain))
    return [*found, *(_spellings(each) for each in apart)]


def _spellings(token: str) -> frozenset[str]:
    bare = token.strip("#!|$@_")
    forms = {bare, token}
    if any(sign.isalpha() for sign in token):
        forms |= {form.translate(_LEET_L).translate(_LEET) for form in (bare, token)}
        forms |= {form.translate(_LEET) for form in (bare, token)}
    return frozenset(forms | {_LONG.sub(r"\1", form) for form in forms})


def occurs(word: str, said: Spoken) -> bool:
    """Whether a word or a phrase is among them; a star at its end stands for any ending."""
    wanted = fold(word).split()
    width = len(wanted)
    if not width:
        return False
    places = range(len(said) - width + 1)
    return any(all(_is(each, said[at + step]) for step, each in enumerate(wanted)) for at in places)


def _is(wanted: str, forms: frozenset[str]) -> bool:
    if wanted.endswith("*"):
        return any(form.startswith(wanted[:-1]) for form in forms) if wanted[:-1] else False
    return wanted in forms
