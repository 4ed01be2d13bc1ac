"""Disclosure: the words that tell that somebody is paid, was given something, is a partner or works here.

What counts are the words that those who watch over it take, where texts in that language are read; what they advise
against (`#sp`, `collab`, `gifted` in Britain) doesn't. Nothing is guessed: a word that also means something else counts
only where it stands as a label, and in doubt the relationship isn't told. The lists below follow what is commonly told
of the codes that they name, and were not compared with the codes' own texts: assumed until somebody does.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.finding import folded
from bot.domain.people import Relationship


class Told(StrEnum):
    """Whether a text tells a relationship. NAMELESS: it says `in partnership with`, and not with whom."""

    YES = "yes"
    NAMELESS = "nameless"
    NO = "no"


class Tongue(StrEnum):
    """For whom a text is written: in Britain fewer English words are taken than elsewhere."""

    SPANISH = "es"
    ENGLISH = "en"
    BRITISH = "en-GB"


BRITISH_ZONES = frozenset({
    "Europe/London", "Europe/Belfast", "Europe/Jersey", "Europe/Guernsey", "Europe/Isle_of_Man", "GB", "GB-Eire",
})  # fmt: skip
"""Brands that keep these clocks are read where the ASA watches."""


@dataclass(frozen=True)
class Wording:
    """How a relationship is told. say: what is put into a text. labels: words that tell it where they stand alone: at
    the beginning of a line before a sign, in brackets, as a hashtag. phrases: words that tell it anywhere; `{brand}` is
    one of the brand's names, `{who}` somebody's that follows."""

    say: str
    labels: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


BRAND, WHO = "{brand}", "{who}"
_UNNAMED = "…"
"""Stands for whoever isn't known; nothing takes it for a name."""

# Autocontrol, AEA and IAB Spain, Código de conducta de publicidad a través de influencers (in force since 2025-10-01):
# "publicidad", "publi", "en colaboración con", "patrocinado por", "regalo de" are clear; "colab", "sponso", "sp",
# "gracias a" alone and English words aren't.
_ES_AD = (
    "publicidad", "publi", "anuncio", "patrocinado", "patrocinada", "contenido patrocinado", "contenido publicitario",
    "publicación patrocinada", "publicación publicitaria", "colaboración pagada", "colaboración remunerada",
)  # fmt: skip
_ES_AD_SAID = (
    "esto es publicidad", "esto es un anuncio", "contenido patrocinado", "publicación patrocinada",
    "colaboración pagada", "colaboración remunerada", "patrocinado por {who}", "patrocinada por {who}",
    "en colaboración con {who}",
)  # fmt: skip
# FTC, The Endorsement Guides: What People Are Asking, and Disclosures 101 for social media influencers: "ad",
# "advertisement", "sponsored", `XBrandPartner`, "thanks to X for the free product"; not "sp", "spon", "collab",
# "thanks" or "ambassador". An employee says for whom they work.
_EN_AD = ("ad", "advert", "advertisement", "advertising", "sponsored", "paid partnership", "paid ad")
_EN_AD_SAID = (
    "this is an ad", "this is an advert", "this is an advertisement", "paid partnership", "paid for by {who}",
    "sponsored by {who}",
)  # fmt: skip
# ASA, CAP and CMA, Influencers' guide to making clear that ads are ads, third edition (2023-03): "ad", "advert",
# "advertising", "advertisement" before anything else; not "sponsored", "gifted", "in association with", "thanks to".
_GB_AD = ("ad", "advert", "advertisement", "advertising", "advertisement feature", "ad gifted", "gifted ad")
_GB_AD_SAID = ("this is an ad", "this is an advert", "this is an advertisement")

_EN_STAFF = (
    "{brand} employee", "employee of {brand}", "employee at {brand}", "i work for {brand}", "i work at {brand}",
    "works for {brand}", "works at {brand}", "i work here", "works here", "works with us", "is on our team",
    "part of our team", "one of our team", "our colleague", "our employee",
)  # fmt: skip
_ES_STAFF = (
    "empleado de {brand}", "empleada de {brand}", "empleado/a de {brand}", "empleada/o de {brand}", "nuestra empleada",
    "nuestro empleado", "trabajo en {brand}", "trabaja en {brand}", "trabajo para {brand}", "trabaja para {brand}",
    "trabajo aquí", "trabaja aquí", "trabaja con nosotros", "trabaja con nosotras", "es de nuestro equipo",
    "parte de nuestro equipo", "alguien de nuestro equipo", "parte del equipo de {brand}", "del equipo de {brand}",
    "nuestra compañera", "nuestro compañero",
)  # fmt: skip
_ES_GIFT = (
    "regalo de {brand}", "regalado por {who}", "regalada por {who}", "nos lo regaló {who}", "me lo regaló {who}",
    "recibido como regalo", "recibida como regalo", "se lo regalamos", "fue un regalo nuestro", "es un regalo nuestro",
)  # fmt: skip
_EN_GIFT = (
    "gifted by {who}", "gift from {brand}", "a gift from us", "free product from {who}", "free from {brand}",
    "received for free", "received it for free", "given by {brand}", "we gave it to her", "we gave it to him",
    "we gave it to them",
)  # fmt: skip
_ES_WITH = (
    "socio de {brand}", "socia de {brand}", "nuestro socio", "nuestra socia", "colabora con {brand}",
    "colaboro con {brand}", "colabora con nosotros", "colabora con nosotras",
)  # fmt: skip
_EN_WITH = (
    "in partnership with {who}", "partner of {brand}", "{brand} partner", "our partner", "works in partnership with us",
)  # fmt: skip

