"""The inbox card and its reply, in every state: what is said, what can be pressed, and that nothing breaks it."""

from datetime import timedelta

import pytest

from bot.desk.answers import Written
from bot.domain.brands import Stop
from bot.domain.conversations import BY_HAND, ClosedAs, ConversationStatus, Outsider, Targets
from bot.domain.deliveries import State
from bot.domain.handling import Collision
from bot.slack.wire import Button, drawn_in, elements_in
from bot.text.words import words_for
from handlers.views.answers import ReplyForm, Undo, reply_view, trouble_message
from handlers.views.inbox import CloseAs, conversation_message, follow_up_message, whole_view
from handlers.views.inbox_list import InboxForm, TurnTo, inbox_view
from handlers.views.publishing import ItsLive, LeaveIt, SendAgain, WithdrawHere
from handlers.views.work import WorkForm, finished_view, work_view
from handlers.views.work_presses import WorkThrough
from tests.views.pages import ANA, CARLA, NAMES, NOW, brand, post
from tests.views.shown import buttons, formatted, inputs, said
from tests.views.talks import NASTY, answer, conversation, list_page, owned, talk_page, words

ES, EN = words_for("es"), words_for("en")


def test_a_new_one_says_who_where_what_and_when() -> None:
    card = conversation_message(talk_page(), ES, NAMES)
    text = said(card)
    for part in ("☕ Café Ágora · *Nueva*", "Lucía Pérez", "@lucia · 1204 seguidores", "Comentario en *X @cafe_agora*"):
        assert part in text
    assert "lun 2 de marzo, 15:40 (Madrid)" in text
    assert "¿Abrís el domingo?" in text
    assert list(buttons(card)) == ["Responder en público", "Me encargo", "No hace falta"]
    assert card.text == "Café Ágora: Lucía Pérez en X: ¿Abrís el domingo?"


def test_english_reads_as_english() -> None:
    text = said(conversation_message(talk_page(), EN, NAMES))
    assert "Comment on *X @cafe_agora*" in text
    assert "1,204 followers" in text


def test_no_reply_needed_is_a_button_and_every_other_reason_an_option() -> None:
    card = conversation_message(talk_page(), ES, NAMES)
    menu, _ = [each for each in elements_in(card.blocks) if each["type"] == "static_select"]
    assert len(menu["options"]) == len(BY_HAND) - 1
    assert CloseAs in drawn_in(card.blocks)


def test_owned_and_closed_say_by_whom() -> None:
    card = conversation_message(talk_page(owned()), ES, NAMES)
    assert "*La lleva Carla*" in said(card)
    assert "Soltar" in buttons(card)
    closed = conversation(status=ConversationStatus.CLOSED, closed_as=ClosedAs.SPAM, closed_by=CARLA)
    card = conversation_message(talk_page(closed), ES, NAMES)
    assert "*Spam*. La cerró Carla el lun 2 de marzo, 16:00 (Madrid)" in said(card)
    assert list(buttons(card)) == ["Reabrir", "Responder en público"]


@pytest.mark.parametrize("reader", ["en", "es"])
@pytest.mark.parametrize("state", State)
def test_every_state_of_an_answer_has_its_sentence_and_its_buttons(state: State, reader: str) -> None:
    reply = answer(state, settled_by=ANA, settled_at=NOW, url="https://x.example/1", trouble="policy")
    page = talk_page(owned(), reply)
    for drawn in (
        conversation_message(page, words_for(reader), NAMES),
        trouble_message(reply, page, words_for(reader), NAMES),
    ):
        assert "Sí, de 9 a 14" in said(drawn)
        assert "Carla" in said(drawn)
    expected = {
        State.PLANNED: {Undo},
        State.UNKNOWN: {ItsLive, SendAgain, LeaveIt},
        State.REFUSED: {SendAgain, WithdrawHere},
        State.HELD: {SendAgain, WithdrawHere},
        State.MISSED: {SendAgain, WithdrawHere},
    }.get(state, set())
    assert drawn_in(trouble_message(reply, page, ES, NAMES).blocks) == expected


def test_what_makes_an_answer_public_again_asks_and_names_the_account() -> None:
    for state in (State.UNKNOWN, State.REFUSED):
        card = conversation_message(talk_page(owned(), answer(state, trouble="policy")), ES, NAMES)
        (send,) = [each for each in elements_in(card.blocks) if each["action_id"].startswith(SendAgain.ID)]
        assert "X @cafe_agora" in send["confirm"]["text"]["text"]


def test_an_answer_during_a_stop_is_marked() -> None:
    card = conversation_message(talk_page(owned(), answer(during_stop=True)), ES, NAMES)
    assert "_Marca parada_" in said(card)


def test_it_says_under_which_post_and_where_links_lead() -> None:
    talk = conversation(words("mira https://evil.example/x", media=("p",)), root="1", root_url="https://x.example/1")
    text = said(conversation_message(talk_page(talk, about=post()), ES, NAMES))
    assert "En la publicación: <https://x.example/1|Abrimos a las 9>" in text
    assert "Enlaces a: evil.example" in text
    assert "1 imagen" in text
    assert "La publicación comentada" in said(conversation_message(talk_page(talk), ES, NAMES))


