"""How what people say sounds, stored when it is heard and corrected by whoever answers them."""

import pytest

from bot.desk.desk import Desk
from bot.domain.conversations import Conversation
from bot.domain.moods import Tone
from bot.errors import NotAllowed
from bot.network import Page
from tests.desk.conftest import Team
from tests.desk.test_inbox import everything, item


async def heard(desk: Desk, people: Team, text: str) -> Conversation:
    page = Page([item(1).__class__(**{**item(1).__dict__, "text": text})], "1")
    await desk.receiving.receive(people.accounts["agora"], page, None)
    (talk,) = await everything(desk)
    return talk


async def upset(desk: Desk) -> list[str]:
    return [each.id for each in await desk.store.listed(Conversation, "upset:agora")]


@pytest.mark.parametrize(
    ("text", "language", "tone"),
    [
        ("No me ha llegado el pedido y nadie contesta", "es", Tone.NEGATIVE),
        ("What time do you open on Sunday?", "en", Tone.NEUTRAL),
        ("❤️", "", Tone.POSITIVE),
        ("Obrigado pela ajuda, vocês são ótimos", "pt", Tone.UNSURE),
    ],
)
async def test_language_and_mood_are_told_when_it_is_heard(
    desk: Desk, people: Team, text: str, language: str, tone: Tone
) -> None:
    talk = await heard(desk, people, text)
    assert (talk.latest.language, talk.latest.tone) == (language, tone)
    assert await upset(desk) == ([talk.id] if tone is Tone.NEGATIVE else [])


async def test_a_wrong_mood_is_put_right_once_and_on_record(desk: Desk, people: Team) -> None:
    talk = await heard(desk, people, "Esto es una tomadura de pelo, jaja")
    assert await upset(desk) == [talk.id]
    for _ in range(2):
        await desk.moods.correct(talk.id, talk.latest.mark, Tone.POSITIVE, people.carla)
    now = await desk.conversations.get(talk.id)
    assert (now.latest.tone, now.latest.judged_by) == (Tone.POSITIVE, people.carla.id)
    assert await upset(desk) == []
    told = (await desk.audit.history(talk.id, people.carla)).entries
    assert [(entry.act, entry.detail) for entry in told] == [("conversation.mood", "positive")]


async def test_only_who_answers_people_and_only_what_was_said(desk: Desk, people: Team) -> None:
    talk = await heard(desk, people, "hola")
    with pytest.raises(NotAllowed):
        await desk.moods.correct(talk.id, talk.latest.mark, Tone.POSITIVE, people.ana)
    for mark, tone in (("other", Tone.POSITIVE), (talk.latest.mark, Tone.UNSURE)):
        with pytest.raises(NotAllowed):
            await desk.moods.correct(talk.id, mark, tone, people.carla)
    assert (await desk.conversations.get(talk.id)).latest.judged_by == ""
