"""Whatever people and strangers write, in whatever place: it stays words, and what we draw stays whole."""

import pytest

from bot.slack.limits import check_message, check_view
from bot.text.words import words_for
from tests.hostile.drawings import drawings, payload
from tests.hostile.strings import BY_KIND, STRINGS, alive, harmful, reordering, typable
from tests.outgoing import wrong_in

LANGUAGES = {lang: words_for(lang) for lang in ("en", "es")}
OURS = {lang: {name: alive(payload(drawn)) for name, drawn in drawings("palabra", w)} for lang, w in LANGUAGES.items()}
"""The control sequences that we write ourselves: those that are there around a harmless word."""
EXAMPLES = {kind: max(texts, key=len) for kind, texts in BY_KIND.items()}


def test_there_are_enough_of_them() -> None:
    assert len(set(STRINGS)) == len(STRINGS) >= 515


@pytest.mark.slow
@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_comes_alive(kind: str, lang: str) -> None:
    """Every string in one of the languages, turn by turn; the test below has some of each kind in both."""
    found: dict[str, list[str]] = {}
    for text in BY_KIND[kind][lang == "es" :: 2]:
        for name, drawn in drawings(typable(text), LANGUAGES[lang]):
            sent = payload(drawn)
            if problems := harmful(sent, OURS[lang][name]):
                found.setdefault(name, problems)
            check_view(sent) if "type" in sent else check_message(sent["text"], sent["blocks"])
    assert not found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", EXAMPLES)
def test_slack_takes_every_drawing(kind: str, lang: str) -> None:
    for text in (EXAMPLES[kind], BY_KIND[kind][0]):
        for name, drawn in drawings(typable(text), LANGUAGES[lang]):
            method = "views.open" if "type" in payload(drawn) else "chat.postMessage"
            sent = {"view": payload(drawn)} if method == "views.open" else payload(drawn)
            assert not list(wrong_in(method, sent)), (name, text[:100])
            assert not harmful(payload(drawn), OURS[lang][name]), (name, text[:100])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_that_is_relayed_turns_the_order_around(lang: str) -> None:
    """A quote stands alone; of what stands among our words nothing carries a mark that reorders."""
    found: dict[str, list[str]] = {}
    for text in BY_KIND["bidi"]:
        for name, drawn in drawings(text, LANGUAGES[lang]):
            if leaks := reordering(payload(drawn)):
                found.setdefault(name, leaks)
    assert not found
