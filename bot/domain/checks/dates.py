"""Dates: the weekday that a text names is that day's, and the brand's own days are kept."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.almanac import MONTHS, WEEKDAYS
from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import fold, without_links
from bot.domain.checks.subject import Subject

_LONG_NAMES = {name: number for name, number in WEEKDAYS.items() if len(name) > 4}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(_LONG_NAMES, key=len, reverse=True))
_NAMED = re.compile(
    rf"\b(?P<weekday>{_DAY}),?\s+(?:the\s+|dia\s+)?(?:"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+(?:de\s+|of\s+)?(?P<month>{_MONTH})\b)?|"
    rf"(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?!\d|\s*(?:[:h%€$]|[ap]\.?m\b))(?:,?\s+(?:del?\s+)?(?P<year>20\d\d)\b)?"
)


def weekday(subject: Subject) -> Iterator[Finding]:
    """`viernes 27 de marzo` in a year in which that is a Thursday: readers come on one of the two."""
    today = subject.now.astimezone(subject.brand.clock).date()
    for match in _NAMED.finditer(fold(without_links(subject.text))):
        said = _LONG_NAMES[match["weekday"]]
        day, month = int(match["day"] or match["day2"]), match["month"] or match["month2"]
        year = int(match["year"]) if match["year"] else None
        meant = _meant(day, MONTHS[month] if month else None, year, today)
        if meant and all(each.weekday() != said for each in meant):
            args = {"words": match.group().strip(), "day": meant[0]}
            yield Finding(key="check.wrong_weekday", blocks=False, field="text", args=args)


def _meant(day: int, month: int | None, year: int | None, today: date) -> Sequence[date]:
    """The dates that are written so: the next that comes, and before it the nearest, where that is another."""
    if month is None:
        ahead = ((today.year + (today.month - 1 + step) // 12, (today.month - 1 + step) % 12 + 1) for step in range(3))
        coming = (found for y, m in ahead if (found := _date(y, m, day)) is not None and found >= today)
        return list(coming)[:1]
    years = (year,) if year is not None else (today.year - 1, today.year, today.year + 1)
    dates = [found for each in years if (found := _date(each, month, day)) is not None]
    nearest = sorted(dates, key=lambda found: abs((found - today).days))[:1]
    return list(dict.fromkeys([*nearest, *(each for each in dates if each >= today)][:2]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def special_days(subject: Subject) -> Iterator[Finding]:
    """A day on which the brand doesn't publish prevents it; one on which it takes care is said."""
    day = subject.at.astimezone(subject.brand.clock).date()
    for each in subject.brand.rules.on(day):
        args = {"name": each.name or f"{day.day}/{day.month}", "brand": subject.brand.name}
        key = "check.blackout" if each.blackout else "check.sensitive"
        yield Finding(key=key, blocks=each.blackout, field="at", args=args)
