"""Asking whether we may use something: once, settled by a person, taken back on request; what an answer sounds like."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.conversations import Outsider
from bot.domain.courtesy import (
    USE_LIFE,
    Consent,
    Usage,
    UseState,
    UseStep,
    addressed,
    ask,
    one_of,
    settle,
    sounds_like,
    undo,
    withdraw,
)
from bot.domain.people import consented, met, unconsented
from bot.errors import AlreadyDone, UserError

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ALLOWED = {
    (UseState.NEVER, UseStep.ASK): UseState.ASKED,
    (UseState.ASKED, UseStep.UNDO): UseState.NEVER,
    (UseState.ASKED, UseStep.YES): UseState.YES,
    (UseState.ASKED, UseStep.NO): UseState.NO,
    (UseState.NO, UseStep.YES): UseState.YES,
    (UseState.YES, UseStep.WITHDRAW): UseState.WITHDRAWN,
}


@pytest.mark.parametrize(("state", "step"), list(product(UseState, UseStep)))
def test_every_cell(state: UseState, step: UseStep) -> None:
    assert USE_LIFE.get((state, step)) == ALLOWED.get((state, step))
    by = {"by": "T:ANA", "at": NOON} if state is not UseState.NEVER else {}
    usage = Usage.model_validate({"state": state, **by})
    if (state, step) in ALLOWED:
        assert usage.step(step) is ALLOWED[state, step]
    else:
        with pytest.raises(UserError):
            usage.step(step)


def test_asked_once_settled_by_a_person_and_taken_back() -> None:
    asked = ask(Usage(), "r1", "d1", "T:ANA", NOON)
    assert undo(asked, "other") is asked
    assert undo(asked, "d1") == Usage()
    with pytest.raises(AlreadyDone):
        ask(asked, "r1", "d2", "T:BRUNO", NOON)
    yes = settle(asked, True, "r2", "T:BRUNO", NOON)
    assert (yes.state, yes.settled_by, yes.answer, yes.ref) == (UseState.YES, "T:BRUNO", "r2", "r1")
    assert undo(yes, "d1") is yes
    with pytest.raises(AlreadyDone):
        settle(yes, False, "r2", "T:ANA", NOON)
    assert withdraw(yes, "T:ANA", NOON).state is UseState.WITHDRAWN


def test_the_yes_is_kept_with_the_person_and_over_when_they_say_so() -> None:
    person = met(Outsider(id="1", handle="rosa", name="Rosa"), "agora", "x", NOON)
    consent = Consent(conversation="c1", ref="r1", words="¡Claro!", said_at=NOON, by="T:ANA", at=NOON)
    agreed = consented(person, consent)
    assert consented(agreed, consent).consents == (consent,)
    with pytest.raises(UserError):
        unconsented(agreed, "c2", "T:ANA", NOON)
    over = unconsented(agreed, "c1", "T:ANA", NOON)
    assert (over.consents[0].withdrawn_by, over.consents[0].words) == ("T:ANA", "¡Claro!")
    with pytest.raises(AlreadyDone):
        unconsented(over, "c1", "T:ANA", NOON)


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("¡Claro que sí, encantada!", True),
        ("Sí, sin problema", True),
        ("si", True),
        ("Yes! How lovely.", True),
        ("No problem at all", True),
        ("Prefiero que no, gracias.", False),
        ("I'd rather not", False),
        ("No", False),
        ("¿Para qué?", None),
        ("Sí... bueno, no", None),
        ("", None),
        ("Noelia y Sira os saludan", None),
    ],
)
def test_what_an_answer_sounds_like(text: str, guess: bool | None) -> None:
    assert sounds_like(text) is guess


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Rosa Vélez", "¡Gracias, Rosa!"),
        ("☕ Rosa", "¡Gracias, Rosa!"),
        ("", "¡Gracias!"),
        ("🦊", "¡Gracias!"),
        ("{name} x", "¡Gracias, {name}!"),
    ],
)
def test_people_are_called_by_their_first_name_where_they_have_one(name: str, said: str) -> None:
    assert addressed("¡Gracias, {name}!", name) == said


def test_a_line_is_chosen() -> None:
    assert [one_of(("a", "b"), seed) for seed in range(3)] == ["a", "b", "a"]
    assert one_of((), 3) == ""
