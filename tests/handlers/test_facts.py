"""A fact from the question to the verdict: what says it is approved only once somebody else confirmed it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.facts import Fact, FactState
from bot.domain.posts import Post, PostStatus
from bot.errors import FieldErrors
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.test_handling import chosen
from tests.handlers.test_inbox import heard
from tests.handlers.test_reply_in_public import say
from tests.handlers.test_review import REVIEW, sent
from tests.handlers.voices import INBOX

FORM, VERDICT = "facts.form", "facts.verdict"
SAID = "La plaza se cierra el viernes"
SOURCES = {
    "owner1": "Ayuntamiento", "url1": "https://madrid.es/plaza", "on1": "2026-01-02",
    "owner2": "El Diario", "url2": "https://diario.es/plaza", "on2": "2026-01-03",
}  # fmt: skip


async def asked(town: Town, user: str = "ana", **values: Any) -> Fact:
    view = view_of(await town.command(user, f"check {SAID}", REVIEW))
    await town.submit(user, view, FORM, **values)
    (fact,) = await town.desk.store.listed(Fact, "facts:agora")
    return fact


async def card(town: Town) -> str:
    return said_in(next(m for m in await town.messages(REVIEW) if SAID in said_in(m) and "lo pidió" in said_in(m)))


async def decide(town: Town, user: str, label: str, **values: Any) -> dict[str, Any]:
    view = await town.form(user, REVIEW, label)
    return await town.submit(user, view, VERDICT, **values)


async def test_the_whole_story(town: Town) -> None:
    await sent(town, f"¡Ojo! {SAID}, venid el jueves")
    old = await town.button(REVIEW, "Aprobar y publicar")
    await asked(town)
    text = await card(town)
    assert "🔎" in text
    assert "*Por verificar*" in text
    assert "Faltan: dos fuentes de dueños distintos." in text
    assert "Dice algo que está por verificar" in await town.text(REVIEW)
    await town.press("bruno", REVIEW, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")

    refused = await decide(town, "bruno", "Verificar", verdict="true", owner1="Ayuntamiento")
    assert "dirección completa" in str(refused["response"]["errors"])
    refused = await decide(town, "bruno", "Verificar", verdict="true")
    assert "Hacen falta dos fuentes" in str(refused["response"]["errors"])
    await decide(town, "bruno", "Verificar", verdict="true", **SOURCES)
    text = await card(town)
    assert "✅" in text
    assert "Confirmado · " in text
    assert "madrid.es" in text
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    assert (await town.desk.posts.get(post.id)).status is PostStatus.APPROVED
    await decide(town, "bruno", "Nuevo veredicto", verdict="false", **SOURCES)
    assert "⛔" in await card(town)


async def test_whoever_asked_does_not_verify_and_who_was_faster_is_told(town: Town) -> None:
    await asked(town, "bruno")
    found = await town.button(REVIEW, "Verificar")
    answer = await town.press("bruno", REVIEW, "Verificar")
    said = [each["text"] for each in answer["ephemeral"]]
    assert "lo verifica otra persona" in str(said) or "somebody else verifies it" in str(said), said
    one, other = await town.form("carla", REVIEW, "Verificar"), await town.form("admin", REVIEW, "Verificar")
    await town.submit("carla", one, VERDICT, verdict="rumour")
    late = await town.submit("admin", other, VERDICT, verdict="true", **SOURCES)
    assert "Carla" in str(late) + str(await town.whispers("admin", REVIEW)) + str(await town.top("admin", tries=1))
    (fact,) = await town.desk.store.listed(Fact, "facts:agora")
    assert (fact.state, len(fact.verdicts)) == (FactState.RUMOUR, 1)
    assert found["action_id"] == "facts.verify"


async def test_a_form_that_comes_twice_is_one_fact(town: Town) -> None:
    who = town.standing("ana")
    for _ in range(2):
        await town.desk.facts.ask("f1", "agora", SAID, False, (), "-", "", who)
    assert len(await town.desk.store.listed(Fact, "facts:agora")) == 1


async def test_its_time_opens_it_again_once(town: Town) -> None:
    fact = await asked(town)
    tomorrow = town.desk.now() + timedelta(days=1)
    await decide(town, "bruno", "Verificar", verdict="rumour", expires=tomorrow.date().isoformat())
    town.clock.skip(days=3)
    (doubted,) = await town.desk.facts.doubted("agora")
    assert doubted.standing(town.desk.now()) is FactState.OPEN
    assert await town.desk.facts.reopen_due() == 1
    assert await town.desk.facts.reopen_due() == 0
    await town.settle()
    assert (await town.desk.facts.get(fact.id)).state is FactState.OPEN
    assert "Su plazo terminó" in await card(town)


async def test_the_menu_of_a_comment_asks_without_the_person(town: Town) -> None:
    await heard(town, "Soy Lucía, ¿cierra la plaza el viernes?")
    view = await chosen(town, "carla", "Verificar este dato")
    assert "cierra la plaza el viernes" in str(view)
    assert "Lucía" not in str(view)
    await town.submit("carla", view, FORM, statement=SAID)
    assert SAID in await card(town)


async def test_the_shortcut_takes_what_a_message_says(town: Town) -> None:
    ts = await say(town, "ana", "La plaza cierra a las 9 &amp; *seguro*", channel="#general")
    answer = await town.act("shortcut", user="ana", callback_id="check_fact", channel="#general", ts=ts)
    view = view_of(answer if answer["view"] else {"view": await town.top("ana")})
    assert "La plaza cierra a las 9" in str(view)
    await heard(town)
    ts = (await town.messages(INBOX))[0]["ts"]
    answer = await town.act("shortcut", user="carla", callback_id="check_fact", channel=INBOX, ts=ts)
    view = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    assert "¿Abrís el domingo?" in str(view)


async def test_the_list_is_searched_and_turned(town: Town) -> None:
    for number in range(10):
        await town.desk.facts.ask(f"f{number}", "agora", f"Dato {number}", False, (), "-", "", town.standing("ana"))
    view = view_of(await town.command("bruno", "check", REVIEW))
    assert "Dato 9" in str(view)
    assert "Dato 1*" not in str(view)
    await town.submit("bruno", view, "facts.list", words="dato 1")
    view = await town.form_with("bruno", "facts.verify")
    assert "Dato 1*" in str(view)
    assert "Dato 9" not in str(view)
    page = await town.desk.facts.page("", 1, town.standing("bruno"))
    assert (len(page.facts), page.total, page.last) == (2, 10, 1)
    assert "facts.verify" not in str(view_of(await town.command("ana", "check", REVIEW))["blocks"])


async def test_an_answer_does_not_say_what_turned_out_false(town: Town) -> None:
    await asked(town)
    await decide(town, "bruno", "Verificar", verdict="false", **SOURCES)
    talk = await heard(town)
    with pytest.raises(FieldErrors) as error:
        await town.desk.answers.answer(talk.id, "r1", f"{SAID}.", town.standing("carla"))
    assert error.value.fields["text"].key == "check.fact_false"
    await town.desk.answers.answer(talk.id, "r1", "La plaza sigue abierta", town.standing("carla"))
