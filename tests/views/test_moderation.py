"""What a moderator can press, and what came of it, on the card and in its forms."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.inbox import ConversationPage
from bot.desk.moderation import Moderating
from bot.domain.conversations import Conversation
from bot.domain.deliveries import State
from bot.domain.errands import Errand, ErrandState, Facet
from bot.slack.wire import elements_in
from bot.text.words import words_for
from handlers.views.inbox import conversation_message
from handlers.views.moderation import EditForm, PrivateForm, edit_view, private_view
from tests.views.pages import CARLA, NAMES, NOW
from tests.views.shown import buttons, inputs, said
from tests.views.talks import NASTY, answer, conversation, owned, talk_page, words

ES, EN = words_for("es"), words_for("en")
ALL = frozenset({Facet.HIDE, Facet.LIKE, Facet.PRIVATE})


def errand(facet: Facet, state: ErrandState = ErrandState.DONE, **more: Any) -> Errand:
    """Carla's, about the newest words."""
    given: dict[str, Any] = {
        "id": f"x:{facet}",
        "facet": facet,
        "brand": "agora",
        "account": "x-1",
        "network": "x",
        "conversation": "c1",
        "ref": "w1",
        "state": state,
        "by": CARLA,
        "at": NOW - timedelta(minutes=1),
    }
    return Errand(**given | more)


def page_of(talk: Conversation, *errands: Errand, can: frozenset[Facet] = ALL) -> ConversationPage:
    """Its card with what was asked."""
    moderating = Moderating(can=can, errands={one.facet: one for one in errands})
    return ConversationPage(**{**vars(talk_page(talk)), "moderating": moderating})


def choices(page: ConversationPage) -> list[str]:
    """What the select offers."""
    found = [one for one in elements_in(conversation_message(page, ES, NAMES).blocks) if one["type"] == "static_select"]
    select = [one for one in found if one["placeholder"]["text"] == "Moderar"]
    return [option["text"]["text"] for one in select for option in one["options"]]


def test_everything_is_one_select_away_and_nothing_is_offered_in_vain() -> None:
    assert choices(page_of(conversation())) == ["Me gusta", "Ocultar", "Responder por privado"]
    assert choices(page_of(conversation(), can=frozenset({Facet.HIDE}))) == ["Ocultar"]
    assert choices(page_of(conversation(), can=frozenset())) == []


def test_what_is_done_is_offered_the_other_way_round() -> None:
    hidden = conversation(words(hidden=True, hidden_by=CARLA, hidden_at=NOW))
    done = [errand(Facet.LIKE), errand(Facet.PRIVATE)]
    assert choices(page_of(hidden, *done)) == ["Quitar el me gusta", "Mostrar"]
    why = {"problem": "refused"}
    refused = [errand(Facet.LIKE, ErrandState.REFUSED, **why), errand(Facet.PRIVATE, ErrandState.FAILED, **why)]
    assert choices(page_of(conversation(), *refused)) == ["Me gusta", "Ocultar", "Responder por privado"]


@pytest.mark.parametrize("reader", ["en", "es"])
@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("facet", [Facet.HIDE, Facet.LIKE])
@pytest.mark.parametrize("state", ErrandState)
@pytest.mark.parametrize("problem", ["refused", "gone", "already", "access", "outage", "rate_limited"])
def test_every_wish_has_its_sentence(state: ErrandState, facet: Facet, wanted: bool, reader: str, problem: str) -> None:
    one = errand(facet, state, wanted=wanted, problem=problem)
    text = said(conversation_message(page_of(conversation(), one), words_for(reader), NAMES))
    told = state is not ErrandState.DONE or (facet is Facet.LIKE and wanted)
    assert ("Carla" in text) is told
    assert "errand." not in text


def test_a_private_reply_is_shown_as_what_it_is() -> None:
    text = said(conversation_message(page_of(conversation(), errand(Facet.PRIVATE, text=NASTY)), ES, NAMES))
    assert "*Carla respondió por privado*" in text
    assert "Solo lo ve esa persona" in text
    lost = errand(Facet.PRIVATE, ErrandState.FAILED, problem="already", text="Hola")
    assert "no salió" in said(conversation_message(page_of(conversation(), lost), ES, NAMES))


def test_the_private_form_cannot_be_taken_for_the_public_one() -> None:
    form = private_view(PrivateForm(conversation="c1", ref="w1"), page_of(conversation()), ES)
    assert form["title"]["text"] == form["submit"]["text"] == "Responder por privado"
    text = said(form)
    assert "Privado: solo lo ve Lucía Pérez" in text
    assert "Una sola respuesta privada por comentario" in text
    assert "¿Abrís el domingo?" in text
    assert "úblic" not in text
    assert inputs(form).keys() == {"text"}


def test_our_answer_can_be_edited_only_where_the_network_lets_us() -> None:
    live = answer(State.LIVE, url="https://x.example/1", ref="r9")
    talk = owned()
    moderating = Moderating(editable=frozenset({live.id}), edits={live.id: errand(Facet.EDIT, delivery=live.id)})
    page = ConversationPage(**{**vars(talk_page(talk, live)), "moderating": moderating})
    card = conversation_message(page, ES, NAMES)
    assert "Editar" in buttons(card)
    assert "La cambió Carla el" in said(card)
    assert "Editar" not in buttons(conversation_message(talk_page(talk, live), ES, NAMES))
    form = edit_view(EditForm(delivery=live.id, text="Sí, de 9 a 14"), live, page, EN)
    assert form["submit"]["text"] == "Change it in public"
    assert "Public, as" in said(form)
