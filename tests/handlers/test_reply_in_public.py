"""*Reply in public* on a colleague's message: the form shows what everyone would read, and sends it."""

from typing import Any

from tests.handlers.demo import NAMES, Town, view_of
from tests.handlers.test_inbox import FORM, heard
from tests.handlers.test_saved_replies import text_of
from tests.handlers.voices import INBOX, hear

SHORTCUT = "reply_in_public"


async def say(town: Town, user: str, text: str, channel: str = INBOX, thread_ts: str = "") -> str:
    """A colleague writes; answers where."""
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    answer = await town.act("message", user=user, channel=channel, text=text, **thread)
    await town.settle()
    found = [m for m in await town.messages(channel) if m.get("user") == NAMES[user].partition(":")[2]]
    assert answer["ok"]
    return str(found[-1]["ts"])


async def card_of(town: Town) -> str:
    return str((await town.messages(INBOX))[0]["ts"])


async def shortcut(town: Town, user: str, ts: str, channel: str = INBOX) -> dict[str, Any]:
    return await town.act("shortcut", user=user, callback_id=SHORTCUT, channel=channel, ts=ts)


async def test_a_message_in_the_thread_becomes_what_everyone_would_read(town: Town) -> None:
    talk = await heard(town)
    text = "*Sí*, de 9 a 14 🎉 <3 & lo lleva @bruno, agora.es/carta :agora_logo:"
    ts = await say(town, "ana", text, thread_ts=await card_of(town))
    answer = await shortcut(town, "carla", ts)
    view = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert text_of(view) == "Sí, de 9 a 14 🎉 <3 & lo lleva Bruno, agora.es/carta"
    shown = str(view)
    assert "*Public, as X @cafe_agora*" in shown
    assert "Lucía" in shown
    for part in ("names without a mention", "emoji that only Slack knows", "Without bold"):
        assert part in shown, part
    assert not await town.desk.conversations.replies(talk.id), "nothing is sent without the submit"
    await town.submit("carla", view, FORM, text="Sí, de 9 a 14 🎉")
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.reply is not None
    assert reply.reply.text == "Sí, de 9 a 14 🎉"
    assert "Deshacer" in await town.text(INBOX)


async def test_what_needed_no_change_is_said_to_be_as_it_was(town: Town) -> None:
    await heard(town)
    ts = await say(town, "ana", "Sí, de 9 a 14", thread_ts=await card_of(town))
    answer = await shortcut(town, "carla", ts)
    view = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert text_of(view) == "Sí, de 9 a 14"
    assert "Not as it was written" not in str(view)


async def test_outside_a_conversations_thread_a_sentence_says_what_to_do(town: Town) -> None:
    await heard(town)
    for channel, thread in ((INBOX, ""), ("#general", "")):
        ts = await say(town, "carla", "Sí", channel=channel, thread_ts=thread)
        answer = await shortcut(town, "carla", ts, channel)
        assert not answer["view"]
        assert "in the thread of a conversation’s card" in str(await town.whispers("carla", channel))


async def test_our_own_words_in_the_thread_are_not_a_colleagues(town: Town) -> None:
    talk = await heard(town)
    await town.desk.answers.answer(talk.id, "r1", "Sí", town.standing("carla"))
    await town.publish(seconds=25)
    async with town.session.get(f"{town.url}/audience/posts", params={"account": "x:cafe_agora"}) as answer:
        ours = (await answer.json())["mentions"][0]["replies"][0]["id"]
    body = {"account": "x:cafe_agora", "author": "Lucía", "text": "¡Sois unos ladrones!", "post": ours}
    async with town.session.post(f"{town.url}/audience/comment", json=body) as said:
        assert said.status in {200, 201}
    await hear(town)
    again = next(m for m in await town.messages(INBOX) if m.get("thread_ts") and m["thread_ts"] != m["ts"])
    await shortcut(town, "carla", again["ts"])
    assert await town.top("carla", tries=1) is None
    assert "isn’t a colleague’s" in str(await town.whispers("carla", INBOX))


async def test_on_the_card_itself_it_is_the_cards_button(town: Town) -> None:
    await heard(town)
    answer = await shortcut(town, "carla", await card_of(town))
    view = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert text_of(view) == ""
    assert "*Public, as X @cafe_agora*" in str(view)


async def test_somebody_who_may_not_answer_there_sees_no_form(town: Town) -> None:
    await heard(town)
    ts = await say(town, "carla", "Sí", thread_ts=await card_of(town))
    await shortcut(town, "ana", ts)
    assert await town.top("ana", tries=1) is None
    assert await town.whispers("ana", INBOX)


async def test_a_mention_at_the_start_becomes_a_name(town: Town) -> None:
    await heard(town)
    ts = await say(town, "ana", "@carla di que sí", thread_ts=await card_of(town))
    answer = await shortcut(town, "carla", ts)
    view = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert text_of(view) == "Carla di que sí"
