"""From pieces to instants: every day with every time that is still to come; more than one is asked."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.text.when.answers import Answer, Doubt, Moment, Question, Refusal, Why
from bot.text.when.clocks import Timed, instants, times_of
from bot.text.when.days import Dated, NoDay, days_of
from bot.text.when.parts import Abbreviation, Clock, Day, Delay, FromUtc, Offset, Part, Period, Place

P = TypeVar("P")
Found = tuple[datetime, Doubt | None]
OnClocks = Callable[[datetime], Sequence[Found]]
FAR = timedelta(days=5 * 366)
"""Nobody plans further ahead."""
_TOLD = (
    Why.WRONG_WEEKDAY,
    Why.NO_SUCH_DATE,
    Why.PAST,
    Why.TOO_FAR,
    Why.NO_TIME,
    Why.NO_SUCH_TIME,
    Why.NOT_UNDERSTOOD,
)
"""Which refusal is told, of those that several readings of one text meet."""


def resolved(ways: Sequence[Sequence[Part]], text: str, now: datetime, zone: ZoneInfo, *, day_first: bool) -> Answer:
    """What the phrase means, all its readings taken together: where they differ, it is asked."""
    options: dict[Moment, Doubt | None] = {}
    refused: list[Why] = []
    for parts in ways:
        try:
            for moment, doubt in _moments(parts, now.astimezone(UTC), zone, day_first=day_first):
                options.setdefault(moment, doubt)
        except NoDay as error:
            refused.append(error.why)
    if not options:
        return Refusal(min(refused, key=_TOLD.index), text)
    moments = tuple(sorted(options, key=lambda moment: moment.at))
    doubts = [doubt for doubt in options.values() if doubt is not None]
    if len(moments) == 1 and not doubts:
        return moments[0]
    return Question(doubts[0] if doubts else Doubt.ORDER, moments)


def _one(parts: Sequence[Part], kind: type[P]) -> P | None:
    return next((part for part in parts if isinstance(part, kind)), None)


def _moments(
    parts: Sequence[Part], now: datetime, zone: ZoneInfo, *, day_first: bool
) -> Iterator[tuple[Moment, Doubt | None]]:
    """What one reading means. Raises NoDay for what it can't."""
    place, ahead, short = _one(parts, Place), _one(parts, FromUtc), _one(parts, Abbreviation)
    zone = ZoneInfo(place.zone) if place else ZoneInfo("UTC") if ahead and ahead.named else zone
    delay, clock = _one(parts, Delay), _one(parts, Clock)
    if delay is not None:
        if len(parts) > 1 or not delay.seconds:
            raise NoDay(Why.NOT_UNDERSTOOD)
        yield Moment(now.replace(microsecond=0) + timedelta(seconds=delay.seconds), zone.key), None
        return
    today = now.astimezone(zone).date()
    days, period, offset = days_of(parts, today, day_first=day_first), _one(parts, Period), _one(parts, Offset)
    if clock is None or (clock.loose and period is None and offset is None):
        raise NoDay(Why.NO_TIME if days or period else Why.NOT_UNDERSTOOD)
    if ahead is not None and (short or (not ahead.named and (_one(parts, Day) is None or not _possible(ahead)))):
        raise NoDay(Why.NOT_UNDERSTOOD)
    times = times_of(clock, period, tonight=not days or offset == Offset(0))
    if not times:
        raise NoDay(Why.NO_SUCH_TIME)
    on_clocks = _on_clocks(zone, ahead, short)
    found = _named(days, times, today, now, on_clocks) if days else _unnamed(times, today, now, on_clocks)
    if not found:
        raise NoDay(Why.PAST)
    if any(at > now + FAR for at, _ in found):
        raise NoDay(Why.TOO_FAR)
    yield from ((Moment(at, zone.key), doubt) for at, doubt in found)


def _possible(ahead: FromUtc) -> bool:
    return abs(ahead.minutes) <= 14 * 60


def _on_clocks(zone: ZoneInfo, ahead: FromUtc | None, short: Abbreviation | None) -> OnClocks:
    """The instants of a local time, where the phrase names the clock's own name or its distance to UTC too."""

    def found(local: datetime) -> Sequence[Found]:
        if ahead is not None:
            return [(local.replace(tzinfo=timezone(timedelta(minutes=ahead.minutes))).astimezone(UTC), None)]
        both = instants(local, zone)
        if short is None:
            return both
        return [(at, None) for at, _ in both if (at.astimezone(zone).tzname() or "").casefold() == short.name]

    return found


def _on(day: Dated, times: Sequence[Timed], now: datetime, on_clocks: OnClocks) -> list[Found]:
    """What of a day's times is still to come, with what is open about each."""
    found: list[Found] = []
    for timed in times:
        local = datetime.combine(day.on + timedelta(days=timed.after), timed.at)
        found += [(at, asked or timed.doubt or day.doubt) for at, asked in on_clocks(local) if at > now]
    return found


def _named(
    days: Sequence[Dated], times: Sequence[Timed], today: date, now: datetime, on_clocks: OnClocks
) -> list[Found]:
    """A day was named. What is over can't be meant, so that of two readings the other is."""
    likely = [each for each in times if not each.unlikely]
    found = [each for day in days for each in _on(day, likely, now, on_clocks)]
    if not found and [day.on for day in days] == [today]:
        found = _on(days[0], [each for each in times if each.unlikely], now, on_clocks)
    clocks_ask = any(asked in {Doubt.GAP, Doubt.FOLD} for _, asked in found)
    alone = len({at for at, _ in found}) == 1 and not clocks_ask and not any(day.asks for day in days)
    return [(found[0][0], None)] if alone else found


def _unnamed(times: Sequence[Timed], today: date, now: datetime, on_clocks: OnClocks) -> list[Found]:
    """No day was named: today, or else it is asked whether tomorrow is meant."""
    here, after = Dated(today), Dated(today + timedelta(days=1), Doubt.DAY)
    likely = [each for each in times if not each.unlikely]
    left = {timed: _on(here, [timed], now, on_clocks) for timed in times}
    if all(left[timed] for timed in likely):
        return [each for timed in likely for each in left[timed]]
    found = [each for timed in times for each in left[timed]]
    for timed in likely:
        found += [] if left[timed] else _on(after, [timed], now, on_clocks)
    return found
