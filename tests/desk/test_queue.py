"""The queue over the real store: never two posts in one slot, whoever comes at once; moving keeps what was approved."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk.desk import Desk
from bot.domain.deliveries import State
from bot.domain.house_rules import HouseRules, SpecialDay
from bot.domain.posts import Post, PostStatus
from bot.domain.slots import Slot
from bot.errors import FieldErrors, NotAllowed
from tests.desk.conftest import Clock, Team
from tests.desk.test_posts import audit, content

EVERY_DAY = [Slot(day=day, minute=minute) for day in range(7) for minute in (9 * 60, 18 * 60)]
FIRST = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)  # the clock stands at 9:00 on Tuesday, the brand's zone is UTC


async def queued(desk: Desk, people: Team, id_: str, text: str = "", **more: object) -> Post:
    wanted = content(text=text or f"hola {id_}", queued=True, **more)
    return await desk.posts.submit(id_, wanted, people.ana)


@pytest.fixture
async def slots(desk: Desk, people: Team) -> None:
    await desk.slots.set_slots("agora", "", EVERY_DAY, people.admin)


@pytest.mark.usefixtures("slots")
async def test_each_takes_the_next_free_one(desk: Desk, people: Team) -> None:
    dues = [(await queued(desk, people, f"p{number}")).due for number in range(3)]
    assert dues == [FIRST, FIRST + timedelta(hours=15), FIRST + timedelta(hours=24)]


@pytest.mark.usefixtures("slots")
async def test_never_two_in_one_slot_however_many_come_at_once(desk: Desk, people: Team) -> None:
    posts = await asyncio.gather(*(queued(desk, people, f"p{number}") for number in range(6)))
    assert len({post.due for post in posts}) == 6
    again = await queued(desk, people, "p0", text=posts[0].current.text)
    assert again.due == posts[0].due  # the same form twice is one post in one slot
    keys = [key async for key in desk.store.client.scan_iter(desk.store.key("slot", "*"))]
    assert len(keys) == 6


@pytest.mark.usefixtures("slots")
async def test_a_slot_that_somebody_chose_by_hand_is_taken_too(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(due=FIRST), people.ana)
    assert (await queued(desk, people, "p2")).due == FIRST + timedelta(hours=15)
    with pytest.raises(FieldErrors) as refused:
        await desk.posts.submit("p3", content(text="otra", due=FIRST), people.ana)
    assert refused.value.fields["at"].key == "slots.taken"


@pytest.mark.usefixtures("slots")
@pytest.mark.parametrize("how", ["withdraw", "reject", "move", "edit"])
async def test_what_leaves_a_slot_gives_it_back(desk: Desk, people: Team, how: str) -> None:
    await queued(desk, people, "p1")
    if how == "withdraw":
        await desk.posts.withdraw("p1", people.ana)
    elif how == "reject":
        await desk.posts.reject("p1", people.bruno, revision=1, reason="no")
    elif how == "move":
        await desk.moving.move("p1", FIRST + timedelta(hours=1), people.ana)
    else:
        await desk.posts.submit("p1", content(text="otra", due=FIRST + timedelta(hours=2)), people.ana, revision=1)
    assert (await queued(desk, people, "p2")).due == FIRST


@pytest.mark.usefixtures("slots")
async def test_days_without_publishing_have_no_slots_and_accounts_may_have_their_own(desk: Desk, people: Team) -> None:
    day = SpecialDay(name="Luto", month=3, day=3)
    await desk.brands.change("agora", people.admin, rules=HouseRules(days=(day,)))
    assert (await queued(desk, people, "p1")).due == datetime(2026, 3, 4, 9, tzinfo=UTC)
    await desk.slots.set_slots("agora", "letters-agora", [Slot(day=5, minute=600)], people.admin)
    assert (await queued(desk, people, "p2")).due == datetime(2026, 3, 7, 10, tzinfo=UTC)
    assert "account.slots" in await audit(desk)


async def test_without_slots_it_is_said(desk: Desk, people: Team) -> None:
    with pytest.raises(FieldErrors) as refused:
        await queued(desk, people, "p1")
    assert refused.value.fields["when"].key == "slots.none_free"
    with pytest.raises(NotAllowed):
        await desk.slots.set_slots("agora", "", EVERY_DAY, people.ana)


# --- moving


async def approved(desk: Desk, people: Team, due: datetime) -> Post:
    await desk.posts.submit("p1", content(due=due), people.ana)
    return await desk.posts.approve("p1", people.bruno, revision=1)


async def test_within_its_day_an_approved_post_moves_with_what_is_planned(desk: Desk, people: Team) -> None:
    await approved(desk, people, FIRST)
    moved = await desk.moving.move("p1", FIRST + timedelta(hours=2), people.ana)
    (delivery,) = await desk.posts.deliveries("p1")
    assert (moved.status, moved.approved, moved.due) == (PostStatus.APPROVED, delivery.hash, delivery.due)
    assert (delivery.state, delivery.attention) == (State.PLANNED, FIRST + timedelta(hours=2))
    assert "post.move" in await audit(desk)


async def test_to_another_day_its_author_asks_again_and_its_approver_does_not(desk: Desk, people: Team) -> None:
    await approved(desk, people, FIRST)
    kept = await desk.moving.move("p1", FIRST + timedelta(days=1), people.bruno)
    assert kept.status is PostStatus.APPROVED
    asked = await desk.moving.move("p1", FIRST + timedelta(days=3), people.ana)
    assert (asked.status, asked.approved) == (PostStatus.IN_REVIEW, "")
    assert [each.state for each in await desk.posts.deliveries("p1")] == [State.WITHDRAWN]
    again = await desk.posts.approve("p1", people.bruno, revision=1)
    assert again.due == FIRST + timedelta(days=3)


async def test_where_it_can_not_go_it_stays(desk: Desk, people: Team, clock: Clock) -> None:
    await approved(desk, people, FIRST)
    await desk.brands.change("agora", people.admin, rules=HouseRules(days=(SpecialDay(month=3, day=4),)))
    for due, key in ((FIRST + timedelta(days=1), "check.blackout"), (clock.at, "check.past_time")):
        with pytest.raises(FieldErrors) as refused:
            await desk.moving.move("p1", due, people.bruno)
        assert refused.value.fields["phrase"].key == key
    with pytest.raises(NotAllowed):
        await desk.moving.move("p1", FIRST + timedelta(hours=1), people.diego)
    assert (await desk.posts.get("p1")).due == FIRST


# --- reading


@pytest.mark.usefixtures("slots")
async def test_the_queue_and_the_week_show_what_is_mine(desk: Desk, people: Team) -> None:
    await queued(desk, people, "p1")
    await desk.posts.submit("p2", content(text="sin hora"), people.ana)
    (mine,) = await desk.agenda.queue(people.ana)
    assert [entry.post.id for entry in mine.entries] == ["p1", "p2"]
    assert mine.may == {"p1", "p2"}
    (theirs,) = await desk.agenda.queue(people.diego)
    assert not theirs.entries
    with pytest.raises(NotAllowed):
        await desk.agenda.queue(people.eva)
    (week,) = await desk.agenda.week(people.ana)
    tuesday = week.days[1]
    assert (week.days[0].on, week.today) == (date(2026, 3, 2), date(2026, 3, 3))
    assert [entry.post.id for entry in tuesday.entries] == ["p1"]
    assert [at.hour for at, _ in week.days[2].free] == [9, 18]
    assert not week.days[0].free  # over
    assert not tuesday.free  # taken
    (after,) = await desk.agenda.week(people.ana, date(2026, 3, 12))
    assert after.days[0].on == date(2026, 3, 9)
    with pytest.raises(NotAllowed):
        await desk.agenda.week(people.eva)


async def test_what_is_out_leaves_the_queue_and_stays_in_the_week(desk: Desk, people: Team) -> None:
    await approved(desk, people, FIRST)
    (delivery,) = await desk.posts.deliveries("p1")
    await desk.deliveries.settle(delivery.id, lambda old: old.model_copy(update={"state": State.LIVE}), "live")
    (queue,) = await desk.agenda.queue(people.ana)
    assert not queue.entries
    (week,) = await desk.agenda.week(people.ana)
    assert [entry.post.id for entry in week.days[1].entries] == ["p1"]
