"""Which days the pieces of a phrase can mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text.when.answers import Doubt, Why
from bot.text.when.parts import Day, EitherDay, Offset, Part, Week, Weekday, Which

LONG_AWAY = 300
"""Days: a date without a year that is further away was probably meant to be the one that has just gone by."""


@dataclass(frozen=True)
class Dated:
    """A day, and what is open about it even when it is the only one."""

    on: date
    doubt: Doubt | None = None
    asks: bool = False


class NoDay(Exception):
    """The pieces name no day that there is."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def days_of(parts: Sequence[Part], today: date, *, day_first: bool) -> Sequence[Dated]:
    """The days, none where the phrase names none. Raises NoDay for one that doesn't exist or contradicts itself."""
    said = [part for part in parts if isinstance(part, Offset | Weekday | Week | Day | EitherDay)]
    weekday = next((part for part in said if isinstance(part, Weekday)), None)
    others = [part for part in said if not isinstance(part, Weekday)]
    if len(others) > 1:
        raise NoDay(Why.NOT_UNDERSTOOD)
    if not others:
        return list(_weekdays(weekday, today)) if weekday else []
    (other,) = others
    if isinstance(other, Week):
        if weekday is None:
            raise NoDay(Why.NO_TIME)
        return [Dated(today + timedelta(days=weekday.number - today.weekday() + 7 * other.ahead))]
    found = _dated(other, today, day_first=day_first)
    if weekday is None:
        return found
    if weekday.which is not Which.COMING or weekday.skips_today:
        raise NoDay(Why.NOT_UNDERSTOOD)
    fitting = [each for each in found if each.on.weekday() == weekday.number]
    if not fitting:
        raise NoDay(Why.WRONG_WEEKDAY)
    return fitting


def _weekdays(said: Weekday, today: date) -> Iterator[Dated]:
    """The nearest; on that very day itself it is asked whether today is meant."""
    ahead = (said.number - today.weekday()) % 7
    near = today + timedelta(days=ahead)
    if said.which is Which.NEXT:
        monday = today + timedelta(days=said.number - today.weekday() + 7)
        sunday = today + timedelta(days=(said.number + 1) % 7 - (today.weekday() + 1) % 7 + 7)
        coming = near if ahead else near + timedelta(days=7)
        yield from (Dated(day, Doubt.DAY) for day in sorted({coming, monday, sunday}))
        return
    if ahead or not said.skips_today:
        yield Dated(near, Doubt.DAY)
    if not ahead and said.which is not Which.THIS:
        yield Dated(near + timedelta(days=7), Doubt.DAY)


def _dated(said: Offset | Day | EitherDay, today: date, *, day_first: bool) -> list[Dated]:
    if isinstance(said, Offset):
        if said.days > 5 * 366:
            raise NoDay(Why.TOO_FAR)
        return [Dated(today + timedelta(days=said.days))]
    if isinstance(said, Day):
        return [_day(said, today)]
    if day_first:
        return [_day(said.first, today)]
    return [Dated(_day(each, today).on, Doubt.ORDER) for each in (said.first, said.second)]


def _day(said: Day, today: date) -> Dated:
    """The next such date; without a month the next month that has it."""
    if said.month is None:
        for months in range(3):
            year, month = divmod(today.month - 1 + months, 12)
            found = _date(today.year + year, month + 1, said.day)
            if found is not None and found >= today:
                return Dated(found)
        raise NoDay(Why.NO_SUCH_DATE)
    if said.year is not None:
        found = _date(said.year, said.month, said.day)
        if found is None:
            raise NoDay(Why.NO_SUCH_DATE)
        return Dated(found)
    for year in range(today.year, today.year + 5):  # 29 February comes within four years, but for 2100
        found = _date(year, said.month, said.day)
        if found is not None and found >= today:
            away = (found - today).days > LONG_AWAY
            return Dated(found, Doubt.DAY if away else None, asks=away)
    raise NoDay(Why.NO_SUCH_DATE)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
