"""The card's line about the mood, in both languages, sure and unsure."""

import pytest

from bot.domain.conversations import Words as Heard
from bot.domain.moods import SURE, Tone
from bot.slack.wire import elements_in
from bot.text.words import words_for
from handlers.views.inbox import conversation_message
from tests.views.pages import CARLA, NAMES, NOW
from tests.views.shown import said
from tests.views.talks import conversation, talk_page

ES, EN = words_for("es"), words_for("en")


def heard(tone: Tone, **more: str) -> Heard:
    return Heard(ref="1" * 40 + "_" + "2" * 40, kind="comment", text="hola", at=NOW, tone=tone, **more)


@pytest.mark.parametrize("tone", Tone)
def test_every_mood_has_its_line_and_the_others_are_one_press_away(tone: Tone) -> None:
    for words in (ES, EN):
        card = conversation_message(talk_page(conversation(heard(tone, language="es"))), words, NAMES)
        assert words("mood.line", mood=words(f"mood.{tone}")) in said(card)
        (menu,) = [each for each in elements_in(card.blocks) if each.get("action_id") == "menu:mood"]
        shown = [option["text"]["text"] for option in menu["options"]]
        assert shown == [words("mood.rather", mood=words(f"mood.{other}")) for other in SURE if other is not tone]


def test_language_and_who_said_so() -> None:
    mine = heard(Tone.POSITIVE, language="pt", judged_by=CARLA)
    assert "🙂" not in said(conversation_message(talk_page(conversation(mine)), ES, NAMES))
    assert "Sentimiento: positivo (según Carla) · portugués" in said(
        conversation_message(talk_page(conversation(mine)), ES, NAMES)
    )
    assert "Mood: positive (says Carla) · Portuguese" in said(
        conversation_message(talk_page(conversation(mine)), EN, NAMES)
    )


def test_what_we_deleted_has_no_mood() -> None:
    gone = heard(Tone.NEGATIVE, removed_by=CARLA)
    assert "Sentimiento" not in said(conversation_message(talk_page(conversation(gone)), ES, NAMES))
