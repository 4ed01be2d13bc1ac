"""When an answer runs hot, cell by cell; and that ordinary texts don't."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deliveries import Delivery, Reply, State
from bot.domain.heat import WITHIN, Heat, given, heat, shouting
from bot.domain.moods import Tone

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def answer(state: State = State.LIVE, ago: timedelta = timedelta(hours=1)) -> Delivery:
    at = NOW - ago
    return Delivery(
        id="d1", brand="agora", account="x-1", network="x", generation=1, due=at, created_at=at, state=state,
        reply=Reply(conversation="c1", text="Sí", answers="r1", by="T:ANA"),
        settled_at=at if state is State.LIVE else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "YA TE LO HEMOS DICHO",
        "Te repito: NO ES NUESTRA CULPA, de verdad, léelo otra vez con calma por favor",
        "Gracias!!!",
        "¡¡¡Gracias",
        "LAMENTABLE RESPUESTA",
        "AHORA NO PODEMOS. Perdona",
        "¡NO! ¡No! ¡NO!!! ",
        "ESTÁ CERRADO HOY",
    ],
)
def test_what_shouts(text: str) -> None:
    assert shouting(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gracias!!",
        "¡Gracias!",
        "¡Gracias! ¡Nos vemos!",
        "El IVA y el IRPF van aparte",
        "Lo mandamos por SEUR, con el DNI",
        "OK",
        "NASA",
        "Mira HTTPS://AGORA.EXAMPLE/CARTA/DE/VERANO",
        "@CAFE_AGORA_OFICIAL #VERANOENMADRID gracias",
        "Hola ^ANAMARIAGARCIA",
        "{NOMBRE} {ENLACE} gracias por escribir",
        "A B C",
        "El plan B es ir a pie",
        "ЖЫ",
        "你好!",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not shouting(text)


@pytest.mark.parametrize(
    ("state", "ago", "count"),
    [
        (State.LIVE, timedelta(hours=1), 1),
        (State.LIVE, WITHIN - timedelta(seconds=1), 1),
        (State.LIVE, WITHIN, 0),
        (State.PLANNED, timedelta(seconds=3), 1),
        (State.WIRE, timedelta(seconds=3), 1),
        (State.UNKNOWN, timedelta(hours=1), 1),
        (State.WITHDRAWN, timedelta(hours=1), 0),
        (State.UNPUBLISHED, timedelta(hours=1), 0),
        (State.REFUSED, timedelta(hours=1), 0),
        (State.HELD, timedelta(hours=1), 0),
    ],
)
def test_which_answers_count(state: State, ago: timedelta, count: int) -> None:
    assert given([answer(state, ago)], NOW) == count


@pytest.mark.parametrize("tone", Tone)
@pytest.mark.parametrize("answers", [0, 1, 5])
def test_only_a_second_answer_to_somebody_displeased(tone: Tone, answers: int) -> None:
    assert heat("Sí", tone, answers).again is (tone is Tone.NEGATIVE and answers > 0)


def test_both_at_once_and_neither() -> None:
    assert heat("YA TE LO DIJE", Tone.NEGATIVE, 1) == Heat(again=True, shouting=True)
    assert not heat("Sí", Tone.NEGATIVE, 0).any
