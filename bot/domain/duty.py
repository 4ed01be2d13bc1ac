"""A brand's duty rota: weekly shifts in its zone, whoever took a shift over, and the rule for the hours between."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from bot.domain.records import MemberId, Value

DAY = 24 * 60
"""Minutes."""


class OffHours(StrEnum):
    """Whom an alarm rings while nobody's shift is on."""

    RING = "ring"  # whoever is next
    ADMINS = "admins"
    WAIT = "wait"  # nobody, until the next shift begins; what can't wait rings all the same


class Shift(Value):
    """One line of the rota. `days` counts from Monday 0; start and end are minutes of the wall's day, 0 to 1440.

    An end at or before the start is the next day's: 22:00-06:00 passes midnight, 09:00-09:00 is a whole day.
    """

    days: frozenset[int]
    start: int = Field(ge=0, lt=DAY)
    end: int = Field(ge=0, le=DAY)
    member: MemberId
    deputy: MemberId = ""


class Cover(Value):
    """A shift that was handed over: until then, or until it is handed on."""

    member: MemberId
    giver: MemberId
    since: AwareDatetime
    until: AwareDatetime | None = None
    handover: str = ""


class Duty(Value):
    """A brand's rota, in the order in which an admin wrote it; where two shifts overlap the upper line is on duty."""

    rota: tuple[Shift, ...] = ()
    off_hours: OffHours = OffHours.ADMINS
    cover: Cover | None = None


class Span(Value):
    """One shift on one day, in instants."""

    shift: Shift
    start: AwareDatetime
    end: AwareDatetime


def spans(duty: Duty, zone: ZoneInfo, first: date, days: int) -> Iterator[Span]:
    """Every shift that begins on one of these days of the wall, the rota's order within a day.

    A time that a clock change skips is as much later, one that it repeats is the first of the two: so a shift ends
    exactly where the next one begins.
    """
    for day in (first + timedelta(days=n) for n in range(days)):
        for shift in duty.rota:
            if day.weekday() in shift.days:
                last = day if shift.end > shift.start else day + timedelta(days=1)
                yield Span(shift=shift, start=_at(day, shift.start, zone), end=_at(last, shift.end, zone))


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    full = day + timedelta(days=minutes // DAY)
    minutes %= DAY
    wall = datetime.combine(full, time(minutes // 60, minutes % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def current(duty: Duty, zone: ZoneInfo, now: datetime) -> Sequence[Span]:
    """The shifts that are on, the rota's upper line first."""
    today = now.astimezone(zone).date()
    on = [span for span in spans(duty, zone, today - timedelta(days=1), 3) if span.start <= now < span.end]
    return sorted(on, key=lambda span: duty.rota.index(span.shift))


def following(duty: Duty, zone: ZoneInfo, now: datetime) -> Span | None:
    """The next shift that begins, None without a rota."""
    today = now.astimezone(zone).date()
    later = (span for span in spans(duty, zone, today, 9) if span.start > now)
    return min(later, key=lambda span: (span.start, duty.rota.index(span.shift)), default=None)
