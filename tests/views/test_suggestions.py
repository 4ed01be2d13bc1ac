"""A trainee's answer as it is drawn: exact words, what happened since, only buttons that can still do something."""

from typing import Any

import pytest

from bot.desk.suggestions import SuggestionPage
from bot.domain.deliveries import State as Sent
from bot.domain.suggestions import Since, State, Suggestion, Version, Way
from bot.slack.wire import drawn_in
from bot.text.words import words_for
from handlers.views.suggestions import (
    Fix,
    LetOut,
    ReturnForm,
    Rewrite,
    SendBack,
    TakeBackWords,
    return_view,
    suggestion_message,
)
from tests.views.pages import ANA, BRUNO, CARLA, NAMES, NOW
from tests.views.shown import buttons, said
from tests.views.talks import answer, owned, talk_page, words

ES, EN = words_for("es"), words_for("en")


def suggestion(state: State = State.OPEN, *texts: str, **more: Any) -> Suggestion:
    decided = {} if state is State.OPEN else {"decided_by": BRUNO, "decided_at": NOW}
    written = zip(texts or ("Sí",), (ANA, BRUNO), strict=False)
    given: dict[str, Any] = {
        "id": "g1", "brand": "agora", "conversation": "c1", "way": Way.PUBLIC, "ref": "w1", "last": "w1", "heard": "",
        "versions": tuple(Version(text=text, by=by, at=NOW) for text, by in written),
        "by": ANA, "at": NOW, "state": state, "version": 1,
    }  # fmt: skip
    return Suggestion(**given | decided | more)


def page(mine: Suggestion, since: Since | None = None) -> SuggestionPage:
    return SuggestionPage(mine, talk_page(owned()), since or Since(), "mark", (CARLA,))


OPEN = {LetOut, Fix, SendBack, Rewrite, TakeBackWords}


@pytest.mark.parametrize(
    ("state", "pressed"),
    [
        (State.OPEN, OPEN),
        (State.RETURNED, {Rewrite, TakeBackWords}),
        (State.APPROVED, set()),
        (State.WITHDRAWN, set()),
        (State.LAPSED, set()),
    ],
)
def test_only_what_can_still_be_done_can_be_pressed(state: State, pressed: set[type]) -> None:
    drawn = suggestion_message(page(suggestion(state, reason="x" if state is State.RETURNED else "")), ES, NAMES)
    said(drawn)
    assert drawn_in(drawn.blocks) == pressed


def test_it_says_who_as_whom_the_exact_words_and_asks_before_it_goes_public() -> None:
    drawn = suggestion_message(page(suggestion(signature="^Ana")), ES, NAMES)
    text = said(drawn)
    assert "✋ *Ana propone una respuesta en público*" in text
    assert "<@UCARLA>" in text
    assert "En público, como X @cafe_agora" in text
    assert "Sí ^Ana" in text
    press = buttons(drawn)["Aprobar"]
    assert "X @cafe_agora" in press["confirm"]["text"]["text"]


def test_what_happened_since_stands_above_the_buttons_and_changes_the_first() -> None:
    since = Since(said=(words("¿Hola?"),), changed=True, answers=(answer(Sent.LIVE, "Ya está"),), closed=True)
    drawn = suggestion_message(page(suggestion(), since), EN, NAMES)
    text = said(drawn)
    for part in ("wrote again", "¿Hola?", "changed the comment", "Carla answered meanwhile", "Ya está", "is closed"):
        assert part in text, part
    assert "Approve anyway" in buttons(drawn)
    gone = suggestion_message(page(suggestion(), Since(gone=True)), EN, NAMES)
    assert "deleted meanwhile" in said(gone)
    assert "Fix and approve" not in buttons(gone)


def test_both_texts_stay_where_somebody_changed_them() -> None:
    drawn = suggestion_message(page(suggestion(State.APPROVED, "Si", "Sí")), ES, NAMES)
    text = said(drawn)
    assert "Retocada y aprobada por Bruno" in text
    assert "Propuesta\nSi\nEnviada\nSí" in text
    same = said(suggestion_message(page(suggestion(State.APPROVED)), ES, NAMES))
    assert "Aprobada por Bruno" in same
    assert "Propuesta" not in same


def test_the_longest_of_everything_fits() -> None:
    long = suggestion(State.OPEN, "é" * 3000, signature="^Ana")
    since = Since(said=tuple(words("ñ" * 9000, f"r{n}") for n in range(9)), answers=(answer(text="é" * 3000),))
    said(suggestion_message(page(long, since), ES, NAMES))
    fixed = suggestion(State.APPROVED, "é" * 3000, "á" * 3000, reason="ñ" * 500)
    said(suggestion_message(page(fixed), ES, NAMES))
    said(return_view(ReturnForm(suggestion="g1", revision=1, reason="ñ" * 500), page(long), ES))
