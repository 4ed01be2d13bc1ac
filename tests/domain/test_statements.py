"""What a text says that nobody has confirmed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.brands import Brand, Channels
from bot.domain.checks import Subject, found
from bot.domain.facts import Fact, FactState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BRAND = Brand(id="agora", name="Ágora", channels=Channels(review="C1"))
SAID = "Cerramos el local del centro a las 9"


def keys(text: str, state: FactState = FactState.FALSE, *, off: bool = False, **more: object) -> list[str]:
    known = {"id": "f", "brand": "agora", "statement": SAID, "by": "T1:A", "at": NOW, "changed_at": NOW, "state": state}
    brand = BRAND.model_copy(update={"rules": BRAND.rules.model_copy(update={"off": frozenset({"facts"})})})
    subject = Subject(texts=(text,), brand=brand if off else BRAND, now=NOW, facts=(Fact.model_validate(known | more),))
    return [each.key for each in found(subject) if each.key.startswith("check.fact") and each.blocks]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SAID, True),
        ("¡Atención! cerramos  EL local del centro, a las 9 😢. Gracias", True),
        ("A partir de hoy cerramos local del centro a las 9", True),
        ("Cerramos el local del centro a las 10", False),
        ("No cerramos el local del centro a las 9", False),
        ("Cerramos.\nEl local del centro abre a las 9", False),
        ("Hoy hay tarta", False),
        ("", False),
    ],
)
def test_what_says_the_same(text: str, says: bool) -> None:
    assert keys(text) == (["check.fact_false"] if says else [])


@pytest.mark.parametrize("state", FactState)
def test_every_state(state: FactState) -> None:
    assert keys(SAID, state) == ([] if state is FactState.TRUE else [f"check.fact_{state}"])
    assert keys(SAID, state, expires=NOW) == ["check.fact_open"]
    assert keys(SAID, FactState.TRUE, expires=NOW + timedelta(seconds=1)) == []


def test_a_brand_may_switch_it_off() -> None:
    assert keys(SAID, off=True) == []
