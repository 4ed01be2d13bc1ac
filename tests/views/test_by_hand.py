"""What somebody is sent who publishes by hand, and how a post that a person publishes stands on its card."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.pages import PostPage
from bot.domain.assisted import Ask, ByHand
from bot.domain.deliveries import Delivery, State, Step, Trouble
from bot.domain.posts import Act, PostStatus
from bot.slack.blocks import Message
from bot.text.words import Words, words_for
from handlers.views.by_hand import called_off, hand_message, more_message, parts
from handlers.views.publishing import delivery_buttons, delivery_line, headline
from handlers.views.review import review_message
from tests.views import pages
from tests.views.pages import ANA, BRUNO, NAMES, NOW
from tests.views.shown import buttons, said

ES, EN = words_for("es-ES"), words_for("en-US")
UNTIL = NOW + timedelta(minutes=30)


def asked(state: State = State.BY_HAND, trouble: Trouble | None = None, *reasons: str) -> Delivery:
    asks = tuple(
        Ask(to=who, at=NOW, due=NOW, until=UNTIL, reason=reason)
        for who, reason in zip((ANA, BRUNO), (*reasons, ""), strict=False)
    )
    return pages.delivery(state, "facebook", asks=asks).model_copy(update={"trouble": trouble, "asked": 1})


def page(delivery: Delivery, **revision: Any) -> PostPage:
    known = pages.account("facebook", by_hand=ByHand(publisher=ANA, deputy=BRUNO))
    account = known.model_copy(update={"network": "instagram-assisted"})
    written = pages.revision(accounts=("facebook-1",), **revision)
    post = pages.post(written, status=PostStatus.APPROVED, decisions=(pages.decision(Act.APPROVE),))
    shown = pages.page(post, delivery, accounts=(account,))
    return type(shown)(**{**vars(shown), "titles": {"instagram-assisted": "Instagram"}})


def copied(message: Message) -> list[str]:
    return [
        part["elements"][0]["text"]
        for block in message.blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_preformatted"
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (ES, ["Publica esto a mano en Instagram @cafe.agora", "Hasta el", "Madrid", "Texto para copiar", "en 30 min"]),
        (EN, ["Publish this by hand on Instagram @cafe.agora", "Until", "Madrid", "Text to copy", "in 30 min"]),
    ],
)
def test_the_ask_says_what_where_and_until_when(words: Words, expected: list[str]) -> None:
    text = "  Hola :wave: <b>&amp;  \n\nfin "
    message = hand_message(asked(), 0, page(asked(), text=text), words, NAMES)
    for each in expected:
        assert each in said(message)
    assert copied(message) == [text]
    assert set(buttons(message)) == {words("by_hand.published"), words("by_hand.cant_button")}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.LIVE, "Ya está publicada en"),
        (State.HELD, "No publiques esto en"),
        (State.WITHDRAWN, "se anuló"),
        (State.PLANNED, "Se vuelve a pedir en"),
        (State.MISSED, "Se acabó el tiempo"),
        (State.REFUSED, "Nadie pudo publicarla"),
    ],
)
def test_what_is_over_says_so_first_and_offers_nothing_to_copy(state: State, expected: str) -> None:
    trouble = Trouble(kind="by_hand", detail="sin móvil") if state is State.REFUSED else None
    delivery = asked(state, trouble)
    message = hand_message(delivery, 0, page(delivery), ES, NAMES)
    assert expected in said(message).split("\n", maxsplit=1)[0]
    assert copied(message) == []
    assert set(buttons(message)) == (set() if state is State.LIVE else {"Ya está publicada"})


def test_what_was_moved_says_that_it_has_another_time() -> None:
    delivery = asked().asking(moved=True).move(Step.RELEASE)
    assert "tiene otra hora" in said(hand_message(delivery, 0, page(delivery), ES, NAMES))
    assert called_off(delivery)
    assert not called_off(asked(State.PLANNED))
    assert not called_off(asked())


def test_whoever_could_not_sees_who_has_it_and_whoever_has_it_why() -> None:
    delivery = asked(State.BY_HAND, None, "sin *móvil* <!here>")
    theirs = said(hand_message(delivery, 0, page(delivery), ES, NAMES))
    assert "Se pidió a otra persona" in theirs
    assert "Ahora la lleva Bruno" in theirs
    mine = hand_message(delivery, 1, page(delivery), ES, NAMES)
    assert "Ana no puede: " in said(mine)
    assert "<!here>" not in said(mine)


def test_pictures_each_with_the_words_for_those_who_cannot_see_them() -> None:
    pictures = (pages.picture(), pages.picture(file="F2", name="dos.png", alt=""))
    message = hand_message(asked(), 0, page(asked(), text="Hola", pictures=pictures), ES, NAMES)
    assert copied(message) == ["Hola", "Una taza"]
    assert [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"] == ["F1", "F2"]
    assert "2 imágenes como archivos" in said(message)


@pytest.mark.parametrize("count", [1, 5, 25])
@pytest.mark.parametrize("length", [10, 490, 3000])
@pytest.mark.parametrize("pictured", [0, 10])
def test_however_long_it_is_nothing_is_cut_and_slack_takes_it(count: int, length: int, pictured: int) -> None:
    texts = [f"{number:02d}" + "é" * length for number in range(count)]
    pictures = tuple(pages.picture(file=f"F{n}", name=f"{n}.png", alt="t" * 1000) for n in range(pictured))
    delivery = asked()
    shown = page(delivery, text=texts[0], thread=tuple(texts[1:]), pictures=pictures)
    first = hand_message(delivery, 0, shown, ES, NAMES)
    total = len(parts(delivery, shown.post.current, ES))
    rest = [more_message(delivery, 0, part, shown, ES) for part in range(1, total)]
    found = [text for message in (first, *rest) for text in copied(message)]
    assert found == [*texts, *(["t" * 1000] * pictured)]
    for message in (first, *rest):
        said(message)  # fit to leave


def test_on_the_card_it_says_who_has_it_and_then_who_published_it() -> None:
    delivery = asked()
    assert headline(page(delivery), ES) == "Por publicar a mano"
    assert "la publica Ana a mano, hasta el" in said(review_message(page(delivery), ES, NAMES))
    live = delivery.move(Step.LIVE, settled_by=BRUNO, settled_at=NOW, url="https://www.instagram.com/p/1")
    line = delivery_line(live, page(live), ES, NAMES)
    assert "la publicó Bruno a mano" in line
    assert "<https://www.instagram.com/p/1|" in line
    assert delivery_buttons(live, page(live), ES) == []


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        (State.BY_HAND, ["Ya está publicada", "Anular"]),
        (State.MISSED, ["Volver a pedir", "Ya está publicada", "Anular"]),
        (State.HELD, ["Volver a pedir", "Ya está publicada", "Anular"]),
        (State.REFUSED, ["Volver a pedir", "Ya está publicada", "Anular"]),
    ],
)
def test_what_can_be_pressed_on_the_card(state: State, labels: list[str]) -> None:
    drawn = delivery_buttons(asked(state), page(asked(state)), ES)
    assert [each["text"]["text"] for each in drawn] == labels
    again = [each for each in drawn if each["text"]["text"] == "Volver a pedir"]
    assert all("confirm" not in each for each in again)  # nothing goes public by it


def test_why_nobody_could() -> None:
    delivery = asked(State.REFUSED, Trouble(kind="by_hand", detail="sin *móvil*"))
    assert headline(page(delivery), ES) == "Sin publicar"
    assert "nadie puede publicarla a mano" in delivery_line(delivery, page(delivery), ES, NAMES)
    nobody = asked(State.REFUSED, Trouble(kind="nobody"))
    assert "no había nadie" in delivery_line(nobody, page(nobody), ES, NAMES)
