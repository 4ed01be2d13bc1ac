"""A trainee's answer waits in the thread; somebody else lets out exactly what they saw, or not."""

import asyncio
from typing import Any

import pytest

from bot.domain.brands import Role
from bot.domain.conversations import ClosedAs
from bot.domain.deliveries import State as Sent
from bot.domain.people import Relationship
from bot.domain.signing import Signature
from bot.domain.suggestions import State, Suggestion
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_inbox import FORM, heard, the_card
from tests.handlers.test_review import sent as in_review
from tests.handlers.test_two_people import FACEBOOK
from tests.handlers.voices import INBOX, comment, hear, the_conversation

TEXT = "Sí, de 9 a 14"


@pytest.fixture
async def trainee(town: Town) -> Town:
    """Eva learns at Café Ágora, where Carla moderates and Bruno approves."""
    await town.desk.brands.set_roles("agora", NAMES["eva"], frozenset({Role.TRAINEE}), town.standing("admin"))
    return town


async def suggested(town: Town, text: str = TEXT) -> Suggestion:
    """Eva answers from the card."""
    await heard(town)
    view = await town.form("eva", INBOX, "Responder en público")
    await town.submit("eva", view, FORM, text=text)
    return await the_suggestion(town)


async def the_suggestion(town: Town) -> Suggestion:
    """The newest one that there is."""
    found = [key async for key in town.desk.store.client.scan_iter(town.desk.store.key("suggestion", "*"))]
    return max([await town.desk.suggestions.get(str(key).rpartition(":")[2]) for key in found], key=lambda s: s.at)


async def in_thread(town: Town) -> str:
    """What stands in the thread of the only conversation."""
    return "\n".join(said_in(m) for m in await town.messages(INBOX) if m.get("thread_ts", m["ts"]) != m["ts"])


async def around(town: Town, id_: str) -> str:
    """What an approver sees at this moment."""
    return (await town.desk.suggestions.page(id_)).around


async def sent(town: Town, talk: str) -> list[Any]:
    return await town.desk.conversations.replies(talk)


async def test_nothing_goes_out_until_somebody_else_approves_it_and_the_record_names_both(trainee: Town) -> None:
    await trainee.desk.brands.change("agora", trainee.standing("admin"), signature=Signature.NAME)
    await heard(trainee)
    view = await trainee.form("eva", INBOX, "Responder en público")
    assert view["submit"]["text"] == "Pedir aprobación"
    assert "Hasta entonces no se envía nada" in str(view)
    await trainee.submit("eva", view, FORM, text=TEXT)
    mine = await the_suggestion(trainee)
    assert not await sent(trainee, mine.conversation)
    assert "espera aprobación" in str(await trainee.whispers("eva", INBOX))
    assert "una respuesta de Eva" in await the_card(trainee)
    thread = await in_thread(trainee)
    assert "propone una respuesta en público" in thread
    assert f"{TEXT} ^Eva" in thread
    assert f"<@{NAMES['carla'].partition(':')[2]}>" in thread, "somebody who may is rung, once"
    await trainee.press("bruno", INBOX, "Aprobar")
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.reply.text == f"{TEXT} ^Eva"
    assert (reply.reply.by, reply.approved_by) == (NAMES["eva"], NAMES["bruno"])
    assert "Deshacer" in await the_card(trainee)
    assert "Escrita por Eva" in await the_card(trainee)
    assert "Aprobada por Bruno" in await in_thread(trainee)
    await trainee.publish(seconds=25)
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.state is Sent.LIVE
    history = await trainee.desk.audit.history(mine.conversation, trainee.standing("carla"))
    (approved,) = [each for each in history.entries if each.act == "suggestion.approve"]
    assert (approved.who, approved.detail) == (NAMES["bruno"], NAMES["eva"])
    assert approved.evidence["text"] == f"{TEXT} ^Eva"


