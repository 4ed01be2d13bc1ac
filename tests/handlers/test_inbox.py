"""A comment becomes a card, a card becomes a public answer; talk stays in the team and nothing breaks the card."""

import pytest

from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.deliveries import Delivery, State
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.voices import INBOX, comment, hear, the_conversation

FORM = "inbox.reply"


async def heard(town: Town, text: str = "¿Abrís el domingo?") -> Conversation:
    await hear(town)
    await comment(town, text)
    return await the_conversation(town)


async def the_card(town: Town) -> str:
    (card,) = [m for m in await town.messages(INBOX) if m.get("metadata") and m.get("thread_ts", m["ts"]) == m["ts"]]
    return said_in(card)


async def test_a_mention_becomes_one_card_however_often_it_is_seen(town: Town) -> None:
    await heard(town)
    await hear(town)
    card = await the_card(town)
    assert "☕ Café Ágora · *Nueva*" in card
    assert "Mención de *X @cafe_agora*" in card
    assert "¿Abrís el domingo?" in card
    assert "(Madrid)" in card
    assert "queda en el equipo" in card


async def test_claim_names_the_owner_and_a_second_person_is_told(town: Town) -> None:
    talk = await heard(town)
    await town.press("carla", INBOX, "Me encargo")
    assert "La lleva Carla Moreno" in await the_card(town)
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["carla"]
    answer = await town.press(
        "admin", INBOX, "", ts=(await town.messages(INBOX))[0]["ts"], action="inbox.claim",
        value=f'{{"conversation":"{talk.id}"}}',
    )  # fmt: skip
    assert "already has this conversation" in str(answer)
    await town.press("carla", INBOX, "Soltar")
    assert "*Nueva*" in await the_card(town)


async def test_no_reply_needed_is_one_press_and_reopening_another(town: Town) -> None:
    talk = await heard(town)
    await town.press("carla", INBOX, "No hace falta")
    closed = await town.desk.conversations.get(talk.id)
    assert closed.closed_as is ClosedAs.NO_REPLY
    assert "*No hace falta*. La cerró Carla Moreno" in await the_card(town)
    await town.press("carla", INBOX, "Reabrir")
    assert (await town.desk.conversations.get(talk.id)).status is ConversationStatus.OWNED


async def test_every_other_reason_is_in_the_menu(town: Town) -> None:
    talk = await heard(town)
    ts = (await town.messages(INBOX))[0]["ts"]
    value = f'{{"!":"inbox.close","conversation":"{talk.id}","reason":"spam"}}'
    await town.press("carla", INBOX, "", ts=ts, action="menu", value=value)
    assert (await town.desk.conversations.get(talk.id)).closed_as is ClosedAs.SPAM


async def test_a_reply_waits_with_undo_goes_out_and_closes(town: Town) -> None:
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    assert "*Public, as X @cafe_agora*" in str(view)
    assert "¿Abrís el domingo?" in str(view)
    assert "Up to 280 characters" in str(view)
    text = "Sí, de 9 a 14 ☕ <3 & *más*"
    await town.submit("carla", view, FORM, text=text)
    card = await the_card(town)
    assert "Carla Moreno responde en público" in card
    assert text in card
    assert "Deshacer" in card
    assert not await town.public("x:cafe_agora")
    await town.publish(seconds=25)
    card = await the_card(town)
    assert "Carla Moreno respondió el" in card
    assert "Ver la respuesta" in card
    assert "*Respondida*. La cerró Carla Moreno" in card
    assert "Deshacer" not in card
    assert (await town.desk.conversations.get(talk.id)).status is ConversationStatus.CLOSED


@pytest.mark.parametrize(("who", "name"), [("admin", "Alma Reyes"), ("bruno", "Bruno"), ("ana", "Ana")])
async def test_everybody_who_writes_can_undo_once(town: Town, who: str, name: str) -> None:
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    await town.submit("carla", view, FORM, text="Ups")
    button = await town.button(INBOX, "Deshacer")
    await town.press(who, INBOX, "", ts=button["ts"], action=button["action_id"], value=button["value"])
    late = await town.press("admin", INBOX, "", ts=button["ts"], action=button["action_id"], value=button["value"])
    assert "already" in str([m["text"] for m in late["ephemeral"]])
    await town.publish(seconds=25)
    card = await the_card(town)
    assert f"{name}" in card
    assert "deshizo la respuesta de Carla Moreno" in card
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.state is State.WITHDRAWN
    assert await town.public("x:cafe_agora") == []