R, T = Relationship, Tongue
WORDINGS: Mapping[tuple[Tongue, Relationship], Wording] = {
    (T.SPANISH, R.EMPLOYEE): Wording("Empleado/a de {brand}", phrases=_ES_STAFF),
    (T.SPANISH, R.GIFT): Wording("Regalo de {brand}", _ES_AD, (*_ES_AD_SAID, *_ES_GIFT)),
    (T.SPANISH, R.PAID): Wording("Publicidad", _ES_AD, _ES_AD_SAID),
    (T.SPANISH, R.PARTNER): Wording("En colaboración con {who}", _ES_AD, (*_ES_AD_SAID, *_ES_WITH)),
    (T.ENGLISH, R.EMPLOYEE): Wording("{brand} employee", phrases=_EN_STAFF),
    (T.ENGLISH, R.GIFT): Wording("Gifted by {brand}", _EN_AD, (*_EN_AD_SAID, *_EN_GIFT)),
    (T.ENGLISH, R.PAID): Wording("#ad", _EN_AD, _EN_AD_SAID),
    (T.ENGLISH, R.PARTNER): Wording("In partnership with {who}", _EN_AD, (*_EN_AD_SAID, *_EN_WITH)),
    (T.BRITISH, R.EMPLOYEE): Wording("{brand} employee", phrases=_EN_STAFF),
    (T.BRITISH, R.GIFT): Wording("Ad", _GB_AD, _GB_AD_SAID),
    (T.BRITISH, R.PAID): Wording("Ad", _GB_AD, _GB_AD_SAID),
    (T.BRITISH, R.PARTNER): Wording("Ad", _GB_AD, _GB_AD_SAID),
}
"""As of 2026-11; nothing for those who are nothing to the brand."""


def tongue(language: str, zone: str) -> Tongue:
    """Whose words count for a text in a language (`es` or `en`) by a brand with that clock."""
    if language == "es":
        return Tongue.SPANISH
    return Tongue.BRITISH if zone in BRITISH_ZONES else Tongue.ENGLISH


def wording(relationship: Relationship, spoken: Tongue, brand: str, who: str = "") -> str:
    """What tells it, ready to be put into a text; of a partner whose name isn't known, with a gap for it."""
    if relationship is Relationship.NONE:
        return ""
    return WORDINGS[spoken, relationship].say.replace(BRAND, brand).replace(WHO, who or _UNNAMED)


def begun(text: str, words: str) -> str:
    """The text with those words before it."""
    if not text.strip():
        return words
    return f"{words}{' ' if words.startswith('#') else ': '}{text}"


# --- reading

_TOKEN = re.compile(r"[^\W_]+")
_HASHTAG = re.compile(r"(?<![\w&/])#(\w+)")
_CLOSE = re.compile(r"[^\S\n]?[-/_@#«“\"'’]?[^\S\n]?|\.")
"""What may lie between two words of one phrase, or inside a name (`cafe.agora`)."""
_ALONE = re.compile(r"\A[^\S\n]*+(?:[:|·•)\]}\n–—]|\.\s|(?<=\s)-)")
"""What follows a label: the line's end, or a sign that sets it apart. `Ad-free` has none."""
_OPENING = "\n([{"
_ENDS = ".!?;:,\n"
_DENIES = frozenset({
    "no", "ni", "nunca", "jamas", "sin", "tampoco", "nada", "not", "never", "without", "nor", "isn", "aren", "wasn",
    "don", "doesn",
})  # fmt: skip
_BETWEEN = frozenset({
    "es", "son", "soy", "fue", "ser", "sido", "he", "ha", "hay", "esta", "estan", "un", "una", "ningun", "ninguna",
    "is", "are", "was", "be", "been", "has", "have", "a", "an", "any", "the", "t",
})  # fmt: skip
"""What may stand between a `no` and what it takes back."""
_BEFORE_NAMES = frozenset({
    "la", "el", "los", "las", "un", "una", "nuestro", "nuestra", "nuestros", "nuestras", "the", "our", "a", "an",
})  # fmt: skip
_NEAR = 60
"""Characters before some words in which a `no` takes them back."""


@dataclass(frozen=True)
class _Text:
    """Its words as they are and folded, and what lies around them: one gap more than words."""

    raw: Sequence[str]
    words: Sequence[str]
    gaps: Sequence[str]
    starts: Sequence[int]
    whole: str


