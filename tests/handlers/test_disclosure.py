"""Disclosure, by hand: chosen in the form, put into the text by one press, missing it there is no approval; answers."""

from typing import Any

import pytest

from bot.desk.courtesies import OWN_LINES
from bot.domain.disclosure import praises
from bot.domain.errands import digest
from bot.domain.people import Person, Relationship
from bot.domain.posts import Post, PostStatus
from bot.errors import FieldErrors, UserError
from bot.text.words import words_for
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose, errors, fields
from tests.handlers.test_courtesies import answers as they_answer
from tests.handlers.test_courtesies import asked
from tests.handlers.test_review import card
from tests.handlers.test_variants import type_in
from tests.handlers.voices import INBOX, comment, hear, the_conversation

TEXT = "Estrenamos la carta de la primavera"


async def chosen(town: Town, view: dict[str, Any], relationship: str = "paid") -> dict[str, Any]:
    """Ana's form after she said what the post comes of."""
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.more")
    view = await town.form_with("ana", f"{FORM}.disclosure")
    await type_in(town, view, "disclosure", relationship)
    return await town.form_with("ana", "compose.tell_first")


async def told_first(town: Town, view: dict[str, Any], begins: str) -> dict[str, Any]:
    """… and after she pressed the button that puts the words in."""
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.tell_first")
    assert await town.shows("ana", begins)
    return view_of({"view": await town.top("ana")})


async def only(town: Town, status: PostStatus = PostStatus.IN_REVIEW) -> Post:
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{status}")
    return post


async def test_one_press_puts_the_words_in_and_what_was_shown_is_published(town: Town) -> None:
    view = await chosen(town, await compose(town, text=TEXT))
    assert "Empezar por «Publicidad»" in said_in(view)
    assert "antes de «Ver más»" in said_in(view)
    refused = errors(await town.submit("ana", view, FORM))
    assert "Empieza por «Publicidad»" in refused["text"]
    view = await told_first(town, view, f"Publicidad: {TEXT}")
    again = await told_first(town, view, f"Publicidad: {TEXT}")
    assert fields(again)["text"]["initial_value"] == f"Publicidad: {TEXT}"
    await town.submit("ana", again, FORM)
    assert (await only(town)).current.disclosure is Relationship.PAID
    assert "🤝 Transparencia: Colaboración pagada" in await card(town)
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    assert await town.public("x:cafe_agora") == [f"Publicidad: {TEXT}"]
    assert await town.public("facebook:cafe.agora") == [f"Publicidad: {TEXT}"]


async def test_each_text_gets_the_words_of_its_own_language(town: Town) -> None:
    view = await chosen(town, await compose(town, text=TEXT))
    x = next(option["value"] for option in fields(view)["differ"]["options"] if option["value"].startswith("x-"))
    view = await type_in(town, view, "differ", [x])
    view = await type_in(town, view, "own1", "The new menu of the spring is here")
    refused = errors(await town.submit("ana", view, FORM))
    assert "«#ad»" in refused["own1"]
    assert "«Publicidad»" in refused["text"]
    view = await told_first(town, view, "#ad The new menu")
    await town.submit("ana", view, FORM)
    post = await only(town)
    facebook = next(each for each in post.current.accounts if each.startswith("facebook-"))
    assert post.current.texts(x) == ("#ad The new menu of the spring is here",)
    assert post.current.texts(facebook) == (f"Publicidad: {TEXT}",)


async def test_too_late_on_one_network_is_said_there(town: Town) -> None:
    view = await chosen(town, await compose(town, text=f"{TEXT}, y va de verdad, con todo lo que da la huerta. #publi"))
    refused = errors(await town.submit("ana", view, FORM))
    assert "X Café Ágora" in refused["text"]
    assert "se lee demasiado tarde" in refused["text"]
    assert "Facebook" not in refused["text"]


async def test_of_a_partner_the_name_is_asked(town: Town) -> None:
    view = await told_first(
        town, await chosen(town, await compose(town, text=TEXT), "partner"), "En colaboración con …"
    )
    refused = errors(await town.submit("ana", view, FORM))
    assert "di con quién" in refused["text"]
    assert not errors(await town.submit("ana", view, FORM, text=f"En colaboración con @pan_luis: {TEXT}"))


async def test_an_approver_can_not_let_it_pass_and_the_switch_can(town: Town) -> None:
    view = await chosen(town, await compose(town, text=f"Publicidad: {TEXT}"))
    await town.submit("ana", view, FORM)
    post = await only(town)
    bare = post.current.model_copy(update={"text": TEXT, "adapted": {}})
    change = town.desk.store.begin()
    change.put(post.model_copy(update={"revisions": (bare,)}), post)  # as an import, or a bug, might leave it
    await change.commit()
    bruno = town.standing("bruno")
    with pytest.raises(UserError, match="blocked"):
        await town.desk.posts.approve(post.id, bruno, revision=1)
    rules = (await town.desk.brand("agora")).rules.model_copy(update={"off": frozenset({"disclosure"})})
    await town.desk.brands.change("agora", town.standing("admin"), rules=rules)
    assert (await town.desk.posts.approve(post.id, bruno, revision=1)).status is PostStatus.APPROVED