async def test_the_trainee_cannot_approve_it_nor_can_somebody_without_the_role(trainee: Town) -> None:
    mine = await suggested(trainee)
    found = await trainee.button(INBOX, "Aprobar")
    for user in ("eva", "ana"):
        answer = await trainee.press(user, INBOX, "", ts=found["ts"], action=found["action_id"], value=found["value"])
        assert answer["ephemeral"], user
    both = frozenset({Role.TRAINEE, Role.APPROVER})
    brand = await trainee.desk.brand("agora")
    change = trainee.desk.store.begin()
    change.put(brand.model_copy(update={"roles": {**brand.roles, NAMES["eva"]: both}}), brand)
    await change.commit()
    with pytest.raises(NotAllowed):
        await trainee.desk.suggestions.approve(mine.id, 1, await around(trainee, mine.id), trainee.standing("eva"))
    assert not await sent(trainee, mine.conversation)


async def test_a_second_press_and_two_at_once_are_one_answer(trainee: Town) -> None:
    mine = await suggested(trainee)
    seen, desk = await around(trainee, mine.id), trainee.desk
    who = [trainee.standing(name) for name in ("carla", "bruno", "admin")]
    found = await asyncio.gather(
        *(desk.suggestions.approve(mine.id, 1, seen, each) for each in who), return_exceptions=True
    )
    assert sum(isinstance(each, Suggestion) for each in found) == 1
    assert all(isinstance(each, Suggestion | AlreadyDone) for each in found), found
    with pytest.raises(AlreadyDone):
        await desk.suggestions.approve(mine.id, 1, seen, who[0])
    assert len(await sent(trainee, mine.conversation)) == 1


async def test_the_same_form_twice_is_one_suggestion(trainee: Town) -> None:
    mine = await suggested(trainee)
    again = await trainee.desk.answers.answer(mine.conversation, mine.id, TEXT, trainee.standing("eva"))
    assert isinstance(again, Suggestion)
    assert again.revision == 1
    await trainee.desk.brands.set_roles("agora", NAMES["diego"], frozenset({Role.TRAINEE}), trainee.standing("admin"))
    with pytest.raises(NotAllowed):
        await trainee.desk.answers.answer(mine.conversation, mine.id, "x", trainee.standing("diego"))


async def test_a_text_that_its_writer_changed_is_not_what_was_approved(trainee: Town) -> None:
    mine = await suggested(trainee)
    stale = await trainee.button(INBOX, "Aprobar")
    form = await trainee.form("eva", INBOX, "Editar")
    await trainee.submit("eva", form, "suggestions.rewrite_form", text="Sí, de 9 a 15")
    thread = await in_thread(trainee)
    assert "Sí, de 9 a 15" in thread
    assert TEXT not in thread
    answer = await trainee.press("carla", INBOX, "", ts=stale["ts"], action=stale["action_id"], value=stale["value"])
    assert "text changed meanwhile" in str(answer["ephemeral"])
    assert not await sent(trainee, mine.conversation)
    await trainee.press("carla", INBOX, "Aprobar")
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.reply.text == "Sí, de 9 a 15"


async def test_what_the_person_wrote_since_is_shown_before_it_can_be_approved(trainee: Town) -> None:
    mine = await suggested(trainee)
    stale = await trainee.button(INBOX, "Aprobar")
    talk = await trainee.desk.conversations.get(mine.conversation)
    change = trainee.desk.store.begin()
    later = talk.latest.model_copy(update={"ref": "later", "text": "Da igual, ya fui y estaba cerrado"})
    heard_again = talk.model_copy(update={"heard": (*talk.heard, later)})
    await trainee.desk.conversations.put(change, heard_again, talk, "engine", "heard")
    await change.commit()
    await trainee.settle()
    answer = await trainee.press("carla", INBOX, "", ts=stale["ts"], action=stale["action_id"], value=stale["value"])
    assert "Something happened" in str(answer["ephemeral"])
    assert not await sent(trainee, mine.conversation)
    thread = await in_thread(trainee)
    assert "La persona volvió a escribir después de esta propuesta" in thread
    assert "Da igual, ya fui y estaba cerrado" in thread
    await trainee.press("carla", INBOX, "Aprobar de todos modos")
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.reply.answers == mine.ref


