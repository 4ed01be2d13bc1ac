"""Saved replies, cell by cell: which are offered first, what is filled in, and what never leaves raw."""

from datetime import UTC, datetime

import pytest

from bot.domain.saved_replies import SavedReply, filled, left_in, ordered, refuse_unclear, speakable
from bot.errors import FieldErrors

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LUCIA = {"name": "Lucía", "handle": "@lucia", "brand": "Café Ágora", "agent": "Ana"}


def reply(title: str, language: str = "") -> SavedReply:
    return SavedReply(id=title, brand="agora", title=title, text="x", language=language, by="T:ANA", at=AT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hola, {name}", "Hola, Lucía"),
        ("Hola, {nombre} ({ Usuario })", "Hola, Lucía (@lucia)"),
        ("{marca}: {agente}", "Café Ágora: Ana"),
        ("Mira {link} y {enlace}", "Mira {link} y {enlace}"),
        ("{other} {} {{name}}", "{other} {} {Lucía}"),
        ("nada", "nada"),
    ],
)
def test_what_is_known_is_filled_in_and_the_rest_stays(text: str, expected: str) -> None:
    assert filled(text, LUCIA) == expected


def test_what_somebody_calls_themselves_fills_in_nothing() -> None:
    assert filled("Hola, {name}", {"name": "{link}", "link": "x"}) == "Hola, {link}"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hola {name}", ("{name}",)),
        ("{link} {LINK} {enlace}", ("{link}", "{LINK}", "{enlace}")),
        ("{link} {link}", ("{link}",)),
        ("{whatever} {", ()),
        ("", ()),
    ],
)
def test_what_nobody_filled_in_is_found(text: str, left: tuple[str, ...]) -> None:
    assert left_in(text) == left


@pytest.mark.parametrize(
    ("title", "text", "wrong"),
    [
        ("", "x", {"title": "error.field_required"}),
        ("x", "", {"text": "error.field_required"}),
        ("x", "Hola {nombrre}", {"text": "error.saved_variable"}),
        ("x", "Hola {name", {"text": "error.saved_brace"}),
        ("x", "Hola name}", {"text": "error.saved_brace"}),
        ("x", "{}", {"text": "error.saved_brace"}),
    ],
)
def test_what_cannot_be_kept(title: str, text: str, wrong: dict[str, str]) -> None:
    with pytest.raises(FieldErrors) as error:
        refuse_unclear(title, text)
    assert {field: each.key for field, each in error.value.fields.items()} == wrong


@pytest.mark.parametrize("text", ["Hola", "Hola {name}, mira {enlace}", "{ marca }"])
def test_what_can(text: str) -> None:
    refuse_unclear("x", text)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lucía  Pérez", "Lucía Pérez"),
        ("O'Neill", "O'Neill"),
        ("J. K.", "J. K."),
        ("@elonmusk", ""),
        ("gratis.example", ""),
        ("https://x", ""),
        ("www banco", ""),
        ("{link}", ""),
        ("#trending", ""),
        ("😀", ""),
        ("", ""),
    ],
)
def test_a_name_that_would_do_something_in_public_is_not_said(name: str, said: str) -> None:
    assert speakable(name) == said


def test_the_comments_language_first_then_any_then_the_others() -> None:
    known = [reply("b", "en"), reply("a", "es"), reply("c"), reply("A", "en"), reply("z", "es")]
    assert [each.title for each in ordered(known, "es")] == ["a", "z", "c", "A", "b"]
    assert [each.title for each in ordered(known, "fr")] == ["c", "A", "a", "b", "z"]
    assert [each.title for each in ordered(known, "")] == ["c", "A", "a", "b", "z"]