async def test_the_same_form_twice_is_one_reply(town: Town) -> None:
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    await town.desk.conversations.reply(talk.id, "other", "una", town.standing("carla"))
    warned = view_of(await town.submit("carla", view, FORM, text="otra"))
    assert len(await town.desk.conversations.replies(talk.id)) == 1
    await town.submit("carla", warned, FORM)
    assert len(await town.desk.conversations.replies(talk.id)) == 2
    (second,) = [d for d in await town.desk.conversations.replies(talk.id) if d.id != "other"]
    await town.desk.conversations.reply(talk.id, second.id, "otra", town.standing("carla"))
    assert len(await town.desk.conversations.replies(talk.id)) == 2


async def test_too_long_is_said_on_the_field_and_nothing_is_lost(town: Town) -> None:
    await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    answer = await town.submit("carla", view, FORM, text="a" * 281)
    (error,) = answer["response"]["errors"].values()
    assert "281" in error
    assert "280" in error


async def test_the_form_counts_while_one_writes(town: Town) -> None:
    await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    values = {"inbox.reply.text": "hola 👋"}
    answer = await town.act("input", user="carla", view_id=view["id"], values=values)
    assert "7/280 characters" in str(answer)


async def test_somebody_without_the_role_changes_nothing_and_is_on_record(town: Town) -> None:
    talk = await heard(town)
    for user in ("eva", "ana"):
        answer = await town.press(user, INBOX, "Me encargo")
        assert answer["ephemeral"], user
    assert (await town.desk.conversations.get(talk.id)).status is ConversationStatus.NEW


async def test_what_the_person_writes_next_is_in_the_thread_once(town: Town) -> None:
    await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    await town.submit("carla", view, FORM, text="Sí, de 9 a 14")
    await town.publish(seconds=25)
    async with town.session.get(f"{town.url}/audience/posts", params={"account": "x:cafe_agora"}) as answer:
        everything = await answer.json()
    ours = everything["mentions"][0]["replies"][0]["id"]
    await comment(town, "¡Gracias!", post=ours)
    await hear(town)
    messages = await town.messages(INBOX)
    threaded = [said_in(m) for m in messages if m.get("thread_ts") and m["thread_ts"] != m["ts"]]
    assert len(threaded) == 1
    assert "¡Gracias!" in threaded[0]
    card = await the_card(town)
    assert "*Nueva*" in card
    assert "¡Gracias!" in card


async def test_text_from_outside_can_neither_ping_nor_format_nor_link(town: Town) -> None:
    nasty = "<!channel> <@U01ANA00001> *gratis* <https://bad.example|banco> :tada: &lt;b&gt; @here"
    await heard(town, nasty)
    card = next(m for m in await town.messages(INBOX))
    assert nasty in said_in(card)
    formatted = [block["text"]["text"] for block in card["blocks"] if block["type"] == "section"]
    formatted += [e["text"] for block in card["blocks"] if block["type"] == "context" for e in block["elements"]]
    for text in [*formatted, card["text"]]:
        assert "<!channel>" not in text
        assert "<@U01ANA" not in text
        assert "<https://bad" not in text
    assert "bad.example" in str(formatted)


async def test_a_refused_reply_finds_its_writer_with_the_button_that_mends_it(town: Town) -> None:
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    await town.submit("carla", view, FORM, text="Sí")
    await town.fault(target="x", route="/2/tweets", status=403, body={"title": "Forbidden"}, times=1, when="before")
    await town.publish(seconds=25)
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.state is State.REFUSED
    assert "no salió" in await the_card(town)
    assert "did not go out" in await town.text("@carla")
    (message,) = await town.messages("@carla")  # she wrote it and is rung: one message for both
    assert "I'm on it" in said_in(message)
    assert "Sí" in said_in(message)
    rung = await town.text("@bruno")  # rung with her, he sees which answer it is, and no button that isn't his
    assert "La respuesta de Carla Moreno no salió" in rung
    assert "Reintentar aquí" not in rung
    await town.press("carla", "@carla", "Retry here")
    await town.publish(seconds=5)
    (reply,) = await town.desk.store.find_many(Delivery, [reply.id])
    assert reply.state is State.LIVE
    assert "Carla Moreno replied on" in await town.text("@carla")
    assert "Over since" in await town.text("@carla")
    assert len(await town.messages("@carla")) == 1


async def test_a_reply_goes_out_while_the_brand_is_stopped_and_says_so(town: Town) -> None:
    await heard(town)
    await town.desk.stops.stop("agora", town.standing("ana"))
    await town.settle()
    view = await town.form("carla", INBOX, "Responder en público")
    assert "A reply still goes out" in str(view)
    await town.submit("carla", view, FORM, text="Sí")
    assert "_Marca parada_" in await the_card(town)
    await town.publish(seconds=25)
    assert "Carla Moreno respondió" in await the_card(town)
