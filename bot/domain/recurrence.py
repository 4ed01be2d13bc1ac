"""The same again by the clock on the wall: every week, every month, across the days on which the clocks change."""

import calendar
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST = 12
"""Times that a post is repeated at once."""


class Every(StrEnum):
    """How often."""

    WEEK = "week"
    MONTH = "month"


def repeats(first: datetime, every: Every, times: int, zone: ZoneInfo) -> list[datetime]:
    """The instants after the first, UTC, at its time on the wall. A month without its day has its last day; a time that
    the clocks jump over comes as much later as they jump; of one that they show twice it is the first."""
    wall = first.astimezone(zone)
    days = [_later(wall.date(), every, number) for number in range(1, times + 1)]
    return [datetime.combine(day, wall.time().replace(fold=0), tzinfo=zone).astimezone(UTC) for day in days]


def _later(day: date, every: Every, number: int) -> date:
    if every is Every.WEEK:
        return day + timedelta(weeks=number)
    months = day.year * 12 + day.month - 1 + number
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