async def test_an_answer_that_somebody_gave_meanwhile_or_a_closed_conversation_is_seen_first(trainee: Town) -> None:
    mine = await suggested(trainee)
    stale = await around(trainee, mine.id)
    desk, carla, bruno = trainee.desk, trainee.standing("carla"), trainee.standing("bruno")
    await desk.conversations.reply(mine.conversation, "hers", "Ya contesto yo", carla)
    with pytest.raises(UserError, match=r"error\.suggestion_moved"):
        await desk.suggestions.approve(mine.id, 1, stale, bruno)
    await trainee.settle()
    assert "respondió entretanto" in await in_thread(trainee)
    assert "Ya contesto yo" in await in_thread(trainee)
    stale = await around(trainee, mine.id)
    await desk.conversations.close(mine.conversation, carla, ClosedAs.NO_REPLY)
    with pytest.raises(UserError, match=r"error\.suggestion_moved"):
        await desk.suggestions.approve(mine.id, 1, stale, bruno)
    await trainee.settle()
    assert "La conversación está cerrada" in await in_thread(trainee)
    await trainee.press("bruno", INBOX, "Aprobar de todos modos")
    assert len(await sent(trainee, mine.conversation)) == 2


async def test_a_deleted_comment_is_never_answered_and_its_writer_hears(trainee: Town) -> None:
    said = await comment(trainee, "¿Abrís el domingo?")
    view = await trainee.form("eva", INBOX, "Responder en público")
    await trainee.submit("eva", view, FORM, text=TEXT)
    mine = await the_suggestion(trainee)
    stale = await trainee.button(INBOX, "Aprobar")
    talk = await trainee.desk.conversations.get(mine.conversation)
    gone = talk.latest.model_copy(update={"gone_at": trainee.clock()})
    change = trainee.desk.store.begin()
    await trainee.desk.conversations.put(
        change, talk.model_copy(update={"heard": (gone,)}), talk, "engine", "rewritten"
    )
    await change.commit()
    await trainee.settle()
    assert "se eliminó el comentario" in await in_thread(trainee), said
    answer = await trainee.press("carla", INBOX, "", ts=stale["ts"], action=stale["action_id"], value=stale["value"])
    assert "comment was deleted" in str(answer["ephemeral"])
    assert (await trainee.desk.suggestions.get(mine.id)).state is State.LAPSED
    assert not await sent(trainee, mine.conversation)
    assert "El comentario se eliminó" in await trainee.text("@eva")
    assert (await trainee.desk.conversations.get(mine.conversation)).suggested == ()


async def test_fix_and_approve_keeps_both_texts(trainee: Town) -> None:
    mine = await suggested(trainee, "Si, de 9 a 14")
    form = await trainee.form("carla", INBOX, "Retocar y aprobar")
    await trainee.submit("carla", form, "suggestions.fix_form", text=TEXT)
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.reply.text == TEXT
    assert reply.reply.by == NAMES["eva"]
    thread = await in_thread(trainee)
    assert "Retocada y aprobada por Carla" in thread
    assert "Si, de 9 a 14" in thread
    assert TEXT in thread
    told = await trainee.text("@eva")
    assert "Retocada y aprobada por Carla" in told, "who learns sees what became of the words"
    assert TEXT in told
    kept = await trainee.desk.suggestions.get(mine.id)
    assert [each.by for each in kept.versions] == [NAMES["eva"], NAMES["carla"]]
    history = await trainee.desk.audit.history(mine.conversation, trainee.standing("carla"))
    (entry,) = [each for each in history.entries if each.act == "suggestion.fix"]
    assert entry.evidence == {"before": "Si, de 9 a 14", "after": TEXT, "writer": NAMES["eva"]}


