"""A key and arguments become a sentence in the reader's language, or a loud mistake."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.text import words as words_module
from bot.text.words import BrokenCatalogue, UnknownMessage, words_for


@pytest.mark.parametrize(
    ("locale", "lang", "full"),
    [
        ("es-ES", "es", "es"),
        ("es", "es", "es"),
        ("es-LA", "es", "es_419"),
        ("es-419", "es", "es_419"),
        ("es_MX", "es", "es_419"),
        ("en-US", "en", "en"),
        ("en-GB", "en", "en_GB"),
        ("fr-FR", "en", "en"),
        ("../../etc", "en", "en"),
        ("", "en", "en"),
        (None, "en", "en"),
    ],
)
def test_slack_locales(locale: str | None, lang: str, full: str) -> None:
    assert (words_for(locale).lang, words_for(locale).locale) == (lang, full)


def test_arguments_fill_and_numbers_are_grouped() -> None:
    assert words_for("es")("post_status.refused", network="X") == "No aceptada por X"
    assert words_for("en")("check.too_long", account="@a", count=25001, limit=280) == "@a: too long, 25,001/280"
    assert "25.001" in words_for("es")("check.too_long", account="@a", count=25001, limit=280)


def test_plurals() -> None:
    assert words_for("es").n("work.skipped", 1) == "Eso era todo. Queda 1 conversación en espera."
    assert words_for("es").n("promise.late", 0) == "0 conversaciones esperan demasiado"
    assert words_for("en").n("promise.late", 1200) == "1,200 conversations wait too long"


def test_braces_in_an_argument_stay_as_they_are() -> None:
    said = words_for("en")("error.unknown_verb", word="{x.__class__}")
    assert "{x.__class__}" in said


def test_a_wrong_key_is_never_shown() -> None:
    words = words_for("en")
    with pytest.raises(UnknownMessage, match=r"no\.such"):
        words("no.such")
    with pytest.raises(UnknownMessage):
        words("promise.late")
    with pytest.raises(UnknownMessage):
        words.n("button.done", 2)
    with pytest.raises(KeyError):
        words("post_status.refused")


def test_a_key_in_two_files_or_without_text_stops_the_start(tmp_path: Path) -> None:
    entry = 'msgid "a.b"\nmsgstr "text"\n'
    (tmp_path / "one.po").write_text(entry, encoding="utf-8")
    (tmp_path / "two.po").write_text(entry, encoding="utf-8")
    with pytest.raises(BrokenCatalogue, match=r"two\.po: a\.b"):
        words_module._read(tmp_path)
    (tmp_path / "two.po").write_text('msgid "a.c"\nmsgstr ""\n', encoding="utf-8")
    with pytest.raises(BrokenCatalogue, match=r"two\.po: a\.c has no text"):
        words_module._read(tmp_path)


def test_imports_alone() -> None:
    """The words need nothing of the rest of the house."""
    code = "import sys, bot.text.words; print([m for m in sys.modules if m.startswith(('bot.', 'slack', 'redis'))])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['bot.text', 'bot.text.words']"
