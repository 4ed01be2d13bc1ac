"""Queue slots: the times of a week at which a brand or an account likes to publish, one post each."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.records import Value

WEEKS = 8
"""How far ahead a free slot is looked for."""
LEAD = timedelta(minutes=15)
"""Sooner than this nobody could approve it."""


class Slot(Value):
    """A weekday, Monday 0, and a minute of its day on the brand's clock."""

    day: int = Field(ge=0, le=6)
    minute: int = Field(ge=0, lt=24 * 60)


def at(slot: Slot, day: date, zone: ZoneInfo) -> datetime:
    """The instant of a slot on a date, UTC. A time that the clocks jump over comes as much later as they jump; of one
    that they show twice it is the first."""
    wall = datetime.combine(day, time(slot.minute // 60, slot.minute % 60), tzinfo=zone)
    return wall.astimezone(UTC)


def occurrences(
    slots: Sequence[Slot], after: datetime, zone: ZoneInfo, closed: Callable[[date], bool], weeks: int = WEEKS
) -> Iterator[datetime]:
    """The slots' instants after another, in order; none on days that are closed."""
    first = after.astimezone(zone).date()
    for ahead in range(weeks * 7 + 1):
        day = first + timedelta(days=ahead)
        if closed(day):
            continue
        found = sorted({at(slot, day, zone) for slot in slots if slot.day == day.weekday()})
        yield from (instant for instant in found if instant > after)


def common(grids: Sequence[Sequence[Slot]]) -> tuple[Slot, ...]:
    """The slots that all of several accounts have, in the order of the week."""
    if not grids:
        return ()
    shared = set.intersection(*({(slot.day, slot.minute) for slot in grid} for grid in grids))
    return tuple(Slot(day=day, minute=minute) for day, minute in sorted(shared))


def falls_on(slots: Sequence[Slot], instant: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant is one of the slots."""
    day = instant.astimezone(zone).date()
    return any(at(slot, day, zone) == instant for slot in slots if slot.day == day.weekday())
