"""Slots as people type them, in both languages; what isn't fully understood is refused."""

import pytest

from bot.domain.slots import Slot
from bot.text.slots import NotSlots, read_slots, write_slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("lun 9:00", [(0, 540)]),
        ("mon-wed 9 13:30", [(0, 540), (0, 810), (1, 540), (1, 810), (2, 540), (2, 810)]),
        ("sáb, dom 10.15, 20h", [(5, 615), (5, 1200), (6, 615), (6, 1200)]),
        ("vie 9:00\n\nfri 9:00", [(4, 540)]),
        ("lun - mar 0:00", [(0, 0), (1, 0)]),
        ("", []),
    ],
)
def test_lines(text: str, slots: list[tuple[int, int]]) -> None:
    found = read_slots(text)
    assert [(slot.day, slot.minute) for slot in found] == slots
    for lang in ("en", "es"):
        assert read_slots(write_slots(found, lang)) == found


def test_days_with_the_same_times_share_a_line() -> None:
    slots = [Slot(day=day, minute=540) for day in (0, 1, 2, 4)] + [Slot(day=6, minute=600)]
    assert write_slots(slots, "es") == "lun-mié vie 9:00\ndom 10:00"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("9:00", "slots.no_days"),
        ("hoy 9:00", "slots.no_days"),
        ("lun", "slots.no_times"),
        ("lun 25:00", "slots.no_times"),
        ("lun 9:61", "slots.no_times"),
        ("lun 9 de la mañana", "slots.no_times"),
        ("lun-dom 1 2 3 4 5 6 7 8 9", "slots.too_many"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, key: str) -> None:
    with pytest.raises(NotSlots) as refused:
        read_slots(text)
    assert refused.value.key == key
