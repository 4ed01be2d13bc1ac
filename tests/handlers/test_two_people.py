"""Deleting a comment, disconnecting an account, changing who approves: by two; and who approved this, in one search."""

from typing import Any

from bot.desk.audit import Wanted
from bot.domain.brands import AccountState, Role
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.proposals import State
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town
from tests.handlers.test_proposals import carry_out, entries, live, opened, unpublish
from tests.handlers.test_publishing import ALERTS, REVIEW
from tests.handlers.voices import INBOX, comment, hear, the_conversation

DELETE = "proposals.delete_form"
FACEBOOK = "facebook:cafe.agora"


async def test_two_people_delete_a_comment_and_keep_the_evidence(town: Town) -> None:
    view = await opened(town, "ana", await town.command("ana", "post Hoy música", REVIEW))
    await town.submit("ana", view, "compose.form", accounts=["facebook-103000000000001"])
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    async with town.session.get(f"{town.url}/audience/posts", params={"account": FACEBOOK}) as answer:
        (shown,) = (await answer.json())["posts"]
    await hear(town)
    await comment(town, "Sois unos ladrones, mi teléfono es 600", account=FACEBOOK, post=shown["id"])
    talk = await the_conversation(town)
    await menu(town, "carla", INBOX, "Eliminar")
    form = await opened(town, "carla", {"view": None})
    await town.submit("carla", form, DELETE, reason="Datos personales")
    assert "ladrones" in await town.text(ALERTS)
    await town.press("bruno", ALERTS, "Confirmar")
    await carry_out(town)
    async with town.session.get(f"{town.url}/audience/posts", params={"account": FACEBOOK}) as answer:
        (shown,) = (await answer.json())["posts"]
    assert shown["replies"] == []
    inbox = await town.text(INBOX)
    assert "Se eliminó el" in inbox
    assert "a petición de Carla" in inbox
    for place in (INBOX, ALERTS):
        assert "ladrones" not in await town.text(place), place
    stored = await town.desk.store.get(Conversation, talk.id)
    assert stored.latest.text == ""
    assert (stored.status, stored.closed_as) == (ConversationStatus.CLOSED, ClosedAs.DELETED)
    assert "Cerrada" in inbox
    assert "Waiting for an answer" not in str(await town.home("admin"))
    (kept,) = [e.evidence async for e in entries(town) if e.act == "proposal.delete_comment.second"]
    assert kept["text"].startswith("Sois unos ladrones")
    assert kept["author"].startswith("Lucía")
    assert "@ " not in kept["author"]
    shown_view = await opened(town, "bruno", await town.press("bruno", INBOX, "Prueba"))
    assert "ladrones" in str(shown_view)
    assert kept["at"] not in str(shown_view)
    refused = await town.press("ana", INBOX, "Prueba")
    assert "ladrones" not in str(refused)


async def menu(town: Town, user: str, channel: str, label: str) -> dict[str, Any]:
    """Chooses from the ⋯ of the newest card that has this choice."""
    for message in reversed(await town.messages(channel)):
        for element in elements_in(message.get("blocks") or []):
            for option in element.get("options", ()):
                if option["text"]["text"] == label:
                    ts, action = message["ts"], element["action_id"]
                    return await town.press(user, channel, "", ts=ts, action=action, value=option["value"])
    raise AssertionError(f"no choice {label!r} in {channel}")


async def test_comments_that_a_network_does_not_let_us_delete_have_no_such_choice(town: Town) -> None:
    await hear(town)
    await comment(town, "@cafe_agora ¿abrís?")
    assert "¿abrís?" in await town.text(INBOX)
    assert "Eliminar" not in str(await town.messages(INBOX))


async def test_two_people_disconnect_an_account(town: Town) -> None:
    view = await opened(town, "ana", await town.command("ana", "post Mañana abrimos", REVIEW))
    at = round(town.clock().timestamp() + 7200)
    await town.submit("ana", view, "compose.form", accounts=["x-1500000000000000001"], at=at)
    await town.press("bruno", REVIEW, "Aprobar")
    account = await town.desk.accounts.get("x-1500000000000000001")
    page = await town.desk.sensitive.to_disconnect(account.id, town.standing("admin"))
    assert page.waiting == 1
    made = await town.desk.proposing.disconnect("d1", account.id, "Cambia de agencia", town.standing("admin"))
    await town.settle()
    assert made.state is State.OPEN
    assert (await town.desk.accounts.get(account.id)).sealed
    assert "Cambia de agencia" in await town.text("@bruno")
    assert "Cambia de agencia" not in await town.text("@carla")
    await town.press("bruno", ALERTS, "Confirmar")
    gone = await town.desk.accounts.get(account.id)
    assert (gone.state, gone.sealed) == (AccountState.DISCONNECTED, "")
    assert "la cuenta se desconectó" in await town.text(REVIEW)
    assert account.id not in {each.id for each in await town.desk.accounts.of("agora")}
    with_it = await town.desk.accounts.of("agora", disconnected=True)
    assert account.id in {each.id for each in with_it}
    await town.publish(hours=3)
    assert await town.public("x:cafe_agora") == []


