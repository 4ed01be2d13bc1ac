"""The brake: three taps, at once, for what is due in the next second too; a second person lets it go on."""

from bot.domain.deliveries import State
from bot.domain.posts import Post, PostStatus
from tests.handlers.demo import Town, view_of
from tests.handlers.test_review import sent

FORM = "compose.form"
REVIEW, ALERTS = "#agora-review", "#agora-alerts"


async def planned(town: Town) -> Post:
    view = view_of(await town.command("ana", "post Abrimos a las 9", REVIEW))
    await town.submit("ana", view, FORM, at=round(town.clock().timestamp()) + 7200)
    await town.press("bruno", REVIEW, "Aprobar")
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.APPROVED}")
    return post


async def test_stop_holds_resume_takes_another_person_and_each_post_asks(town: Town) -> None:
    post = await planned(town)
    view = view_of(await town.command("ana", "stop crisis", REVIEW))
    answer = await town.submit("ana", view, "stop.form")
    assert "Café Ágora está parada" in str(answer["ephemeral"])
    assert {d.state for d in await town.desk.posts.deliveries(post.id)} == {State.HELD}
    for place in (ALERTS, REVIEW):
        text = await town.text(place)
        assert "paró ☕ Café Ágora" in text, place
        assert "2 publicaciones detenidas" in text, place
    assert "Mantener" not in await town.text(ALERTS)

    own = await town.press("ana", ALERTS, "Reanudar")
    assert own["ephemeral"]
    assert await town.desk.stops.in_force()
    await town.press("bruno", ALERTS, "Reanudar")
    assert not await town.desk.stops.in_force()
    assert "Mantener" in await town.text(REVIEW)

    await town.press("bruno", ALERTS, "Mantener")
    await town.press("bruno", ALERTS, "Anular")
    states = sorted(d.state for d in await town.desk.posts.deliveries(post.id))
    assert states == [State.PLANNED, State.WITHDRAWN]
    assert "Mantener" not in await town.text(ALERTS)
    await town.publish(hours=3)


async def test_the_shortcut_has_the_only_brand_ready(town: Town) -> None:
    view = view_of(await town.act("shortcut", user="ana", callback_id="stop_publishing"))
    await town.submit("ana", view, "stop.form")
    (stop,) = await town.desk.stops.in_force()
    assert stop.id == "agora"


async def test_an_old_resume_button_never_lifts_a_newer_stop(town: Town) -> None:
    await town.submit("ana", view_of(await town.command("ana", "stop", REVIEW)), "stop.form")
    old = await town.button(ALERTS, "Reanudar")
    await town.press("bruno", ALERTS, "Reanudar")
    await town.submit("ana", view_of(await town.command("ana", "stop", REVIEW)), "stop.form")
    answer = await town.press("bruno", ALERTS, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Ya lo reanudó" in str(answer["ephemeral"])
    assert await town.desk.stops.in_force()


async def test_resume_lists_what_is_stopped(town: Town) -> None:
    assert "No hay nada parado" in str((await town.command("bruno", "reanudar"))["ephemeral"])
    await town.submit("admin", view_of(await town.command("admin", "stop")), "stop.form", scope="all")
    answer = await town.command("bruno", "reanudar")
    assert "paró todo" in str(answer["ephemeral"])
    assert "parad" in await town.text(ALERTS) or "paró" in await town.text(ALERTS)
    assert "stopped" in await town.text("#northwind-alerts")


async def test_who_has_no_writing_role_can_t_stop(town: Town) -> None:
    answer = await town.command("eva", "parar")
    assert answer["view"] is None
    assert answer["ephemeral"]


async def test_a_statement_approved_in_spite_of_the_stop_goes_out_and_an_old_card_asks_first(town: Town) -> None:
    await sent(town, "Lo sentimos")
    old = await town.button(REVIEW, "Aprobar y publicar")
    await town.desk.stops.stop("agora", town.standing("ana"))
    await town.settle()
    assert "Lo que se apruebe ahora sale igualmente" in await town.text(REVIEW)
    asked = await town.press("bruno", REVIEW, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Entretanto se pararon las publicaciones" in str(asked["ephemeral"])
    assert await town.public("x:cafe_agora") == []
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Lo sentimos"]
    assert "_Marca parada_" in await town.text(REVIEW)
    assert await town.desk.stops.in_force()
