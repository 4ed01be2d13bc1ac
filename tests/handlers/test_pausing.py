"""Hold, by hand: it stays where it is until somebody releases it, whatever else happens meanwhile."""

from datetime import timedelta

from bot.desk.posts import Content
from bot.domain.deliveries import State
from bot.domain.posts import Post
from tests.handlers.demo import NAMES, Town
from tests.handlers.test_review import REVIEW, card, sent

LATER = timedelta(hours=5)


async def planned(town: Town, text: str = "Abrimos a las 9") -> Post:
    """Ana's post, approved, for X and Facebook in five hours."""
    post = await sent(town, text, at=round((town.clock() + LATER).timestamp()))
    await town.press("bruno", REVIEW, "Aprobar")
    return post


async def states(town: Town, post: Post) -> set[State]:
    return {each.state for each in await town.desk.posts.deliveries(post.id)}


async def test_what_is_held_does_not_go_out_until_it_is_released(town: Town) -> None:
    post = await planned(town)
    await town.press("ana", REVIEW, "Pausar")
    text = await card(town)
    assert "☕ Café Ágora · En pausa" in text
    assert "por Ana" in text
    assert "su hora es el" in text
    assert "en pausa" in await town.text("@bruno")
    assert "en pausa" not in await town.text("@ana")
    await town.publish(hours=4)
    assert await town.public("x:cafe_agora") == []
    await town.press("bruno", REVIEW, "Quitar todas las pausas")
    assert await states(town, post) == {State.PLANNED}
    await town.publish(hours=1.1)
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]


async def test_one_account_can_be_released_by_itself(town: Town) -> None:
    post = await planned(town)
    await town.press("bruno", REVIEW, "Pausar")
    await town.press("ana", REVIEW, "Quitar la pausa")
    assert await states(town, post) == {State.PLANNED, State.HELD}


async def test_released_after_its_time_it_asks_first(town: Town) -> None:
    post = await planned(town)
    await town.press("ana", REVIEW, "Pausar")
    found = await town.button(REVIEW, "Quitar todas las pausas")
    town.clock.skip(hours=6)
    answer = await town.press("ana", REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
    (asked,) = answer["ephemeral"]
    assert await states(town, post) == {State.HELD}
    await town.act("click", user="ana", channel=REVIEW, ts=asked["ts"], action_id="pausing.release")
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]


async def test_who_may_not_holds_nothing_and_twice_is_once(town: Town) -> None:
    post = await planned(town)
    found = await town.button(REVIEW, "Pausar")
    for user in ("carla", "eva"):
        answer = await town.press(user, REVIEW, "", ts=found["ts"], action=found["action_id"])
        assert answer["ephemeral"], user
    assert await states(town, post) == {State.PLANNED}
    await town.press("ana", REVIEW, "Pausar")
    again = await town.press("bruno", REVIEW, "", ts=found["ts"], action=found["action_id"], value=found["value"])
    assert "Ya está en pausa desde" in str(again["ephemeral"])
    assert {each.settled_by for each in await town.desk.posts.deliveries(post.id)} == {NAMES["ana"]}


async def test_a_stop_that_is_lifted_does_not_release_it(town: Town) -> None:
    post = await planned(town)
    await town.press("ana", REVIEW, "Pausar")
    stop = await town.desk.stops.stop("agora", town.standing("ana"), reason="x")
    await town.desk.stops.resume("agora", town.standing("bruno"), note=stop.note)
    await town.settle()
    assert await town.desk.held.of_stop("agora") == []
    assert await states(town, post) == {State.HELD}


async def test_moved_it_stays_held_at_its_new_time(town: Town) -> None:
    post = await planned(town)
    await town.press("ana", REVIEW, "Pausar")
    wanted = town.clock() + timedelta(hours=6)
    await town.desk.moving.move(post.id, wanted, town.standing("bruno"))
    found = await town.desk.posts.deliveries(post.id)
    assert {(each.state, each.due, each.attention) for each in found} == {(State.HELD, wanted, None)}


async def test_the_queue_holds_and_releases(town: Town) -> None:
    post = await planned(town)
    shown = await town.command("ana", "cola", "#general")
    assert "pausing.hold" in str(shown)
    await town.desk.pausing.hold(post.id, town.standing("ana"))
    shown = await town.command("ana", "cola", "#general")
    assert "En pausa" in str(shown)
    assert "pausing.release" in str(shown)


async def test_an_edit_of_what_is_held_withdraws_it(town: Town) -> None:
    post = await planned(town)
    await town.press("ana", REVIEW, "Pausar")
    current = (await town.desk.posts.get(post.id)).current
    wanted = Content(brand="agora", text="Otra cosa", accounts=current.accounts, due=post.due)
    await town.desk.posts.submit(post.id, wanted, town.standing("ana"))
    assert await states(town, post) == {State.WITHDRAWN}
