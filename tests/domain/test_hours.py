"""Working time, cell by cell: stretches, seasons, holidays, clock changes; and moments that lie so far ahead in it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import (
    DAY,
    Holiday,
    Hours,
    Opening,
    Season,
    after,
    business,
    business_minutes,
    is_open,
    opens,
    stretches,
)

MADRID = ZoneInfo("Europe/Madrid")
WEEKDAYS, ALL = frozenset(range(5)), frozenset(range(7))


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MADRID, fold=fold).astimezone(UTC)


def stretch(start: float, end: float, days: frozenset[int] = WEEKDAYS) -> Opening:
    return Opening(days=days, start=int(start * 60), end=int(end * 60))


SHOP = Hours(
    week=(stretch(9, 14), stretch(16, 19), stretch(10, 14, frozenset({5}))),
    seasons=(Season(first=(7, 1), last=(8, 31), week=(stretch(8, 15),)),),
    holidays=(Holiday(month=10, day=12), Holiday(month=3, day=4, year=2026)),
)
"""Tuesday 3 March 2026 is an ordinary day, Wednesday 4 a holiday of this year alone."""


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        (at(3, 3, 9), at(3, 3, 9), 0),
        (at(3, 3, 10), at(3, 3, 9), 0),
        (at(3, 3, 9), at(3, 3, 9, 40), 40),
        (at(3, 3, 0), at(3, 3, 9), 0),
        (at(3, 3, 13, 50), at(3, 3, 16, 10), 20),
        (at(3, 3, 14), at(3, 3, 16), 0),
        (at(3, 3, 0), at(3, 3, 23, 59), 8 * 60),
        (at(3, 3, 18), at(3, 5, 10), 60 + 60),  # the holiday between doesn't count
        (at(3, 4, 0), at(3, 5, 0), 0),
        (at(3, 4, 9, year=2025), at(3, 4, 14, year=2025), 5 * 60),
        (at(3, 6, 18), at(3, 9, 10), 60 + 4 * 60 + 60),  # Friday evening, Saturday, Monday
        (at(3, 8, 0), at(3, 9, 0), 0),
        (at(6, 30, 9), at(7, 1, 9), 8 * 60 + 60),  # into summer
        (at(8, 31, 14), at(9, 1, 10), 60 + 60),  # and out of it
        (at(7, 4, 0), at(7, 5, 0), 0),  # a season's Saturday has no hours of the week
        (at(10, 12, 0), at(10, 13, 0), 0),
        (at(10, 12, 0, year=2027), at(10, 13, 0, year=2027), 0),
    ],
)
def test_business_minutes(since: datetime, until: datetime, minutes: int) -> None:
    assert business_minutes(SHOP, MADRID, since, until) == minutes


def test_without_hours_every_minute_counts() -> None:
    assert business_minutes(Hours(), MADRID, at(3, 7, 3), at(3, 8, 3)) == DAY
    assert after(Hours(), MADRID, at(3, 7, 3), timedelta(hours=30)) == at(3, 8, 9)
    assert is_open(Hours(), MADRID, at(3, 8, 4))


def test_holidays_and_seasons_alone_close_an_open_week() -> None:
    closed = Hours(holidays=(Holiday(month=12, day=25),), seasons=(Season(first=(8, 1), last=(8, 15), week=()),))
    assert business_minutes(closed, MADRID, at(12, 24), at(12, 27)) == 2 * DAY
    assert business_minutes(closed, MADRID, at(7, 31), at(8, 17)) == 2 * DAY


def test_a_season_may_pass_new_year() -> None:
    winter = Season(first=(12, 20), last=(1, 7), week=())
    inside = [date(2026, 12, 20), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 7)]
    assert all(winter.holds(day) for day in inside)
    assert not any(winter.holds(day) for day in (date(2026, 12, 19), date(2027, 1, 8), date(2026, 7, 1)))


def test_past_midnight_and_overlapping_stretches_are_counted_once() -> None:
    bar = Hours(week=(stretch(20, 2, ALL), stretch(22, 3, ALL)))
    assert business_minutes(bar, MADRID, at(3, 3, 12), at(3, 4, 12)) == 7 * 60
    assert is_open(bar, MADRID, at(3, 4, 2, 30))
    assert not is_open(bar, MADRID, at(3, 4, 3))
    whole = Hours(week=(stretch(0, 24, ALL),))
    assert list(stretches(whole, MADRID, at(3, 3), at(3, 6))) == [(at(3, 3), at(3, 6))]
    assert business_minutes(Hours(week=(stretch(9, 9, ALL),)), MADRID, at(3, 3), at(3, 5)) == 2 * DAY


def test_an_hour_that_is_skipped_is_not_worked_and_one_that_repeats_is_worked_twice() -> None:
    night = Hours(week=(stretch(1, 4, ALL),))
    assert business_minutes(night, MADRID, at(3, 29), at(3, 30)) == 2 * 60
    assert business_minutes(night, MADRID, at(10, 25), at(10, 26)) == 4 * 60
    assert business_minutes(Hours(week=(stretch(0, 24, ALL),)), MADRID, at(3, 29), at(3, 30)) == 23 * 60


@pytest.mark.parametrize(
    ("since", "minutes", "then"),
    [
        (at(3, 3, 9), 40, at(3, 3, 9, 40)),
        (at(3, 3, 7), 40, at(3, 3, 9, 40)),
        (at(3, 3, 13, 50), 40, at(3, 3, 16, 30)),
        (at(3, 3, 18, 30), 60, at(3, 5, 9, 30)),  # over the holiday
        (at(3, 3, 9), 300, at(3, 3, 14)),  # the end of a stretch is still that day
        (at(3, 6, 18, 30), 60, at(3, 7, 10, 30)),
        (at(3, 7, 13), 120, at(3, 9, 10)),
        (at(3, 7, 15), 0, at(3, 9, 9)),  # nothing to wait for: the next moment that is worked
        (at(6, 30, 18), 120, at(7, 1, 9)),
    ],
)
def test_so_much_working_time_later(since: datetime, minutes: int, then: datetime) -> None:
    found = after(SHOP, MADRID, since, timedelta(minutes=minutes))
    assert found == then
    assert business_minutes(SHOP, MADRID, since, then) == minutes


def test_a_brand_that_never_opens_promises_nothing() -> None:
    never = Hours(seasons=(Season(first=(1, 1), last=(12, 31), week=()),))
    assert after(never, MADRID, at(3, 3), timedelta(minutes=1)) is None
    assert opens(never, MADRID, at(3, 3)) is None
    assert not is_open(never, MADRID, at(3, 3))


def test_opens_is_now_while_somebody_works() -> None:
    assert opens(SHOP, MADRID, at(3, 3, 10)) == at(3, 3, 10)
    assert opens(SHOP, MADRID, at(3, 3, 14)) == at(3, 3, 16)
    assert not is_open(SHOP, MADRID, at(3, 3, 14))
    assert is_open(SHOP, MADRID, at(3, 3, 9))


def test_there_and_back_agree_for_every_quarter_of_an_hour_of_a_month() -> None:
    since, step = at(3, 1), timedelta(minutes=15)
    total = timedelta()
    for n in range(4 * 24 * 31):
        total += business(SHOP, MADRID, since + n * step, since + (n + 1) * step)
    assert total == business(SHOP, MADRID, since, since + 4 * 24 * 31 * step)
    for minutes in range(0, 5000, 37):
        then = after(SHOP, MADRID, since, timedelta(minutes=minutes))
        assert then is not None
        assert business(SHOP, MADRID, since, then) == timedelta(minutes=minutes)
