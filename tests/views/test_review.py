"""The review card reads well in both languages, offers only what can be done, and nothing in it rings or formats."""

from datetime import timedelta

import pytest

from bot.domain.brands import Stop
from bot.domain.checks import Finding
from bot.domain.deliveries import State, Trouble
from bot.domain.facts import Fact, FactState
from bot.domain.people import Relationship
from bot.domain.posts import Act, Kind, PostStatus
from bot.slack.wire import press_of
from bot.text.words import words_for
from handlers.views.changes import windows
from handlers.views.decisions import Approve, decision_notice
from handlers.views.review import changes_view, checks_view, review_message, text_view
from tests.views.pages import (
    ANA,
    BRUNO,
    CARLA,
    NAMES,
    NOW,
    TOMORROW,
    brand,
    decision,
    delivery,
    page,
    picture,
    post,
    revision,
)
from tests.views.shown import buttons, formatted, said

ES, EN = words_for("es"), words_for("en")
NASTY = "<!channel> *hola* <@UEVA> :smile: <https://x.es|aquí> & @here"


def test_what_will_be_read_where_and_when() -> None:
    card = review_message(page(post(revision(kind=Kind.SELL), due=TOMORROW)), ES, NAMES)
    text = said(card)
    assert text.startswith("☕ Café Ágora · En revisión\n<@UBRUNO>: Ana pide tu aprobación.")
    assert "X @cafe_agora — Café Ágora" in text
    assert "mar 3 de marzo, 09:00 (Madrid), en 17 h" in text
    assert "Abrimos a las 9" in text
    assert "Vender" in text
    labels = ["Aprobar", "Pedir cambios", "Retocar y aprobar", "Editar", "Rechazar", "Anular", "Urgente"]
    assert list(buttons(card)) == labels


def test_only_the_approvers_are_rung_and_only_once() -> None:
    shown = page(approvers=(BRUNO, CARLA))
    whole = formatted(review_message(shown, ES, NAMES))
    assert whole.count("<@") == 2
    assert "<@UANA>" not in whole


def test_nobody_to_ask_is_said() -> None:
    assert "Todavía no hay quien apruebe" in said(review_message(page(approvers=()), ES, NAMES))


def test_the_text_neither_formats_nor_rings() -> None:
    nasty = decision(Act.REQUEST_CHANGES, reason=NASTY)
    shown = post(revision(text=NASTY, pictures=(picture(name=NASTY, alt=NASTY),)), decisions=(nasty,))
    card = review_message(page(shown), ES, {**NAMES, ANA: "Ana"})
    assert NASTY in said(card)  # as it will be read, in a block that does nothing with it
    for sign in ("<!channel>", "<@UEVA>", "<https", "*hola*", "@here", ":smile:"):
        assert sign not in formatted(card)


def test_public_within_ten_minutes_asks_once_naming_the_accounts() -> None:
    for due in (None, NOW + timedelta(minutes=9)):
        drawn = buttons(review_message(page(post(due=due)), ES, NAMES))["Aprobar y publicar"]
        assert "X @cafe_agora, Facebook @cafe.agora" in drawn["confirm"]["text"]["text"]
        press = press_of(drawn)
        assert isinstance(press, Approve)
        assert press.sure
    later = buttons(review_message(page(post(due=TOMORROW)), EN, NAMES))["Approve"]
    assert "confirm" not in later
    press = press_of(later)
    assert isinstance(press, Approve)
    assert (press.sure, press.seen_at) == (False, NOW)


def test_a_silenced_brand_promises_nothing_and_a_stopped_one_says_that_a_statement_goes_out() -> None:
    card = review_message(page(stop=Stop(id="agora", by=ANA, at=NOW, reach="silence")), EN, NAMES)
    assert "Café Ágora is stopped: the post will wait." in said(card)
    assert "confirm" not in buttons(card)["Approve"]
    card = review_message(page(stop=Stop(id="agora", by=ANA, at=NOW)), EN, NAMES)
    assert "Café Ágora is stopped. What is approved now goes out all the same." in said(card)
    (approve,) = [label for label in buttons(card) if label.startswith("Approve")]
    assert "Publishing is stopped, and this goes out all the same." in str(buttons(card)[approve]["confirm"])


