"""Instants and spans as people read them; a time is never shown without its zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_location

from bot.text.words import Words, words_for

_SHORT_DAY = {"en": "EEE, MMMM d", "en_GB": "EEE d MMMM", "es": "EEE d 'de' MMMM", "es_419": "EEE d 'de' MMMM"}
_LONG_DAY = {"en": "EEEE, MMMM d", "en_GB": "EEEE d MMMM", "es": "EEEE d 'de' MMMM", "es_419": "EEEE d 'de' MMMM"}
_YEAR = {"en": ", y", "en_GB": " y", "es": " 'de' y", "es_419": " 'de' y"}
_CLOCK = {"en": "h:mm a", "en_GB": "HH:mm", "es": "HH:mm", "es_419": "h:mm a"}


def moment(instant: datetime, zone: ZoneInfo | str, words: Words | str, now: datetime | None = None) -> str:
    """`mar 3 de marzo, 09:00 (Madrid)`, `Tue, March 3, 9:00 AM (New York)`.

    The year is left out when `now` says that it is this one. Instants are aware.
    """
    local, zone, words = _here(instant, zone, words)
    pattern = _SHORT_DAY[words.locale]
    if now is None or now.astimezone(zone).year != local.year:
        pattern += _YEAR[words.locale]
    shown = format_datetime(local, pattern, locale=words.locale)
    return words("time.zoned", day=shown, clock=_clock(local, words), zone=zone_name(zone, words))


def clock(instant: datetime, zone: ZoneInfo | str, words: Words | str) -> str:
    """`09:00 (Madrid)`: for lists that stand under their day."""
    local, zone, words = _here(instant, zone, words)
    return words("time.clock", clock=_clock(local, words), zone=zone_name(zone, words))


def near(instant: datetime, zone: ZoneInfo | str, words: Words | str, now: datetime) -> str:
    """The clock alone on the same day of the wall, else the day too; always with its zone."""
    local, zone, words = _here(instant, zone, words)
    today = local.date() == now.astimezone(zone).date()
    return clock(instant, zone, words) if today else moment(instant, zone, words, now)


def spoken(instant: datetime, zone: ZoneInfo | str, words: Words | str, now: datetime) -> str:
    """The same as it stands in a sentence, after "since" or "until": `las 09:00 (Madrid)`, `el mar 3 de marzo, …`."""
    local, zone, words = _here(instant, zone, words)
    said = near(instant, zone, words, now)
    if local.date() != now.astimezone(zone).date():
        return words("time.on", day=said)
    hour = local.hour % 12 or 12 if _CLOCK[words.locale].startswith("h") else local.hour
    return words.n("time.at", hour, clock=said)


def day(when: date, words: Words | str) -> str:
    """`martes 3 de marzo`, `Tuesday, March 3`: a heading. `when` is a day on somebody's wall, not an instant."""
    words = words_for(words) if isinstance(words, str) else words
    return format_date(when, _LONG_DAY[words.locale], locale=words.locale)


def zone_name(zone: ZoneInfo | str, words: Words | str) -> str:
    """The zone's city, in the reader's language: `Nueva York`."""
    words = words_for(words) if isinstance(words, str) else words
    key = zone if isinstance(zone, str) else zone.key
    if key in {"UTC", "Etc/UTC", "GMT", "Etc/GMT"}:
        return "UTC"
    city = get_timezone_location(ZoneInfo(key), locale=words.locale, return_city=True)
    return city.rsplit("/", 1)[-1]  # CLDR leaves Argentina/Buenos Aires whole


def span(delta: timedelta, words: Words | str) -> str:
    """`5 min`, `17 h`, `3 días`: rounded down, hours up to two days; under a minute is `1 min`."""
    words = words_for(words) if isinstance(words, str) else words
    minutes = max(1, int(delta.total_seconds() // 60))
    if minutes < 60:
        return words.n("time.minutes", minutes)
    if minutes < 48 * 60:
        return words.n("time.hours", minutes // 60)
    return words.n("time.days", minutes // (24 * 60))


def age(delta: timedelta, words: Words | str) -> str:
    """`hace 5 min`, `5 min ago`."""
    words = words_for(words) if isinstance(words, str) else words
    if delta < timedelta(minutes=1):
        return words("time.now")
    return words("time.ago", span=span(delta, words))


def within(delta: timedelta, words: Words | str) -> str:
    """`en 17 h`, `in 17 h`."""
    words = words_for(words) if isinstance(words, str) else words
    if delta < timedelta(minutes=1):
        return words("time.now")
    return words("time.in", span=span(delta, words))


def _here(instant: datetime, zone: ZoneInfo | str, words: Words | str) -> tuple[datetime, ZoneInfo, Words]:
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone can't be shown")
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    return instant.astimezone(zone), zone, words_for(words) if isinstance(words, str) else words


def _clock(local: datetime, words: Words) -> str:
    """The wall's time; in the hour that a clock change repeats, with the abbreviation that tells which one."""
    shown = format_time(local.time(), _CLOCK[words.locale], locale=words.locale)
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    repeated = first is not None and second is not None and first > second
    return f"{shown} {local.tzname()}" if repeated else shown