async def test_a_policy_and_an_approver_change_when_a_second_person_confirms(town: Town) -> None:
    desk, admin = town.desk, town.standing("admin")
    wanted = (await desk.brand("agora")).policies.model_copy(update={"four_eyes": False, "digest_channel": False})
    made = await desk.proposing.policies("p1", "agora", wanted, "Verano", admin)
    await town.settle()
    assert made is not None
    assert made.change == {"four_eyes": False}
    assert (await desk.brand("agora")).policies.four_eyes
    assert "Revisa otra persona: de sí a *no*" in await town.text(ALERTS)
    await town.press("bruno", ALERTS, "Confirmar")
    assert not (await desk.brand("agora")).policies.four_eyes
    assert await desk.proposing.roles("r0", "agora", NAMES["ana"], frozenset({Role.MODERATOR}), "", admin) is None
    roles = frozenset({Role.APPROVER})
    assert await desk.proposing.roles("r1", "agora", NAMES["eva"], roles, "Nueva", admin) is not None
    await town.settle()
    assert NAMES["eva"] not in (await desk.brand("agora")).roles
    await town.press("bruno", ALERTS, "Confirmar")
    assert (await desk.brand("agora")).roles[NAMES["eva"]] == roles


async def test_the_settings_form_says_so_before_and_proposes(town: Town) -> None:
    page = await town.home("admin")
    edit = next(e for e in elements_in(page["blocks"]) if e.get("text", {}).get("text") == "Edit")
    answer_ = await town.act(
        "click", user="admin", view_id=page["id"], action_id=edit["action_id"], value=edit.get("value", "")
    )
    form = await opened(town, "admin", answer_)
    assert "takes two people" in str(form)
    await town.submit("admin", form, "settings.brand", ticks=[], hour="8", reason="Verano")
    brand = await town.desk.brand("agora")
    assert (brand.policies.four_eyes, brand.policies.digest_channel, brand.digest_hour) == (True, False, 8)
    assert "Verano" in await town.text("@bruno")
    await town.press("bruno", ALERTS, "Confirmar")
    assert not (await town.desk.brand("agora")).policies.four_eyes


async def test_who_is_alone_is_told_what_to_do(town: Town) -> None:
    await live(town)
    desk = town.desk
    brand, workspace = await desk.brand("agora"), await desk.workspace()
    change = desk.store.begin()
    change.put(brand.model_copy(update={"roles": {NAMES["carla"]: frozenset({Role.MODERATOR})}}), brand)
    change.put(workspace.model_copy(update={"admins": frozenset()}), workspace)
    await change.commit()
    answer = await unpublish(town)
    assert "nobody else in Café Ágora could confirm it" in str(answer)
    assert await town.desk.proposals.open("agora") == []


async def test_who_approved_this_in_one_search(town: Town) -> None:
    await live(town)
    seen = await opened(town, "bruno", await menu(town, "bruno", REVIEW, "Registro"))
    for said in ("Ana Ruiz envió la versión 1", "Bruno Vidal aprobó la versión 1", "Publicada en X @cafe_agora"):
        assert said in str(seen), said
    refused = await menu(town, "diego", REVIEW, "Registro")
    assert "aprob" not in str(refused["ephemeral"]).replace("approved", "")
    assert not refused["view"]
    page = await town.home("ana")
    search = next(e for e in elements_in(page["blocks"]) if e["action_id"] == "audit.search")
    form = await opened(town, "ana", await town.act("click", user="ana", view_id=page["id"], action_id="audit.search"))
    assert search
    nothing = await town.submit("ana", form, "audit.search_form", words="abrimos a medianoche")
    assert "No hay nada así" in str(nothing["view"]["errors"])
    found = await town.submit("ana", form, "audit.search_form", words="abrimos 9")
    assert "Bruno Vidal aprobó la versión 1" in str(found["view"] or found["response"])


async def test_a_closed_conversation_is_found_by_what_was_said(town: Town) -> None:
    await hear(town)
    await comment(town, "¿Abrís también los domingos?")
    talk = await the_conversation(town)
    carla = town.standing("carla")
    await town.desk.conversations.close(talk.id, carla, ClosedAs.NO_REPLY)
    for words in ("abris domingos", "ABRÍS"):
        found = await town.desk.audit.search(Wanted(words=words), carla)
        assert [thing.id for thing in found.things] == [talk.id]
    assert not (await town.desk.audit.search(Wanted(words="abris lunes"), carla)).things
    assert not (await town.desk.audit.search(Wanted(words="abris"), town.standing("diego"))).things
