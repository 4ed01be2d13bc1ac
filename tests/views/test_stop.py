"""Stop is quick to read and quick to press; its card says who, when, what waits, and who let it go on."""

from datetime import timedelta
from typing import Any

from bot.domain.brands import Stop, StopNote
from bot.domain.deliveries import State
from bot.domain.posts import Act, PostStatus
from bot.slack.wire import press_of
from bot.text.words import words_for
from handlers.views.stop import Held, ResumeStop, StopForm, stop_card, stop_view, stops_list
from tests.views.pages import ANA, BRUNO, NAMES, NOW, brand, decision, delivery, page, post, revision
from tests.views.shown import buttons, formatted, inputs, said

ES, EN = words_for("es"), words_for("en")
APPROVED = post(revision(text="*Gran* <!here> venta"), status=PostStatus.APPROVED, decisions=(decision(Act.APPROVE),))


def note(**more: Any) -> StopNote:
    given: dict[str, Any] = {"id": "agora-1", "scope": "agora", "by": ANA, "at": NOW, "reason": "*crisis* <!channel>"}
    return StopNote(**given | more)


def held(stop: Stop | None = None) -> Held:
    at = delivery(State.HELD, trouble="stopped", due=NOW + timedelta(hours=2))
    return Held(at, page(APPROVED, at, stop=stop))


def test_the_form_is_one_press_when_the_brand_is_known() -> None:
    view = stop_view(StopForm(scope="agora", reason="crisis"), [brand(), brand(id="b2", name="Dos")], True, ES)
    drawn = inputs(view)
    assert drawn["scope"]["initial_option"]["value"] == "agora"
    assert [option["value"] for option in drawn["scope"]["options"]] == ["agora", "b2", "all"]
    assert drawn["reason"]["initial_value"] == "crisis"
    assert "initial_options" not in drawn["silence"]
    said(view)
    only = stop_view(StopForm(), [brand(), brand(id="b2")], False, ES)
    assert "all" not in str(inputs(only)["scope"])
    assert "initial_option" not in inputs(only)["scope"]


def test_while_it_holds_the_card_counts_and_offers_to_resume() -> None:
    stop = Stop(id="agora", by=ANA, at=NOW)
    card = stop_card(note(), brand(), [held(stop)], 3, ES, NAMES)
    text = said(card)
    assert "Ana paró ☕ Café Ágora el lun 2 de marzo" in text
    assert "3 publicaciones detenidas" in text
    assert "y 2 más" in text
    assert list(buttons(card)) == ["Reanudar"]
    assert press_of(buttons(card)["Reanudar"]) == ResumeStop(scope="agora", note="agora-1")
    assert "Café Ágora" in buttons(card)["Reanudar"]["confirm"]["text"]["text"]
    for sign in ("<!channel>", "<!here>", "*crisis*", "*Gran*", "<@"):
        assert sign not in formatted(card)


def test_afterwards_each_held_post_is_a_line_with_its_buttons() -> None:
    lifted = note(lifted_by=BRUNO, lifted_at=NOW)
    card = stop_card(lifted, brand(), [held()], 1, EN, NAMES)
    assert "Bruno resumed ☕ Café Ágora" in said(card)
    assert "X @cafe_agora" in said(card)
    assert list(buttons(card)) == ["Keep", "Withdraw"]
    nothing = stop_card(lifted, brand(), [], 0, EN, NAMES)
    assert not buttons(nothing)


def test_silence_says_that_replies_wait_too() -> None:
    assert "ni respuestas" in said(stop_card(note(reach="silence"), brand(), [], 0, ES, NAMES))


def test_many_held_posts_fit() -> None:
    lifted = note(lifted_by=BRUNO, lifted_at=NOW)
    card = stop_card(lifted, brand(), [held()] * 15, 400, ES, NAMES)
    assert "y 385 más" in said(card)


def test_the_list_of_stops_has_a_button_each() -> None:
    stops = [(Stop(id="agora", by=ANA, at=NOW, reason="crisis"), brand()), (Stop(id="all", by=ANA, at=NOW), None)]
    listed = stops_list(stops, ES, NAMES)
    assert "Ana paró ☕ Café Ágora el" in said(listed)
    assert "Ana paró todo el" in said(listed)
    assert len([each for each in listed.blocks if each["type"] == "actions"]) == 2
    assert said(stops_list([], ES, NAMES)) == "No hay nada parado."
