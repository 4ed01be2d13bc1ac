"""Two people, one answer: who is at it is seen before anything is typed, and a second one needs a second press."""

from bot.engine.minding import Minding
from tests.handlers.demo import Town, view_of
from tests.handlers.test_inbox import FORM, heard, the_card
from tests.handlers.voices import INBOX

REPLY = "Responder en público"


async def test_who_is_answering_is_on_the_card_with_its_age_until_the_form_closes(town: Town) -> None:
    await heard(town)
    view = await town.form("carla", INBOX, REPLY)
    assert "Carla Moreno está respondiendo (1 min)" in await the_card(town)
    town.clock.skip(minutes=3)
    await Minding(town.desk).tick()
    await town.settle()
    assert "Carla Moreno está respondiendo (3 min)" in await the_card(town)
    await town.act("close", user="carla", view_id=view["id"])
    await town.settle()
    assert "está respondiendo" not in await the_card(town)


async def test_a_form_without_a_sign_lapses_after_five_minutes_and_typing_is_a_sign(town: Town) -> None:
    await heard(town)
    view = await town.form("carla", INBOX, REPLY)
    town.clock.skip(minutes=4)
    await town.act("input", user="carla", view_id=view["id"], values={f"{FORM}.text": "Sí, de 9"})
    await Minding(town.desk).tick()
    town.clock.skip(minutes=4)
    await Minding(town.desk).tick()
    await town.settle()
    assert "Carla Moreno está respondiendo (8 min)" in await the_card(town)
    town.clock.skip(minutes=1, seconds=5)
    await Minding(town.desk).tick()
    await town.settle()
    assert "está respondiendo" not in await the_card(town)


async def test_who_opens_it_second_is_warned_before_typing_and_asked_when_sending(town: Town) -> None:
    talk = await heard(town)
    first = await town.form("carla", INBOX, REPLY)
    second = await town.form("admin", INBOX, REPLY)
    assert "Carla Moreno is answering" in str(second)
    assert "second answer" not in str(second)
    asked = view_of(await town.submit("admin", second, FORM, text="Abrimos de 9 a 14"))
    assert "It would be a second answer" in str(asked)
    assert "Send it anyway" in str(asked)
    assert "Abrimos de 9 a 14" in str(asked)
    assert not await town.desk.conversations.replies(talk.id)
    warned = view_of(await town.submit("carla", first, FORM, text="De 9 a 14"))
    assert "Alma Reyes is answering" in str(warned), "each sees the other"
    await town.submit("carla", warned, FORM)
    assert len(await town.desk.conversations.replies(talk.id)) == 1
    again = view_of(await town.submit("admin", asked, FORM))
    assert "An answer to this was given already" in str(again), "what happened since the first press is news"
    await town.submit("admin", again, FORM)
    assert len(await town.desk.conversations.replies(talk.id)) == 2
    assert "está respondiendo" not in await the_card(town)


async def test_an_answer_that_was_given_is_said_when_the_form_opens(town: Town) -> None:
    talk = await heard(town)
    await town.desk.conversations.reply(talk.id, "r1", "De 9 a 14", town.standing("carla"))
    await town.publish(seconds=25)
    view = await town.form("admin", INBOX, REPLY)
    assert "An answer to this was given already" in str(view)
    alone = view_of(await town.submit("admin", view, FORM, text="Y por la tarde no"))
    await town.submit("admin", alone, FORM)
    assert len(await town.desk.conversations.replies(talk.id)) == 2


async def test_what_was_undone_stands_against_nothing(town: Town) -> None:
    talk = await heard(town)
    await town.desk.conversations.reply(talk.id, "r1", "Ups", town.standing("carla"))
    await town.desk.deliveries.withdraw("r1", town.standing("carla"))
    await town.settle()
    view = await town.form("admin", INBOX, REPLY)
    await town.submit("admin", view, FORM, text="De 9 a 14")
    assert len(await town.desk.conversations.replies(talk.id)) == 2
