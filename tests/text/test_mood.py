"""How comments sound, and in which language they are: guesses that have to be honest about doubt."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moods import Tone
from bot.text.language import language_of
from bot.text.mood import mood
from bot.text.mood.lexicon import lexicon

SAID = {"-": Tone.NEGATIVE, "0": Tone.NEUTRAL, "+": Tone.POSITIVE}
COMMENTS = [
    tuple(line.split("\t")) for line in (Path(__file__).parent / "comments.tsv").read_text("utf-8").splitlines()
]  # language, what a person called it, text


def test_hardly_a_comment_is_taken_for_its_opposite_and_most_of_what_is_sure_is_right() -> None:
    for language in ("es", "en"):
        judged = [(SAID[label], mood(text, language).tone, text) for lang, label, text in COMMENTS if lang == language]
        opposite = [text for said, tone, text in judged if {said, tone} == {Tone.NEGATIVE, Tone.POSITIVE}]
        sure = [(said, tone) for said, tone, _ in judged if tone in {Tone.NEGATIVE, Tone.POSITIVE}]
        right = sum(said is tone for said, tone in sure)
        assert opposite == []
        assert right / len(sure) >= 0.9
        for wanted in (Tone.NEGATIVE, Tone.POSITIVE):
            there = [tone for said, tone, _ in judged if said is wanted]
            assert there.count(wanted) / len(there) >= 0.7, (language, wanted)


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, _, text in COMMENTS])
def test_a_comment_of_some_words_is_in_its_language_or_unknown(language: str, text: str) -> None:
    assert language_of(text) in {language, ""}


def test_most_comments_languages_are_told() -> None:
    told = sum(language_of(text) == language for language, _, text in COMMENTS)
    assert told / len(COMMENTS) >= 0.85


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pt", "Obrigado pela ajuda, não sei o que faria sem vocês"),
        ("fr", "Merci beaucoup, c'est très bien"),
        ("it", "Grazie mille, il servizio è stato perfetto"),
        ("de", "Danke, das ist wirklich sehr gut"),
        ("ca", "Moltes gràcies, això és el que més m'agrada"),
    ],
)
def test_neighbours_are_not_taken_for_spanish_or_english(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "ok", "😍😍", "Ana", "4432", "https://example.com/gracias", "@maria #oferta", "日本語です"]
)
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert language_of(text) == ""


@pytest.mark.parametrize(
    ("language", "text", "tone"),
    [
        ("es", "no es bueno, no me gusta", Tone.NEGATIVE),
        ("es", "Muy rico pero carísimo y una atención lamentable", Tone.NEGATIVE),
        ("es", "Gracias por nada", Tone.NEGATIVE),
        ("es", "sin problemas, todo perfecto", Tone.POSITIVE),
        ("es", "buenas tardes", Tone.NEUTRAL),
        ("en", "thanks for nothing", Tone.NEGATIVE),
        ("en", "not bad", Tone.NEUTRAL),
        ("en", "I love the food, I hate the waiters", Tone.UNSURE),
        ("fr", "😡😡😡", Tone.NEGATIVE),
        ("fr", "merci", Tone.UNSURE),
    ],
)
def test_the_little_words_that_turn_it(language: str, text: str, tone: Tone) -> None:
    assert mood(text, language).tone is tone


def test_shouting_makes_anger_louder_and_stretched_words_count_once_more() -> None:
    assert mood("ESTO ES UN ROBO", "es").score < mood("esto es un robo", "es").score
    assert mood("buenísimoooo", "es").score > mood("buenísimo", "es").score > 0


@given(st.text(max_size=300), st.sampled_from(["es", "en", "pt", ""]))
def test_any_text_has_a_mood_and_maybe_a_language(text: str, language: str) -> None:
    assert -1 <= mood(text, language).score <= 1
    assert language_of(text) in {"", "en", "es", "pt", "fr", "it", "de", "ca"}


def test_the_lists_hold_words_as_they_are_looked_up() -> None:
    for language in ("es", "en"):
        scores = lexicon(language).scores
        assert len(scores) > 2_500
        assert all(-5 <= score <= 5 for score in scores.values())
        assert all(word == word.casefold().strip() for word in scores)
