"""Alarms at the desk: once for each thing, never rung twice by two workers, over however late; duty and hand over."""

import asyncio
from datetime import timedelta

import pytest

from bot.desk.brands import OPERATOR
from bot.desk.config import DutyFile, Importer, export_config, parse_config
from bot.desk.desk import Desk
from bot.domain.alarms import Alarm, AlarmKind, AlarmState
from bot.domain.brands import Role, Standing
from bot.domain.duty import Cover, Duty, OffHours, Shift
from bot.domain.handovers import HandoverState
from bot.errors import AlreadyDone, ConfigurationError, FieldErrors, NotAllowed
from tests.desk.conftest import Clock, Team

WEEK = frozenset(range(7))


async def ring(desk: Desk, subject: str = "worker", kind: AlarmKind = AlarmKind.STUCK, brand: str = "agora") -> Alarm:
    return await desk.alarms.ring(kind, subject=subject, brand=brand)


async def test_the_same_thing_rings_once_and_may_ring_again_after_it_was_over(desk: Desk, people: Team) -> None:
    both = await asyncio.gather(*(ring(desk) for _ in range(5)))
    assert len({alarm.id for alarm in both}) == 1
    await desk.alarms.over(AlarmKind.STUCK, "worker")
    await desk.alarms.over(AlarmKind.STUCK, "worker")
    assert (await desk.alarms.get(both[0].id)).state is AlarmState.OVER
    assert not await desk.alarms.open()
    assert (await ring(desk)).id != both[0].id


async def test_two_workers_never_ring_twice(desk: Desk, people: Team) -> None:
    alarm = await ring(desk)
    await asyncio.gather(*(desk.alarms.ring_next(alarm.id) for _ in range(6)))
    once = await desk.alarms.get(alarm.id)
    assert once.rung == 1
    assert sorted(each.who for each in once.told) == sorted({people.bruno.id, people.carla.id})


async def test_an_alarm_of_everything_rings_who_is_on_duty_anywhere(desk: Desk, people: Team) -> None:
    alarm = await desk.alarms.ring(AlarmKind.WORKER_DOWN, subject="worker")
    told = (await desk.alarms.ring_next(alarm.id)).told
    assert {each.who for each in told} == {people.bruno.id, people.carla.id}


async def test_of_two_persons_one_has_it_and_the_other_hears_who(desk: Desk, people: Team) -> None:
    alarm = await ring(desk)
    found = await asyncio.gather(
        desk.alarms.take(alarm.id, people.bruno), desk.alarms.take(alarm.id, people.carla), return_exceptions=True
    )
    (refusal,) = [each for each in found if isinstance(each, AlreadyDone)]
    (taken,) = [each for each in found if isinstance(each, Alarm)]
    assert refusal.args_["who"] == taken.taken_by
    with pytest.raises(NotAllowed):
        await desk.alarms.take(alarm.id, people.eva)
    with pytest.raises(NotAllowed):
        await desk.alarms.take(alarm.id, people.diego)


async def test_over_wins_against_taken_and_rung(desk: Desk, people: Team, clock: Clock) -> None:
    alarm = await ring(desk)
    await asyncio.gather(
        desk.alarms.over(AlarmKind.STUCK, "worker"),
        desk.alarms.ring_next(alarm.id),
        desk.alarms.take(alarm.id, people.carla),
        return_exceptions=True,
    )
    await desk.alarms.over(AlarmKind.STUCK, "worker")
    done = await desk.alarms.get(alarm.id)
    assert (done.state, done.attention) == (AlarmState.OVER, None)
    clock.pass_(hours=2)
    assert not await desk.alarms.due()
    with pytest.raises(AlreadyDone, match="alarm_over"):
        await desk.alarms.take(alarm.id, people.carla)


@pytest.mark.parametrize("hours", [1, 24])
async def test_a_clock_that_is_put_back_keeps_nobody_from_being_rung(
    desk: Desk, people: Team, clock: Clock, hours: int
) -> None:
    """Five minutes stay five minutes, and a new alarm isn't taken in by one of tomorrow."""
    alarm = await ring(desk)
    first = await desk.alarms.ring_next(alarm.id)
    assert not await desk.alarms.due()
    clock.pass_(hours=-hours)
    assert [each.id for each in await desk.alarms.due()] == [alarm.id]
    assert (await desk.alarms.ring_next(alarm.id)).rung > first.rung
    assert not await desk.alarms.due()
    assert (await ring(desk, "another")).id != alarm.id


async def test_an_outage_joins_and_a_taken_alarm_takes_nothing_in(desk: Desk, people: Team, clock: Clock) -> None:
    first = await ring(desk, "d1")
    assert (await ring(desk, "d2")).id == first.id
    assert (await ring(desk, "d3", brand="northwind")).id != first.id
    assert (await ring(desk, "d4", AlarmKind.SPIKE)).id != first.id
    await desk.alarms.take(first.id, people.carla)
    assert (await ring(desk, "d5")).id != first.id
    assert [alarm.id for alarm in await desk.alarms.about("d2")] == [first.id]
    await desk.alarms.over(AlarmKind.STUCK, "d1")
    assert (await desk.alarms.get(first.id)).state is AlarmState.TAKEN
    await desk.alarms.over(AlarmKind.STUCK, "d2")
    assert (await desk.alarms.get(first.id)).state is AlarmState.OVER


