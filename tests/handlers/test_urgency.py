"""Urgent, by hand: who is told at once, and what an author may do when nobody answers."""

from datetime import timedelta
from typing import Any

from bot.domain.brands import Role, Stage
from bot.domain.posts import Post, PostStatus
from tests.handlers.demo import NAMES, Town
from tests.handlers.test_review import ALERTS, REVIEW, card, sent

FORM = "urgency.form"


async def allow(town: Town, **update: Any) -> None:
    """As two people agreed."""
    brand = await town.desk.brand("agora")
    policies = brand.policies.model_copy(update={"urgent_alone": True, **update})
    change = town.desk.store.begin()
    change.put(brand.model_copy(update={"policies": policies}), brand)
    await change.commit()


async def later(town: Town, **span: float) -> None:
    town.clock.skip(**span)
    await town.desk.reminding.tick()
    await town.settle()


async def urgent(town: Town, **values: Any) -> Post:
    post = await sent(town, "Cerramos ahora mismo", **values)
    await town.press("ana", REVIEW, "Urgente")
    return post


async def status(town: Town, post: Post) -> PostStatus:
    return (await town.desk.posts.get(post.id)).status


async def test_whoever_approves_and_the_deputy_hear_at_once(town: Town) -> None:
    await town.desk.brands.set_roles("agora", NAMES["eva"], frozenset({Role.VIEWER}), town.standing("admin"))
    await allow(town, stages=(Stage(people=(NAMES["bruno"],), deputy=NAMES["eva"]),))
    post = await urgent(town)
    assert "tiene algo urgente" in await town.text("@bruno")
    assert "urgent" in (await town.text("@eva")).lower()
    assert "Urgente desde" in await card(town)
    await town.press("bruno", "@bruno", "Aprobar y publicar")
    assert await status(town, post) is PostStatus.APPROVED


async def test_after_ten_minutes_its_author_may_send_it_with_a_reason_and_everybody_hears(town: Town) -> None:
    await allow(town)
    post = await urgent(town)
    await later(town, minutes=9)
    assert "han pasado diez minutos" not in await town.text("@ana")
    await later(town, minutes=1.1)
    assert "han pasado diez minutos" in await town.text("@ana")
    await later(town, minutes=5)
    assert (await town.text("@ana")).count("han pasado diez minutos") == 1
    view = await town.form("ana", "@ana", "Enviar sin aprobación")
    refused = await town.submit("ana", view, FORM, reason="  ")
    assert "Falta el motivo" in str(refused["response"])
    assert await status(town, post) is PostStatus.IN_REVIEW
    await town.submit("ana", view, FORM, reason="Hay un escape de gas")
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Cerramos ahora mismo"]
    assert "Enviada sin aprobación por Ana" in await card(town)
    assert "Hay un escape de gas" in await card(town)
    for place in ("@bruno", "@admin", ALERTS):
        assert "Hay un escape de gas" in await town.text(place), place
    history = await town.desk.audit.history(post.id, town.standing("bruno"))
    assert [each.act for each in history.entries if each.act.startswith("post.")] == [
        "post.submit",
        "post.urgent",
        "post.send_alone",
    ]


async def test_it_is_off_unless_two_people_allowed_it(town: Town) -> None:
    post = await urgent(town)
    await later(town, minutes=20)
    assert "Enviar sin aprobación" not in await town.text("@ana")
    assert "urgency.send" not in str(await town.messages(REVIEW))
    wanted = (await town.desk.brand("agora")).policies.model_copy(update={"urgent_alone": True})
    made = await town.desk.proposing.policies("u1", "agora", wanted, "por si acaso", town.standing("admin"))
    assert made is not None
    assert not (await town.desk.brand("agora")).policies.urgent_alone
    await town.settle()
    assert "enviar lo urgente sin aprobación: de" in await town.text(ALERTS)
    assert await status(town, post) is PostStatus.IN_REVIEW


async def test_too_soon_by_others_and_while_stopped_nothing_goes_out(town: Town) -> None:
    await allow(town)
    post = await urgent(town)
    found = await town.button(REVIEW, "Enviar sin aprobación")
    early = await town.press("ana", REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
    assert "todavía puede contestar" in str(early["ephemeral"])
    town.clock.skip(minutes=11)
    for user in ("bruno", "carla", "eva"):
        answer = await town.press(user, REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
        assert answer["ephemeral"], user
    view = await town.form("ana", REVIEW, "Enviar sin aprobación")
    await town.desk.stops.stop("agora", town.standing("bruno"), reason="x")
    await town.submit("ana", view, FORM, reason="ya")
    assert await status(town, post) is PostStatus.IN_REVIEW
    assert await town.desk.posts.deliveries(post.id) == []


async def test_an_edit_ends_it(town: Town) -> None:
    await allow(town)
    post = await urgent(town, at=round((town.clock() + timedelta(hours=5)).timestamp()))
    view = await town.form("ana", REVIEW, "Editar")
    await town.submit("ana", view, "compose.form", text="Abrimos mañana")
    assert "Urgente desde" not in await card(town)
    await later(town, minutes=20)
    assert "han pasado diez minutos" not in await town.text("@ana")
    assert await status(town, post) is PostStatus.IN_REVIEW
