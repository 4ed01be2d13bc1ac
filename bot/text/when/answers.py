"""What comes of a phrase: a moment, a question with its possible moments, or a refusal that says why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Moment:
    """An instant, aware and in UTC, and the IANA name of the zone in which it was meant."""

    at: datetime
    zone: str


class Doubt(StrEnum):
    """What a phrase leaves open; the sentence that asks is the message `when.<value>`."""

    GAP = "gap"  # the clocks jump over that time
    FOLD = "fold"  # the clocks show that time twice
    HALF = "half"  # in the morning or in the afternoon
    DAY = "day"  # which of several days
    ORDER = "order"  # day and month, or month and day


@dataclass(frozen=True)
class Question:
    """The phrase was understood, but could mean any of `options`, soonest first: a person says which."""

    doubt: Doubt
    options: tuple[Moment, ...]


class Why(StrEnum):
    """Why a phrase is refused; the sentence is the message `when.<value>`."""

    NOT_UNDERSTOOD = "not_understood"
    NO_TIME = "no_time"  # a day without its hour
    PAST = "past"
    WRONG_WEEKDAY = "wrong_weekday"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_TIME = "no_such_time"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Refusal:
    """Nothing is guessed. `part` is the piece, as it was typed, that can't be used."""

    why: Why
    part: str


Answer = Moment | Question | Refusal