def test_a_stranger_can_format_ping_and_link_nothing() -> None:
    person = Outsider(id="9", handle="<!here>*x*", name="<@U2> *Admin* :white_check_mark:")
    talk = conversation(words(NASTY), words(NASTY, "w2"), person=person)
    page = talk_page(talk)
    for drawn in (
        conversation_message(page, ES, NAMES),
        follow_up_message(page, talk.latest, ES, NAMES),
        whole_view(page, ES, NAMES),
        reply_view(ReplyForm(conversation="c1", reply="r1"), page, Written(count=0), ES, NAMES),
        inbox_view(InboxForm(), list_page(talk, talk), ES, NAMES),
        work_view(WorkForm(conversation="c1", reply="r1"), page, 2, Written(count=0), Collision(), ES, NAMES),
    ):
        said(drawn)
        shown = formatted(drawn)
        for live in ("<!channel>", "<!here>", "<@U", "<https://evil", ":tada:", "*Admin*", "*b*", "`c`"):
            assert live not in shown, (live, shown)


def test_the_longest_of_everything_fits() -> None:
    heard = [words("ñ" * 60_000, f"w{n}") for n in range(50)]
    talk = conversation(*heard, status=ConversationStatus.OWNED, owner=CARLA)
    replies = [answer(State.UNKNOWN, "é" * 9000, id=f"r{n}") for n in range(9)]
    page = talk_page(talk, *replies, about=post(), stop=Stop(id="agora", by=ANA, at=NOW))
    for reader in ("en", "es"):
        card = conversation_message(page, words_for(reader), NAMES)
        said(card)
        assert "Ver el resto" in buttons(card) or "See the rest" in buttons(card)
        said(whole_view(page, words_for(reader), NAMES))
        said(reply_view(ReplyForm(conversation="c1", reply="r1"), page, Written(count=9), words_for(reader), NAMES))
        said(follow_up_message(page, talk.latest, words_for(reader), NAMES))
        said(inbox_view(InboxForm(), list_page(*[talk] * 8, total=50_000), words_for(reader), NAMES))
        said(
            work_view(
                WorkForm(conversation="c1", reply="r1"),
                page,
                9,
                Written(count=0),
                Collision(),
                words_for(reader),
                NAMES,
            )
        )


def test_the_form_says_as_whom_and_that_it_is_public_first() -> None:
    view = reply_view(ReplyForm(conversation="c1", reply="r1"), talk_page(owned()), Written(count=0), ES, NAMES)
    assert view["blocks"][0]["text"]["text"] == "☕ *En público, como X @cafe_agora*"
    assert view["submit"]["text"] == "Responder en público"
    assert "Hasta 280 caracteres" in said(view)
    assert "La lleva Carla" in said(view)
    assert inputs(view)["text"]["multiline"]
    stopped = talk_page(stop=Stop(id="agora", by=ANA, at=NOW))
    view = reply_view(ReplyForm(conversation="c1", reply="r1"), stopped, Written(count=3), ES, NAMES)
    assert "está parada. La respuesta sale igualmente" in said(view)
    assert "3/280 caracteres" in said(view)


def test_the_list_says_how_many_there_are_where_the_reader_is_and_how_to_go_on() -> None:
    drawn = inbox_view(InboxForm(page=1), list_page(owned(), number=1, total=41), ES, NAMES)
    text = said(drawn)
    assert "Mías *2* · Sin nadie a cargo *41* · Tarde *3* · Todas las abiertas *99*" in text
    assert "hace 20 min" in text
    assert "La lleva Carla" in text
    assert "Página 2 de 6 · 41 conversaciones" in text
    assert {"Anterior", "Siguiente", "Una a una"} <= buttons(drawn).keys()
    pressed: set[type[Button]] = {TurnTo, WorkThrough}
    assert drawn_in(drawn["blocks"]) >= pressed
    empty = inbox_view(InboxForm(), list_page(), ES, NAMES)
    assert "Aquí no hay nada. Otras listas" in said(empty)
    assert not {"Anterior", "Siguiente"} & buttons(empty).keys()
    many = inbox_view(InboxForm(words="pan"), list_page(owned(), words="pan", total=1000), ES, NAMES)
    assert "1000 conversaciones o más" in said(many)


def test_what_is_late_and_what_is_practice_is_marked_in_the_list() -> None:
    late = owned(targets=Targets(answer=NOW - timedelta(minutes=5)))
    assert ":alarm_clock: lun 2 de marzo" in said(inbox_view(InboxForm(), list_page(late), ES, NAMES))
    play = list_page(owned(), where=brand(practice=True))
    assert "🧪" in said(inbox_view(InboxForm(), play, ES, NAMES))


def test_working_through_shows_the_whole_context_and_every_way_on() -> None:
    page = talk_page(owned(), answer(State.LIVE, settled_at=NOW), where=brand(topics=("Horarios",)))
    view = work_view(WorkForm(conversation="c1", reply="r1"), page, 12, Written(count=0), Collision(), ES, NAMES)
    text = said(view)
    for part in (
        "12 en espera",
        "Lucía Pérez",
        "¿Abrís el domingo?",
        "En público, como X @cafe_agora",
        "Carla respondió",
    ):
        assert part in text, part
    assert {"No hace falta", "Saltar", "Soltar"} <= buttons(view).keys()
    assert {"text", "topics", "person"} <= inputs(view).keys()
    over = finished_view(3, "", ES)
    assert "Quedan 3 conversaciones en espera" in said(over)
    assert list(buttons(over)) == ["Desde el principio"]
    assert not buttons(finished_view(0, "", ES))