async def test_sent_back_with_a_reason_it_comes_again(trainee: Town) -> None:
    mine = await suggested(trainee)
    form = await trainee.form("bruno", INBOX, "Devolver")
    refused = await trainee.submit("bruno", form, "suggestions.return_form", reason="  ")
    assert refused["response"]["errors"]
    await trainee.submit("bruno", form, "suggestions.return_form", reason="Falta el sábado")
    assert (await trainee.desk.suggestions.get(mine.id)).state is State.RETURNED
    told = await trainee.text("@eva")
    assert "la devolvió" in told
    assert "Falta el sábado" in told
    assert (await trainee.desk.conversations.get(mine.conversation)).suggested == ()
    form = await trainee.form("eva", "@eva", "Editar")
    assert "Falta el sábado" in str(form)
    await trainee.submit("eva", form, "suggestions.rewrite_form", text="Sí, y el sábado")
    assert (await trainee.desk.suggestions.get(mine.id)).state is State.OPEN
    await trainee.press("carla", INBOX, "Aprobar")
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.reply.text == "Sí, y el sábado"


async def test_taken_back_nothing_comes_of_it(trainee: Town) -> None:
    mine = await suggested(trainee)
    stale = await trainee.button(INBOX, "Aprobar")
    await trainee.press("eva", INBOX, "Anular")
    answer = await trainee.press("carla", INBOX, "", ts=stale["ts"], action=stale["action_id"], value=stale["value"])
    assert "took it back" in str(answer["ephemeral"])
    assert not await sent(trainee, mine.conversation)
    assert "espera aprobación" not in await the_card(trainee)


async def test_the_trainee_may_undo_what_was_let_out(trainee: Town) -> None:
    mine = await suggested(trainee)
    await trainee.press("bruno", INBOX, "Aprobar")
    await trainee.press("eva", INBOX, "Deshacer")
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.state is Sent.WITHDRAWN


async def test_in_silence_it_stays_open(trainee: Town) -> None:
    mine = await suggested(trainee)
    await trainee.desk.stops.stop("agora", trainee.standing("ana"), silence=True)
    with pytest.raises(UserError, match=r"error\.brand_silenced"):
        await trainee.desk.suggestions.approve(mine.id, 1, await around(trainee, mine.id), trainee.standing("carla"))
    assert (await trainee.desk.suggestions.get(mine.id)).state is State.OPEN


async def test_what_could_not_go_out_is_refused_before_anybody_is_asked(trainee: Town) -> None:
    talk = await heard(trainee)
    view = await trainee.form("eva", INBOX, "Responder en público")
    for text, part in (("a" * 281, "280"), ("Mira {link}", "{link}")):
        answer = await trainee.submit("eva", view, FORM, text=text)
        assert part in str(answer["response"]["errors"])
    assert (await trainee.desk.conversations.get(talk.id)).suggested == ()


async def test_whoever_lets_it_out_sees_what_the_checks_say_of_it(trainee: Town) -> None:
    talk = await heard(trainee)
    await trainee.desk.people.describe(talk.who, trainee.standing("carla"), [], "", Relationship.PAID)
    await trainee.settle()
    view = await trainee.form("eva", INBOX, "Responder en público")
    await trainee.submit("eva", view, FORM, text="¡Mil gracias por venir!")
    assert "(Publicidad)" in await in_thread(trainee)
    await trainee.press("carla", INBOX, "Aprobar")
    assert "(Publicidad)" not in await in_thread(trainee), "nobody decides about it any more"


async def test_working_through_asks_too_and_offers_nothing_that_is_not_theirs(trainee: Town) -> None:
    talk = await heard(trainee)
    await trainee.command("eva", "inbox")
    listed = await trainee.top("eva")
    assert listed is not None
    offered = {str(each["action_id"]) for each in elements_in(listed["blocks"])}
    assert "inbox.answer" in offered
    assert not offered & {"inbox.claim", "inbox.close"}
    answer = await trainee.act("click", user="eva", view_id=listed["id"], action_id="work.begin")
    work = view_of(answer if answer["view"] else {"view": await trainee.top("eva")})
    acts = {str(each["action_id"]) for each in elements_in(work["blocks"])}
    assert "work.skip" in acts
    assert not {each for each in acts if each.startswith(("inbox.", "menu:card", "menu:moderate", "work.form.person"))}
    await trainee.submit("eva", work, "work.form", text=TEXT)
    assert not await sent(trainee, talk.id)
    assert (await the_suggestion(trainee)).text == TEXT


