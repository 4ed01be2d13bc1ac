"""Which times of the day the pieces of a phrase can mean, and which instants those are on a zone's clocks."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.text.when.answers import Doubt
from bot.text.when.parts import Clock, Mark, Period

_SPANS = {
    Period.DAWN: (0, 7),
    Period.MORNING: (0, 13),
    Period.NOON: (11, 17),
    Period.AFTERNOON: (12, 22),
    Period.EVENING: (16, 24),
    Period.NIGHT: (18, 24),
}
"""From and before which hour a clock of 24 hours agrees with a part of the day."""
_AFTERNOON_HOURS = {
    Period.NOON: (1, 4),
    Period.AFTERNOON: (1, 9),
    Period.EVENING: (4, 12),
    Period.NIGHT: (6, 12),
}
"""From and before which hour of twelve a part of the day means the second half."""
DAYTIME = 8
"""From this hour on a bare one means the morning: nobody plans a post for five in the morning without saying so."""


@dataclass(frozen=True)
class Timed:
    """A clock's reading: the time, how many days after the day that was named, and what it leaves open. An `unlikely`
    one counts only where the likely one is over."""

    at: time
    after: int = 0
    doubt: Doubt | None = None
    unlikely: bool = False


def times_of(clock: Clock, period: Period | None, *, tonight: bool) -> list[Timed]:
    """The times of a day that a clock can mean, none where it contradicts itself. `tonight`: only the coming midnight
    can be meant."""
    if clock.hour > 23 or clock.minute > 59 or clock.second > 59:
        return []
    midnight = [Timed(time(0, clock.minute), 1)]
    if not tonight:
        midnight = [Timed(time(0, clock.minute), 0, Doubt.DAY), Timed(time(0, clock.minute), 1, Doubt.DAY)]
    if clock.mark is Mark.MIDNIGHT:
        return midnight if period in {None, Period.NIGHT} else []
    if clock.mark is Mark.EXACT:
        return _exact(clock, period)
    if clock.mark is not Mark.BARE:
        return _of_twelve(clock, period, midnight)
    return _in_part(clock, period, midnight, tonight=tonight) if period else _bare(clock)


def _bare(clock: Clock) -> list[Timed]:
    """Before `DAYTIME` either half of the day; later the first, unless that is over."""
    early, late = _time(clock, clock.hour), _time(clock, clock.hour % 12 + 12)
    if clock.hour == 12:
        return [Timed(early)]
    if clock.hour < DAYTIME:
        return [Timed(early, doubt=Doubt.HALF), Timed(late, doubt=Doubt.HALF)]
    return [Timed(early), Timed(late, doubt=Doubt.HALF, unlikely=True)]


def _time(clock: Clock, hour: int) -> time:
    return time(hour, clock.minute, clock.second)


def _exact(clock: Clock, period: Period | None) -> list[Timed]:
    begin, end = _SPANS[period] if period else (0, 24)
    return [Timed(_time(clock, clock.hour))] if begin <= clock.hour < end else []


def _of_twelve(clock: Clock, period: Period | None, midnight: list[Timed]) -> list[Timed]:
    if not 1 <= clock.hour <= 12:
        return []
    if clock.mark is Mark.AM and clock.hour == 12 and not clock.minute:
        return midnight if period in {None, Period.NIGHT} else []
    hour = clock.hour % 12 + (12 if clock.mark is Mark.PM else 0)
    return _exact(Clock(hour, clock.minute, clock.second, Mark.EXACT), period)


def _in_part(clock: Clock, period: Period, midnight: list[Timed], *, tonight: bool) -> list[Timed]:
    """`las 9 de la noche`; twelve at night is a midnight, and after it the night belongs to the next day."""
    hour = clock.hour
    if hour == 12:
        noon = [Timed(_time(clock, 12))] if period in {Period.NOON, Period.AFTERNOON} else []
        return midnight if period is Period.NIGHT else noon
    if period in _AFTERNOON_HOURS:
        begin, end = _AFTERNOON_HOURS[period]
        if begin <= hour < end:
            return [Timed(_time(clock, hour + 12))]
        return [Timed(_time(clock, hour))] if period is Period.NOON and hour == 11 else []
    begin, end = _SPANS[period]
    return [Timed(_time(clock, hour))] if begin <= hour < end and not (tonight and period is Period.NIGHT) else []


def instants(local: datetime, zone: ZoneInfo) -> list[tuple[datetime, Doubt | None]]:
    """When a zone's clocks show that: once; twice; or never, and then what is near: as long before as the clocks jump,
    and right after the jump. `local` is naive, the instants are in UTC."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        jump = _jump(second, first, zone)
        size = first - second
        return [(first - size, Doubt.GAP), (jump, Doubt.GAP)]
    return [(first, None)] if first == second else [(first, Doubt.FOLD), (second, Doubt.FOLD)]


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the zone's clocks jump, to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high
