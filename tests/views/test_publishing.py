"""Each account's line says in plain words what happened, with the buttons that mend it and no others."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.brands import AccountState, Stop
from bot.domain.deliveries import Delivery, State
from bot.domain.posts import Act, PostStatus
from bot.slack.wire import press_of
from bot.text.words import Words, words_for
from handlers.views.alarms import access_back, access_lost, ask_message
from handlers.views.publishing import SendAgain, delivery_line
from handlers.views.review import review_message
from tests.views.pages import ANA, BRUNO, NAMES, NOW, account, brand, decision, delivery, page, post, revision
from tests.views.shown import buttons, formatted, said

ES, EN = words_for("es"), words_for("en")
APPROVED = post(status=PostStatus.APPROVED, decisions=(decision(Act.APPROVE),))
SETTLED: dict[str, Any] = {"settled_by": BRUNO, "settled_at": NOW}


@pytest.mark.parametrize(
    ("at", "es", "labels"),
    [
        (delivery(), "programada para el lun 2 de marzo, 16:00 (Madrid)", []),
        (delivery(State.CLAIMED), "publicando…", []),
        (delivery(State.WIRE, wire_at=NOW), "publicando…", []),
        (delivery(State.WIRE, wire_at=NOW - timedelta(minutes=1)), "X no ha respondido con claridad", []),
        (delivery(trouble="rate_limited", attention=NOW), "X no admite más de X @cafe_agora hasta el lun 2", []),
        (delivery(trouble="outage"), "X no responde. No se ha publicado nada", []),
        (delivery(State.LIVE, settled_at=NOW), "publicada desde el lun 2", []),
        (delivery(State.LIVE, **SETTLED), "Bruno dijo el lun 2", []),
        (delivery(State.REFUSED, trouble="policy"), "va contra sus normas", ["Reintentar aquí", "Anular"]),
        (delivery(State.REFUSED, trouble="rate_limited"), "no admite más", ["Reintentar aquí", "Anular"]),
        (delivery(State.REFUSED, trouble="never heard of"), "no ha dicho por qué", ["Reintentar aquí", "Anular"]),
        (
            delivery(State.UNKNOWN),
            "No está claro si salió",
            ["Sí, está publicada", "Publicar otra vez", "Dejarlo así"],
        ),
        (delivery(State.LEFT, **SETTLED), "X @cafe_agora: Bruno lo dejó así", []),
        (delivery(State.MISSED), "no salió a su hora. ¿Se envía ahora?", ["Enviar ahora", "Anular"]),
        (delivery(State.HELD, trouble="stopped"), "detenida por la parada", ["Mantener", "Anular"]),
        (delivery(State.HELD, trouble="account_changed"), "se conectó de nuevo", ["Mantener", "Anular"]),
        (delivery(State.WITHDRAWN), "anulada", []),
    ],
    ids=lambda each: f"{each.state}-{each.trouble.kind if each.trouble else ''}" if isinstance(each, Delivery) else "",
)
def test_every_state_has_its_words_and_buttons(at: Delivery, es: str, labels: list[str]) -> None:
    asked = ask_message(at, page(APPROVED, at), ES, NAMES)
    assert es in said(asked)
    assert list(buttons(asked)) == labels
    said(review_message(page(APPROVED, at), ES, NAMES))


@pytest.mark.parametrize("words", [ES, EN], ids=["es", "en"])
@pytest.mark.parametrize("state", State)
def test_every_state_is_on_the_card_in_both_languages(state: State, words: Words) -> None:
    shown = page(APPROVED, delivery(state, **SETTLED))
    assert "X @cafe_agora" in delivery_line(shown.deliveries[0], shown, words, NAMES)
    card = review_message(shown, words, NAMES)
    assert "☕ Café Ágora · " in said(card)


def test_the_heading_says_what_needs_a_person_most() -> None:
    mixed = (delivery(State.LIVE, settled_at=NOW), delivery(State.REFUSED, network="facebook", trouble="policy"))
    card = review_message(page(APPROVED, *mixed), ES, NAMES)
    assert said(card).startswith("☕ Café Ágora · No aceptada por Facebook\n")
    ids = [each["action_id"] for each in buttons(card).values()]
    assert ids == ["publishing.send_again:facebook-1", "publishing.withdraw:facebook-1"]


def test_what_goes_public_at_once_asks_and_names_the_account() -> None:
    for state, danger in ((State.MISSED, False), (State.REFUSED, False), (State.UNKNOWN, True)):
        at = delivery(state, asked=3)
        (drawn,) = (
            each for each in buttons(ask_message(at, page(APPROVED, at), EN, NAMES)).values()
            if each["action_id"].startswith("publishing.send_again")
        )  # fmt: skip
        assert "X @cafe_agora" in drawn["confirm"]["text"]["text"]
        assert (drawn["confirm"].get("style") == "danger") == danger
        assert press_of(drawn) == SendAgain(delivery=at.id, asked=3, sure=True)


def test_keeping_what_is_due_later_asks_nothing() -> None:
    at = delivery(State.HELD, trouble="stopped", due=NOW + timedelta(hours=3))
    drawn = buttons(ask_message(at, page(APPROVED, at), EN, NAMES))["Keep"]
    assert "confirm" not in drawn


def test_nothing_can_be_kept_while_stopped_or_while_the_account_is_dead() -> None:
    held = delivery(State.HELD, trouble="stopped")
    stopped = page(APPROVED, held, stop=Stop(id="agora", by=ANA, at=NOW))
    assert list(buttons(ask_message(held, stopped, ES, NAMES))) == ["Anular"]
    dead = account(state=AccountState.DEAD, dead_since=NOW)
    lost = delivery(State.HELD, trouble="auth")
    assert list(buttons(ask_message(lost, page(APPROVED, lost, accounts=(dead,)), ES, NAMES))) == ["Anular"]


@pytest.mark.parametrize("kind", ["auth", "disconnected"])
def test_what_waited_for_an_account_that_is_back_does_not_say_that_it_waits(kind: str) -> None:
    held = delivery(State.HELD, trouble=kind)
    asked = ask_message(held, page(APPROVED, held), EN, NAMES)
    assert "held while it had no access; it is connected again" in said(asked)
    assert "Keep" in buttons(asked)


def test_only_the_newest_delivery_of_an_account_is_shown_but_never_one_that_may_be_public_is_hidden() -> None:
    old = delivery(State.WITHDRAWN, id="old")
    new = delivery(id="new")
    assert [each.id for each in page(APPROVED, old, new).shown] == ["new"]
    still = delivery(State.LIVE, id="old", settled_at=NOW)
    assert [each.id for each in page(APPROVED, still, new).shown] == ["old", "new"]


def test_a_settled_question_says_so_without_buttons() -> None:
    at = delivery(State.LIVE, url="https://x.com/1", **SETTLED)
    told = ask_message(at, page(APPROVED, at), ES, NAMES)
    assert "resuelto en X @cafe_agora" in said(told)
    assert not buttons(told)


def test_a_network_s_address_can_do_no_harm() -> None:
    at = delivery(State.LIVE, url="javascript:alert(1)", settled_at=NOW)
    assert "javascript" not in formatted(ask_message(at, page(APPROVED, at), ES, NAMES))


@pytest.mark.parametrize(("network", "how"), [("x", "Keys and tokens"), ("facebook", "token nuevo de la página")])
def test_a_lost_access_says_what_waits_and_how_to_mend_it(network: str, how: str) -> None:
    told = access_lost(account(network), brand(), "Red", 2, ES)
    assert "Red ya no acepta el acceso de Red @" in said(told)
    assert "2 publicaciones esperan." in said(told)
    assert how in said(told)
    assert said(access_back(account(network), brand(), "Red", ES)).endswith("vuelve a estar conectada.")
    assert "mantener o anular" in said(access_back(account(network), brand(), "Red", ES, 2))


def test_many_accounts_stay_within_slack_s_limits() -> None:
    many = [delivery(State.REFUSED, trouble="policy", id=f"d{n}", account=f"a{n}") for n in range(40)]
    shown = post(revision(text="x" * 9000), status=PostStatus.APPROVED, decisions=(decision(Act.APPROVE),))
    assert "y 28 más" in said(review_message(page(shown, *many), ES, NAMES))