def told(text: str, relationship: Relationship, spoken: Tongue, names: Iterable[str]) -> Told:
    """Whether a text tells it, to whoever reads it in that language. names: those of the brand and its accounts."""
    if relationship is Relationship.NONE:
        return Told.YES
    taken, read = WORDINGS[spoken, relationship], _read(text)
    known = [name for each in names if (name := _split(each))]
    phrases = [phrase for each in taken.phrases for phrase in _phrases(each, known)]
    labels = [_split(each) for each in taken.labels]
    if _tagged(read, [*labels, *(words for words, named in phrases if not named)]) or _labelled(read, labels):
        return Told.YES
    return _said(read, phrases)


def _read(text: str) -> _Text:
    text = unicodedata.normalize("NFC", text)
    found = list(_TOKEN.finditer(text))
    edges = [0, *(edge for match in found for edge in match.span()), len(text)]
    gaps = [text[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2)]
    raw = [match[0] for match in found]
    return _Text(raw, [folded(each) for each in raw], gaps, [match.start() for match in found], text)


def _split(words: str) -> tuple[str, ...]:
    return tuple(_read(words).words)


def _phrases(phrase: str, names: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The words of a phrase, once for each of the brand's names where it has one; and whether a name must follow."""
    named = phrase.endswith(WHO)
    plain = phrase.removesuffix(WHO)
    if BRAND not in plain:
        yield _split(plain), named
        return
    before, after = plain.split(BRAND)
    for name in names:
        yield (*_split(before), *name, *_split(after)), named


def _tagged(read: _Text, wanted: Iterable[tuple[str, ...]]) -> bool:
    """Whether one of its hashtags says it: `#publi`, `#ColaboraciónPagada`, `#cafe_agora_employee`."""
    joined = {"".join(words) for words in wanted}
    found = ((match, folded(match[1]).replace("_", "")) for match in _HASHTAG.finditer(read.whole))
    return any(tag in joined and not _denied(read, match.start()) for match, tag in found)


def _labelled(read: _Text, labels: Iterable[tuple[str, ...]]) -> bool:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for words in labels:
        by_first.setdefault(words[0], []).append(words)
    for at, word in enumerate(read.words):
        for words in by_first.get(word, ()):
            if _stands(read, at, words) and _opens(read, at) and _closes(read, at + len(words)):
                return True
    return False


def _opens(read: _Text, at: int) -> bool:
    """Whether a word begins the text, a line or what stands in brackets, and asks nothing."""
    gap = read.gaps[at]
    begins = max(gap.rfind(sign) for sign in _OPENING)
    return (at == 0 or begins >= 0) and not set(gap[begins + 1 :]) & set("#@¿?&/")


def _closes(read: _Text, at: int) -> bool:
    """Whether what comes then sets it apart from the word that follows, if one does."""
    gap = read.gaps[at]
    return "?" not in gap if at == len(read.words) else _ALONE.match(gap) is not None


def _said(read: _Text, phrases: Iterable[tuple[tuple[str, ...], bool]]) -> Told:
    by_first: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for words, named in phrases:
        by_first.setdefault(words[0], []).append((words, named))
    answer = Told.NO
    for at, word in enumerate(read.words):
        for words, named in by_first.get(word, ()):
            if not _stands(read, at, words) or _denied(read, read.starts[at]):
                continue
            if not named or _name_at(read, at + len(words)):
                return Told.YES
            answer = Told.NAMELESS
    return answer


def _stands(read: _Text, at: int, words: Sequence[str]) -> bool:
    """Whether these words, in a row and in one sentence, begin there."""
    end = at + len(words)
    return tuple(read.words[at:end]) == tuple(words) and all(map(_CLOSE.fullmatch, read.gaps[at + 1 : end]))


def _name_at(read: _Text, at: int) -> bool:
    """Whether a name follows: a capital, or an @; articles before it don't count."""
    while at < len(read.words) and _CLOSE.fullmatch(read.gaps[at]):
        if set(read.gaps[at]) & set("@#") or not read.raw[at][0].islower():
            return True
        if read.words[at] not in _BEFORE_NAMES:
            return False
        at += 1
    return False


def _denied(read: _Text, start: int) -> bool:
    """Whether what stands before takes it back: `no es publicidad`, `not sponsored`; `sin gluten #publi` doesn't."""
    before = read.whole[max(0, start - _NEAR) : start]
    clause = before[max(before.rfind(sign) for sign in _ENDS) + 1 :]
    said = (folded(word) for word in reversed(_TOKEN.findall(clause)))
    return next((word for word in said if word not in _BETWEEN), "") in _DENIES


# --- answers

_PRAISE = (
    "gracias", "agradec", "encant", "recomend", "orgull", "genial", "maravill", "estupend", "fantastic", "amor",
    "detallazo", "alegr", "ilusion",
    "thank", "thx", "love", "recommend", "proud", "awesome", "amazing", "wonderful", "fantastic", "delight",
    "glad",
)  # fmt: skip


def praises(text: str) -> bool:
    """Whether a text thanks or praises, by the beginnings of its words. A guess, so it only ever warns."""
    return any(word.startswith(_PRAISE) for word in _read(text).words)
