"""Special days as people type them, in both languages; what isn't fully understood is refused."""

import pytest

from bot.domain.house_rules import SpecialDay
from bot.text.days import LINES, NotDay, read_days, write_day

EVE = SpecialDay(name="Nochebuena", month=12, day=24)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("24 dic Nochebuena", EVE),
        ("24 de diciembre Nochebuena", EVE),
        ("Dec 24 Nochebuena", EVE),
        ("2026-12-24 Nochebuena", EVE.model_copy(update={"year": 2026})),
        ("24 dic", SpecialDay(month=12, day=24)),
        ("24/12/2026", SpecialDay(year=2026, month=12, day=24)),
        ("1 ago - 15 ago Vacaciones", SpecialDay(name="Vacaciones", month=8, day=1, last_month=8, last_day=15)),
        ("1 Aug to 15 Aug Holidays", SpecialDay(name="Holidays", month=8, day=1, last_month=8, last_day=15)),
        ("30 dic al 2 ene Balance", SpecialDay(name="Balance", month=12, day=30, last_month=1, last_day=2)),
        ("24 dic - Nochebuena", EVE),
        ("29 feb Bisiesto", SpecialDay(name="Bisiesto", month=2, day=29)),
    ],
)
def test_lines(line: str, day: SpecialDay) -> None:
    assert read_days(f"\n  {line}\n\n", blackout=True) == (day,)
    (careful,) = read_days(line, blackout=False)
    assert not careful.blackout
    for lang in ("en", "es"):
        assert read_days(write_day(day, lang), blackout=True) == (day,)


@pytest.mark.parametrize(
    ("text", "number", "key"),
    [
        ("24 dic\nNochebuena", 2, "days.no_date"),
        ("3/4 Algo", 1, "days.no_date"),
        ("el 3 Algo", 1, "days.no_date"),
        ("mañana", 1, "days.no_date"),
        ("31 feb Nada", 1, "days.no_such_date"),
        ("2026-08-15 - 2026-08-01 Al revés", 1, "days.no_such_date"),
        ("1 ene\n" * (LINES + 1), LINES + 1, "days.too_many"),
    ],
)
def test_the_first_line_that_is_not_understood_is_named(text: str, number: int, key: str) -> None:
    with pytest.raises(NotDay) as refused:
        read_days(text, blackout=True)
    assert (refused.value.number, refused.value.key) == (number, key)