async def test_an_edit_shows_what_it_tells_and_the_card_what_changed(town: Town) -> None:
    view = await chosen(town, await compose(town, text=f"Publicidad: {TEXT}"))
    await town.submit("ana", view, FORM)
    again = view_of(await town.press("ana", REVIEW, "Editar"))
    assert fields(again)["disclosure"]["initial_option"]["value"] == "paid"
    await town.submit("ana", again, FORM, disclosure="none")
    post = await only(town)
    assert (post.current.number, post.current.disclosure) == (2, Relationship.NONE)
    assert "Transparencia: Colaboración pagada → Nada que decir" in await card(town)


async def test_it_is_kept_in_the_draft_and_in_a_copy(town: Town) -> None:
    await chosen(town, await compose(town, text=f"Publicidad: {TEXT}"))
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert draft.current.disclosure is Relationship.PAID
    copy = await town.desk.duplicating.duplicate(draft.id, town.standing("ana"))
    assert copy.current.disclosure is Relationship.PAID


async def known(town: Town, relationship: Relationship, text: str = "¡Me encanta vuestro café!") -> Person:
    """Lucía commented, and her page says what she is."""
    await hear(town)
    await comment(town, text)
    talk = await the_conversation(town)
    await town.desk.people.describe(talk.who, town.standing("carla"), [], "", relationship)
    await town.settle()
    return await town.desk.people.get(talk.who)


async def test_a_post_that_names_somebody_with_a_relationship_tells_it(town: Town) -> None:
    person = await known(town, Relationship.GIFT)
    view = await compose(town, text=f"Mirad lo que dice @{person.outsider.handle} de la carta")
    refused = errors(await town.submit("ana", view, FORM))
    assert f"@{person.outsider.handle}" in refused["text"]
    assert "Recibió un regalo" in refused["text"]
    view = await told_first(town, await chosen(town, view, "gift"), "Regalo de Café Ágora: ")
    assert not errors(await town.submit("ana", view, FORM))


async def test_a_colleague_may_be_named_with_a_warning(town: Town) -> None:
    person = await known(town, Relationship.EMPLOYEE)
    view = await compose(town, text=f"Hoy os atiende @{person.outsider.handle}")
    assert not errors(await town.submit("ana", view, FORM))
    assert "Trabaja en la marca" in await card(town)


@pytest.mark.parametrize("number", range(1, OWN_LINES + 1))
@pytest.mark.parametrize("language", ["es", "en"])
def test_each_of_our_own_thanks_counts_as_one(language: str, number: int) -> None:
    assert praises(words_for(language)(f"courtesy.thanks.{number}", name="Marta"))


async def test_an_answer_that_thanks_them_is_warned_of_and_goes_out(town: Town) -> None:
    await known(town, Relationship.PAID)
    view = await town.form("carla", INBOX, "Dar las gracias")
    assert "(Publicidad)" in str(view)
    await town.submit("carla", view, "inbox.reply", text="¡Gracias, Lucía! (Publicidad)")
    await town.publish(seconds=25)


async def test_what_is_made_of_a_yes_names_the_relationship(town: Town) -> None:
    talk = await asked(town)
    await they_answer(town, "¡Claro que sí, encantada!")
    await town.press("carla", INBOX, "Dijo que sí")
    who = (await town.desk.conversations.get(talk)).who
    await town.desk.people.describe(who, town.standing("carla"), [], "", Relationship.PARTNER)
    view = view_of(await town.press("ana", INBOX, "Convertir en publicación"))
    assert "En colaboración con @luciaferrer: Mi tarde con vosotros" in str(view)
    assert fields(view)["disclosure"]["initial_option"]["value"] == "partner"
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert draft.current.disclosure is Relationship.PARTNER


async def test_a_correction_does_not_take_the_words_away(town: Town) -> None:
    view = await chosen(town, await compose(town, text=f"Publicidad: {TEXT}"))
    await town.submit("ana", view, FORM)
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    post = await only(town, PostStatus.APPROVED)
    facebook = next(each for each in await town.desk.posts.deliveries(post.id) if each.network == "facebook")
    page = await town.desk.corrections.to_correct(facebook.id, town.standing("ana"))
    ana = town.standing("ana")
    with pytest.raises(FieldErrors) as error:
        await town.desk.corrections.propose("k1", facebook.id, digest(page.said), f"{TEXT}, por fin", ana)
    assert error.value.fields["text"].key == "check.disclosure_no"
    new = await town.desk.corrections.propose("k2", facebook.id, digest(page.said), f"Publicidad: {TEXT}, por fin", ana)
    assert new.text.startswith("Publicidad")


async def test_the_press_is_drawn_only_where_something_is_to_be_told(town: Town) -> None:
    view = await chosen(town, await compose(town, text=TEXT))
    await type_in(town, view, "disclosure", "none")
    assert await town.shows("ana", "compose.tell_first", there=False)
    assert not await town.desk.store.listed(Post, IN_REVIEW)
