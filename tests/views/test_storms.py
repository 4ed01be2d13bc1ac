"""What a storm's card counts, and what the card of those who say nearly the same offers: in both languages, safe."""

from datetime import timedelta

import pytest

from bot.domain.bulk import BulkAct, BulkState
from bot.domain.checks import Finding
from bot.domain.conversations import ClosedAs
from bot.domain.inbox_views import View as List
from bot.slack.wire import drawn_in, elements_in
from bot.text.words import Words, words_for
from handlers.views.inbox_list import ShowInbox
from handlers.views.storms import (
    AnswerAll,
    AnswerAllForm,
    ClaimAll,
    CloseAll,
    HideAll,
    UndoAll,
    answer_all_view,
    crowd_message,
    over_message,
    storm_message,
)
from tests.views.pages import NAMES, NOW
from tests.views.shown import buttons, formatted, inputs, said
from tests.views.talks import NASTY, conversation, crowd_page, for_all, storm_page, words

EN, ES = words_for("en"), words_for("es")
LATER = NOW + timedelta(hours=3)


def test_a_storm_is_counted_against_the_usual_and_leads_to_the_list() -> None:
    card = storm_message(storm_page(), ES)
    told = said(card)
    assert "340 comentarios nuevos en X @cafe_agora desde las 15:40 (Madrid)" in told
    assert "280 sin nadie · :slightly_frowning_face: 12 suenan a disgusto" in told
    assert "300 no tienen tarjeta propia" in told
    assert "Lo habitual son unos 6 por hora; ahora, hasta 120 en diez minutos." in told
    see = ShowInbox.parse(buttons(card)["Ver la lista"])
    assert (see.view, see.brand, see.account) == (List.ALL, "agora", "x-1")
    assert ShowInbox.parse(buttons(card)["Ver los disgustos"]).view is List.UPSET


def test_when_it_is_over_it_says_from_when_to_when_and_how_many_wait() -> None:
    over = said(over_message(storm_page(over_at=LATER), EN))
    assert "The storm is over: 340 comments on X @cafe_agora between" in over
    assert "280 wait for somebody." in over
    assert "340 comments on X @cafe_agora between" in said(storm_message(storm_page(over_at=LATER), EN))
    flood = said(storm_message(storm_page(spike=False, gathered=0), EN))
    assert "an hour" not in flood
    assert "card of" not in flood


@pytest.mark.parametrize("language", [EN, ES])
def test_a_crowd_says_how_many_what_and_who_was_first_and_every_act_asks_with_the_number(language: Words) -> None:
    card = crowd_message(crowd_page(), language, NAMES)
    told = said(card)
    assert "42" in told
    assert "¿Abrís el domingo?" in told
    assert "Lucía Pérez" in told
    assert drawn_in(card.blocks) == {AnswerAll, ClaimAll, CloseAll, HideAll, ShowInbox}
    asked = {
        each["action_id"].partition(":")[0]: each["confirm"]["title"]["text"]
        for each in elements_in(card.blocks)
        if "confirm" in each
    }
    assert set(asked) == {"storms.claim", "storms.close", "storms.hide", "menu"}
    assert "40" in asked.pop("storms.claim")
    assert all("45" in text for text in asked.values())
    (claim,) = [each for each in elements_in(card.blocks) if each["action_id"] == "storms.claim"]
    assert ClaimAll.parse(claim) == ClaimAll(crowd="k1", seen=40, until=9)


@pytest.mark.parametrize("language", [EN, ES])
def test_the_form_for_all_says_what_it_costs_where_the_network_charges(language: Words) -> None:
    form = AnswerAllForm(crowd="k1", act="a1", seen=45, until=9)
    told = said(answer_all_view(form, crowd_page(price=0.01, linked_price=0.2), language))
    assert all(amount in told for amount in ("0.01", "0.45", "0.20", "9.00"))
    assert "0.01" not in said(answer_all_view(form, crowd_page(), language))


def test_where_the_network_cannot_hide_it_is_not_offered_and_where_nothing_waits_nothing_is() -> None:
    assert HideAll not in drawn_in(crowd_message(crowd_page(hides=False), ES, NAMES).blocks)
    assert ClaimAll not in drawn_in(crowd_message(crowd_page(waiting=0), ES, NAMES).blocks)
    assert drawn_in(crowd_message(crowd_page(waiting=0, taken=0), ES, NAMES).blocks) == {ShowInbox}


@pytest.mark.parametrize("act", BulkAct)
@pytest.mark.parametrize("state", BulkState)
def test_an_act_is_told_with_its_figures_and_can_be_stopped_while_it_runs(act: BulkAct, state: BulkState) -> None:
    reason = ClosedAs.NO_REPLY if act is BulkAct.CLOSE else None
    stopped = "error.brand_silenced" if state is BulkState.STOPPED else ""
    bulk = for_all(act, state=state, reason=reason, problem=stopped)
    card = crowd_message(crowd_page(bulk), ES, NAMES)
    assert "Carla" in said(card)
    assert "40 hechas, 2 sin tocar" in said(card)
    running = state in {BulkState.RUNNING, BulkState.UNDOING}
    undo = {UndoAll} if state is BulkState.RUNNING else set()
    assert (drawn_in(card.blocks) == {ShowInbox, *undo}) is running


def test_a_link_that_leads_nowhere_is_said_under_the_answer_to_all() -> None:
    bulk = for_all(BulkAct.ANSWER, texts=("Sí", "Mirad https://a.es/x"))
    found = [Finding(key="check.link_gone", blocks=False, field="text", args={"link": "https://a.es/x"})]
    assert "la página no existe" in said(crowd_message(crowd_page(bulk, links={bulk.id: found}), ES, NAMES))
    assert "la página no existe" not in said(crowd_message(crowd_page(bulk), ES, NAMES))


def test_what_strangers_write_is_not_alive() -> None:
    talk = conversation(words(NASTY))
    card = crowd_message(crowd_page(talk=talk), ES, NAMES)
    assert "<!channel>" not in formatted(card)
    assert "<https" not in formatted(card)
    gone = crowd_message(crowd_page(sample=None, first=None), ES, NAMES)
    assert "Todo se ha eliminado u olvidado" in said(gone)


def test_the_form_says_for_how_many_and_asks_two_to_five() -> None:
    view = answer_all_view(AnswerAllForm(crowd="k1", act="u1", seen=45, until=9), crowd_page(), ES)
    told = said(view)
    assert "Para 45 conversaciones, tal como estaban al abrir" in told
    assert "20 s" in told
    assert set(inputs(view)) == {"text", "text2", "text3", "text4", "text5"}
    optional = [block["optional"] for block in view["blocks"] if block["type"] == "input"]
    assert optional == [False, False, True, True, True]
