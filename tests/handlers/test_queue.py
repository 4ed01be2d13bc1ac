"""The queue by hand: slots from Home, the next free one for a post, moving and withdrawing from the list; the week."""

from typing import Any

from bot.domain.brands import Standing
from bot.domain.posts import Post, PostStatus
from bot.domain.slots import Slot
from handlers.views.slots import EditSlots
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose, errors, fields

AGORA = EditSlots(brand="agora").packed()
ADMIN = Standing(id=NAMES["admin"], admin=True)
HOURLY = [Slot(day=day, minute=hour * 60) for day in range(7) for hour in (0, 6, 12, 18)]


async def whispered(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(answer["ephemeral"][-1])


async def test_an_admin_sets_slots_from_home_for_the_brand_and_for_an_account(town: Town) -> None:
    home = await town.home("admin")
    view = view_of(await town.act("click", user="admin", view_id=home["id"], action_id="slots.edit", value=AGORA))
    told = errors(await town.submit("admin", view, "slots.form", slots="cuando sea 9:00"))
    assert "cuando sea 9:00" in told["slots"]
    await town.submit("admin", view, "slots.form", slots="mon-fri 9:00 13:30\nsat 11")
    assert len((await town.desk.brand("agora")).slots) == 11
    (account, *_) = await town.desk.accounts.of("agora")
    view = view_of(await town.act("click", user="admin", view_id=home["id"], action_id="slots.edit", value=AGORA))
    about = {"user": "admin", "view_id": view["id"], "action_id": "slots.form.whose"}
    drawn = (await town.act("click", **about, value=account.id))["view"]
    await town.submit("admin", drawn, "slots.form", slots="sun 10:00")
    assert (await town.desk.accounts.get(account.id)).slots == (Slot(day=6, minute=600),)


async def test_where_there_are_slots_the_next_free_one_is_chosen_and_each_post_has_its_own(town: Town) -> None:
    await town.desk.slots.set_slots("agora", "", HOURLY, ADMIN)
    view = await compose(town, text="una")
    assert fields(view)["when"]["initial_option"]["value"] == "slot"
    assert "(Madrid)" in str(view["blocks"][-2:])
    await town.submit("ana", view, FORM)
    await town.submit("ana", await compose(town, text="otra"), FORM)
    dues = [post.due for post in await town.desk.store.listed(Post, IN_REVIEW)]
    assert None not in dues
    assert len(set(dues)) == 2
    view = await compose(town, text="a mi hora")
    await town.submit("ana", view, FORM, when="now")
    assert None in [post.due for post in await town.desk.store.listed(Post, IN_REVIEW)]


async def test_a_post_is_moved_from_the_queue_with_a_phrase(town: Town) -> None:
    await town.submit("ana", await compose(town, text="para mover"), FORM)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    listed = await whispered(await town.command("ana", "cola", REVIEW))
    assert "para mover" in said_in(listed)
    opened = await town.act(
        "click", user="ana", channel=REVIEW, ts=listed["ts"], action_id=f"queue.move:{post.id}"
    )  # fmt: skip
    view = opened["view"] or await town.top("ana")
    assert view is not None
    told = errors(await town.submit("ana", view, "queue.move_form", phrase="cuando puedas"))
    assert "cuando puedas" in told["phrase"]
    await town.submit("ana", view, "queue.move_form", phrase="pasado mañana a las 9")
    assert (await town.desk.posts.get(post.id)).due is None  # it is shown first
    answer = await town.submit("ana", view, "queue.move_form")
    moved = await town.desk.posts.get(post.id)
    assert moved.due is not None
    assert "Movida" in str(answer["ephemeral"])
    assert "09:00 (Madrid)" in await town.text(REVIEW)


async def test_somebody_else_sees_the_queue_and_moves_nothing(town: Town) -> None:
    await town.submit("ana", await compose(town, text="de Ana"), FORM)
    listed = await whispered(await town.command("carla", "queue", REVIEW))
    assert "de Ana" in said_in(listed)
    assert "queue.move" not in str(listed)
    assert "de Ana" not in str((await town.command("diego", "queue", REVIEW))["ephemeral"])


async def test_a_post_is_withdrawn_from_the_queue(town: Town) -> None:
    await town.submit("ana", await compose(town, text="fuera"), FORM)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    listed = await whispered(await town.command("ana", "queue", REVIEW))
    action = f"review.withdraw:{post.id}"
    await town.act("click", user="ana", channel=REVIEW, ts=listed["ts"], action_id=action)
    assert (await town.desk.posts.get(post.id)).status is PostStatus.WITHDRAWN


async def test_the_calendar_shows_the_week_and_the_ones_beside_it(town: Town) -> None:
    await town.desk.slots.set_slots("agora", "", HOURLY, ADMIN)
    await town.submit("ana", await compose(town, text="en su horario"), FORM)
    shown = await whispered(await town.command("ana", "semana", REVIEW))
    after = await town.act("click", user="ana", channel=REVIEW, ts=shown["ts"], action_id="calendar.week:1")
    both = said_in(shown) + said_in(await whispered(after))
    assert "en su horario" in both
    assert "libre" in both
    assert "Semana del lunes" in both
    assert "La semana" in said_in({"blocks": (await town.home("ana"))["blocks"]})
    assert "Todavía no tienes rol" in str((await town.command("eva", "calendario"))["ephemeral"])
