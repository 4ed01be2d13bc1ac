"""What a colleague wrote in a thread, made fit for everyone, and what is said of it."""

import pytest

from bot.text.public import as_public, people_in

NAMES = {"U01ANA00001": "Ana", "U01BRUNO001": "Bruno"}


@pytest.mark.parametrize(
    ("written", "text", "changed"),
    [
        ("Hola, Lucía", "Hola, Lucía", ()),
        ("Uno &amp; dos &lt;3 &gt; 2", "Uno & dos <3 > 2", ()),
        ("&amp;amp; &copy;", "&amp; &copy;", ()),
        ("Lo mira <@U01ANA00001>", "Lo mira Ana", ("people",)),
        ("<@U01NADIE001> Hola", "Hola", ("people",)),
        ("<@U01NADIE001|eva> Hola", "eva Hola", ("people",)),
        ("<!here> Hola <!subteam^S1|@equipo>", "Hola", ("everybody",)),
        ("Mira <#C01GENERAL1|general> ya", "Mira ya", ("channels",)),
        ("Mira <https://agora.example/a?b=1&amp;c=2>", "Mira https://agora.example/a?b=1&c=2", ()),
        ("Mira <http://agora.example|agora.example>", "Mira agora.example", ()),
        ("Mira <https://agora.example/x|la carta>", "Mira la carta https://agora.example/x", ("links",)),
        ("Escribe a <mailto:a@agora.example|a@agora.example>", "Escribe a a@agora.example", ()),
        ("Gracias :heart: :+1::skin-tone-3:", "Gracias ❤️ 👍🏼", ("emoji",)),
        ("Hola :agora_logo:", "Hola", ("unknown_emoji",)),
        ("De 9:30:15 a 10:00", "De 9:30:15 a 10:00", ()),
        ("Es *gratis*, _de verdad_, ~no~ sí", "Es gratis, de verdad, no sí", ("formatting",)),
        ("*_las dos_*", "las dos", ("formatting",)),
        ("*" + "a" * 2000 + "*", "a" * 2000, ("formatting",)),
        ("*uno* y *dos*, _tres_", "uno y dos, tres", ("formatting",)),
        ("5*3*2 y snake_case_name y ~5", "5*3*2 y snake_case_name y ~5", ()),
        ("`PROMO9` y ```\nuna\ndos\n```", "PROMO9 y una\ndos", ("formatting",)),
        ("&gt; ¿Abrís?\nSí", "¿Abrís?\nSí", ("formatting",)),
        ("Uno\n\nDos", "Uno\n\nDos", ()),
        ("", "", ()),
        ("<!here>", "", ("everybody",)),
        (
            "<@U01ANA00001> *ojo* :tada: <!channel>",
            "Ana ojo 🎉",
            ("people", "everybody", "emoji", "formatting"),
        ),
    ],
)
def test_what_everyone_reads(written: str, text: str, changed: tuple[str, ...]) -> None:
    found = as_public(written, NAMES)
    assert found.text == text
    assert found.changed == changed


def test_nothing_of_slacks_is_left_whatever_is_written() -> None:
    nasty = "<@U1> <!channel> <#C1|x> <https://x.example|*b*> &lt;@U2&gt; :x: *_~`a`~_*" * 20
    found = as_public(nasty, {})
    for mark in ("<!", "<#", "|", "&lt;"):
        assert mark not in found.text


def test_whom_it_mentions() -> None:
    assert people_in("<@U01ANA00001> y <@U01BRUNO001|b> y <@U01ANA00001>") == ("U01ANA00001", "U01BRUNO001")
