"""A thread on the card: every segment with its number and length, and how much of it is out, in plain words."""

from typing import Any

import pytest

from bot.desk.pages import Length, PostPage
from bot.domain.checks import Finding
from bot.domain.deliveries import State
from bot.domain.posts import Act, PostStatus
from bot.slack.wire import press_of
from bot.text.words import Words, words_for
from handlers.views.alarms import ask_message
from handlers.views.publishing import ItsLive, LeaveIt, delivery_line
from handlers.views.review import changes_view, review_message, text_view
from tests.views.pages import BRUNO, NAMES, NOW, decision, delivery, page, post, revision
from tests.views.shown import buttons, said

ES, EN = words_for("es"), words_for("en")
THREAD = ("Se muele al momento", "El agua no hierve <!channel> *ya*")
WRITTEN = revision(thread=THREAD)
LENGTHS = [[Length("X", 15, 280)], [Length("X", 19, 280)], [Length("X", 33, 280), Length("Ensayo", 33, 500)]]
APPROVED: dict[str, Any] = {"status": PostStatus.APPROVED, "decisions": (decision(Act.APPROVE),)}
HALF: dict[str, Any] = {"segments": 5, "refs": ("1", "2"), "url": "https://x.com/1"}


def test_the_card_lists_every_segment_with_its_number_and_length() -> None:
    card = review_message(page(post(WRITTEN), lengths={WRITTEN.segments: LENGTHS}), ES, NAMES)
    text = said(card)
    assert (
        "1/3 · X 15/280\nAbrimos a las 9\n2/3 · X 19/280\nSe muele al momento\n3/3 · X 33/280 · Ensayo 33/500" in text
    )
    (block,) = [each for each in card.blocks if each["type"] == "rich_text"]
    assert [each["type"] for each in block["elements"]] == ["rich_text_section", "rich_text_quote"] * 3
    assert "Ver más" not in buttons(card)


def test_what_does_not_fit_on_the_card_is_one_press_away() -> None:
    long = revision(thread=tuple(f"{n} " + "x" * 270 for n in range(24)))
    shown = page(post(long))
    card = review_message(shown, EN, NAMES)
    assert "10/25" in said(card)
    assert "11/25" not in said(card)
    assert "See more" in buttons(card)
    whole = said(text_view(shown, 1, EN))
    assert all(f"{n + 2}/25\n{n} xxx" in whole for n in range(24))


def test_a_changed_segment_is_a_change() -> None:
    shown = page(post(WRITTEN, revision(2, thread=(THREAD[0], "El agua hierve"))))
    card = review_message(shown, ES, NAMES)
    assert "Ver cambios" in buttons(card)
    assert "no" in str(changes_view(shown, ES))
    assert "Texto antes" in said(card)


@pytest.mark.parametrize("words", [ES, EN], ids=["es", "en"])
@pytest.mark.parametrize("state", sorted(set(State) - {State.LIVE, State.UNPUBLISHED}))
def test_every_state_says_how_much_is_out(state: State, words: Words) -> None:
    shown = page(post(WRITTEN, **APPROVED), delivery(state, settled_by=BRUNO, settled_at=NOW, **HALF))
    line = delivery_line(shown.deliveries[0], shown, words, NAMES)
    assert ("ya salieron 2 de 5" if words is ES else "2 of 5 are out") in line
    assert "https://x.com/1" in line
    assert "Edit" not in buttons(review_message(shown, EN, NAMES))
    assert "of 5" not in delivery_line(delivery(state, segments=5), page(post(WRITTEN, **APPROVED)), EN, NAMES) or (
        state is State.UNKNOWN
    )


def test_the_question_is_about_one_segment_and_says_what_each_answer_means() -> None:
    at = delivery(State.UNKNOWN, asked=2, **HALF)
    asked = ask_message(at, page(post(WRITTEN, **APPROVED), at), ES, NAMES)
    assert THREAD[1] in said(asked)
    assert WRITTEN.text not in said(asked)
    assert "No está claro si 3/5 del hilo salió en X @cafe_agora" in said(asked)
    drawn = buttons(asked)
    for label in ("Sí, está publicada", "Publicar otra vez", "Dejarlo así"):
        assert label in drawn
        assert label in said(asked) or label == "Dejarlo así"
    assert (
        "3/5 del hilo ya está en ☕ Café Ágora: X @cafe_agora" in drawn["Publicar otra vez"]["confirm"]["text"]["text"]
    )
    assert press_of(drawn["Sí, está publicada"]) == ItsLive(delivery=at.id, asked=2)
    assert press_of(drawn["Dejarlo así"]) == LeaveIt(delivery=at.id, asked=2)


@pytest.mark.parametrize(
    "kind", ["validation", "policy", "permission", "gone", "duplicate", "outage", "rate_limited", "never heard of"]
)
@pytest.mark.parametrize("words", [ES, EN], ids=["es", "en"])
def test_nothing_says_that_nothing_is_out(kind: str, words: Words) -> None:
    for state in (State.REFUSED, State.PLANNED):
        at = delivery(state, trouble=kind, **HALF)
        line = delivery_line(at, page(post(WRITTEN, **APPROVED), at), words, NAMES)
        for lie in ("Nothing was published", "No se ha publicado nada"):
            assert lie not in line


def test_retry_and_withdraw_speak_of_the_rest() -> None:
    at = delivery(State.REFUSED, trouble="policy", **HALF)
    drawn = buttons(ask_message(at, page(post(WRITTEN, **APPROVED), at), EN, NAMES))
    assert "3/5 of the thread and what follows go public now" in drawn["Retry here"]["confirm"]["text"]["text"]
    assert "What is out stays" in drawn["Withdraw"]["confirm"]["text"]["text"]
    fresh = delivery(State.REFUSED, trouble="policy", segments=5)
    drawn = buttons(ask_message(fresh, page(post(WRITTEN, **APPROVED), fresh), EN, NAMES))
    assert "The text is kept" in drawn["Withdraw"]["confirm"]["text"]["text"]


def test_a_blocker_names_account_and_segment() -> None:
    args = {"account": "X Café", "segment": 2, "total": 3, "count": 300, "limit": 280}
    found = [
        Finding(key="check.no_thread", blocks=True, args={"account": "Facebook Café"}),
        Finding(key="check.thread_too_long", blocks=True, args=args),
    ]
    shown: PostPage = page(post(WRITTEN), findings=found)
    assert "⛔ Facebook Café no admite hilos. Quita esa cuenta o el hilo." in said(review_message(shown, ES, NAMES))
    assert "⛔ X Café: 2/3 of the thread is too long, 300/280" in said(review_message(shown, EN, NAMES))
