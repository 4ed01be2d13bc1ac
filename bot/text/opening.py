"""Working hours as people type them, in English or Spanish: `lun-vie 9:00-14:00 16:00-19:00`, a line each kind of day.

A line may begin with a season: `1 jul - 31 ago: lun-vie 8:00-15:00`, or `1-15 ago: cerrado`. Holidays are a list:
`25 dic, 1 ene, 2026-10-12`. What isn't fully understood is refused.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.domain.hours import Holiday, Hours, Opening, Season
from bot.text.rota import DASHES, SHORT, TIMES, clock_written, days_named, days_written, plain, times_named

LINES, HOLIDAYS = 30, 60

_MONTHS = (
    ("jan", "ene"), ("feb", "feb"), ("mar", "mar"), ("apr", "abr"), ("may", "may"), ("jun", "jun"),
    ("jul", "jul"), ("aug", "ago"), ("sep", "sep"), ("oct", "oct"), ("nov", "nov"), ("dec", "dic"),
)  # fmt: skip
_LONG = (
    ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"), ("may", "mayo"),
    ("june", "junio"), ("july", "julio"), ("august", "agosto"), ("september", "septiembre"), ("october", "octubre"),
    ("november", "noviembre"), ("december", "diciembre"),
)  # fmt: skip
_NUMBERS = {name: n for table in (_MONTHS, _LONG) for n, names in enumerate(table, 1) for name in names} | {"sept": 9}
_CLOSED = {"closed", "cerrado", "cerrada"}
_FILLER = {"and", "y", "de", "of", "to", "a"}
_SPLIT = re.compile(r"[,;\n]+")


class NotHours(ValueError):
    """A line or a date that can't be read; `line` is what was typed, `key` the message that says what is wrong."""

    def __init__(self, line: str, key: str) -> None:
        super().__init__(key)
        self.line = line
        self.key = key


def read_week(text: str) -> tuple[tuple[Opening, ...], tuple[Season, ...]]:
    """The week and the seasons; raises NotHours for the first line that isn't fully understood."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > LINES:
        raise NotHours(lines[LINES], "hours.too_long")
    week: list[Opening] = []
    seasons: dict[tuple[tuple[int, int], tuple[int, int]], list[Opening]] = {}
    for line in lines:
        head, colon, rest = line.translate(DASHES).partition(": ")
        if not colon and line.rstrip().endswith(":"):
            raise NotHours(line, "hours.no_times")
        if colon:
            seasons.setdefault(_season(head, line), []).extend(_openings(rest, line, closes=True))
        else:
            week += _openings(line.translate(DASHES), line)
    return tuple(week), tuple(
        Season(first=first, last=last, week=tuple(found)) for (first, last), found in seasons.items()
    )


def _openings(text: str, line: str, *, closes: bool = False) -> list[Opening]:
    words = [word for word in re.sub(r"\s*-\s*", "-", text).replace(",", " ").split() if plain(word) not in _FILLER]
    if closes and len(words) == 1 and plain(words[0]) in _CLOSED:
        return []
    at = next((place for place, word in enumerate(words) if TIMES.fullmatch(word)), len(words))
    if at == len(words) or not all(TIMES.fullmatch(word) for word in words[at:]):
        raise NotHours(line, "hours.no_times")
    days = days_named(words[:at])
    if not days:
        raise NotHours(line, "hours.no_days")
    found: list[Opening] = []
    for word in words[at:]:
        start, end = times_named(word)
        if start is None or end is None:
            raise NotHours(line, "hours.no_times")
        found.append(Opening(days=days, start=start, end=end))
    return found


def _season(head: str, line: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, dash, last = head.partition("-")
    if not dash:
        raise NotHours(line, "hours.no_season")
    ends = _day_of(last)
    begins = _day_of(first) or (_day_of(f"{first} {_month_in(last)}") if ends else None)
    if begins is None or ends is None:
        raise NotHours(line, "hours.no_season")
    return begins, ends


def _month_in(text: str) -> str:
    return next((word for word in text.split() if plain(word) in _NUMBERS), "")


def _day_of(text: str) -> tuple[int, int] | None:
    """`31 ago`, `Aug 31`, as (month, day); None for anything else, and for a day that no year has."""
    words = [plain(word) for word in text.replace(",", " ").split() if plain(word) not in _FILLER]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 2]
    months = [_NUMBERS[word] for word in words if word in _NUMBERS]
    if len(words) != 2 or len(numbers) != 1 or len(months) != 1:
        return None
    return (months[0], numbers[0]) if _exists(2024, months[0], numbers[0]) else None


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """Days with or without a year; raises NotHours for the first that isn't one."""
    days = [part.strip() for part in _SPLIT.split(text) if part.strip()]
    if len(days) > HOLIDAYS:
        raise NotHours(days[HOLIDAYS], "hours.too_long")
    return tuple(dict.fromkeys(_holiday(day) for day in days))


def _holiday(text: str) -> Holiday:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.translate(DASHES))
    if iso is not None:
        year, month, day = map(int, iso.groups())
        if _exists(year, month, day):
            return Holiday(month=month, day=day, year=year)
        raise NotHours(text, "hours.no_holiday")
    named = re.fullmatch(r"(.*?)[\s,]+(?:de\s+)?(\d{4})", text)
    found = _day_of(named[1] if named else text)
    if found is None:
        raise NotHours(text, "hours.no_holiday")
    if named is None:
        return Holiday(month=found[0], day=found[1])
    if not _exists(int(named[2]), *found):
        raise NotHours(text, "hours.no_holiday")
    return Holiday(month=found[0], day=found[1], year=int(named[2]))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def read_span(text: str) -> int | None:
    """Minutes: `40`, `40 min`, `2 h`, `1 h 30`; None for anything else."""
    match = re.fullmatch(
        r"(?:(\d{1,4})\s*h(?:oras?|ours?)?)?\s*(?:(\d{1,5})\s*(?:m(?:in(?:utos?|utes?)?)?)?)?", plain(text.strip())
    )
    if match is None or not any(match.groups()):
        return None
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def write_week(hours: Hours, lang: str) -> str:
    """The week and the seasons as they can be typed again: stretches of the same days on one line."""
    lines = _lines(hours.week, lang)
    for season in hours.seasons:
        head = f"{_day_written(*season.first, lang)} - {_day_written(*season.last, lang)}"
        closed = ["closed" if lang == "en" else "cerrado"]
        lines += [f"{head}: {line}" for line in _lines(season.week, lang) or closed]
    return "\n".join(lines)


def _lines(week: Sequence[Opening], lang: str) -> list[str]:
    by_days: dict[frozenset[int], list[str]] = {}
    for each in week:
        by_days.setdefault(each.days, []).append(f"{clock_written(each.start)}-{clock_written(each.end)}")
    return [f"{days_written(days, SHORT[lang])} {' '.join(times)}" for days, times in by_days.items()]


def write_holidays(holidays: Sequence[Holiday], lang: str) -> str:
    """The holidays as they can be typed again."""
    return ", ".join(
        f"{each.year:04d}-{each.month:02d}-{each.day:02d}" if each.year else _day_written(each.month, each.day, lang)
        for each in holidays
    )


def _day_written(month: int, day: int, lang: str) -> str:
    english, spanish = _MONTHS[month - 1]
    return f"{english.capitalize()} {day}" if lang == "en" else f"{day} {spanish}"
