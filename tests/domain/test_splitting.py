"""A long text as a thread: nothing lost, nothing too long, cut where a reader would breathe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.splitting import CannotSplit, split

LONG = (
    "Este sábado volvemos a la plaza. Habrá café de Huehuetenango, pan de la Sra. Pilar y música a las 20.30 h. "
    "¿Te apuntas? Trae a quien quieras… y si llueve, dentro.\n\nMás en https://cafeagora.example/plaza?dia=sabado"
)


def test_it_is_cut_where_sentences_end() -> None:
    assert split(LONG, 110, len) == [
        "Este sábado volvemos a la plaza. Habrá café de Huehuetenango, pan de la Sra. Pilar y música a las 20.30 h.",
        "¿Te apuntas? Trae a quien quieras… y si llueve, dentro.\n\nMás en https://cafeagora.example/plaza?dia=sabado",
    ]


def test_paragraphs_stay_together_where_they_fit() -> None:
    assert split("Uno.\n\nDos. Tres.\n\nCuatro.", 16, len) == ["Uno.\n\nDos. Tres.", "Cuatro."]


def test_numbers_count_into_the_length() -> None:
    found = split(LONG, 110, len, numbered=True)
    assert len(found) > 2
    assert [each[-4:] for each in found] == [f" {n}/{len(found)}" for n in range(1, len(found) + 1)]
    assert all(len(each) <= 110 for each in found)
    assert split("Corto.", 110, len, numbered=True) == ["Corto."]


def test_three_dots_before_a_small_letter_end_no_sentence() -> None:
    assert split("Trae a quien quieras… y si llueve, dentro. Hasta pronto.", 42, len)[0][-7:] == "dentro."


@pytest.mark.parametrize("said", ["Lo dijo la Dra. Ruiz en la plaza mayor.", "Vive en la Av. Perú 5 desde hace años."])
def test_an_abbreviation_ends_no_sentence(said: str) -> None:
    assert split(f"{said} Y nada más que añadir hoy.", 42, len)[0] == said


def test_a_sentence_without_end_is_cut_between_words_and_a_word_without_end_between_signs() -> None:
    assert split("uno dos tres cuatro cinco", 10, len) == ["uno dos", "tres", "cuatro", "cinco"]
    assert split("👩‍👩‍👧" * 4, 10, len) == ["👩‍👩‍👧" * 2] * 2
    with pytest.raises(CannotSplit):
        split("👩‍👩‍👧", 3, len)


@given(st.text(alphabet=st.sampled_from("aeñ .!?…\n¿»)👋🏽https://x.y "), max_size=400), st.integers(12, 60))
def test_nothing_but_white_space_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    found = split(text, limit, len)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(each.strip() and len(each) <= limit for each in found)
