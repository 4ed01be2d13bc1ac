"""How a post will look, drawn: what hides, what is cut, and that it always fits in a form."""

from typing import Any

import pytest

from bot.desk.pages import Length
from bot.desk.previewing import Appearance, Part, Preview
from bot.domain.checks import Finding
from bot.domain.posts import Picture
from bot.domain.preview import Card, Cut, Edge
from bot.text.words import words_for
from handlers.views.preview import preview_view
from tests.views.pages import account, brand
from tests.views.shown import formatted, said

EN, ES = words_for("en"), words_for("es")
TITLES = {"x": "X", "facebook": "Facebook"}


def part(head: str = "Hola", rest: str = "") -> Part:
    return Part(head, rest, Length("X", len(head + rest), 280))


def look(**more: Any) -> Appearance:
    given: dict[str, Any] = {"parts": [part()], "commented": False, "card": None, "cut": None, "grid": False}
    return Appearance(**given | {"account": account()} | more)


def preview(*accounts: Appearance, **more: Any) -> Preview:
    given: dict[str, Any] = {"brand": brand(), "accounts": accounts, "pictures": (), "findings": ()}
    return Preview(**given | more)


@pytest.mark.parametrize(
    ("shown", "english", "spanish"),
    [
        (look(parts=[part("Hoy", "y mañana")]), "Hoy… See more", "Solo después de «Ver más»:"),
        (look(parts=[part(), part("Luego")], commented=True), "First comment", "Primer comentario"),
        (look(parts=[part(), part("Luego")]), "2/2 · 5/280", "1/2 · 4/280"),
        (look(card=("https://agora.es/x", Card.DRAWN)), "With a card of agora.es", "Con una tarjeta de agora.es"),
        (look(card=("https://agora.es/x", Card.PICTURES)), "the pictures take its place", "ocupan su lugar"),
        (look(card=("https://agora.es/x", Card.NONE)), "X draws none", "X no las muestra"),
        (look(cut=Cut(Edge.SIDES, 40)), "loses its sides, about 40 %", "pierde los lados, cerca de un 40 %"),
        (look(cut=Cut(Edge.ENDS, 7)), "top and bottom, about 7 %", "arriba y la de abajo, cerca de un 7 %"),
        (look(grid=True), "share one frame", "comparten un marco"),
    ],
)
def test_each_thing_is_said_in_both_languages(shown: Appearance, english: str, spanish: str) -> None:
    assert english in said(preview_view(preview(shown), TITLES, EN))
    assert spanish in said(preview_view(preview(shown), TITLES, ES))


def test_what_is_missing_stands_first_and_every_picture_has_its_alt_text() -> None:
    found = Finding(key="check.no_alt", blocks=False, field="alt", args={"account": "X @a", "name": "b.png"})
    pictures = (
        Picture(file="F1", name="a.png", type="image/png", size=9, alt="Una taza", blob="h"),
        Picture(file="F2", name="b.png", type="image/png", size=9),
    )
    view = preview_view(preview(look(), pictures=pictures, findings=(found,)), TITLES, ES)
    text = said(view)
    assert text.index("⚠️") < text.index("Hola") < text.index("Una taza") < text.index("b.png ·")
    assert [block["slack_file"] for block in view["blocks"] if block["type"] == "image"] == [{"id": "F1"}]


def test_what_was_typed_is_never_formatted() -> None:
    view = preview_view(preview(look(parts=[part("<!channel> *ya*", "*más*")])), TITLES, ES)
    assert "*ya*" in said(view)
    assert "ya" not in formatted(view)


def test_the_most_of_everything_fits_and_says_what_is_left_out() -> None:
    thread = look(parts=[part("🧪" * 3000, "\n" * 9000 + "y" * 9000)] * 25)
    view = preview_view(preview(*[thread] * 5), TITLES, EN)
    assert len(view["blocks"]) == 99
    assert said(view).endswith("Untick some accounts to see the others.")
