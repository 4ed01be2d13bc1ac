"""Deciding, by hand: one act, by whom it may be done, and old buttons that stay honest."""

from datetime import timedelta
from typing import Any

from bot.domain.brands import Role, Stage
from bot.domain.posts import Concern, Post, PostStatus
from bot.text.words import words_for
from handlers.views.audit import history_view
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.views.shown import said

FORM = "compose.form"
REVIEW, ALERTS = "#agora-review", "#agora-alerts"


async def sent(town: Town, text: str = "Abrimos a las 9", **values: Any) -> Post:
    """Ana's post, in review."""
    view = view_of(await town.command("ana", f"post {text}", REVIEW))
    await town.submit("ana", view, FORM, **values)
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    return post


async def card(town: Town) -> str:
    """The review card's text."""
    return said_in(next(m for m in await town.messages(REVIEW) if "Café Ágora ·" in said_in(m)))


async def test_approving_publishes_on_every_account_and_the_card_says_where(town: Town) -> None:
    await sent(town)
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    text = await card(town)
    assert "☕ Café Ágora · Publicada" in text
    assert "Aprobada por bruno" in text or "Aprobada por Bruno" in text
    assert text.count("Ver la publicación") == 2


async def test_nobody_else_can_approve_and_it_is_on_record(town: Town) -> None:
    post = await sent(town)
    found = await town.button(REVIEW, "Aprobar y publicar")
    for user in ("eva", "ana", "carla", "diego"):
        answer = await town.press(user, REVIEW, "", ts=found["ts"], action=found["action_id"])
        assert answer["ephemeral"], user
    assert (await town.desk.posts.get(post.id)).status is PostStatus.IN_REVIEW
    entries: Any = await town.desk.store.client.xrange(town.desk.store.key("audit"))
    assert sum("denied:review.approve" in fields["entry"] for _, fields in entries) == 4


