"""What a text says that nobody has confirmed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.brands import Brand, Channels
from bot.domain.checks import Subject, found
from bot.domain.checks.statements import fell
from bot.domain.facts import Fact, FactState, Verdict
from bot.domain.posts import Revision

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


# --- what a post leans on


def fact(state: FactState = FactState.TRUE, **more: object) -> Fact:
    given = () if state is FactState.OPEN else (Verdict(state=state, by="T1:B", at=NOW),)
    known = {"id": "f", "brand": "agora", "statement": SAID, "by": "T1:A", "at": NOW, "changed_at": NOW}
    return Fact.model_validate({**known, "state": state, "verdicts": given, **more})


def leaning(
    known: Fact | None, *, text: str = "Hoy hay tarta", doubted: tuple[Fact, ...] = (), due: datetime | None = None
) -> list[str]:
    revision = Revision(number=1, text=text, accounts=("x",), leans=("f",), by="T1:A", at=NOW)
    leans = (known,) if known is not None else ()
    subject = Subject(texts=(text,), brand=BRAND, now=NOW, revision=revision, leans=leans, facts=doubted, due=due)
    mine = [each for each in found(subject) if each.key.startswith(("check.leans", "check.fact"))]
    assert all(each.blocks for each in mine if each.key != "check.leans_ends")
    return [each.key for each in mine]


@pytest.mark.parametrize("state", FactState)
def test_only_what_is_confirmed_carries_a_post(state: FactState) -> None:
    expected = [] if state is FactState.TRUE else [f"check.leans_{state}"]
    assert leaning(fact(state)) == expected
    assert leaning(fact(state, expires=NOW)) == (
        ["check.leans_open"] if state is FactState.OPEN else ["check.leans_expired"]
    )
    assert leaning(fact(state, expires=NOW + timedelta(seconds=1))) == expected


def test_a_verdict_that_ends_before_the_post_goes_out_is_warned_of() -> None:
    short, later = fact(expires=NOW + timedelta(hours=2)), NOW + timedelta(hours=3)
    assert leaning(short, due=later) == ["check.leans_ends"]
    assert leaning(short, due=NOW + timedelta(hours=1)) == []
    assert leaning(fact(), due=later) == []


def test_a_fact_that_is_gone_carries_nothing() -> None:
    assert leaning(None) == ["check.leans_gone"]


def test_what_it_leans_on_and_says_is_told_once() -> None:
    false = fact(FactState.FALSE)
    assert leaning(false, text=SAID, doubted=(false,)) == ["check.leans_false"]
    other = fact(FactState.RUMOUR, id="g")
    assert leaning(fact(), text=SAID, doubted=(other,)) == ["check.fact_rumour"]


@pytest.mark.parametrize("state", FactState)
def test_for_what_an_approved_post_waits(state: FactState) -> None:
    known, holds = fact(state), state is not FactState.TRUE
    assert (fell(["Hoy hay tarta"], [known], (), NOW) is known) is holds
    decided = state in {FactState.FALSE, FactState.RUMOUR}
    assert (fell([SAID], (), [known], NOW) is known) is decided, "a question alone undoes no approval"
    assert fell(["Hoy hay tarta"], (), [known], NOW) is None
    over = fact(state, expires=NOW)
    assert (fell([SAID], (), [over], NOW) is over) is (state is not FactState.OPEN)


def test_the_hash_covers_what_it_leans_on_in_any_order() -> None:
    def hashed(*leans: str) -> str:
        return Revision(number=1, text="hola", accounts=("x",), leans=leans, by="T1:A", at=NOW).hash

    assert len({hashed(), hashed("a"), hashed("b"), hashed("a", "b")}) == 4
    assert hashed("a", "b") == hashed("b", "a")
