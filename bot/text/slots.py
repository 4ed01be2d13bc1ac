"""Queue slots as people type them: `mon-fri 9:00 13:30`, a line for some days, in English or Spanish."""

import re
from collections.abc import Sequence

from bot.domain.slots import Slot
from bot.text.rota import SHORT, days_named, days_written

MOST = 60
"""Slots of one week."""
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?")


class NotSlots(ValueError):
    """A line that can't be read; `key` is the message that says what is wrong with it."""

    def __init__(self, line: str, key: str) -> None:
        super().__init__(f"{line!r}: {key}")
        self.line = line
        self.key = key


def read_slots(text: str) -> tuple[Slot, ...]:
    """The slots in the order of the week, each once; raises NotSlots for the first line that isn't understood."""
    found: set[tuple[int, int]] = set()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        words = re.sub(r"\s*[-–—]\s*", "-", line).replace(",", " ").split()
        first = next((place for place, word in enumerate(words) if word[0].isdigit()), len(words))
        days, times = days_named(words[:first]), [_minute(word) for word in words[first:]]
        if not days:
            raise NotSlots(line, "slots.no_days")
        if not times or None in times:
            raise NotSlots(line, "slots.no_times")
        found |= {(day, minute) for day in days for minute in times if minute is not None}
    if len(found) > MOST:
        raise NotSlots(str(len(found)), "slots.too_many")
    return tuple(Slot(day=day, minute=minute) for day, minute in sorted(found))


def _minute(word: str) -> int | None:
    match = _TIME.fullmatch(word)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return int(match[1]) * 60 + int(match[2] or 0)


def write_slots(slots: Sequence[Slot], lang: str) -> str:
    """The slots as they can be typed again: days with the same times on one line."""
    by_day = {day: tuple(sorted(slot.minute for slot in slots if slot.day == day)) for day in range(7)}
    lines = []
    for times in dict.fromkeys(times for times in by_day.values() if times):
        days = frozenset(day for day, theirs in by_day.items() if theirs == times)
        lines.append(f"{days_written(days, SHORT[lang])} {' '.join(f'{m // 60}:{m % 60:02d}' for m in times)}")
    return "\n".join(lines)
