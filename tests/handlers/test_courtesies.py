"""Thank in two taps; ask, read the answer, keep the yes, make a post of it, and take it back."""

from typing import Any

import pytest

from bot.domain.conversations import Conversation
from bot.domain.courtesy import Courtesies, UseState
from bot.domain.posts import Post
from bot.engine.errands import Errands
from bot.engine.failpoints import Failpoints
from bot.errors import AlreadyDone, NotAllowed, UserError
from tests.handlers.demo import NAMES, Town, view_of
from tests.handlers.voices import INBOX, comment, hear, message, the_conversation
from tests.sandbox_networks.pictures import picture_of

FORM = "inbox.reply"
KIND = "¡Me encanta vuestro café, qué maravilla! Gracias"


async def timeline(town: Town, account: str = "practice:ensayo") -> dict[str, Any]:
    async with town.session.get(f"{town.url}/audience/posts", params={"account": account}) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def test_thanking_is_two_taps_and_likes_too(town: Town) -> None:
    await hear(town)
    await comment(town, KIND, account="practice:ensayo", author="Lucía Ferrer")
    view = await town.form("carla", "#ensayo", "Dar las gracias")
    assert "Lucía" in str(view)
    assert "likes the comment too" in str(view)
    await town.submit("carla", view, FORM)
    await town.publish(seconds=25)
    (said,) = (await timeline(town))["mentions"]
    (answer,) = said["replies"]
    assert "Lucía" in answer["text"]
    await Errands(town.desk, Failpoints()).tick()
    (said,) = (await timeline(town))["mentions"]
    assert said["liked"]


async def test_a_brand_thanks_in_its_own_words_and_in_theirs(town: Town) -> None:
    words = Courtesies(thanks={"es": ("Un beso enorme, {name}",), "en": ("Big hug, {name}",)})
    await town.desk.brands.change("agora", town.standing("admin"), courtesies=words)
    await hear(town)
    await comment(town, "I love your coffee, it is wonderful! Thank you so much", author="Tom Weaver")
    view = await town.form("carla", INBOX, "Dar las gracias")
    assert "Big hug, Tom" in str(view)


async def test_only_what_sounds_kind_is_thanked_for(town: Town) -> None:
    await hear(town)
    await comment(town, "¿A qué hora abrís?")
    await message(town, KIND, author="Hugo")
    assert "Dar las gracias" not in await town.text(INBOX)
    (private,) = [t for t in await town.desk.store.listed(Conversation, "open:agora") if t.private]
    with pytest.raises(UserError, match="only_public"):
        await town.desk.courtesies.to_thank(private.id, "r", town.standing("carla"))


async def asked(town: Town) -> str:
    """Somebody shows a picture, and is asked."""
    await hear(town)
    await comment(town, "Mi tarde con vosotros", author="Lucía Ferrer", picture=picture_of("taza.png"))
    talk = await the_conversation(town)
    card = next(each for each in await town.messages(INBOX) if "Mi tarde" in str(each))
    value = f'{{"!":"courtesy.ask","conversation":"{talk.id}"}}'
    view = view_of(await town.press("carla", INBOX, "", ts=card["ts"], action="menu:card", value=value))
    assert "¿Nos das permiso" in str(view)
    await town.submit("carla", view, FORM)
    return talk.id


async def answers(town: Town, text: str) -> None:
    """They answer our question."""
    await town.publish(seconds=25)
    ours = (await timeline(town, "x:cafe_agora"))["mentions"][0]["replies"][0]["id"]
    await comment(town, text, author="Lucía Ferrer", post=ours)


async def test_a_yes_is_noted_by_a_person_kept_and_made_a_post_of(town: Town) -> None:
    talk = await asked(town)
    assert "preguntó el" in await town.text(INBOX)
    await answers(town, "¡Claro que sí, encantada!")
    card = await town.text(INBOX)
    assert "suena a que sí" in card
    assert (await town.desk.conversations.get(talk)).use.state is UseState.ASKED
    await town.press("carla", INBOX, "Dijo que sí")
    assert "dijo que sí: lo anotó Carla Moreno" in await town.text(INBOX)
    person = await town.desk.people.get((await town.desk.conversations.get(talk)).who)
    (consent,) = person.consents
    assert (consent.by, consent.withdrawn_at) == (NAMES["carla"], None)
    assert "encantada" in consent.words
    assert consent.link.startswith("http")
    view = view_of(await town.press("ana", INBOX, "Convertir en publicación"))
    assert "Mi tarde con vosotros" in str(view)
    assert "📷 @luciaferrer" in str(view)
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert draft.current.text.startswith("Mi tarde con vosotros\n")
    assert "/status/" in draft.current.text.splitlines()[-1]
    assert [each.file for each in draft.current.pictures] == [each.file for each in await town.desk.showing.known(talk)]
    await town.submit("ana", view, "compose.form", alt="Una taza", when="draft")
    assert (await town.desk.store.get(Post, draft.id)).current.pictures


