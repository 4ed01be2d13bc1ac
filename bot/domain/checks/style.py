"""Slips that everybody makes on a phone: opening signs, blanks, quotes, accents, too many hashtags."""

import re
from collections.abc import Iterator

from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import HASHTAG, without_links, words
from bot.domain.checks.subject import Subject

_ES = frozenset(
    [
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "que",
        "y",
        "en",
        "un",
        "una",
        "por",
        "para",
        "con",
        "se",
        "no",
        "es",
        "su",
        "lo",
        "al",
        "más",
        "mas",
        "como",
        "pero",
        "este",
        "esta",
    ]
)
_EN = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "you",
        "that",
        "it",
        "for",
        "on",
        "are",
        "with",
        "as",
        "at",
        "be",
        "this",
        "have",
        "from",
        "or",
        "your",
        "we",
        "our",
        "not",
        "but",
    ]
)
_SENTENCE = re.compile(r"(?<![^.!?…\n])[^.!?…\n]*+[!?]++")
_DOUBLE = re.compile(r"\S(  +)\S")
_TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)
_FUNCTION = frozenset(
    [
        "de",
        "la",
        "el",
        "en",
        "los",
        "las",
        "un",
        "una",
        "y",
        "a",
        "con",
        "por",
        "para",
        "que",
        "se",
        "the",
        "of",
        "to",
        "in",
        "on",
        "and",
        "for",
        "is",
        "at",
        "with",
        "an",
        "a",
    ]
)
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"))
_EMOTICON = re.compile(r"(?<!\w)[:;=8xX]'?-?[()\[\]]+|[()\[\]]-?[:;=](?!\w)")
_LIST = re.compile(r"(?m)^[^\S\n]*+\w{1,2}[)\]]")
ACCENTS = {
    plain: right
    for right in [
        "también",
        "además",
        "después",
        "aquí",
        "allí",
        "así",
        "día",
        "días",
        "fácil",
        "difícil",
        "rápido",
        "próximo",
        "próxima",
        "sábado",
        "miércoles",
        "café",
        "teléfono",
        "información",
        "atención",
        "promoción",
        "edición",
        "ocasión",
        "reservación",
        "invitación",
        "acción",
        "opción",
        "ubicación",
        "dirección",
        "situación",
        "habrá",
        "será",
        "tendrá",
        "podrás",
        "través",
        "quizás",
        "jamás",
        "según",
        "adiós",
        "económico",
        "fantástico",
        "automático",
    ]
    for plain in (right.translate(str.maketrans("áéíóúü", "aeiouu")),)
}
"""Spanish words that have an accent in every sense that they have."""
TYPOS = {
    "teh": "the",
    "recieve": "receive",
    "definately": "definitely",
    "seperate": "separate",
    "occured": "occurred",
    "untill": "until",
    "adress": "address",
    "tommorow": "tomorrow",
    "tomorow": "tomorrow",
    "wich": "which",
    "wierd": "weird",
    "accomodate": "accommodate",
    "publically": "publicly",
    "haver": "haber",
    "haiga": "haya",
    "vamonos": "vámonos",
    "enserio": "en serio",
    "osea": "o sea",
}


def spanish(text: str) -> bool | None:
    """Whether a text is rather Spanish than English; None where its small words don't tell."""
    said = [word for line in (without_links(text),) for word in re.findall(r"\w+", line.casefold())]
    es, en = sum(word in _ES for word in said), sum(word in _EN for word in said)
    return None if es == en else es > en


def opening_signs(subject: Subject) -> Iterator[Finding]:
    """In Spanish a question and an exclamation have their sign at the beginning too."""
    for text in subject.texts:
        known = spanish(text)
        if known is False or (known is None and subject.brand.language != "es"):
            continue
        for match in _SENTENCE.finditer(without_links(text)):
            said = match.group()
            for closing, opening in (("?", "¿"), ("!", "¡")):
                if said.endswith(closing) and len(re.findall(r"\w", said)) > 2 and not re.search("[¿¡]", said):
                    args = {"sign": opening, "words": said.strip()[-40:]}
                    yield Finding(key="check.opening_sign", blocks=False, field="text", args=args)
                    return


def blanks(subject: Subject) -> Iterator[Finding]:
    """Two blanks where one is meant, and a small word twice."""
    if _DOUBLE.search(subject.text):
        yield Finding(key="check.double_space", blocks=False, field="text")
    for match in _TWICE.finditer(subject.text):
        if match[1].casefold() in _FUNCTION:
            yield Finding(key="check.word_twice", blocks=False, field="text", args={"words": match.group()})
            return


def quotes(subject: Subject) -> Iterator[Finding]:
    """Quotes and brackets that are opened are closed."""
    for text in subject.texts:
        plain = _LIST.sub(" ", _EMOTICON.sub(" ", without_links(text)))
        open_ = next((first for first, last in _PAIRS if plain.count(first) != plain.count(last)), "")
        if open_ or plain.count('"') % 2:
            yield Finding(key="check.unclosed", blocks=False, field="text", args={"sign": open_ or '"'})
            return


def hashtags(subject: Subject) -> Iterator[Finding]:
    """As many as the brand wants at the most; 0 for as many as one likes."""
    most = subject.brand.rules.most_hashtags
    count = max((len(HASHTAG.findall(text)) for text in subject.texts), default=0)
    if most and count > most:
        yield Finding(key="check.hashtags", blocks=False, field="text", args={"count": count, "limit": most})


def spelling(subject: Subject) -> Iterator[Finding]:
    """Words that are wrong in every sense: no dictionary, only slips that are common and certain."""
    said = re.findall(r"(?<![\w@#])\w+", without_links(subject.text))
    is_spanish = spanish(subject.text)
    tables = [TYPOS, *([ACCENTS] if is_spanish or (is_spanish is None and subject.brand.language == "es") else [])]
    for word in dict.fromkeys(said):
        right = next((table[word.casefold()] for table in tables if word.casefold() in table), "")
        if right and not word.isupper():
            yield Finding(key="check.spelling", blocks=False, field="text", args={"word": word, "right": right})


def shouting(subject: Subject) -> Iterator[Finding]:
    """Mostly capitals reads as shouting."""
    letters = [sign for sign in without_links(subject.text) if sign.isalpha()]
    upper = sum(sign.isupper() for sign in letters)
    if len(letters) >= 20 and upper > 0.7 * len(letters) and len(words(subject.text)) > 3:
        yield Finding(key="check.shouting", blocks=False, field="text")
