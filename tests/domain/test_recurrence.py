"""The same again by the clock on the wall: across clock changes, short months and years."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.recurrence import Every, repeats

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("first", "every", "walls"),
    [
        ("2026-03-21 09:00", Every.WEEK, ["2026-03-28 09:00+01:00", "2026-04-04 09:00+02:00"]),
        ("2026-10-18 09:00", Every.WEEK, ["2026-10-25 09:00+01:00", "2026-11-01 09:00+01:00"]),
        (
            "2026-03-22 02:30",
            Every.WEEK,
            ["2026-03-29 03:30+02:00", "2026-04-05 02:30+02:00"],
        ),  # skipped: an hour later
        ("2026-10-18 02:30", Every.WEEK, ["2026-10-25 02:30+02:00", "2026-11-01 02:30+01:00"]),  # twice: the first
        ("2026-01-31 10:00", Every.MONTH, ["2026-02-28 10:00+01:00", "2026-03-31 10:00+02:00"]),
        ("2028-01-30 10:00", Every.MONTH, ["2028-02-29 10:00+01:00", "2028-03-30 10:00+02:00"]),
        ("2026-11-15 10:00", Every.MONTH, ["2026-12-15 10:00+01:00", "2027-01-15 10:00+01:00"]),
    ],
)
def test_the_wall_keeps_its_time(first: str, every: Every, walls: list[str]) -> None:
    begun = datetime.fromisoformat(first).replace(tzinfo=MADRID).astimezone(UTC)
    found = [
        each.astimezone(MADRID).isoformat(sep=" ", timespec="minutes") for each in repeats(begun, every, 2, MADRID)
    ]
    assert found == walls


def test_what_began_in_the_second_of_two_hours_goes_on_in_the_only_one() -> None:
    begun = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time
    (after,) = repeats(begun, Every.WEEK, 1, MADRID)
    assert after == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
