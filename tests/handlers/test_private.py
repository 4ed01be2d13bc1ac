"""Private messages: a card with its mark where only the team reads, an answer in time, nothing of it anywhere else."""

import pytest

from bot.doctor import Verdict
from bot.doctor import _account as examined
from bot.domain.conversations import Conversation
from bot.domain.deliveries import State
from bot.errors import UserError
from tests.handlers.demo import NAMES, Town, said_in
from tests.handlers.voices import INBOX, hear, message, the_conversation
from tests.sandbox_networks.pictures import picture_of

FORM = "inbox.reply"
ALERTS = "#agora-alerts"
WORDS = "Soy Rosa, mi pedido 1234 no ha llegado"


async def heard(town: Town) -> Conversation:
    await hear(town)
    await message(town, WORDS)
    return await the_conversation(town)


async def conversations(town: Town) -> list[tuple[bool, str]]:
    """What stands in the page's inbox."""
    params = {"account": "facebook:cafe.agora"}
    async with town.session.get(f"{town.url}/audience/private", params=params) as answer:
        talks = (await answer.json())["conversations"]
    return [(said["by_account"], said["text"]) for talk in talks for said in talk["messages"]]


async def test_a_private_message_is_a_card_with_a_mark_and_its_answer_goes_to_the_person(town: Town) -> None:
    talk = await heard(town)
    assert talk.private
    card = await town.text(INBOX)
    assert "*Nueva* · :lock: *Privado*" in card
    assert "Mensaje privado a *Facebook Café Ágora*" in card
    assert WORDS in card
    assert "admite respuesta hasta el" in card
    assert "Responder en público" not in card
    assert "Pasar a la empresa" not in card
    view = await town.form("carla", INBOX, "Responder por privado")
    assert "Private: only Lucía sees it" in str(view)
    assert "Public, as" not in str(view)
    assert "Up to 2,000 characters" in str(view)
    await town.submit("carla", view, FORM, text="Lo miramos ahora mismo")
    assert "Carla Moreno responde en privado" in await town.text(INBOX)
    assert await conversations(town) == [(False, WORDS)]
    await town.publish(seconds=25)
    assert await conversations(town) == [(False, WORDS), (True, "Lo miramos ahora mismo")]
    assert "Carla Moreno respondió el" in await town.text(INBOX)
    assert "*Respondida*" in await town.text(INBOX)
    assert await town.public("facebook:cafe.agora") == []
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert (reply.state, reply.reply and reply.reply.to) == (State.LIVE, talk.person.id)
    assert not town.desk.proposing.removable(reply)


async def test_what_the_person_writes_next_goes_on_with_it(town: Town) -> None:
    talk = await heard(town)
    await message(town, "", picture=picture_of("pedido.png"))
    await message(town, "¿Hola?", author="Hugo")
    found = await town.desk.store.listed(Conversation, "open:agora")
    assert sorted((each.person.name, len(each.heard)) for each in found) == [("Hugo", 1), ("Lucía", 2)]
    assert (await town.desk.conversations.get(talk.id)).latest.media
    await hear(town)
    assert len((await town.desk.conversations.get(talk.id)).heard) == 2


async def test_an_unclear_answer_is_found_and_not_sent_twice(town: Town) -> None:
    talk = await heard(town)
    await town.desk.conversations.reply(talk.id, "r1", "Sí", town.standing("carla"))
    await town.fault(target="facebook", route="POST /v26.0/103000000000001/messages", times=1, when="after", drop=True)
    await town.publish(seconds=25)
    await town.publish(seconds=10)
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.state is State.LIVE
    assert await conversations(town) == [(False, WORDS), (True, "Sí")]


async def test_after_the_network_s_time_it_is_said_before_anything_is_typed(town: Town) -> None:
    talk = await heard(town)
    town.clock.skip(hours=25)
    answer = await town.press("carla", INBOX, "Responder por privado")
    assert answer["view"] is None or "reply" not in str(answer["view"].get("callback_id"))
    assert "has taken no answer here since" in str(answer)
    with pytest.raises(UserError, match="private_window"):
        await town.desk.conversations.reply(talk.id, "r1", "Tarde", town.standing("carla"))
    await town.desk.handling.take(talk.id, town.standing("carla"))
    await town.settle()
    card = await town.text(INBOX)
    assert "no admite respuesta desde el" in card
    assert "Responder por privado" not in card


