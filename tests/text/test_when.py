"""Phrases of time: most ordinary ones are understood, none means something else than it says, the rest is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import times
from bot.text.when import LONGEST, Answer, Doubt, Moment, Question, Refusal, Why, parse
from bot.text.when.clocks import instants

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 3, 25, 16, 0, tzinfo=MADRID)
PHRASES = Path(__file__).parent / "when_phrases.txt"


def instant(written: str) -> datetime:
    """`03-26 09:00` on Madrid's wall in 2026; with Z, in UTC."""
    zone = UTC if written.endswith("Z") else MADRID
    full = written.rstrip("Z") if written.startswith("20") else f"2026-{written.rstrip('Z')}"
    return datetime.strptime(full, "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


def phrases() -> Iterator[tuple[str, str, str]]:
    """(language, phrase, meaning) for every line of the file."""
    language = ""
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line in {"# es", "# en"}:
            language = line[2:]
        elif not line.startswith("#"):
            phrase, _, meaning = line.partition(" | ")
            yield language, phrase, meaning


def meant(meaning: str) -> set[datetime]:
    """The instants that a line names; none for a phrase that has to be refused."""
    if meaning == "!":
        return set()
    return {instant(each.strip()) for each in meaning.lstrip("? ").split(",")}


def said(answer: Answer) -> set[datetime]:
    if isinstance(answer, Refusal):
        return set()
    return {answer.at} if isinstance(answer, Moment) else {option.at for option in answer.options}


@pytest.mark.parametrize(("language", "phrase", "meaning"), list(phrases()))
def test_each_phrase_means_exactly_that(language: str, phrase: str, meaning: str) -> None:
    answer = parse(phrase, NOW, MADRID, language)
    assert said(answer) == meant(meaning)
    assert isinstance(answer, Question) == meaning.startswith("?")


@pytest.mark.parametrize("language", ["es", "en"])
def test_over_four_fifths_of_them_are_understood_in_either_language(language: str) -> None:
    """By count, refusals that are right included in the whole: nobody wants to hear "I don't understand" often."""
    mine = [phrase for spoken, phrase, _ in phrases() if spoken == language]
    answers = [parse(phrase, NOW, MADRID, language) for phrase in mine]
    understood = sum(not isinstance(answer, Refusal) for answer in answers)
    assert len(mine) >= 150
    assert understood > 0.8 * len(mine)


@pytest.mark.parametrize(("language", "phrase", "meaning"), [each for each in phrases() if "/" not in each[1]])
def test_both_languages_are_understood_whoever_asks(language: str, phrase: str, meaning: str) -> None:
    assert said(parse(phrase, NOW, MADRID, "en" if language == "es" else "es")) == meant(meaning)


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("es", ["2026-04-03"]),
        ("es_419", ["2026-04-03"]),
        ("en-GB", ["2026-04-03"]),
        ("en", ["2026-04-03", "2027-03-04"]),
    ],
)
def test_day_and_month_are_only_settled_where_everybody_writes_them_alike(language: str, days: list[str]) -> None:
    answer = parse("3/4 09:00", NOW, MADRID, language)
    assert sorted(f"{at.astimezone(MADRID):%Y-%m-%d}" for at in said(answer)) == days
    assert isinstance(answer, Question) == (len(days) > 1)


@pytest.mark.parametrize(
    ("phrase", "why", "part"),
    [
        ("mañana no publiques nada", Why.NOT_UNDERSTOOD, "no publiques nada"),
        ("Mañana SÍN falta a las 9", Why.NOT_UNDERSTOOD, "SÍN falta"),
        ("mañana a las 9 o a las 10", Why.NOT_UNDERSTOOD, "o"),
        ("cuando puedas", Why.NOT_UNDERSTOOD, "cuando puedas"),
        ("mañana por la tarde", Why.NO_TIME, "mañana por la tarde"),
        ("friday", Why.NO_TIME, "friday"),
        ("today at 9am", Why.PAST, "today at 9am"),
        ("2026-03-24 09:00", Why.PAST, "2026-03-24 09:00"),
        ("jueves 27 de marzo a las 9", Why.WRONG_WEEKDAY, "jueves 27 de marzo a las 9"),
        ("30 feb 9:00", Why.NO_SUCH_DATE, "30 feb 9:00"),
        ("mañana a las 25", Why.NO_SUCH_TIME, "mañana a las 25"),
        ("mañana 14:00 por la mañana", Why.NO_SUCH_TIME, "mañana 14:00 por la mañana"),
        ("3/4/2099 10:00", Why.TOO_FAR, "3/4/2099 10:00"),
        ("", Why.NOT_UNDERSTOOD, ""),
        ("🙂", Why.NOT_UNDERSTOOD, "🙂"),
        ("9" * 101, Why.NOT_UNDERSTOOD, "9" * LONGEST),
    ],
)
def test_a_refusal_names_what_is_wrong(phrase: str, why: Why, part: str) -> None:
    assert parse(phrase, NOW, MADRID, "es") == Refusal(why, part)