async def test_a_private_reply_and_a_change_wait_as_well(trainee: Town) -> None:
    desk, eva, carla = trainee.desk, trainee.standing("eva"), trainee.standing("carla")
    await commented(trainee)
    talk = await the_conversation(trainee)
    mine = await desk.answers.privately(talk.id, talk.latest.ref, "pr", "Te escribimos", eva)
    assert isinstance(mine, Suggestion)
    await trainee.settle()
    assert "propone una respuesta por privado" in await in_thread(trainee)
    await trainee.press("carla", INBOX, "Aprobar")
    page = await desk.inbox.page(talk.id)
    assert [(each.text, each.by) for each in (page.moderating.errands or {}).values()] == [
        ("Te escribimos", NAMES["carla"])
    ]
    await desk.conversations.reply(talk.id, "pub", "Lo miramos", carla)
    await trainee.publish(seconds=25)
    (delivery,) = await sent(trainee, talk.id)
    assert delivery.state is Sent.LIVE
    form = await trainee.form("eva", INBOX, "Editar")
    await trainee.submit("eva", form, "moderation.edit_form", text="Lo miramos hoy")
    assert "propone otro texto para nuestra respuesta" in await in_thread(trainee)
    assert not (await desk.inbox.page(talk.id)).moderating.edits
    await trainee.press("carla", INBOX, "Aprobar")
    (edit,) = ((await desk.inbox.page(talk.id)).moderating.edits or {}).values()
    assert (edit.before, edit.text, edit.by) == ("Lo miramos", "Lo miramos hoy", NAMES["carla"])


async def commented(town: Town) -> None:
    """Somebody writes under a post of ours on Facebook, where there are private replies and edits."""
    await in_review(town, accounts=["facebook-103000000000001"])
    await town.press("bruno", "#agora-review", "Aprobar y publicar")
    await town.publish()
    async with town.session.get(f"{town.url}/audience/posts", params={"account": FACEBOOK}) as answer:
        (shown,) = (await answer.json())["posts"]
    await hear(town)
    await comment(town, "¿Y mi pedido?", account=FACEBOOK, post=shown["id"])


async def test_nothing_of_somebody_who_is_forgotten_stays_in_the_thread(trainee: Town) -> None:
    mine = await suggested(trainee, "Lucía, sí")
    desk, carla = trainee.desk, trainee.standing("carla")
    await desk.looks.ask("l1", mine.conversation, NAMES["bruno"], "Lucía, de 9 a 14", carla)
    await trainee.settle()
    assert "Lucía, de 9 a 14" in await in_thread(trainee)
    talk = await desk.conversations.get(mine.conversation)
    seen = await around(trainee, mine.id)
    await desk.people.forget(talk.who, trainee.standing("admin"))
    await trainee.settle()
    thread = await in_thread(trainee)
    assert "Lucía" not in thread
    assert "Aprobar" not in thread
    with pytest.raises(UserError):
        await desk.suggestions.approve(mine.id, 1, seen, carla)
    assert not await sent(trainee, mine.conversation)


async def test_trouble_finds_whoever_let_it_out_with_the_button_that_mends_it(trainee: Town) -> None:
    mine = await suggested(trainee)
    await trainee.press("bruno", INBOX, "Aprobar")
    await trainee.fault(target="x", route="/2/tweets", status=403, body={"title": "Forbidden"}, times=1, when="before")
    await trainee.publish(seconds=25)
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.state is Sent.REFUSED
    assert TEXT not in await trainee.text("@eva")
    assert TEXT in await trainee.text("@bruno")
    await trainee.press("bruno", "@bruno", "Reintentar aquí")
    await trainee.publish(seconds=5)
    (reply,) = await sent(trainee, mine.conversation)
    assert reply.state is Sent.LIVE
