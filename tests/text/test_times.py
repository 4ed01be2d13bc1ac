"""Times carry their weekday and zone, in the reader's way of writing them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.text.times import age, clock, day, moment, near, span, spoken, within, zone_name

MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "zone", "shown"),
    [
        ("es-ES", "Europe/Madrid", "mar 3 de marzo, 09:00 (Madrid)"),
        ("es-ES", "America/New_York", "mar 3 de marzo, 03:00 (Nueva York)"),
        ("es-ES", "America/Argentina/Buenos_Aires", "mar 3 de marzo, 05:00 (Buenos Aires)"),
        ("es-LA", "America/Mexico_City", "mar 3 de marzo, 2:00\u00a0a.m. (Ciudad de México)"),
        ("en-US", "America/New_York", "Tue, March 3, 3:00 AM (New York)"),
        ("en-GB", "Europe/London", "Tue 3 March, 08:00 (London)"),
        ("en-US", "UTC", "Tue, March 3, 8:00 AM (UTC)"),
    ],
)
def test_moment(locale: str, zone: str, shown: str) -> None:
    assert moment(MORNING, zone, locale, now=MORNING).replace(" a.m.", "\u00a0a.m.") == shown


def test_another_year_is_told() -> None:
    assert moment(MORNING, "UTC", "es", now=MORNING + timedelta(days=300)) == "mar 3 de marzo, 08:00 (UTC)"
    assert moment(MORNING, "UTC", "es", now=MORNING + timedelta(days=320)) == "mar 3 de marzo de 2026, 08:00 (UTC)"
    assert moment(MORNING, "UTC", "en") == "Tue, March 3, 2026, 8:00 AM (UTC)"


def test_the_hour_that_comes_twice_says_which() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert clock(first, "Europe/Madrid", "es") == "02:30 CEST (Madrid)"
    assert clock(second, "Europe/Madrid", "es") == "02:30 CET (Madrid)"
    assert clock(second + timedelta(hours=1), "Europe/Madrid", "es") == "03:30 (Madrid)"


def test_spring_forward() -> None:
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert clock(before, "Europe/Madrid", "es") == "01:59 (Madrid)"
    assert clock(before + timedelta(minutes=1), "Europe/Madrid", "es") == "03:00 (Madrid)"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment(datetime(2026, 3, 3, 8, 0), "UTC", "en")  # noqa: DTZ001 - the point of the test


def test_day_headings() -> None:
    assert day(date(2026, 3, 3), "es") == "martes 3 de marzo"
    assert day(date(2026, 3, 3), "en") == "Tuesday, March 3"
    assert zone_name("Etc/UTC", "es") == "UTC"


@pytest.mark.parametrize(
    ("delta", "spanish", "english"),
    [
        (timedelta(seconds=90), "1 min", "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min", "59 min"),
        (timedelta(hours=1), "1 h", "1 h"),
        (timedelta(hours=47, minutes=59), "47 h", "47 h"),
        (timedelta(hours=48), "2 días", "2 days"),
        (timedelta(days=1200), "1200 días", "1,200 days"),
    ],
)
def test_spans(delta: timedelta, spanish: str, english: str) -> None:
    assert (span(delta, "es"), span(delta, "en")) == (spanish, english)
    assert (age(delta, "es"), age(delta, "en")) == (f"hace {spanish}", f"{english} ago")
    assert (within(delta, "es"), within(delta, "en")) == (f"en {spanish}", f"in {english}")


@pytest.mark.parametrize("delta", [timedelta(0), timedelta(seconds=59), timedelta(days=-2)])
def test_now(delta: timedelta) -> None:
    assert age(delta, "es") == within(delta, "es") == "ahora mismo"


@pytest.mark.parametrize(
    ("locale", "hour", "shown"),
    [
        ("es-ES", 9, "las 09:00 (UTC)"),
        ("es-ES", 1, "la 01:00 (UTC)"),
        ("es-ES", 13, "las 13:00 (UTC)"),
        ("es-LA", 13, "la 1:00\u00a0p.m. (UTC)"),
        ("en-US", 13, "1:00 PM (UTC)"),
    ],
)
def test_in_a_sentence_an_hour_has_its_article(locale: str, hour: int, shown: str) -> None:
    said = spoken(MORNING.replace(hour=hour), "UTC", locale, MORNING)
    assert said.replace(" p.m.", "\u00a0p.m.").replace("\u202f", " ") == shown


def test_on_another_day_the_day_is_said() -> None:
    tomorrow = MORNING + timedelta(days=1)
    assert near(tomorrow, "UTC", "es", MORNING) == "mié 4 de marzo, 08:00 (UTC)"
    assert spoken(tomorrow, "UTC", "es", MORNING) == "el mié 4 de marzo, 08:00 (UTC)"
    assert spoken(tomorrow, "UTC", "en", MORNING) == "Wed, March 4, 8:00 AM (UTC)"
    assert near(MORNING, "UTC", "es", MORNING) == "08:00 (UTC)"
