"""Stop, resume, the digest's once a day, and settings."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Channels, Member, Role
from bot.domain.deliveries import State
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from tests.desk.conftest import Clock, Team


async def planned(desk: Desk, people: Team, id_: str = "p1", brand: str = "agora") -> str:
    text = Content(brand=brand, text=id_, accounts=(f"letters-{brand}",), due=desk.now() + timedelta(hours=1))
    await desk.posts.submit(id_, text, people.ana if brand == "agora" else people.diego)
    await desk.posts.approve(id_, people.admin, revision=1)
    return (await desk.posts.deliveries(id_))[0].id


async def test_any_writing_role_stops_alone_and_a_second_person_resumes(desk: Desk, people: Team) -> None:
    delivery = await planned(desk, people)
    other = await planned(desk, people, "p2", "northwind")
    await desk.stops.stop("agora", people.ana, reason="incendio")
    assert (await desk.deliveries.get(delivery)).state is State.HELD
    assert (await desk.deliveries.get(other)).state is State.PLANNED
    with pytest.raises(AlreadyDone):
        await desk.stops.stop("agora", people.carla)
    with pytest.raises(NotAllowed):
        await desk.stops.resume("agora", people.ana)
    with pytest.raises(UserError, match="brand_stopped"):
        await desk.deliveries.send_again(delivery, people.bruno)
    await desk.stops.resume("agora", people.bruno)
    assert (await desk.deliveries.get(delivery)).state is State.HELD
    kept = await desk.deliveries.send_again(delivery, people.bruno)
    assert (kept.state, kept.due) == (State.PLANNED, kept.attention)


async def test_an_author_hears_who_may_resume(desk: Desk, people: Team) -> None:
    """They may stop, so they aren't told that they may not."""
    await desk.stops.stop("agora", people.ana)
    with pytest.raises(NotAllowed, match=r"may_not_resume$"):
        await desk.stops.resume("agora", people.ana)
    await desk.stops.stop("all", people.carla)
    with pytest.raises(NotAllowed, match="may_not_resume_all"):
        await desk.stops.resume("all", people.bruno)


async def test_who_stopped_cannot_resume_even_as_admin(desk: Desk, people: Team) -> None:
    await desk.stops.stop("agora", people.admin)
    with pytest.raises(NotAllowed, match="resume_needs_second"):
        await desk.stops.resume("agora", people.admin)


async def test_strangers_stop_nothing_and_all_takes_a_role_in_all(desk: Desk, people: Team) -> None:
    with pytest.raises(NotAllowed):
        await desk.stops.stop("agora", people.eva)
    with pytest.raises(NotAllowed):
        await desk.stops.stop("all", people.ana)
    await desk.stops.stop("all", people.carla)
    assert (await desk.stopped("northwind")) is not None


async def test_a_digest_goes_out_once_a_day_at_the_persons_hour(desk: Desk, people: Team, clock: Clock) -> None:
    clock.at = datetime(2026, 3, 3, 7, 59, tzinfo=UTC)  # 08:59 in Madrid
    await desk.brands.remember(Member(id=people.ana.id, zone="Europe/Madrid"))
    await desk.brands.remember(Member(id=people.diego.id, zone="America/New_York"))
    for who in (people.bruno, people.carla, people.admin):
        await desk.brands.set_digest(who.id, hour=9, on=False)
    assert await desk.digests.due_members() == 0
    clock.pass_(minutes=1)
    told = await asyncio.gather(*(desk.digests.due_members() for _ in range(3)))
    assert sum(told) == 1
    clock.pass_(hours=1)
    assert await desk.digests.due_members() == 0
    clock.at = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)  # 09:00 in New York
    assert await desk.digests.due_members() == 1
    clock.at = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert await desk.digests.due_members() == 1


async def test_today_shows_each_what_is_theirs(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", Content(brand="agora", text="hola", accounts=("letters-agora",)), people.ana)
    await desk.posts.save("p2", Content(brand="agora", text="borr"), people.ana)
    author = await desk.digests.today(people.ana, zone="Europe/Madrid")
    assert [len(b.to_approve) for b in author.brands] == [0]
    assert [d.id for d in author.drafts] == ["p2"]
    approver = await desk.digests.today(people.bruno, zone="Europe/Madrid")
    assert [p.id for b in approver.brands for p in b.to_approve] == ["p1"]
    assert (await desk.digests.today(people.eva, zone="UTC")).brands == ()


async def test_only_admins_change_a_brand_and_channels_never_mix(desk: Desk, people: Team) -> None:
    with pytest.raises(NotAllowed):
        await desk.brands.set_roles("agora", people.eva.id, frozenset({Role.ADMIN}), people.bruno)
    with pytest.raises(FieldErrors):
        await desk.brands.change("agora", people.admin, channels=Channels(review="C-northwind-review"))
    await desk.brands.set_roles("agora", people.eva.id, frozenset({Role.AUTHOR}), people.admin)
    assert [b.id for b in await desk.brands.mine(people.eva)] == ["agora"]


async def test_a_dead_account_takes_nothing_more(desk: Desk, people: Team) -> None:
    delivery = await planned(desk, people)
    await desk.stops.stop("agora", people.ana)
    await desk.stops.resume("agora", people.bruno)
    await desk.accounts.died("letters-agora", "expired")
    await desk.accounts.died("letters-agora", "expired")
    with pytest.raises(UserError, match="account_dead"):
        await desk.deliveries.send_again(delivery, people.bruno)