def always(member: str, deputy: str = "") -> Shift:
    return Shift(days=WEEK, start=0, end=1440, member=member, deputy=deputy)


async def test_only_an_admin_writes_a_rota_of_those_with_a_role(desk: Desk, people: Team) -> None:
    shift = always(people.carla.id, people.bruno.id)
    for who in (people.ana, people.carla, people.diego):
        with pytest.raises(NotAllowed):
            await desk.duty.set_rota("agora", [shift], OffHours.RING, who)
    with pytest.raises(FieldErrors):
        await desk.duty.set_rota("agora", [always(people.diego.id)], OffHours.RING, people.admin)
    brand = await desk.duty.set_rota("agora", [shift], OffHours.RING, people.admin)
    assert (await desk.duty.watch(brand)).members == (people.carla.id,)


async def test_a_rota_written_again_keeps_the_shift_that_was_handed_over(desk: Desk, people: Team) -> None:
    await desk.duty.set_rota("agora", [always(people.carla.id)], OffHours.ADMINS, people.admin)
    await desk.duty.offer("h1", people.ana.id, ["agora"], "", people.carla)
    await desk.duty.accept("h1", people.ana)
    brand = await desk.duty.set_rota("agora", [always(people.bruno.id)], OffHours.ADMINS, people.admin)
    assert (await desk.duty.watch(brand)).members == (people.ana.id,)
    ended = await desk.duty.set_rota("agora", brand.duty.rota, OffHours.ADMINS, people.admin, end_cover=True)
    assert (await desk.duty.watch(ended)).members == (people.bruno.id,)
    file = ended.model_copy(update={"duty": Duty(), "version": 0})
    assert (await desk.brands.replace(file, Standing(id=OPERATOR, admin=True))).duty == ended.duty


async def test_handed_over_once_whoever_presses_how_often(desk: Desk, people: Team, clock: Clock) -> None:
    await desk.duty.set_rota("agora", [always(people.carla.id)], OffHours.ADMINS, people.admin)
    both = await asyncio.gather(*(desk.duty.offer("h1", people.ana.id, ["agora"], "x", people.carla) for _ in range(3)))
    assert len({each.id for each in both}) == 1
    found = await asyncio.gather(
        *(desk.duty.accept("h1", people.ana) for _ in range(3)),
        desk.duty.decline("h1", people.ana),
        return_exceptions=True,
    )
    assert len([each for each in found if not isinstance(each, AlreadyDone)]) == 1
    clock.pass_(hours=1)
    assert await desk.duty.unanswered() == 0
    assert (await desk.duty.get("h1")).state in {HandoverState.ACCEPTED, HandoverState.DECLINED}


async def test_a_role_lost_between_asking_and_taking_is_noticed(desk: Desk, people: Team) -> None:
    await desk.duty.offer("h1", people.ana.id, ["agora"], "", people.carla)
    await desk.brands.set_roles("agora", people.ana.id, frozenset({Role.VIEWER}), people.admin)
    with pytest.raises(NotAllowed):
        await desk.duty.accept("h1", people.ana)
    assert (await desk.duty.get("h1")).state is HandoverState.OFFERED


async def test_a_cover_is_over_when_its_shift_is(desk: Desk, people: Team, clock: Clock) -> None:
    brand = await desk.duty.set_rota("agora", [always(people.carla.id)], OffHours.ADMINS, people.admin)
    watch = await desk.duty.watch(brand)
    assert watch.until is not None
    cover = Cover(member=people.ana.id, giver=people.carla.id, since=desk.now(), until=watch.until)
    covered = brand.model_copy(update={"duty": brand.duty.model_copy(update={"cover": cover})})
    assert (await desk.duty.watch(covered)).members == (people.ana.id,)
    assert (await desk.duty.watch(covered, watch.until + timedelta(seconds=1))).members == (people.carla.id,)


async def test_a_rota_in_a_file_comes_back_as_it_went(desk: Desk, people: Team) -> None:
    shift = Shift(days=frozenset(range(5)), start=1320, end=360, member=people.carla.id, deputy=people.bruno.id)
    await desk.duty.set_rota("agora", [shift], OffHours.WAIT, people.admin)
    exported = await export_config(desk)
    assert "mon-fri 22:00-06:00 UCARLA UBRUNO" in exported

    class Known:
        async def member(self, name: str) -> str | None:
            return f"{desk.store.team}:{name}"

        async def channel(self, name: str) -> str | None:
            return name

    config = parse_config(exported, "brands.yaml")
    for brand in config.brands:
        brand.accounts.clear()
    said = await Importer(desk, Known(), {}).load(config)
    assert "brand Agora: as it was" in said
    for brand in config.brands:
        brand.duty = DutyFile()
    assert "brand Agora: as it was" in await Importer(desk, Known(), {}).load(config)
    with pytest.raises(ConfigurationError, match="line 1 is no shift"):
        parse_config(exported.replace("mon-fri 22:00", "some days 22:00"), "brands.yaml")
