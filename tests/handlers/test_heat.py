"""A hot answer: the form proposes another way, keeps nothing back, and a colleague's look sends nothing."""

from typing import Any

from bot.domain.conversations import Conversation
from bot.domain.moods import Tone
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_inbox import FORM, heard
from tests.handlers.test_saved_replies import text_of
from tests.handlers.test_suggestions import commented
from tests.handlers.voices import INBOX, comment, the_conversation

AGAIN, SHOUTS = "Not our first public answer today", "reads as shouting"


async def typed(town: Town, view: dict[str, Any], text: str, form: str = FORM) -> dict[str, Any]:
    """Types into the open form."""
    return view_of(await town.act("input", user="carla", view_id=view["id"], values={f"{form}.text": text}))


async def displeased(town: Town, talk: Conversation) -> None:
    """Carla says how it sounds."""
    await town.desk.moods.correct(talk.id, talk.latest.mark, Tone.NEGATIVE, town.standing("carla"))
    await town.settle()


async def test_shouting_is_said_while_one_writes_and_sends_all_the_same(town: Town) -> None:
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    assert SHOUTS not in str(view)
    assert SHOUTS not in str(await typed(town, view, "Sí, de 9 a 14"))
    shown = await typed(town, view, "QUE SÍ, QUE ABRIMOS!!!")
    assert SHOUTS in str(shown)
    acts = [each["action_id"] for each in elements_in(shown["blocks"])]
    assert "looks.ask" in acts
    assert "moderation.private" not in acts, "X has no private reply"
    await town.submit("carla", shown, FORM, text="QUE SÍ, QUE ABRIMOS!!!")
    assert len(await town.desk.conversations.replies(talk.id)) == 1


async def test_the_second_answer_to_somebody_displeased_wherever_they_wrote(town: Town) -> None:
    first = await heard(town, "Qué vergüenza de servicio")
    await displeased(town, first)
    view = await town.form("carla", INBOX, "Responder en público")
    assert AGAIN not in str(view), "the first answer is calm"
    await town.submit("carla", view, FORM, text="Lo sentimos")
    await town.publish(seconds=25)
    await comment(town, "Sois lo peor, una estafa")
    second = await the_conversation(town)
    assert second.id != first.id
    await displeased(town, second)
    view = await town.form("carla", INBOX, "Responder en público")
    assert AGAIN in str(view)
    town.clock.skip(days=1)
    page = await town.desk.inbox.page(second.id)
    written = await town.desk.answers.written(page, "", town.standing("carla"))
    assert not written.heat.again, "a day later it is a new day"


async def test_a_colleague_is_asked_in_the_thread_with_the_words_and_nothing_is_sent(town: Town) -> None:
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    shown = await typed(town, view, "QUE SÍ, QUE ABRIMOS <!here>!!!")
    answer = await town.act("click", user="carla", view_id=shown["id"], action_id="looks.ask")
    form = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert form["callback_id"] == "looks.form"
    assert text_of(form) == "QUE SÍ, QUE ABRIMOS <!here>!!!"
    refused = await town.submit("carla", form, "looks.form", person=NAMES["carla"].partition(":")[2])
    assert "Choose a colleague" in str(refused["response"]["errors"])
    refused = await town.submit("carla", form, "looks.form", person=NAMES["diego"].partition(":")[2])
    assert refused["response"]["errors"], "Diego has nothing to do with this brand"
    bruno = NAMES["bruno"].partition(":")[2]
    await town.submit("carla", form, "looks.form", person=bruno)
    (asked,) = [m for m in await town.messages(INBOX) if m.get("thread_ts", m["ts"]) != m["ts"]]
    assert f"<@{bruno}>" in said_in(asked)
    assert "QUE SÍ, QUE ABRIMOS" in said_in(asked)
    assert "<!here>" not in asked["text"]
    assert not await town.desk.conversations.replies(talk.id)
    still = await town.top("carla")
    assert still is not None
    assert still["callback_id"] == FORM, "the answer's form is still there"


async def test_going_private_takes_the_words_along_where_there_is_a_way(town: Town) -> None:
    await commented(town)
    talk = await the_conversation(town)
    view = await town.form("carla", INBOX, "Responder en público")
    shown = await typed(town, view, "CALMA, POR FAVOR!!!")
    value = next(e["value"] for e in elements_in(shown["blocks"]) if e["action_id"] == "moderation.private")
    answer = await town.act("click", user="carla", view_id=shown["id"], action_id="moderation.private", value=value)
    form = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert form["callback_id"] == "moderation.private_form"
    assert text_of(form) == "CALMA, POR FAVOR!!!"
    await town.submit("carla", form, "moderation.private_form", text="Te escribimos")
    assert not await town.desk.conversations.replies(talk.id)
    page = await town.desk.inbox.page(talk.id)
    assert [each.text for each in (page.moderating.errands or {}).values()] == ["Te escribimos"]
