"""Who is on duty: rota lines over midnight and both clock changes, overlaps, hand overs, and members who are gone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.brands import Brand, Channels, Role
from bot.domain.duty import DAY, Cover, Duty, OffHours, Shift, current, following, spans
from bot.domain.handovers import Handover, HandoverState, answer
from bot.domain.watch import How, Team, on_duty
from bot.errors import AlreadyDone, NotAllowed

ANA, BEA, CARLA, ALMA = "T:ANA", "T:BEA", "T:CARLA", "T:ALMA"
WEEK = frozenset(range(7))
MADRID = ZoneInfo("Europe/Madrid")


def brand(*rota: Shift, zone: str = "Europe/Madrid", **duty: object) -> Brand:
    """A brand with a rota; Ana and Bea moderate, Carla approves, Alma is its admin."""
    roles = {ANA: {Role.MODERATOR}, BEA: {Role.MODERATOR}, CARLA: {Role.APPROVER}, ALMA: {Role.ADMIN}}
    return Brand(
        id="b",
        name="B",
        zone=zone,
        channels=Channels(review="C"),
        roles={who: frozenset(held) for who, held in roles.items()},
        duty=Duty.model_validate({"rota": rota, **duty}),
    )


def shift(start: int, end: int, member: str = ANA, deputy: str = "", days: frozenset[int] = WEEK) -> Shift:
    return Shift(days=days, start=start * 60, end=end * 60, member=member, deputy=deputy)


def at(*wall: int, zone: ZoneInfo = MADRID, fold: int = 0) -> datetime:
    year, month, day, hour, *rest = wall
    return datetime(year, month, day, hour, rest[0] if rest else 0, tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "member"),
    [
        (at(2026, 3, 2, 9), ANA),  # Monday
        (at(2026, 3, 2, 17, 59), ANA),
        (at(2026, 3, 2, 18), BEA),
        (at(2026, 3, 2, 23, 59), BEA),
        (at(2026, 3, 3, 0), BEA),  # past midnight it is still Monday's shift
        (at(2026, 3, 3, 8, 59), BEA),
        (at(2026, 3, 7, 8), BEA),  # Friday's night
        (at(2026, 3, 7, 12), ""),  # the weekend is nobody's
    ],
)
def test_shifts_in_the_brands_own_zone(now: datetime, member: str) -> None:
    days = frozenset(range(5))
    where = brand(shift(9, 18, ANA, days=days), shift(18, 9, BEA, days=days))
    assert on_duty(where, now).members == ((member,) if member else ())


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 7), (date(2026, 10, 25), 9), (date(2026, 6, 7), 8)])
def test_a_night_is_as_long_as_the_wall_says(day: date, hours: int) -> None:
    night = Duty(rota=(shift(22, 6),))
    (span,) = spans(night, MADRID, day - timedelta(days=1), 1)
    assert span.end - span.start == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Lord_Howe"])
def test_day_and_night_leave_no_gap_and_never_overlap_over_a_whole_year(zone: str) -> None:
    where = brand(shift(2, 14, ANA), shift(14, 2, BEA), zone=zone)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    while now.year == 2026:
        assert len(current(where.duty, where.clock, now)) == 1, now
        assert on_duty(where, now).how is How.SHIFT
        now += timedelta(minutes=15 if (now + timedelta(days=1)).month in {3, 4, 9, 10, 11} else 240)


def test_a_time_that_the_clock_skips_is_as_much_later_and_a_repeated_one_is_the_first() -> None:
    skipped = brand(Shift(days=WEEK, start=150, end=600, member=ANA))
    watch = on_duty(skipped, at(2026, 3, 29, 5))
    assert watch.since == at(2026, 3, 29, 3, 30)
    repeated = brand(Shift(days=WEEK, start=60, end=150, member=ANA))
    assert on_duty(repeated, at(2026, 10, 25, 2, 29)).until == at(2026, 10, 25, 2, 30)
    assert not on_duty(repeated, at(2026, 10, 25, 2, 29, fold=1)).members


def test_the_upper_line_wins_and_the_lower_one_is_its_deputy() -> None:
    where = brand(shift(9, 18, ANA), shift(12, 15, BEA), shift(13, 14, CARLA))
    noon = on_duty(where, at(2026, 3, 2, 13, 30))
    assert (noon.members, noon.deputies) == ((ANA,), (BEA, CARLA))
    own = brand(shift(9, 18, ANA, CARLA), shift(12, 15, BEA))
    assert on_duty(own, at(2026, 3, 2, 13)).deputies == (CARLA,)


def test_a_whole_day_and_midnight_as_an_end() -> None:
    for where in (brand(shift(9, 9)), brand(Shift(days=WEEK, start=0, end=DAY, member=ANA))):
        for hour in (0, 8, 9, 23):
            assert on_duty(where, at(2026, 3, 2, hour)).members == (ANA,), hour


@pytest.mark.parametrize(
    ("rule", "how", "members"),
    [(OffHours.RING, How.NEXT, (ANA,)), (OffHours.ADMINS, How.ADMINS, ()), (OffHours.WAIT, How.WAIT, ())],
)
def test_between_shifts_the_brands_rule(rule: OffHours, how: How, members: tuple[str, ...]) -> None:
    where = brand(shift(9, 18, ANA, BEA, days=frozenset({0})), off_hours=rule)
    watch = on_duty(where, at(2026, 3, 3, 12))
    assert (watch.how, watch.members, watch.until) == (how, members, at(2026, 3, 9, 9))
    assert watch.deputies == ((BEA,) if rule is OffHours.RING else ())


def test_without_a_rota_whoever_moderates_then_approves() -> None:
    watch = on_duty(brand(), at(2026, 3, 2, 12))
    assert (watch.how, watch.members) == (How.ROLES, (ANA, BEA, CARLA))
    assert following(Duty(), MADRID, at(2026, 3, 2, 12)) is None


def test_who_left_or_lost_their_role_is_skipped_and_named() -> None:
    where = brand(shift(9, 18, ANA, BEA), shift(9, 18, "T:STRANGER"))
    watch = on_duty(where, at(2026, 3, 2, 12), Team(gone=frozenset({ANA})))
    assert (watch.members, watch.deputies, watch.skipped) == ((), (BEA,), (ANA,))
    only = brand(shift(9, 18, "T:STRANGER"))
    assert on_duty(only, at(2026, 3, 2, 12)).skipped == ("T:STRANGER",)
    assert on_duty(only, at(2026, 3, 2, 12), Team(admins=frozenset({"T:STRANGER"}))).members == ("T:STRANGER",)


def test_a_handed_over_shift_holds_until_its_end_or_until_its_taker_leaves() -> None:
    noon, end = at(2026, 3, 2, 12), at(2026, 3, 2, 18)
    cover = Cover(member=BEA, giver=ANA, since=noon, until=end)
    where = brand(shift(9, 18, ANA, CARLA), shift(18, 9, CARLA), cover=cover)
    assert on_duty(where, noon).members == (BEA,)
    assert on_duty(where, noon).deputies == (CARLA,)
    assert on_duty(where, end).members == (CARLA,)
    assert on_duty(where, noon - timedelta(minutes=1)).members == (ANA,)
    lost = on_duty(where, noon, Team(gone=frozenset({BEA})))
    assert (lost.members, lost.skipped) == ((ANA,), (BEA,))
    endless = brand(cover=cover.model_copy(update={"until": None}))
    assert on_duty(endless, noon + timedelta(days=99)).how is How.COVER


@given(
    start=st.integers(0, DAY - 1),
    end=st.integers(0, DAY),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.integers(0, 24 * 370),
    zone=st.sampled_from(["Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "America/Mexico_City"]),
)
def test_the_next_shift_is_the_one_that_is_on_then(
    start: int, end: int, days: frozenset[int], hours: int, zone: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    where = brand(Shift(days=days, start=start, end=end, member=ANA), zone=zone)
    upcoming = following(where.duty, where.clock, now)
    assert upcoming is not None
    assert now < upcoming.start
    if upcoming.end > upcoming.start:  # a shift may lie wholly in a skipped hour
        assert ANA in on_duty(where, upcoming.start).members


def test_an_offer_is_answered_once_by_the_one_who_was_asked() -> None:
    now = at(2026, 3, 2, 12)
    offered = Handover(id="h", giver=ANA, taker=BEA, brands=("b",), offered_at=now)
    with pytest.raises(NotAllowed):
        answer(offered, CARLA, HandoverState.ACCEPTED, now)
    theirs = {HandoverState.ACCEPTED, HandoverState.DECLINED}
    for state in set(HandoverState) - {HandoverState.OFFERED}:
        done = answer(offered, BEA if state in theirs else "", state, now)
        assert not done.indexes()
        with pytest.raises(AlreadyDone, match=f"handover_{state.value}"):
            answer(done, BEA, HandoverState.ACCEPTED, now)
