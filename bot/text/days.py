"""A brand's special days as people type them: `24 dic Nochebuena`, `1 Aug - 15 Aug holidays`, a line each."""

import re

from bot.domain.house_rules import SpecialDay
from bot.text.when.answers import Refusal
from bot.text.when.parts import Day
from bot.text.when.reading import read

LINES = 60
"""Days of one list."""
_BETWEEN = re.compile(r"(?<!\s)\s++(?:-|–|—|to|until|a|al|hasta)\s++", re.IGNORECASE)
_SHORT = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
_WORDS = 6  # of a date: `el 3 de diciembre de 2026`


class NotDay(ValueError):
    """A line that can't be read; `number` counts from 1, `key` is the message that says what is wrong with it."""

    def __init__(self, number: int, line: str, key: str) -> None:
        super().__init__(f"line {number}: {key}")
        self.number = number
        self.line = line
        self.key = key


def read_days(text: str, *, blackout: bool) -> tuple[SpecialDay, ...]:
    """The days, empty lines left out; raises NotDay for the first line that isn't fully understood."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > LINES:
        raise NotDay(lines[LINES][0], lines[LINES][1], "days.too_many")
    return tuple(_line(number, line, blackout) for number, line in lines)


def _line(number: int, line: str, blackout: bool) -> SpecialDay:
    first, rest = _date(line)
    if first is None or first.month is None:
        raise NotDay(number, line, "days.no_date")
    last: Day | None = None
    if between := _BETWEEN.match(f" {rest} "):
        last, after = _date(f" {rest} "[between.end() :].strip())
        rest = after if last is not None and last.month is not None else f" {rest} "[between.end() :].strip()
    made = SpecialDay(
        name=rest[:80], blackout=blackout, year=first.year, month=first.month, day=first.day,
        last_year=last.year if last else None, last_month=last.month or 0 if last else 0,
        last_day=last.day if last else 0,
    )  # fmt: skip
    if not made.real:
        raise NotDay(number, line, "days.no_such_date")
    return made


def _date(text: str) -> tuple[Day | None, str]:
    """The date that a text begins with, as long as it goes, and the rest."""
    words = text.split()
    for count in range(min(_WORDS, len(words)), 0, -1):
        found = read(" ".join(words[:count]))
        if isinstance(found, Refusal):
            continue
        days = {parts[0] for parts in found if len(parts) == 1 and isinstance(parts[0], Day)}
        if len(days) == 1 and len(days) == len(found):
            (day,) = days
            return (day if isinstance(day, Day) else None), " ".join(words[count:])
    return None, text


def write_day(day: SpecialDay, lang: str) -> str:
    """A day as it can be typed again."""
    shown = _written(day.year, day.month, day.day, lang)
    if day.last_month:
        shown = f"{shown} - {_written(day.last_year, day.last_month, day.last_day, lang)}"
    return f"{shown} {day.name}".strip()


def _written(year: int | None, month: int, day: int, lang: str) -> str:
    return f"{day} {_SHORT[lang][month - 1]}" if year is None else f"{year}-{month:02d}-{day:02d}"