async def test_a_channel_that_others_read_never_sees_it(town: Town) -> None:
    await town.act("admin", act="share", channel=INBOX)
    talk = await heard(town)
    assert (await town.desk.conversations.get(talk.id)).places == ("C01AGORALE1",)
    assert WORDS not in await town.text(INBOX)
    assert WORDS in await town.text(ALERTS)
    await town.press("carla", ALERTS, "Me encargo")
    assert "La lleva Carla Moreno" in await town.text(ALERTS)
    assert await town.whispers("carla", ALERTS) == []


async def test_where_no_channel_is_fit_those_who_answer_have_it_in_direct_messages(town: Town) -> None:
    for channel in (INBOX, ALERTS):
        await town.act("admin", act="share", channel=channel)
    talk = await heard(town)
    assert (await town.desk.conversations.get(talk.id)).places == (f"@{NAMES['carla']}",)
    assert WORDS in await town.text("@carla")
    for place in (INBOX, ALERTS, "@bruno", "@ana"):
        assert WORDS not in await town.text(place)
    view = await town.form("carla", "@carla", "Responder por privado")
    await town.submit("carla", view, FORM, text="Hola")
    await town.publish(seconds=25)
    assert (True, "Hola") in await conversations(town)
    assert "Respondida" in await town.text("@carla")


async def test_a_card_moves_when_its_channel_is_shared(town: Town) -> None:
    talk = await heard(town)
    await message(town, "¿Hola? Otra vez 1234")
    assert WORDS in await town.text(INBOX)
    await town.act("admin", act="share", channel=INBOX)
    town.clock.skip(minutes=6)
    await town.desk.handling.take(talk.id, town.standing("carla"))
    await town.settle()
    assert "1234" not in await town.text(INBOX)
    assert "Aquí había una conversación privada" in await town.text(INBOX)
    assert WORDS in await town.text(ALERTS)
    threaded = [
        said_in(each) for each in await town.messages(ALERTS) if each.get("thread_ts", each["ts"]) != each["ts"]
    ]
    assert any("Otra vez 1234" in text for text in threaded)


async def test_a_guest_in_the_channel_is_an_outsider(town: Town) -> None:
    await town.act("admin", act="guest", user="eva")
    talk = await heard(town)
    assert (await town.desk.conversations.get(talk.id)).places == (f"@{NAMES['carla']}",)


async def test_it_is_neither_passed_on_nor_escalated_to_where_others_read(town: Town) -> None:
    talk = await heard(town)
    carla = town.standing("carla")
    about = {"text": "x", "topic": "", "note": ""}
    with pytest.raises(UserError, match="private_stays"):
        await town.desk.passing.pass_on("p1", talk.id, "person", NAMES["ana"], **about, who=carla)
    await town.act("admin", act="share", channel="#agora-digest")
    with pytest.raises(UserError):
        await town.desk.handling.escalate(talk.id, "channel", "C01AGORDIG1", "", carla)
    await town.desk.handling.escalate(talk.id, "channel", "C01AGORREV1", "", carla)


async def test_without_the_permission_it_is_said_and_nothing_rings(town: Town) -> None:
    async with town.session.post(
        f"{town.url}/audience/withhold", json={"account": "facebook:cafe.agora", "scopes": ["pages_messaging"]}
    ) as answer:
        assert answer.status == 200
    (account,) = [a for a in await town.desk.accounts.of("agora") if a.network == "facebook"]
    await message(town, WORDS)  # before the access was looked at: refused, and no more
    connector = town.desk.accounts.open(account)
    await town.desk.access.found(account, await connector.whoami(), await connector.access())
    await connector.aclose()
    assert await town.desk.private.lacks(account) == "pages_messaging"
    await hear(town)
    assert await town.desk.store.listed(Conversation, "open:agora") == []
    home = await town.home("admin")
    manage = next(
        each
        for block in home["blocks"]
        for each in block.get("elements") or []
        if each.get("action_id") == "accounts.manage" and "agora" in each["value"]
    )
    pressed = {"view_id": home["id"], "action_id": manage["action_id"], "value": manage["value"]}
    shown = await town.act("click", user="admin", **pressed)
    assert "Private messages can't be read: `pages_messaging` is missing" in str(shown["view"])
    told = await examined(town.desk, account)
    assert (told.verdict, "pages_messaging is missing" in told.said) == (Verdict.WARN, True)
    assert not await town.desk.alarms.of(NAMES["carla"])