def test_blockers_take_approve_away_and_three_warnings_are_enough() -> None:
    warnings = [
        Finding(key="check.brand_mismatch", blocks=False, args={"brand": f"B{n}", "channel_brand": "C"})
        for n in range(5)
    ]
    card = review_message(page(findings=warnings), ES, NAMES)
    assert said(card).count("⚠️") == 3
    assert "y 2 más" in said(card)
    assert "Más" in buttons(card)
    assert said(checks_view(page(findings=warnings), ES)).count("⚠️") == 5
    blocker = Finding(key="check.too_long", blocks=True, args={"account": "X Café", "count": 300, "limit": 280})
    card = review_message(page(findings=[blocker]), ES, NAMES)
    assert "⛔ X Café: es demasiado largo, 300/280" in said(card)
    assert not {"Aprobar", "Aprobar y publicar"} & set(buttons(card))


def test_a_picture_that_is_being_copied_is_said_and_one_that_is_here_is_seen() -> None:
    waiting = page(post(revision(pictures=(picture(blob=""),))))
    assert "todavía se está copiando" in said(review_message(waiting, ES, NAMES))
    card = review_message(page(post(revision(pictures=(picture(alt=""),)))), ES, NAMES)
    assert "Sin texto alternativo" in said(card)
    assert [b["slack_file"] for b in card.blocks if b["type"] == "image"] == [{"id": "F1"}]


def test_an_edit_shows_what_changed_and_that_the_approval_is_gone() -> None:
    first = revision(text="Abrimos a las 9", accounts=("x-1", "facebook-1"))
    second = revision(2, "Abrimos a las 10", accounts=("x-1",), pictures=(picture(),), by=CARLA)
    shown = post(first, second, decisions=(decision(Act.APPROVE),), was_due=None, moved_at=NOW, due=TOMORROW)
    card = review_message(page(shown), ES, NAMES)
    text = said(card)
    assert "Aprobada por Bruno" in text
    assert "Carla la cambió" in text
    assert "lo decidido antes ya no cuenta" in text
    assert "Texto antes\nAbrimos a las 9\nTexto ahora\nAbrimos a las 10" in text
    assert "Cuentas: − Facebook @cafe.agora" in text
    assert "Imagen: — → taza.png" in text
    assert "Hora: En cuanto se apruebe → mar 3 de marzo" in text
    assert "Ver cambios" in buttons(card)
    struck = str(changes_view(page(shown), ES))
    assert "'text': '9', 'style': {'strike': True}" in struck
    assert "'text': '10', 'style': {'bold': True}" in struck


def test_a_long_text_shows_only_the_part_that_changed() -> None:
    old = "inicio " * 60 + "a las nueve " + "final " * 60
    new = "inicio " * 60 + "a las diez " + "final " * 60
    before, after = windows(old, new)
    assert "a las nueve" in before
    assert "a las diez" in after
    assert all(len(each) <= 280 and each.startswith("…") and each.endswith("…") for each in (before, after))


@pytest.mark.parametrize("text", ["x" * 63_206, "🧑‍🌾" * 3000, "\n" * 4000, "a"])
def test_any_length_fits_and_can_be_read_in_full(text: str) -> None:
    shown = page(post(revision(text="antes " + text), revision(2, text)))
    card = review_message(shown, ES, NAMES)
    said(card)
    said(changes_view(shown, ES))
    whole = text_view(shown, 2, ES)
    assert text in said(whole).replace("\n", "") or len(text) < 63_000
    assert ("Ver más" in buttons(card)) == (len(text) > 2400)


@pytest.mark.parametrize(
    ("status", "act", "line", "labels"),
    [
        (PostStatus.CHANGES_REQUESTED, Act.REQUEST_CHANGES, "Bruno pidió cambios el lun 2", ["Editar", "Anular"]),
        (PostStatus.REJECTED, Act.REJECT, "Rechazada por Bruno el lun 2", []),
        (PostStatus.WITHDRAWN, Act.WITHDRAW, "Anulada por Bruno el lun 2", []),
    ],
)
def test_after_a_decision_the_card_says_who_and_offers_what_is_left(
    status: PostStatus, act: Act, line: str, labels: list[str]
) -> None:
    card = review_message(page(post(status=status, decisions=(decision(act, reason="no va"),))), ES, NAMES)
    assert line in said(card)
    assert list(buttons(card)) == labels
    assert "<@" not in formatted(card)


