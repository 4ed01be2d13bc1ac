"""Working hours as typed: both languages, several stretches, seasons and holidays; what is unclear is refused."""

import pytest

from bot.domain.hours import Holiday, Hours, Opening, Season
from bot.text.opening import NotHours, read_holidays, read_week, write_holidays, write_week

WEEKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    "line",
    [
        "lun-vie 9:00-14:00 16:00-19:00",
        "mon-fri 09:00-14:00 16:00-19:00",
        "Lunes - Viernes 9h-14h y 16h-19h",
        "mon tue wed thu fri 9-14, 16-19",
        "lun–vie 9.00–14.00, 16.00–19.00",
    ],
)
def test_several_stretches_of_a_day(line: str) -> None:
    week, seasons = read_week(line)
    assert [(each.days, each.start, each.end) for each in week] == [(WEEKDAYS, 540, 840), (WEEKDAYS, 960, 1140)]
    assert not seasons


@pytest.mark.parametrize(
    "head", ["1 jul - 31 ago", "Jul 1 - Aug 31", "1 de julio - 31 de agosto", "July 1 – August 31"]
)
def test_a_season_has_its_own_week(head: str) -> None:
    week, (season,) = read_week(f"lun-vie 9-19\n{head}: lun-vie 8:00-15:00\n")
    assert len(week) == 1
    assert season == Season(first=(7, 1), last=(8, 31), week=(Opening(days=WEEKDAYS, start=480, end=900),))


def test_a_season_may_be_closed_and_name_its_month_once() -> None:
    _, seasons = read_week("1-15 ago: cerrado\nDec 24 - Jan 2: closed")
    assert [(each.first, each.last, each.week) for each in seasons] == [((8, 1), (8, 15), ()), ((12, 24), (1, 2), ())]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("lun-vie", "hours.no_times"),
        ("lun-vie 9:00", "hours.no_times"),
        ("lun-vie 9-14 tarde", "hours.no_times"),
        ("lun-vie 25:00-26:00", "hours.no_times"),
        ("9-14", "hours.no_days"),
        ("blursday 9-14", "hours.no_days"),
        ("verano: lun-vie 8-15", "hours.no_season"),
        ("31 feb - 3 mar: lun-vie 8-15", "hours.no_season"),
        ("1 jul - 40 ago: lun-vie 8-15", "hours.no_season"),
        ("1 jul - 31 ago:", "hours.no_times"),
        ("cerrado", "hours.no_times"),
    ],
)
def test_what_is_unclear_is_refused_and_named(line: str, key: str) -> None:
    with pytest.raises(NotHours) as refusal:
        read_week(f"lun 9-14\n{line}")
    assert (refusal.value.key, refusal.value.line) == (key, line)


def test_holidays_with_and_without_a_year() -> None:
    found = read_holidays("25 dic, Jan 1\n2026-10-12; 6 de enero de 2027, 25 dic")
    assert found == (
        Holiday(month=12, day=25), Holiday(month=1, day=1), Holiday(month=10, day=12, year=2026),
        Holiday(month=1, day=6, year=2027),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["navidad", "31 feb", "2026-13-01", "29 feb 2027", "12/10", "1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotHours) as refusal:
        read_holidays(text)
    assert refusal.value.key == "hours.no_holiday"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_is_written_reads_as_the_same(lang: str) -> None:
    week, seasons = read_week("lun-vie 9-14 16-19\nsáb 22-2\n1 jul - 31 ago: lun-vie 8-15\n1-15 ago: cerrado")
    hours = Hours(week=week, seasons=seasons, holidays=read_holidays("25 dic, 2026-10-12"))
    assert read_week(write_week(hours, lang)) == (week, seasons)
    assert read_holidays(write_holidays(hours.holidays, lang)) == hours.holidays


def test_more_than_a_form_holds_is_refused() -> None:
    with pytest.raises(NotHours):
        read_week("lun 9-14\n" * 31)
    with pytest.raises(NotHours):
        read_holidays(", ".join(f"2026-{m:02d}-{d:02d}" for m in range(1, 13) for d in range(1, 8)))