@pytest.mark.parametrize(
    ("zone", "phrase", "doubt", "walls"),
    [
        ("Europe/Madrid", "29 de marzo 02:30", Doubt.GAP, ["01:30 CET", "03:00 CEST"]),
        ("Europe/Madrid", "29 de marzo 03:00", None, ["03:00 CEST"]),
        ("Europe/Madrid", "29 de marzo 01:59", None, ["01:59 CET"]),
        ("Europe/Madrid", "25 de octubre 02:00", Doubt.FOLD, ["02:00 CEST", "02:00 CET"]),
        ("Europe/Madrid", "25 de octubre 03:00", None, ["03:00 CET"]),
        ("America/New_York", "nov 1 01:30", Doubt.FOLD, ["01:30 EDT", "01:30 EST"]),
        ("America/Santiago", "sep 6 00:10", Doubt.GAP, ["23:10 -04", "01:00 -03"]),
        ("Australia/Lord_Howe", "oct 4 02:10", Doubt.GAP, ["01:40 +1030", "02:30 +11"]),
        ("America/Bogota", "29 de marzo 02:30", None, ["02:30 -05"]),
    ],
)
def test_what_the_clocks_skip_or_repeat_is_asked(zone: str, phrase: str, doubt: Doubt | None, walls: list[str]) -> None:
    answer = parse(phrase, NOW, ZoneInfo(zone), "es")
    assert [f"{at.astimezone(ZoneInfo(zone)):%H:%M %Z}" for at in sorted(said(answer))] == walls
    assert (answer.doubt if isinstance(answer, Question) else None) is doubt


ZONES = st.sampled_from(
    ["Europe/Madrid", "Europe/London", "America/New_York", "America/Mexico_City", "America/Bogota", "Asia/Tokyo",
     "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Australia/Sydney", "UTC"]
)  # fmt: skip
MINUTES = st.integers(min_value=1, max_value=290 * 24 * 60)


@given(minutes=MINUTES, zone=ZONES, brand=ZONES, locale=st.sampled_from(["es-ES", "es-LA", "en-US", "en-GB"]))
def test_what_we_write_we_read(minutes: int, zone: str, brand: str, locale: str) -> None:
    """Every moment as cards show it, typed again, is that very moment, whatever zone the brand is in."""
    at = NOW.astimezone(UTC) + timedelta(minutes=minutes)
    written = times.moment(at, zone, locale, NOW)
    answer = parse(written, NOW, ZoneInfo(brand), locale)
    assert at in said(answer)
    midnight = f"{at.astimezone(ZoneInfo(zone)):%H:%M}" == "00:00"
    assert isinstance(answer, Moment) or midnight  # `12:00 AM`: people don't agree whose midnight it is


@given(minutes=MINUTES, zone=ZONES)
def test_iso_is_read_as_it_is_written(minutes: int, zone: str) -> None:
    at = NOW.astimezone(UTC) + timedelta(minutes=minutes)
    local = at.astimezone(ZoneInfo(zone))
    for written in (local.isoformat(), local.isoformat(timespec="minutes"), f"{at:%Y-%m-%dT%H:%MZ}"):
        assert parse(written, NOW, ZoneInfo(zone), "en") in {Moment(at, zone), Moment(at, "UTC")}


PIECES = """
mañana hoy viernes el a las de la tarde noche 9 9:30 21h am pm next friday at in hours horas 3 dic / y media
2026-03-29 02:30 3/4 Madrid no UTC semana que viene tonight a medianoche
"""
WORDS = st.sampled_from(PIECES.split())


@given(words=st.lists(WORDS, max_size=7), zone=ZONES, now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - made aware below
def test_nothing_that_is_over_and_no_local_time_that_is_not_on_the_clock(
    words: list[str], zone: str, now: datetime
) -> None:
    aware = now.replace(tzinfo=UTC)
    answer = parse(" ".join(words), aware, ZoneInfo(zone), "es")
    assert all(at > aware for at in said(answer))
    if isinstance(answer, Question):
        ordered = [option.at for option in answer.options]
        assert ordered == sorted(set(ordered))


@given(text=st.text(max_size=LONGEST))
def test_any_text_is_answered(text: str) -> None:
    answer = parse(text, NOW, MADRID, "es")
    assert isinstance(answer, Refusal | Moment | Question)


@given(local=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), zone=ZONES)  # noqa: DTZ001 - a wall's time
def test_instants_show_that_time_or_are_asked(local: datetime, zone: str) -> None:
    for at, doubt in instants(local, ZoneInfo(zone)):
        shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert (shown == local) == (doubt is not Doubt.GAP)
