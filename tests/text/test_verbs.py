"""Every spelling finds its verb, with and without accents; anything else finds the nearest."""

import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.verbs import SPELLINGS, Asked, Suggestion, Verb, parse_verb
from bot.text.words import words_for

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "GLOSSARY.md"


def bare(word: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFD", word) if not unicodedata.combining(mark))


@pytest.mark.parametrize(("verb", "spelling"), [(verb, spelling) for verb in Verb for spelling in SPELLINGS[verb]])
def test_every_spelling(verb: Verb, spelling: str) -> None:
    for written in (
        spelling,
        bare(spelling),
        spelling.upper(),
        unicodedata.normalize("NFD", spelling),
        f"¿{spelling}?",
    ):
        assert parse_verb(f"{written} Hola") == Asked(verb, "Hola")


def test_no_spelling_means_two_verbs() -> None:
    spellings = [bare(spelling) for verb in Verb for spelling in SPELLINGS[verb]]
    assert len(spellings) == len(set(spellings))


def test_the_shown_words_are_understood() -> None:
    for locale in ("en", "es-ES", "es-LA"):
        for verb in Verb:
            assert parse_verb(words_for(locale)(f"command.{verb}")) == Asked(verb, "")


@pytest.mark.skipif(not GLOSSARY.exists(), reason=f"no glossary at {GLOSSARY}: set VOCERO_REFERENCE to its folder")
def test_every_spelling_of_the_glossary_is_understood() -> None:
    table = GLOSSARY.read_text(encoding="utf-8").partition("**COMMANDS**")[2].partition("**SHORTCUTS**")[0]
    rows = re.findall(r"^\| (\w+).*? \| (.+?) \|$", table, re.MULTILINE)
    assert len(rows) == len(Verb)
    for english, spanish in rows:
        for word in (english, *re.findall(r"\w+", spanish)):
            assert parse_verb(word) == Asked(Verb(english), ""), word


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("crear", ""),
        ("crear ", ""),
        ("crear  dos espacios", " dos espacios"),
        ("crear\nuno\n\ndos ", "uno\n\ndos "),
        ("  crear hola", "hola"),
    ],
)
def test_the_argument_is_kept_as_typed(text: str, argument: str) -> None:
    assert parse_verb(text) == Asked(Verb.POST, argument)


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("pots", Verb.POST),
        ("publcar", Verb.POST),
        ("hpy", Verb.TODAY),
        ("ayudaa", Verb.HELP),
        ("zzzz", None),
        ("😀", None),
    ],
)
def test_the_nearest_verb(word: str, nearest: Verb | None) -> None:
    assert parse_verb(f"{word} algo") == Suggestion(word, nearest)


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_alone(text: str) -> None:
    assert parse_verb(text) is None


@given(st.text(max_size=200))
def test_anything_can_be_typed(text: str) -> None:
    asked = parse_verb(text)
    assert asked is None or isinstance(asked, Suggestion) or text.endswith(asked.argument)


def test_an_endless_word_is_answered() -> None:
    asked = parse_verb("a" * 100_000)
    assert isinstance(asked, Suggestion)
    assert asked.nearest is None
