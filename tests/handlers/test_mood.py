"""Whoever answers people puts a wrong mood right from the card, in one press."""

from bot.domain.conversations import Conversation
from bot.domain.moods import Tone
from bot.slack.wire import elements_in
from tests.handlers.demo import Town, said_in
from tests.handlers.voices import INBOX, comment, hear, the_conversation


async def _line(town: Town) -> tuple[str, dict[str, str], str]:
    """The card's text, the menu's choices by label, and the card's ts."""
    card = next(m for m in await town.messages(INBOX) if m.get("metadata"))
    menu = next(e for e in elements_in(card["blocks"]) if e.get("action_id") == "menu:mood")
    return said_in(card), {each["text"]["text"]: each["value"] for each in menu["options"]}, card["ts"]


async def _heard(town: Town) -> Conversation:
    await hear(town)
    await comment(town, "Esto es una tomadura de pelo, qué vergüenza, jaja")
    return await the_conversation(town)


async def test_the_card_says_how_it_sounds_and_takes_the_correction(town: Town) -> None:
    talk = await _heard(town)
    text, choices, ts = await _line(town)
    assert "Sentimiento: negativo · español" in text
    for _ in range(2):
        await town.press("carla", INBOX, "", ts=ts, action="menu:mood", value=choices["Es positivo"])
    text, choices, _ = await _line(town)
    assert "Sentimiento: positivo (según Carla Moreno) · español" in text
    assert list(choices) == ["Es negativo", "Es neutro"]
    assert (await town.desk.conversations.get(talk.id)).latest.tone is Tone.POSITIVE


async def test_somebody_who_answers_nobody_changes_nothing(town: Town) -> None:
    talk = await _heard(town)
    _, choices, ts = await _line(town)
    answer = await town.press("ana", INBOX, "", ts=ts, action="menu:mood", value=choices["Es positivo"])
    assert answer["ephemeral"]
    assert (await town.desk.conversations.get(talk.id)).latest.tone is Tone.NEGATIVE