def test_an_approved_card_says_each_account_and_can_still_be_edited_before_it_is_out() -> None:
    shown = post(status=PostStatus.APPROVED, decisions=(decision(Act.APPROVE),), due=TOMORROW)
    card = review_message(page(shown, delivery(due=TOMORROW), delivery(network="facebook", due=TOMORROW)), ES, NAMES)
    assert said(card).startswith("☕ Café Ágora · Programada\nAprobada por Bruno el")
    assert "X @cafe_agora: programada para el mar 3 de marzo, 09:00 (Madrid), en 17 h" in said(card)
    assert list(buttons(card)) == ["Editar", "Anular", "Pausar"]
    out = page(shown, delivery(State.LIVE, url="https://x.com/1", settled_at=NOW), delivery(network="facebook"))
    card = review_message(out, ES, NAMES)
    assert list(buttons(card)) == ["Pausar"]  # what is still planned elsewhere
    assert "<https://x.com/1|Ver la publicación>" in formatted(card)


def test_practice_is_never_taken_for_real() -> None:
    card = review_message(page(where=brand(name="Ensayo", practice=True)), EN, NAMES)
    assert "Practice: nothing here is public." in said(card)


def test_the_author_hears_why_it_came_back_and_can_go_on_from_there() -> None:
    made = decision(Act.REQUEST_CHANGES, reason="falta el precio")
    shown = page(post(status=PostStatus.CHANGES_REQUESTED, decisions=(made,)))
    told = decision_notice(shown, made, ES, NAMES)
    assert "Bruno pide cambios en tu publicación de ☕ Café Ágora: falta el precio" in said(told)
    assert "<#CREVIEW>" in formatted(told)
    assert list(buttons(told)) == ["Editar"]


def test_what_it_tells_and_leans_on_stands_on_the_card_before_and_after() -> None:
    fact = Fact(
        id="f1", brand="agora", statement=f"Abrimos {NASTY}", state=FactState.TRUE, by=ANA, at=NOW, changed_at=NOW
    )  # fmt: skip
    told = post(revision(disclosure=Relationship.PARTNER, leans=("f1",)))
    for status in (PostStatus.IN_REVIEW, PostStatus.APPROVED):
        card = review_message(page(told.model_copy(update={"status": status}), leans=(fact,)), ES, NAMES)
        assert "🤝 Transparencia: Socio/a" in said(card)
        assert "✅ Se apoya en «Abrimos" in said(card)
        assert "· *Confirmado*" in said(card)
        assert "<!channel>" not in formatted(card)
    over = fact.model_copy(update={"expires": NOW})
    assert "🔎 Se apoya en" in said(review_message(page(told, leans=(over,)), ES, NAMES))
    many = [fact.model_copy(update={"id": f"f{n}"}) for n in range(12)]
    assert "y 2 más" in said(review_message(page(told, leans=many), ES, NAMES))
    plain = said(review_message(page(), ES, NAMES))
    assert "Transparencia" not in plain
    assert "Se apoya en" not in plain


def test_a_change_of_either_is_told() -> None:
    after = revision(2, disclosure=Relationship.PAID, leans=("f1", "f2"))
    text = said(review_message(page(post(revision(), after)), ES, NAMES))
    assert "Transparencia: Nada que decir → Colaboración pagada" in text
    assert "Se apoya en: 0 → 2" in text


@pytest.mark.parametrize("state", [each for each in FactState if each is not FactState.TRUE])
def test_what_a_fact_holds_says_which_and_how_it_stands(state: FactState) -> None:
    trouble = Trouble(kind=f"fact_{state}", detail=f"La plaza {NASTY}")
    held = delivery(State.HELD).model_copy(update={"trouble": trouble})
    card = review_message(page(post(status=PostStatus.APPROVED), held), ES, NAMES)
    assert "en pausa, porque «La plaza" in said(card)
    assert "<!channel>" not in formatted(card)
    assert {"Mantener", "Anular"} <= set(buttons(card))
