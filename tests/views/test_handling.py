"""How a conversation stands, the forms that hand it on, and the notices: said in both languages, safe and short."""

from datetime import timedelta

import pytest

from bot.domain.conversations import Answering, ConversationStatus, Escalation, Outsider
from bot.slack.wire import drawn_in, elements_in
from bot.text.words import words_for
from handlers.views.card_presses import Assign, Escalate, SnoozeFor, SnoozeUntil, Wake
from handlers.views.handling import (
    AssignForm,
    EscalateForm,
    SnoozeForm,
    asked_message,
    assign_view,
    assigned_message,
    escalate_view,
    snooze_view,
    woken_message,
)
from handlers.views.inbox import Claim, Release, conversation_message
from tests.views.pages import ANA, CARLA, NAMES, NOW, brand
from tests.views.shown import buttons, formatted, said
from tests.views.talks import NASTY, conversation, owned, talk_page, words

ES = words_for("es")
S = ConversationStatus


@pytest.mark.parametrize(
    ("status", "press"),
    [(S.NEW, Claim), (S.OWNED, Release), (S.SNOOZED, Wake), (S.ESCALATED, Claim)],
)
def test_every_state_has_its_first_press_and_the_rest_in_the_menu(status: S, press: type) -> None:
    drawn = drawn_in(conversation_message(talk_page(conversation(status=status, owner=CARLA)), ES, NAMES).blocks)
    assert drawn >= {press, Assign, SnoozeFor, SnoozeUntil, Escalate}
    assert not drawn & ({Claim, Release, Wake} - {press})


def test_a_closed_one_is_handed_to_nobody_and_offers_the_brands_topics() -> None:
    closed = conversation(status=S.CLOSED, topics=("Viejo",))
    page = talk_page(closed, where=brand(topics=("Horarios", "Precios")))
    card = conversation_message(page, ES, NAMES)
    assert not drawn_in(card.blocks) & {Assign, SnoozeFor, SnoozeUntil, Escalate}
    (menu,) = [each for each in elements_in(card.blocks) if each["action_id"].endswith("topics")]
    assert [each["text"]["text"] for each in menu["options"]] == ["Horarios", "Precios", "✓ Viejo"]
    assert ":label: Viejo" in said(card)


def test_the_card_says_until_when_who_was_asked_and_who_is_answering() -> None:
    asleep = conversation(status=S.SNOOZED, owner=CARLA, snoozed_until=NOW + timedelta(hours=17))
    assert "Vuelve el mar 3 de marzo, 09:00 (Madrid), a Carla" in said(
        conversation_message(talk_page(asleep), ES, NAMES)
    )
    for kind, to, shown in (("person", ANA, "Ana"), ("role", "approver", "*Aprobación*"), ("channel", "C9", "<#C9>")):
        asked = Escalation(to=to, kind=kind, by=CARLA, at=NOW, note="<!here> *ojo*")
        card = conversation_message(talk_page(conversation(status=S.ESCALATED, escalation=asked)), ES, NAMES)
        assert f"Carla pide a {shown} que se encargue" in said(card)
        assert "<!here> *ojo*" in said(card)
        assert "<!here>" not in formatted(card)
    at_it = Answering(who=CARLA, since=NOW - timedelta(minutes=3), seen=NOW, drawn=NOW)
    assert "Carla está respondiendo (3 min)" in said(
        conversation_message(talk_page(owned(answering=(at_it,))), ES, NAMES)
    )


@pytest.mark.parametrize("lang", ["en", "es"])
def test_forms_and_notices_fit_and_let_nobody_format(lang: str) -> None:
    reader = words_for(lang)
    person = Outsider(id="9", handle="<!here>*x*", name="<@U2> *Admin* :white_check_mark:")
    asked = Escalation(to=ANA, kind="person", by=CARLA, at=NOW, note="ñ" * 1000)
    talk = conversation(words(NASTY * 40), person=person, status=S.ESCALATED, escalation=asked)
    page = talk_page(talk, where=brand(topics=tuple(f"tema {n} " + "x" * 30 for n in range(40))))
    for drawn in (
        conversation_message(page, reader, NAMES),
        assign_view(AssignForm(conversation="c1"), page, reader, NAMES),
        snooze_view(SnoozeForm(conversation="c1"), page, reader, NAMES),
        escalate_view(EscalateForm(conversation="c1"), page, reader, NAMES),
        assigned_message(page, CARLA, reader, NAMES),
        woken_message(page, reader, NAMES),
        asked_message(page, reader, NAMES, moderates=True),
    ):
        said(drawn)
        for live in ("<!channel>", "<!here>", "<@U", "<https://evil", ":tada:", "*Admin*", "*b*"):
            assert live not in formatted(drawn), live


def test_buttons_that_somebody_may_not_press_are_left_out() -> None:
    page = talk_page(conversation(status=S.ESCALATED))
    assert list(buttons(asked_message(page, ES, NAMES, moderates=True))) == ["Me encargo", "Responder en público"]
    assert not buttons(asked_message(page, ES, NAMES, moderates=False))
    assert not buttons(woken_message(talk_page(conversation(status=S.CLOSED)), ES, NAMES))
