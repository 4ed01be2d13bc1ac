"""The pieces that a phrase is made of, before they are put together."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What a clock says about the half of the day that it means."""

    BARE = "bare"  # nothing: `9`, `9:30`
    EXACT = "exact"  # 24 hours: `09:30`, `21:00`
    AM = "am"
    PM = "pm"
    MIDNIGHT = "midnight"


@dataclass(frozen=True)
class Clock:
    """A time of the day as it was written; `loose` is a number with nothing that makes it a time."""

    hour: int
    minute: int = 0
    second: int = 0
    mark: Mark = Mark.BARE
    loose: bool = False


class Period(StrEnum):
    """A part of the day."""

    DAWN = "dawn"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


@dataclass(frozen=True)
class Offset:
    """So many days from today."""

    days: int


class Which(StrEnum):
    """Which of several days of that name."""

    COMING = "coming"  # nothing said, or `el próximo`: the nearest that is still to come
    THIS = "this"
    NEXT = "next"  # the English word, which some mean as the nearest and some as the one after


@dataclass(frozen=True)
class Weekday:
    """A day of the week, Monday 0."""

    number: int
    which: Which = Which.COMING
    skips_today: bool = False


@dataclass(frozen=True)
class Week:
    """This week (0) or the next (1), Monday to Sunday; it needs a weekday."""

    ahead: int


@dataclass(frozen=True)
class Day:
    """A date; year and month may be left out."""

    day: int
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class EitherDay:
    """`3/4`: day and month in one order or the other."""

    first: Day
    second: Day


@dataclass(frozen=True)
class Delay:
    """So many seconds from now."""

    seconds: int


@dataclass(frozen=True)
class Place:
    """A zone by its IANA name."""

    zone: str


@dataclass(frozen=True)
class Abbreviation:
    """`CEST`: one of the two names that a zone's clock goes by."""

    name: str


@dataclass(frozen=True)
class FromUtc:
    """`+02:00`, `UTC`: minutes ahead of UTC; `named` when it is UTC by its name, and so a zone of its own."""

    minutes: int
    named: bool = False


Part = Clock | Period | Offset | Weekday | Week | Day | EitherDay | Delay | Place | Abbreviation | FromUtc
