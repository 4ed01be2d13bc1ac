"""A brand's working hours: several stretches a day, seasons, the town's holidays; and business time between moments.

Everything is counted in the brand's zone by its wall, and in instants: an hour that a clock change skips isn't worked,
one that comes twice is worked twice.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.records import Value

DAY = 24 * 60
"""Minutes."""
HORIZON = 400
"""Days that are looked ahead for the end of a span; a brand that opens less than that promises nothing."""
LONGEST = 60 * DAY
"""Minutes of a target at most."""


class Opening(Value):
    """A stretch of some weekdays, Monday 0, in minutes of the wall's day; an end at or before the start is the next
    day's."""

    days: frozenset[int]
    start: int = Field(ge=0, lt=DAY)
    end: int = Field(ge=0, le=DAY)


class Season(Value):
    """Days of the year, both included, as (month, day), with a timetable of their own; it may pass New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    week: tuple[Opening, ...]

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class Holiday(Value):
    """A day that nobody works, every year where it names none."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    year: int | None = None

    def holds(self, when: date) -> bool:
        """Whether it is that day."""
        return (self.month, self.day) == (when.month, when.day) and self.year in {None, when.year}


class Hours(Value):
    """When a brand works, and by when it answers and settles things. Without a week it never closes.

    answer, resolve: targets in minutes of working time, None where nothing is promised.
    """

    week: tuple[Opening, ...] = ()
    seasons: tuple[Season, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    answer: int | None = Field(default=None, ge=1, le=LONGEST)
    resolve: int | None = Field(default=None, ge=1, le=LONGEST)

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return not self.week and not self.seasons and not self.holidays

    def openings(self, day: date) -> Sequence[Opening]:
        """The stretches that begin on a day: none on a holiday, a season's own, else the week's."""
        if any(each.holds(day) for each in self.holidays):
            return ()
        season = next((each for each in self.seasons if each.holds(day)), None)
        week = season.week if season else self.week
        if not week and season is None:
            return (Opening(days=frozenset(range(7)), start=0, end=DAY),)
        return [each for each in week if day.weekday() in each.days]


def stretches(hours: Hours, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working time between two instants, in order, touching and overlapping stretches as one."""
    if until <= since:
        return
    if hours.always:
        yield since, until
        return
    open_: tuple[datetime, datetime] | None = None
    day = since.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date()
    while day <= last:
        for begins, ends in sorted(_instants(each, day, zone) for each in hours.openings(day)):
            begins, ends = max(begins, since), min(ends, until)  # noqa: PLW2901 - cut to what was asked for
            if ends <= begins:
                continue
            if open_ is not None and begins <= open_[1]:
                open_ = (open_[0], max(open_[1], ends))
                continue
            if open_ is not None:
                yield open_
            open_ = (begins, ends)
        day += timedelta(days=1)
    if open_ is not None:
        yield open_


def business(hours: Hours, zone: ZoneInfo, since: datetime, until: datetime) -> timedelta:
    """How much working time lies between two instants; none when `until` is the earlier one."""
    return sum((ends - begins for begins, ends in stretches(hours, zone, since, until)), timedelta())


def business_minutes(hours: Hours, zone: ZoneInfo, since: datetime, until: datetime) -> int:
    """The same in whole minutes, rounded down."""
    return int(business(hours, zone, since, until).total_seconds() // 60)


def after(hours: Hours, zone: ZoneInfo, since: datetime, span: timedelta) -> datetime | None:
    """The instant at which so much working time has passed since; None when that doesn't come within a year.

    Nothing to wait for is the next moment that is worked.
    """
    left = span
    for begins, ends in stretches(hours, zone, since, since + timedelta(days=HORIZON)):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return None


def is_open(hours: Hours, zone: ZoneInfo, at: datetime) -> bool:
    """Whether somebody works at that instant."""
    return any(True for _ in stretches(hours, zone, at, at + timedelta(microseconds=1)))


def opens(hours: Hours, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When somebody works again, `at` itself while somebody does."""
    return after(hours, zone, at, timedelta())


def _instants(opening: Opening, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = day if opening.end > opening.start else day + timedelta(days=1)
    return _at(day, opening.start, zone), _at(last, opening.end, zone)


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    full, minutes = day + timedelta(days=minutes // DAY), minutes % DAY
    return datetime.combine(full, time(minutes // 60, minutes % 60), tzinfo=zone).astimezone(UTC)
