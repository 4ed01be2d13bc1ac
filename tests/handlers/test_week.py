"""Approve the week, by hand: what it lists, what one press signs; what changed in between is told and left alone."""

from datetime import timedelta
from typing import Any

from bot.desk.posts import Content
from bot.domain.brands import Role
from bot.domain.posts import Post, PostStatus
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in

GENERAL = "#general"
WORDS = """bizcocho tortilla croquetas gazpacho salmorejo empanada lentejas paella rosquillas mazapán torrijas churros
    magdalenas hojaldre mermelada requesón almendras aceitunas anchoas boquerones calamares mejillones garbanzos"""


async def written(town: Town, text: str, *, hours: float | None = 24.0, author: str = "ana") -> Post:
    """A post of Ana's that waits for Bruno."""
    accounts = [each for each in await town.desk.accounts.of("agora") if each.network == "x"]
    due = town.clock() + timedelta(hours=hours) if hours is not None else None
    wanted = Content(brand="agora", text=text, accounts=(accounts[0].id,), due=due, channel="C01AGORREV1")
    post = await town.desk.posts.submit(town.desk.new_id(), wanted, town.standing(author))
    await town.settle()
    return post


async def opened(town: Town, user: str = "bruno") -> dict[str, Any]:
    """The list, from Home."""
    home = await town.home(user)
    (button,) = [each for each in elements_in(home["blocks"]) if each["action_id"] == "week.open"]
    await town.act("click", user=user, view_id=home["id"], action_id="week.open", value=button["value"])
    return await town.form_called(user, "week.form")


def ticks(view: dict[str, Any]) -> dict[str, bool]:
    """By post id, whether it is ticked; what can't be isn't there."""
    found = [each for each in elements_in(view["blocks"]) if each["action_id"].startswith("week.form.ticked")]
    return {each["action_id"].partition(":")[2]: bool(each.get("initial_options")) for each in found}


async def status(town: Town, post: Post) -> PostStatus:
    return (await town.desk.posts.get(post.id)).status


async def last_told(town: Town, user: str) -> str:
    return said_in((await town.messages(f"@{user}"))[-1])


async def test_one_press_signs_everything_that_was_read(town: Town) -> None:
    first, second = await written(town, "El lunes, bollos", hours=30), await written(town, "El domingo, pan", hours=20)
    late = await written(town, "Dentro de un mes", hours=24 * 30)
    view = await opened(town)
    text = said_in(view)
    assert text.index("El domingo, pan") < text.index("El lunes, bollos")
    assert "Dentro de un mes" not in text
    assert text.count("X @cafe_agora") == 2
    assert "(Madrid)" in text
    assert ticks(view) == {first.id: True, second.id: True}
    await town.submit("bruno", view, "week.form")
    assert [await status(town, each) for each in (first, second, late)] == [
        PostStatus.APPROVED,
        PostStatus.APPROVED,
        PostStatus.IN_REVIEW,
    ]
    assert "Has aprobado 2 publicaciones" in await last_told(town, "bruno")


async def test_a_single_post_has_its_own_button_and_others_see_nothing(town: Town) -> None:
    await written(town, "Solo una")
    assert "week.open" not in str((await town.home("bruno"))["blocks"])
    await written(town, "Y otra")
    assert "week.open" in str((await town.home("bruno"))["blocks"])
    assert "week.open" not in str((await town.home("ana"))["blocks"])
    assert "week.open" in str(await town.command("bruno", "cola", GENERAL))
    assert "week.open" in str(await town.command("bruno", "hoy", GENERAL))
    assert "week.open" not in str(await town.command("ana", "cola", GENERAL))


async def test_what_has_a_warning_is_not_ticked_and_what_is_blocked_cannot_be(town: Town) -> None:
    fine = await written(town, "Todo en orden", hours=30)
    warned = await written(town, "TODO EN MAYUSCULAS #a #b #c #d #e #f #g #h", hours=40)
    blocked = await written(town, "El café cura el catarro", hours=50)
    await town.desk.facts.ask("f1", "agora", "El café cura el catarro", False, (), "", "", town.standing("ana"))
    view = await opened(town)
    assert ticks(view) == {fine.id: True, warned.id: False}
    assert "⛔" in said_in(view)
    await town.submit("bruno", view, "week.form")
    assert await status(town, fine) is PostStatus.APPROVED
    assert await status(town, warned) is PostStatus.IN_REVIEW
    assert await status(town, blocked) is PostStatus.IN_REVIEW


async def test_what_changed_in_between_is_not_signed_and_is_told(town: Town) -> None:
    kept, changed = await written(town, "Se queda como está"), await written(town, "Cambia entretanto", hours=30)
    moved, gone = await written(town, "Cambia de hora", hours=40), await written(town, "Se anula", hours=50)
    view = await opened(town)
    current = changed.current
    wanted = Content(brand="agora", text="Ya es otra", accounts=current.accounts, due=changed.due)
    await town.desk.posts.submit(changed.id, wanted, town.standing("ana"))
    await town.desk.moving.move(moved.id, town.clock() + timedelta(hours=42), town.standing("ana"))
    await town.desk.posts.withdraw(gone.id, town.standing("ana"))
    await town.submit("bruno", view, "week.form")
    assert await status(town, kept) is PostStatus.APPROVED
    assert [await status(town, each) for each in (changed, moved)] == [PostStatus.IN_REVIEW] * 2
    told = await last_told(town, "bruno")
    assert "Has aprobado 1 publicación" in told
    assert "3 publicaciones se han quedado sin aprobar" in told
    assert "Ya es otra: Hay una versión más nueva" in told
    assert "Se anula: " in told


async def test_what_goes_public_at_once_is_asked_once(town: Town) -> None:
    now, later = await written(town, "Ahora mismo", hours=None), await written(town, "Mañana", hours=24)
    view = await opened(town)
    await town.submit("bruno", view, "week.form")
    asked = await town.form_called("bruno", "week.sure")
    assert "Ahora mismo" in said_in(asked)
    assert "X @cafe_agora" in said_in(asked)
    assert "Mañana" not in said_in(asked)
    assert [await status(town, each) for each in (now, later)] == [PostStatus.IN_REVIEW] * 2
    await town.submit("bruno", asked, "week.sure")
    assert [await status(town, each) for each in (now, later)] == [PostStatus.APPROVED] * 2
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Ahora mismo"]


async def test_beyond_one_form_there_is_a_next_page(town: Town) -> None:
    for number, word in enumerate(WORDS.split()):
        await written(town, f"Hoy toca {word}", hours=20 + number)
    view = await opened(town)
    shown = len(ticks(view))
    assert 10 < shown < 23
    assert f"más: {23 - shown}" in said_in(view) or f"{23 - shown} más" in said_in(view)
    await town.submit("bruno", view, "week.form")
    again = await town.form_called("bruno", "week.form")
    assert f"Has aprobado {shown} publicaciones" in said_in(again)
    assert len(ticks(again)) == 23 - shown
    await town.submit("bruno", again, "week.form")
    left = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    assert left == []


async def test_somebody_who_may_not_sign_signs_nothing(town: Town) -> None:
    await written(town, "Una")
    await written(town, "Otra", hours=30)
    view = await opened(town)
    brand = await town.desk.brand("agora")
    change = town.desk.store.begin()
    change.put(
        brand.model_copy(update={"roles": dict(brand.roles) | {NAMES["bruno"]: frozenset({Role.VIEWER})}}), brand
    )
    await change.commit()
    answer = await town.submit("bruno", view, "week.form")
    assert "rol" in str(answer)
    assert len(await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")) == 2
