"""A duty rota as people type it: `mon-fri 09:00-18:00 @ana @bea`, a line a shift, the days in English or Spanish."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.finding import folded

LINES = 30
"""Shifts of one rota."""

_DAYS = (
    ("mon", "monday", "lun", "lunes"),
    ("tue", "tues", "tuesday", "mar", "martes"),
    ("wed", "wednesday", "mie", "miercoles"),
    ("thu", "thurs", "thursday", "jue", "jueves"),
    ("fri", "friday", "vie", "viernes"),
    ("sat", "saturday", "sab", "sabado"),
    ("sun", "sunday", "dom", "domingo"),
)
_NUMBERS = {name: number for number, names in enumerate(_DAYS) for name in names}
_EVERY = {"daily", "diario", "everyday"}
SHORT = {
    "en": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
TIMES = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?h?-(\d{1,2})(?:[:.](\d{2}))?h?")
DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-"})
_DAY = 24 * 60


class NotRota(ValueError):
    """A line that can't be read; `number` counts from 1, `key` is the message that says what is wrong with it."""

    def __init__(self, number: int, line: str, key: str) -> None:
        super().__init__(f"line {number}: {key}")
        self.number = number
        self.line = line
        self.key = key


@dataclass(frozen=True)
class Line:
    """One shift as typed: weekdays from Monday 0, minutes of the day, and the two people as they were named."""

    number: int
    days: frozenset[int]
    start: int
    end: int
    member: str
    deputy: str = ""


def read_rota(text: str) -> Sequence[Line]:
    """The shifts, empty lines left out; raises NotRota for the first line that isn't fully understood."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > LINES:
        raise NotRota(lines[LINES][0], lines[LINES][1], "duty.rota.too_long")
    return [_line(number, line) for number, line in lines]


def _line(number: int, text: str) -> Line:
    words = re.sub(r"\s*-\s*", "-", text.translate(DASHES)).replace(",", " ").split()
    at = next((place for place, word in enumerate(words) if TIMES.fullmatch(word)), None)
    if at is None:
        raise NotRota(number, text, "duty.rota.no_times")
    days = days_named(words[:at])
    if not days:
        raise NotRota(number, text, "duty.rota.no_days")
    start, end = times_named(words[at])
    if start is None or end is None:
        raise NotRota(number, text, "duty.rota.no_times")
    people = words[at + 1 :]
    if not 1 <= len(people) <= 2:
        raise NotRota(number, text, "duty.rota.no_people")
    return Line(number, days, start, end, people[0], people[1] if len(people) == 2 else "")


def days_named(words: Sequence[str]) -> frozenset[int]:
    """The weekdays that words name, Monday 0: `mon-fri`, `lun mié`, `daily`; none where a word is no day."""
    found: set[int] = set()
    for word in words:
        name = plain(word)
        if name in _EVERY:
            found |= set(range(7))
            continue
        first, _, last = name.partition("-")
        if first not in _NUMBERS or (last and last not in _NUMBERS):
            return frozenset()
        begin, finish = _NUMBERS[first], _NUMBERS[last or first]
        found |= {(begin + step) % 7 for step in range((finish - begin) % 7 + 1)}
    return frozenset(found)


def times_named(word: str) -> tuple[int | None, int | None]:
    """The minutes of `09:00-14:30`, which fits `TIMES`; None for a time that doesn't exist."""
    match = TIMES.fullmatch(word)
    assert match is not None
    start = _minutes(match[1], match[2])
    end = _minutes(match[3], match[4])
    return (None if start == _DAY else start), end


def _minutes(hours: str, minutes: str | None) -> int | None:
    found = int(hours) * 60 + int(minutes or 0)
    return found if int(minutes or 0) < 60 and found <= _DAY else None


def plain(word: str) -> str:
    """Small letters without accents and full stops."""
    return folded(word).rstrip(".")


def write_line(days: frozenset[int], start: int, end: int, people: Sequence[str], lang: str) -> str:
    """A shift as it can be typed again: `lun-vie 09:00-18:00 @ana @bea`."""
    return " ".join([days_written(days, SHORT[lang]), f"{clock_written(start)}-{clock_written(end)}", *people])


def days_written(days: frozenset[int], names: Sequence[str]) -> str:
    """`mon-fri sun`."""
    parts: list[str] = []
    for day in sorted(days):
        if day - 1 in days and day > 0 and parts:
            first = parts[-1].partition("-")[0]
            parts[-1] = f"{first}-{names[day]}"
        else:
            parts.append(names[day])
    return " ".join(parts)


def clock_written(minutes: int) -> str:
    """`09:05`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def matches(typed: str, people: Mapping[str, Sequence[str]]) -> str | None:
    """Whom `@ana`, `<@U1>` or `U1` names, of people by their user id with the names they go by, Slack's own first;
    None for nobody, and for a name that several have."""
    mention = re.fullmatch(r"<@(\w+)(?:\|[^>]*)?>", typed)
    if mention is not None:
        return mention[1] if mention[1] in people else None
    wanted = plain(typed.removeprefix("@"))
    for known in ({user: (user, *names[:1]) for user, names in people.items()}, people):
        found = [user for user, names in known.items() if wanted and wanted in {plain(name) for name in names}]
        if found:
            return found[0] if len(found) == 1 else None
    return None
