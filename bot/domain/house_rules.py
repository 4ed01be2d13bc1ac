"""What a brand asks of its own posts and answers: words it doesn't use, days it keeps, how far posts lie apart."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from pydantic import Field

from bot.domain.records import Value


class Level(StrEnum):
    """How much a word matters: it prevents approval, it is warned of, or it is only mentioned."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


class UnwantedWord(Value):
    """A word or a phrase as an admin wrote it; a star at its end stands for any ending."""

    text: str = Field(max_length=80)
    level: Level = Level.BLOCKER


class SpecialDay(Value):
    """A day, or several in a row, on which the brand doesn't publish (`blackout`) or takes care what it says.

    Without a year it comes every year. The last day is the first one unless it is given.
    """

    name: str = Field(default="", max_length=80)
    blackout: bool = True
    year: int | None = None
    month: int
    day: int
    last_year: int | None = None
    last_month: int = 0
    last_day: int = 0

    @property
    def real(self) -> bool:
        """Whether there are such days, and the last isn't before the first."""
        years = (self.year,) if self.year is not None else (2024, 2023)  # a leap year among them
        return any(first <= last for year in years for first, last in self._spans(year))

    def covers(self, on: date) -> bool:
        """Whether a date is one of them."""
        return any(first <= on <= last for first, last in self._spans(on.year))

    def _spans(self, year: int) -> Iterator[tuple[date, date]]:
        """The days around a year; of what comes every year also what began the year before. 29 February only comes
        when it comes."""
        years = (self.year,) if self.year is not None else (year - 1, year)
        for begun in years:
            try:
                first = date(begun, self.month, self.day)
                last = first
                if self.last_month:
                    ends = self.last_year or begun + ((self.last_month, self.last_day) < (self.month, self.day))
                    last = date(ends, self.last_month, self.last_day)
            except ValueError:
                continue
            yield first, last


class HouseRules(Value):
    """`off`: the names of the checks that an admin switched off. spacing_minutes: posts on one account lie at least so
    far apart; 0 where that doesn't matter."""

    off: frozenset[str] = frozenset()
    words: tuple[UnwantedWord, ...] = ()
    days: tuple[SpecialDay, ...] = ()
    spacing_minutes: int = Field(default=30, ge=0, le=24 * 60)
    most_hashtags: int = Field(default=5, ge=0, le=30)

    def on(self, day: date) -> Iterator[SpecialDay]:
        """The special days that a date is."""
        return (each for each in self.days if each.covers(day))