async def test_a_no_is_a_no_and_nobody_asks_twice(town: Town) -> None:
    talk = await asked(town)
    with pytest.raises(AlreadyDone):
        await town.desk.courtesies.to_ask(talk, town.standing("admin"))
    with pytest.raises(UserError, match="use_no_answer"):
        await town.desk.courtesies.settle(talk, True, town.standing("carla"))
    await answers(town, "Prefiero que no, gracias")
    assert "suena a que no" in await town.text(INBOX)
    await town.press("carla", INBOX, "Dijo que no")
    assert "dijo que no: lo anotó Carla Moreno" in await town.text(INBOX)
    with pytest.raises(UserError, match="no_consent"):
        await town.desk.courtesies.make_post(talk, "p9", town.standing("ana"))
    await town.press("carla", INBOX, "Dijo que sí")
    assert (await town.desk.conversations.get(talk)).use.state is UseState.YES


async def test_a_question_that_was_undone_was_never_asked(town: Town) -> None:
    talk = await asked(town)
    await town.press("carla", INBOX, "Deshacer")
    assert (await town.desk.conversations.get(talk)).use.state is UseState.NEVER
    assert "preguntó el" not in await town.text(INBOX)


async def person_page(town: Town, talk: str, who: str) -> dict[str, Any]:
    """Their page, from the card's menu."""
    card = next(each for each in await town.messages(INBOX) if talk in str(each))
    value = f'{{"!":"people.see","outsider":"{who}"}}'
    return view_of(await town.press("carla", INBOX, "", ts=card["ts"], action="menu:card", value=value))


async def test_it_is_taken_back_on_the_person_s_page_and_goes_with_them(town: Town) -> None:
    talk = await asked(town)
    await answers(town, "Sí, claro")
    await town.desk.courtesies.settle(talk, True, town.standing("carla"))
    who = (await town.desk.conversations.get(talk)).who
    page = await town.desk.people.page(who, town.standing("carla"))
    assert len(page.person.consents) == 1
    with pytest.raises(NotAllowed):
        await town.desk.courtesies.withdraw(who, talk, town.standing("ana"))
    view = await person_page(town, talk, who)
    assert "Said yes on" in str(view)
    assert "Noted by Carla Moreno" in str(view)
    press = next(
        block["accessory"]
        for block in view["blocks"]
        if block.get("accessory", {}).get("action_id", "").startswith("courtesy.withdraw")
    )
    about = {"view_id": view["id"], "action_id": press["action_id"], "value": press["value"]}
    await town.act("click", user="carla", **about)
    await town.settle()
    assert "Taken back on" in str(await town.top("carla"))
    assert "retiró su permiso" in await town.text(INBOX)
    assert "Convertir en publicación" not in await town.text(INBOX)
    with pytest.raises(UserError, match="no_consent"):
        await town.desk.courtesies.make_post(talk, "p9", town.standing("ana"))
    await town.desk.people.forget(who, town.standing("admin"))
    assert (await town.desk.conversations.get(talk)).use.state is UseState.NEVER
    with pytest.raises(UserError):
        await town.desk.people.get(who)


async def test_an_admin_writes_the_brand_s_own_words(town: Town) -> None:
    brand = await town.desk.brand("agora")
    home = await town.home("admin")
    press = next(
        each
        for block in home["blocks"]
        for each in block.get("elements") or []
        if each.get("action_id") == "courtesy.edit" and "agora" in each["value"]
    )
    answer = await town.act(
        "click", user="admin", view_id=home["id"], action_id=press["action_id"], value=press["value"]
    )
    view = view_of(answer)
    wrong = await town.act("submit", user="admin", view_id=view["id"], values={"courtesy.form.thanks_es": "x" * 281})
    assert "Too long" in str(wrong["response"])
    lines = "¡Gracias, {name}!\n\n¡Gracias, {name}!\nMil gracias"
    await town.submit("admin", view, "courtesy.form", thanks_es=lines, ask_es="¿Podemos usarlo, {name}?")
    brand = await town.desk.brand("agora")
    assert brand.courtesies.thanks == {"es": ("¡Gracias, {name}!", "Mil gracias")}
    assert town.desk.courtesies.question(brand, "es") == "¿Podemos usarlo, {name}?"
    assert len(town.desk.courtesies.thanks(brand, "en")) == 4
