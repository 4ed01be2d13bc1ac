"""Who says nearly the same: small edits, emoji, mentions and links aside, in Spanish and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alike import BANDS, LONGEST, ROWS, alike, sketch


def same(one: str, other: str) -> bool:
    """As the desk asks: found by a key, and then alike."""
    mine, theirs = sketch(one), sketch(other)
    if mine is None or theirs is None:
        return False
    return bool(set(mine.keys) & set(theirs.keys)) and alike(mine.marks, theirs.marks)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Qué vergüenza cómo tratáis a la gente, no vuelvo más",
            "que verguenza como tratais a la gente, NO VUELVO MAS",
        ),
        ("Participo! Mucha suerte a todos @ana @luis", "participo, mucha suerte a todos 🍀 @marta https://x.co/1"),
        ("Participo! Mucha suerte a todos @ana @luis", "participo, muchísima suerte a todas 🍀 @marta"),
        ("Quiero participar en el sorteo del viaje", "Kiero participar en el sorteo del viaje"),
        ("Boicot a esta empresa ya", "Boicot a esta empresa YAAAAA!!!!"),
        ("Espero una explicación de todo esto (1)", "Espero una explicación de todo esto (977)"),
        ("I want my money back, this is a scam", "i want my money back!! this is a SCAM @bank"),
        ("I want my money back, this is a scam", "I want all my money back, this is a big scam"),
        ("sííííí", "Si"),
        ("jajajaja", "JAJAJ"),
        ("🔥🔥🔥", "🔥"),
        ("@ana @luis", "@marta @pepe @eva"),
        ("https://a.example/1", "https://b.example/2"),
        ("me apunto", "Me apunto!! 🙋 @ana"),
    ],
)
def test_small_differences_are_none(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Me encanta vuestro café, no puedo esperar", "Me encanta vuestro café, puedo esperar"),
        ("Volveré a comprar en esta tienda", "Nunca volveré a comprar en esta tienda"),
        ("I would buy from this shop again", "I would never buy from this shop again"),
        ("me gusta", "no me gusta"),
        ("voy", "hoy"),
        ("Qué decepción, la verdad.", "Gracias por dar la cara."),
        ("¿A qué hora abrís el domingo?", "¿A qué hora abrís el sábado?"),
        ("🔥", "😡"),
        ("@ana", "https://a.example"),
        ("", ""),
    ],
)
def test_what_means_something_else_is_something_else(one: str, other: str) -> None:
    assert not same(one, other)


def test_a_picture_alone_is_like_nothing() -> None:
    assert sketch("") is None
    assert sketch(" \n\u200b") is None


@given(st.text(max_size=300))
def test_any_text_is_like_itself_and_has_a_bounded_sketch(text: str) -> None:
    found = sketch(text)
    if found is not None:
        assert same(text, text)
        assert len(found.keys) in {1, BANDS}
        assert len(found.marks) in {0, BANDS * ROWS}
        assert all(len(key) < 80 for key in found.keys)


def test_a_text_without_end_costs_no_more_than_its_beginning() -> None:
    begin = "Esto no se hace, espero una explicación. " * 60
    assert sketch(begin + "x" * 1_000_000) == sketch(begin[:LONGEST])
    assert sketch("a\u0301" * 100_000) is not None


def test_the_same_in_every_process() -> None:
    """What one worker stored the next one finds: nothing hangs on the seed of a process."""
    found = sketch("Espero una explicación de todo esto")
    assert found is not None
    assert found.keys[0] == "0.0.6f2fcbb9"
