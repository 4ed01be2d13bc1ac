"""Days on which clocks are put forward or back: everything of a day happens on it, once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import day_of, due_day, next_day
from bot.text.times import clock, moment

CHANGES = {  # both changes of a year; Mexico City has had none since 2022
    "Europe/Madrid": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
    "America/Mexico_City": (date(2026, 4, 5), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Pacific/Kiritimati": (date(2026, 12, 31), date(2028, 2, 29)),
    "Pacific/Niue": (date(2026, 12, 31), date(2028, 2, 29)),
}
DAYS = [(zone, day) for zone, days in CHANGES.items() for day in days]


def begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def left_out(day: date, hour: int, zone: ZoneInfo) -> bool:
    """Whether the wall never shows this full hour on that day."""
    typed = datetime(day.year, day.month, day.day, hour, tzinfo=zone)
    return typed.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed.replace(tzinfo=None)


@pytest.mark.parametrize(("zone", "day"), DAYS)
@pytest.mark.parametrize("hour", range(24))
def test_a_digest_once_a_day_and_never_before_its_hour(zone: str, day: date, hour: int) -> None:
    here = ZoneInfo(zone)
    announced: dict[str, datetime] = {}
    instant = begins(day - timedelta(days=1), here)
    while instant < begins(day + timedelta(days=3), here):
        if (due := due_day(instant, here, hour)) is not None:
            announced.setdefault(due, instant)  # as the store does: once for each day
        instant += timedelta(minutes=5)
    for offset in range(-1, 2):
        wanted = day + timedelta(days=offset)
        local = announced[wanted.isoformat()].astimezone(here)
        assert (local.date(), local.hour) >= (wanted, hour)
        late = local.hour - hour + local.minute / 60
        assert late < 0.1 or (late <= 1 and left_out(wanted, hour, here))


@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_a_day_is_the_one_on_the_wall(zone: str, day: date) -> None:
    here = ZoneInfo(zone)
    first, last = begins(day, here), begins(day + timedelta(days=1), here) - timedelta(seconds=1)
    assert day_of(first, here) == day_of(last, here) == day.isoformat()
    assert next_day(first, here) == next_day(last, here) == (day + timedelta(days=1)).isoformat()
    assert last - first + timedelta(seconds=1) in {timedelta(hours=h / 2) for h in (46, 47, 48, 49, 50)}


@given(
    st.sampled_from(sorted(CHANGES)),
    st.integers(1_704_067_200, 1_956_528_000),  # 2024 to 2031
    st.sampled_from(["en-US", "en-GB", "es-ES", "es-LA"]),
)
def test_two_instants_never_read_alike(zone: str, seconds: int, locale: str) -> None:
    """A minute that comes twice says which of the two is meant."""
    instant = datetime.fromtimestamp(seconds, UTC)
    for step in (timedelta(minutes=30), timedelta(hours=1)):
        assert clock(instant, zone, locale) != clock(instant + step, zone, locale)
    assert moment(instant, zone, locale) != moment(instant + timedelta(hours=24), zone, locale)


def test_a_leap_day_and_the_end_of_a_year() -> None:
    leap = datetime(2028, 2, 28, 23, 30, tzinfo=UTC)
    assert next_day(leap, ZoneInfo("UTC")) == "2028-02-29"
    assert moment(leap + timedelta(hours=1), "UTC", "es", now=leap) == "mar 29 de febrero, 00:30 (UTC)"
    end = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert next_day(end, ZoneInfo("UTC")) == "2027-01-01"
    assert moment(end + timedelta(hours=1), "UTC", "en-GB", now=end) == "Fri 1 January 2027, 00:30 (UTC)"
    # the week of the year's end belongs to the next year by ISO; the date must not (LDML: y, not Y)
    assert "2026" in moment(end, "UTC", "en-US")