async def test_an_old_button_says_who_decided(town: Town) -> None:
    await sent(town)
    found = await town.button(REVIEW, "Aprobar y publicar")
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    answer = await town.press("admin", REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
    assert "Already approved by <@U01BRUNO001> on" in str(answer["ephemeral"])
    assert len(await town.desk.posts.deliveries((await _only(town)).id)) == 2


async def _only(town: Town) -> Post:
    for status in PostStatus:
        for post in await town.desk.store.listed(Post, f"posts:agora:{status}"):
            return post
    raise AssertionError("no post")


async def test_changes_are_asked_with_a_reason_and_the_author_edits(town: Town) -> None:
    post = await sent(town)
    answer = await town.press("bruno", REVIEW, "Pedir cambios")
    refused = await town.submit("bruno", view_of(answer), "review.changes", reason="  ")
    assert "Falta el motivo" in str(refused["response"])
    await town.submit("bruno", view_of(answer), "review.changes", reason="A las 10, no a las 9")
    assert "pidió cambios" in await card(town)
    assert "A las 10, no a las 9" in await town.text("@ana")
    edited = view_of(await town.press("ana", REVIEW, "Editar"))
    await town.submit("ana", edited, FORM, text="Abrimos a las 10")
    text = await card(town)
    assert "En revisión" in text
    assert "Texto antes\nAbrimos a las 9\nTexto ahora\nAbrimos a las 10" in text
    assert (await town.desk.posts.get(post.id)).current.number == 2


async def test_what_changes_are_about_stands_on_the_card_in_the_message_and_in_the_record(town: Town) -> None:
    post = await sent(town)
    view = view_of(await town.press("bruno", REVIEW, "Pedir cambios"))
    for concern in ("Texto", "Datos", "Imagen", "Hora", "Tono de la marca", "Legal", "Otra cosa"):
        assert concern in said_in(view)
    await town.submit("bruno", view, "review.changes", reason="Está oscura", concern="picture")
    assert (await town.desk.posts.get(post.id)).decisions[-1].concern is Concern.PICTURE
    assert "Imagen · Está oscura" in await card(town)
    assert "Imagen · Está oscura" in await town.text("@ana")
    history = await town.desk.audit.history(post.id, town.standing("bruno"))
    assert "pidió cambios en la versión 1: Imagen: Está oscura" in said(history_view(history, words_for("es"), {}))


async def test_what_nobody_said_it_is_about_is_something_else(town: Town) -> None:
    await sent(town)
    view = view_of(await town.press("bruno", REVIEW, "Pedir cambios"))
    await town.submit("bruno", view, "review.changes", reason="No sé")
    assert "Otra cosa · No sé" in await card(town)


async def test_an_edit_voids_the_approval_and_a_late_approval_of_the_old_one_does_nothing(town: Town) -> None:
    at = round((town.clock() + timedelta(hours=5)).timestamp())
    post = await sent(town, at=at)
    old = await town.button(REVIEW, "Aprobar")
    await town.press("bruno", REVIEW, "Aprobar")
    assert "Programada" in await card(town)
    await town.submit("ana", view_of(await town.press("ana", REVIEW, "Editar")), FORM, text="Otra cosa")
    assert "lo decidido antes ya no cuenta" in await card(town)
    answer = await town.press("bruno", REVIEW, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Hay una versión más nueva" in str(answer["ephemeral"])
    await town.publish(hours=6)
    assert await town.public("x:cafe_agora") == []
    assert (await town.desk.posts.get(post.id)).approved == ""


async def test_a_moved_time_is_not_approved_by_an_old_card(town: Town) -> None:
    now = town.clock()
    await sent(town, at=round((now + timedelta(hours=5)).timestamp()))
    old = await town.button(REVIEW, "Aprobar")
    view = view_of(await town.press("ana", REVIEW, "Editar"))
    await town.submit("ana", view, FORM, at=round((now + timedelta(hours=9)).timestamp()))
    assert "Hora:" in await card(town)
    answer = await town.press("bruno", REVIEW, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Hay una versión más nueva" in str(answer["ephemeral"])


async def test_an_approval_that_has_come_near_asks_first(town: Town) -> None:
    await sent(town, at=round((town.clock() + timedelta(hours=5)).timestamp()))
    town.clock.skip(hours=4, minutes=55)
    answer = await town.press("bruno", REVIEW, "Aprobar")
    (asked,) = answer["ephemeral"]
    assert (await _only(town)).status is PostStatus.IN_REVIEW
    assert "Aprobar y publicar" in str(asked)
    await town.act("click", user="bruno", channel=REVIEW, ts=asked["ts"], action_id="review.approve")
    assert (await _only(town)).status is PostStatus.APPROVED


async def test_reject_and_withdraw_end_it(town: Town) -> None:
    await sent(town)
    view = view_of(await town.press("bruno", REVIEW, "Rechazar"))
    await town.submit("bruno", view, "review.rejection", reason="no es el tono")
    assert "Rechazada" in await card(town)
    assert "rechazó tu publicación" in await town.text("@ana")
    assert (await _only(town)).status is PostStatus.REJECTED


async def test_somebody_who_wrote_meanwhile_is_never_written_over(town: Town) -> None:
    await sent(town)
    mine = view_of(await town.press("ana", REVIEW, "Editar"))
    theirs = view_of(await town.press("bruno", REVIEW, "Editar"))
    await town.submit("bruno", theirs, FORM, text="De Bruno")
    answer = await town.submit("ana", mine, FORM, text="De Ana")
    assert "la cambió el" in str(answer["response"])
    assert (await _only(town)).current.text == "De Bruno"


async def _told(town: Town, user: str) -> str:
    """What only they see in the review channel; on a busy machine it comes late."""
    for _ in range(50):
        if told := await town.told(user, REVIEW):
            return said_in(told[-1])
    return ""


async def test_a_review_in_stages_goes_out_only_when_the_last_has_signed(town: Town) -> None:
    admin = town.standing("admin")
    await town.desk.brands.set_roles("agora", NAMES["diego"], frozenset({Role.CLIENT}), admin)
    stages = (Stage(roles=(Role.APPROVER,)), Stage(roles=(Role.CLIENT,)))
    wanted = (await town.desk.brand("agora")).policies.model_copy(update={"stages": stages})
    assert await town.desk.proposing.policies("s1", "agora", wanted, "El cliente firma", admin) is not None
    await town.settle()
    assert "Quién aprueba: de 1 de 1: Aprobación a *1 de 2: Aprobación; 2 de 2: Cliente*" in await town.text(ALERTS)
    await town.press("bruno", ALERTS, "Confirmar")
    assert (await town.desk.brand("agora")).policies.stages == stages
    await sent(town)
    found = await town.button(REVIEW, "Aprobar y publicar")
    await town.press("diego", REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
    assert "isn't your turn" in await _told(town, "diego")
    assert (await _only(town)).signatures == ()
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    waiting = await _only(town)
    assert (waiting.status, waiting.approved) == (PostStatus.IN_REVIEW, "")
    assert await town.desk.posts.deliveries(waiting.id) == []
    text = await card(town)
    assert "1 de 2 · Aprobación: aprobada por" in text
    assert "2 de 2 · Cliente: espera a" in text
    told = await town.text("@diego")
    assert "Abrimos a las 9" in told
    assert "2 de 2" in told or "2 of 2" in told
    await town.press("bruno", REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
    assert await _told(town, "bruno")
    assert len((await _only(town)).signatures) == 1
    await town.press("diego", REVIEW, "Aprobar y publicar")
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    assert "☕ Café Ágora · Publicada" in await card(town)
