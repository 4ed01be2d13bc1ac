"""Queue slots by the wall clock, across clock changes, without closed days."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slots import Slot, at, common, falls_on, occurrences

MADRID = ZoneInfo("Europe/Madrid")
NINE = Slot(day=0, minute=9 * 60)
NIGHT = Slot(day=6, minute=2 * 60 + 30)


def never(_: date) -> bool:
    return False


def shown(instants: list[datetime]) -> list[str]:
    return [f"{each.astimezone(MADRID):%a %m-%d %H:%M %Z}" for each in instants]


def test_the_wall_clock_stays_over_a_change() -> None:
    after = datetime(2026, 3, 20, tzinfo=UTC)
    found = list(islice(occurrences([NINE], after, MADRID, never), 3))
    assert shown(found) == ["Mon 03-23 09:00 CET", "Mon 03-30 09:00 CEST", "Mon 04-06 09:00 CEST"]


def test_a_time_that_is_skipped_comes_later_and_one_that_comes_twice_is_the_first() -> None:
    assert shown([at(NIGHT, date(2026, 3, 29), MADRID)]) == ["Sun 03-29 03:30 CEST"]
    assert shown([at(NIGHT, date(2026, 10, 25), MADRID)]) == ["Sun 10-25 02:30 CEST"]


def test_closed_days_are_left_out_and_what_is_over_too() -> None:
    after = at(NINE, date(2026, 3, 23), MADRID)
    found = list(islice(occurrences([NINE], after, MADRID, lambda day: day == date(2026, 3, 30)), 1))
    assert shown(found) == ["Mon 04-06 09:00 CEST"]
    assert not list(occurrences([], after, MADRID, never))
    assert not list(occurrences([NINE], after, MADRID, lambda _: True))


def test_several_accounts_share_what_all_of_them_have() -> None:
    late = Slot(day=0, minute=600)
    assert common([[NINE, late], [late]]) == (late,)
    assert common([[NINE], [late]]) == ()
    assert common([]) == ()


def test_falls_on() -> None:
    instant = at(NINE, date(2026, 3, 23), MADRID)
    assert falls_on([NINE], instant, MADRID)
    assert not falls_on([NINE], instant + timedelta(minutes=1), MADRID)
    assert not falls_on([NINE], instant, ZoneInfo("Europe/London"))
    assert falls_on([NIGHT], at(NIGHT, date(2026, 3, 29), MADRID), MADRID)


SLOTS = st.lists(st.builds(Slot, day=st.integers(0, 6), minute=st.integers(0, 1439)), min_size=1, max_size=6)


@given(slots=SLOTS, day=st.dates(date(2026, 1, 1), date(2027, 1, 1)), zone=st.sampled_from(["Europe/Madrid", "America/New_York", "Asia/Tokyo"]))  # fmt: skip  # noqa: E501
def test_they_come_in_order_each_once_and_on_their_slot(slots: list[Slot], day: date, zone: str) -> None:
    after = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = list(occurrences(slots, after, ZoneInfo(zone), never, weeks=2))
    assert found == sorted(set(found))
    assert all(instant > after and falls_on(slots, instant, ZoneInfo(zone)) for instant in found)


@pytest.mark.parametrize("wrong", [{"day": 7, "minute": 0}, {"day": -1, "minute": 0}, {"day": 0, "minute": 1440}])
def test_no_other_slots(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        Slot(**wrong)
