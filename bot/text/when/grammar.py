"""How the pieces are written: each rule is an expression over the folded text and what it makes of a match."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from bot.text.when.lexicon import (
    ABBREVIATIONS,
    AMOUNTS,
    AREAS,
    CITIES,
    DAYS,
    HOURS,
    MINUTES,
    MONTHS,
    PERIODS,
    SECONDS,
    WEEKDAYS,
    either,
)
from bot.text.when.parts import (
    Abbreviation,
    Clock,
    Day,
    Delay,
    EitherDay,
    FromUtc,
    Mark,
    Offset,
    Part,
    Period,
    Place,
    Week,
    Weekday,
    Which,
)

Made = Sequence[Part] | None
Make = Callable[[re.Match[str]], Made]


@dataclass(frozen=True)
class Rule:
    """An expression, and the pieces that a match of it means; None when it means nothing after all."""

    pattern: re.Pattern[str]
    make: Make


RULES: list[Rule] = []
_AT = r"(?:a\s+las?\s+|las?\s+|at\s+|@\s*)"
_H = r"(?:hrs|hs|horas|h)"
_HALF = r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)"
_HOUR = either(HOURS)
_MINUTE = either(MINUTES)
_MONTH = either(MONTHS)
_WEEKDAY = either(WEEKDAYS)
_TH = r"(?:st|nd|rd|th)"
_FOR = r"(?:(?:para|for|on)\s+)?"
_NOT_CLOCK = r"(?!\d|\s*(?:[:./-]|h\b|[ap]\.?\s?m\b|de\s+la\b|del\s+medio|y\b|menos\b|o'?clock|in\s+the\b|at\s+night))"


def rule(pattern: str) -> Callable[[Make], Make]:
    """Register what a match of this expression means; it ends where a word ends."""

    def register(make: Make) -> Make:
        RULES.append(Rule(re.compile(rf"(?:{pattern})(?!\w)"), make))
        return make

    return register


def readings(text: str, at: int) -> Iterator[tuple[int, Sequence[Part]]]:
    """Where each rule that fits at that place ends, and what it found there; the longest first."""
    found = [(match.end(), rule.make(match)) for rule in RULES if (match := rule.pattern.match(text, at))]
    yield from sorted(((end, made) for end, made in found if made is not None), key=lambda each: -each[0])


def _clock(hour: str, minute: str | None, half: str | None, *, second: str | None = None, loose: bool = False) -> Made:
    """Hours from 13 and those with a zero before them speak for themselves; so do `am` and `pm`."""
    number = int(hour)
    if half:
        mark = Mark.AM if half == "a" else Mark.PM
    else:
        mark = Mark.EXACT if number > 12 or hour.startswith("0") else Mark.BARE
    return (Clock(number, int(minute or 0), int(second or 0), mark, loose),)


# --- clocks


@rule(rf"{_AT}?(\d{{1,2}})[:h](\d{{2}})(?::(\d{{2}}))?(?:\s*{_H}\b\.?)?{_HALF}?")
def _digits(match: re.Match[str]) -> Made:
    return _clock(match[1], match[2], match["half"], second=match[3])


@rule(rf"(?P<at>{_AT})?(\d{{1,2}})\.(\d{{2}})(?!\.?\d)(?:\s*{_H}\b\.?)?{_HALF}?")
def _dotted(match: re.Match[str]) -> Made:
    """`9.30`; where it could be a date as well, something has to say that it is none."""
    sure = match["at"] or match["half"] or int(match[3]) > 12 or int(match[2]) > 31
    return _clock(match[2], match[3], match["half"]) if sure else None


@rule(rf"(?P<at>{_AT})?(\d{{1,2}})(?P<h>\s*(?:{_H}\b\.?|o'?clock))?(?:\s+(?:en\s+punto|sharp))?{_HALF}?")
def _hour(match: re.Match[str]) -> Made:
    loose = not (match["at"] or match["h"] or match["half"])
    return _clock(match[2], None, match["half"], loose=loose)


@rule(
    rf"(?P<at>{_AT})?(?P<hour>{_HOUR})(?:\s+(?P<minute>{_MINUTE}))?(?P<h>\s+(?:o'?clock|en\s+punto|sharp|{_H}))?{_HALF}?"
)
def _words(match: re.Match[str]) -> Made:
    if not (match["at"] or match["h"] or match["half"] or match["minute"]):
        return None
    minute = _minutes(match["minute"]) if match["minute"] else 0
    return _clock(str(HOURS[match["hour"]]), str(minute), match["half"])


@rule(
    rf"{_AT}?(?P<hour>\d{{1,2}}|{_HOUR})\s+(?P<sign>y|menos|con)\s+(?P<minute>\d{{1,2}}|{_MINUTE})(?:\s+en\s+punto)?{_HALF}?"
)
def _spanish(match: re.Match[str]) -> Made:
    return _around(match["hour"], match["minute"], match["half"], before=match["sign"] == "menos")


@rule(
    rf"{_AT}?(?P<minute>\d{{1,2}}|{_MINUTE})(?:\s+minutes)?\s+(?P<sign>past|after|to|before)\s+"
    rf"(?P<hour>\d{{1,2}}|{_HOUR})(?:\s+o'?clock)?{_HALF}?"
)
def _english(match: re.Match[str]) -> Made:
    return _around(match["hour"], match["minute"], match["half"], before=match["sign"] in {"to", "before"})


def _around(hour: str, minute: str, half: str | None, *, before: bool) -> Made:
    number, away = int(hour) if hour.isdigit() else HOURS[hour], _minutes(minute)
    if not (0 < number <= 24 and away < 60):
        return None
    if before and away:
        number, away = number - 1 or 12, 60 - away
        if half and number == 11:
            return None  # `a quarter to 12 pm`: of which half the quarter is, nobody can say
    return _clock(str(number), str(away), half)


def _minutes(word: str) -> int:
    return int(word) if word.isdigit() else MINUTES[re.sub(r"[\s-]+", " ", word)]


@rule(r"(?:at\s+)?(?:noon|midday)|(?:a|al)\s+mediodia|mediodia")
def _noon(match: re.Match[str]) -> Made:
    return (Clock(12, mark=Mark.EXACT),)


@rule(r"(?:at\s+)?midnight|(?:a\s+(?:la\s+)?)?medianoche")
def _midnight(match: re.Match[str]) -> Made:
    return (Clock(0, mark=Mark.MIDNIGHT),)


# --- parts of the day


@rule(
    r"(?:de|por|en|a)\s+la\s+(manana|tarde|noche|madrugada)|(?:in\s+the\s+)?(morning|afternoon|evening)|(?:at\s+)?(night)|de\s+(madrugada)"
)
def _period(match: re.Match[str]) -> Made:
    word = next(group for group in match.groups() if group)
    return (Period(PERIODS[word]),)


@rule(r"del\s+mediodia")
def _of_noon(match: re.Match[str]) -> Made:
    return (Period.NOON,)


@rule(rf"{_FOR}(?:tonight|esta\s+(manana|tarde|noche)|this\s+(morning|afternoon|evening))")
def _today_in_part(match: re.Match[str]) -> Made:
    return (Offset(0), Period(PERIODS[match[1] or match[2] or "night"]))


# --- days


@rule(
    rf"{_FOR}(?:(hoy(?:\s+mismo)?|today)|(pasado\s+manana|(?:the\s+)?day\s+after\s+tomorrow)|(manana|tomorrow|tmrw|tomorow))"
)
def _near(match: re.Match[str]) -> Made:
    return (Offset(0 if match[1] else 2 if match[2] else 1),)


@rule(
    rf"{_FOR}(?:el\s+|the\s+)?(?:(?P<before>proximo|este|next|this\s+coming|coming|this)\s+)?"
    rf"(?P<day>{_WEEKDAY})\.?(?:\s+(?P<after>que\s+viene|proximo))?"
)
def _weekday(match: re.Match[str]) -> Made:
    said = match["before"] or ""
    which = Which.NEXT if said == "next" else Which.THIS if said in {"este", "this"} else Which.COMING
    return (Weekday(WEEKDAYS[match["day"]], which, skips_today=bool(match["after"]) or said == "proximo"),)


@rule(rf"{_FOR}(?:el\s+)?(?P<day>{_WEEKDAY})\.?,?\s+(?:the\s+)?(?P<number>\d{{1,2}})(?P<th>{_TH})?{_NOT_CLOCK}")
def _weekday_number(match: re.Match[str]) -> Made:
    return (Weekday(WEEKDAYS[match["day"]]), Day(int(match["number"])))


@rule(r"(?:de\s+)?(?:la\s+)?(?:semana\s+que\s+viene|proxima\s+semana|semana\s+proxima)|(?:of\s+)?next\s+week")
def _next_week(match: re.Match[str]) -> Made:
    return (Week(1),)


@rule(r"(?:de\s+)?esta(?:\s+misma)?\s+semana|(?:of\s+)?this\s+week")
def _this_week(match: re.Match[str]) -> Made:
    return (Week(0),)


_YEAR = r"(?:\s*,?\s*(?:del?\s+)?(?P<year>20\d\d)\b(?![:.h]))?"


@rule(
    rf"{_FOR}(?:el\s+|the\s+)?(?:dia\s+)?(?P<day>\d{{1,2}}|primero|uno)(?:{_TH}|o|ro)?\s*(?:de\s+|of\s+|-)?"
    rf"(?P<month>{_MONTH})\.?{_YEAR}"
)
def _day_month(match: re.Match[str]) -> Made:
    day = int(match["day"]) if match["day"].isdigit() else 1
    return (Day(day, MONTHS[match["month"]], _year(match["year"])),)


@rule(rf"{_FOR}(?:el\s+)?(?P<month>{_MONTH})\.?\s+(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?(?!\d){_NOT_CLOCK}{_YEAR}")
def _month_day(match: re.Match[str]) -> Made:
    return (Day(int(match["day"]), MONTHS[match["month"]], _year(match["year"])),)


@rule(rf"{_FOR}(?:el\s+(?:dia\s+)?|dia\s+)(?P<day>\d{{1,2}}){_NOT_CLOCK}|{_FOR}(?:the\s+)?(?P<nth>\d{{1,2}}){_TH}")
def _day_of_month(match: re.Match[str]) -> Made:
    return (Day(int(match["day"] or match["nth"])),)


@rule(
    rf"{_FOR}(?:el\s+|the\s+)?(\d{{1,2}})(?:/(\d{{1,2}})(?:/(20\d\d|\d\d))?|-(\d{{1,2}})-(20\d\d)|\.(\d{{1,2}})\.(20\d\d|\d\d))(?![\d/])"
)
def _slashed(match: re.Match[str]) -> Made:
    """Day and month; a number over 12 says which is which."""
    first, second = int(match[1]), int(match[2] or match[4] or match[6])
    year = _year(match[3] or match[5] or match[7])
    if match[6] or first > 12 or first == second:
        return (Day(first, second, year),)  # with full stops nobody writes the month first
    if second > 12:
        return (Day(second, first, year),)
    return (EitherDay(Day(first, second, year), Day(second, first, year)),)


@rule(r"(20\d\d)[-/](\d{2})[-/](\d{2})(?:(?:t|\s+)(\d{2}):(\d{2})(?::(\d{2}))?)?(?:\s*(?P<utc>z|[+-]\d{2}:?\d{2}))?")
def _iso(match: re.Match[str]) -> Made:
    """https://www.rfc-editor.org/rfc/rfc3339; without the time only the date."""
    made: list[Part] = [Day(int(match[3]), int(match[2]), int(match[1]))]
    if match[4]:
        made.append(Clock(int(match[4]), int(match[5]), int(match[6] or 0), Mark.EXACT))
    if match["utc"]:
        if not match[4]:
            return None
        made.append(_ahead(match["utc"]))
    return made


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


# --- from now


_AMOUNT = rf"(?P<amount>\d{{1,3}}(?:[.,]5)?|{either(AMOUNTS)})"
_IN = r"(?:in|en|dentro\s+de)\s+"


_MINUTES = either(name for name, seconds in SECONDS.items() if seconds == 60)


@rule(
    rf"(?P<in>{_IN})?{_AMOUNT}\s*(?P<unit>{either(SECONDS)})\.?(?P<half>\s+(?:y\s+media|and\s+a\s+half))?"
    rf"(?:\s*,?\s*(?:(?:y|and)\s+)?(?P<more>\d{{1,2}})\s*{_MINUTES}?)?(?P<after>\s+from\s+now)?"
)
def _delay(match: re.Match[str]) -> Made:
    if not (match["in"] or match["after"]):
        return None
    unit = SECONDS[match["unit"]]
    seconds = _amount(match["amount"]) * unit + (unit // 2 if match["half"] else 0) + 60 * int(match["more"] or 0)
    return (Delay(round(seconds)),) if unit > 60 or not (match["more"] or match["half"]) else None


@rule(
    rf"{_IN}(?:(?:half\s+an|media)\s+(hora|hour)|(hora\s+y\s+media|an\s+hour\s+and\s+a\s+half|one\s+and\s+a\s+half\s+hours)|(?:tres\s+cuartos\s+de\s+hora)|(?:a\s+quarter\s+of\s+an\s+hour|un\s+cuarto\s+de\s+hora)(?P<quarter>))"
)
def _fractions(match: re.Match[str]) -> Made:
    minutes = 30 if match[1] else 90 if match[2] else 15 if match["quarter"] is not None else 45
    return (Delay(minutes * 60),)


@rule(
    rf"{_IN}{_AMOUNT}\s+(?P<unit>{either(DAYS)})|(?P<later>\d{{1,2}})\s+(?P<units>{either(DAYS)})\s+from\s+(?:now|today)"
)
def _days_ahead(match: re.Match[str]) -> Made:
    amount, unit = match["amount"] or match["later"], match["unit"] or match["units"]
    days = _amount(amount) * DAYS[unit]
    return (Offset(int(days)),) if days == int(days) else None


def _amount(text: str) -> float:
    return float(text.replace(",", ".")) if text[0].isdigit() else AMOUNTS[text]


# --- zones


@rule(r"(?:hora\s+)?(?:utc|gmt)|\((?:utc|gmt)\)|z")
def _utc(match: re.Match[str]) -> Made:
    return (FromUtc(0, named=True),)


@rule(r"(?:utc|gmt)?\s*([+-]\d{1,2}(?::?\d{2})?)")
def _offset(match: re.Match[str]) -> Made:
    return (_ahead(match[1]),)


def _ahead(text: str) -> FromUtc:
    if text == "z":
        return FromUtc(0, named=True)
    hours, minutes = text[1:].split(":") if ":" in text else (text[1:3], text[3:])
    return FromUtc((1 if text[0] == "+" else -1) * (int(hours) * 60 + int(minutes or 0)))


@rule(r"([a-z]{3,4})")
def _abbreviation(match: re.Match[str]) -> Made:
    return (Abbreviation(match[1]),) if match[1] in ABBREVIATIONS else None


@rule(
    r"(?:\(\s*)?(?:hora\s+(?:de\s+|en\s+)?(?P<after>la\s+|el\s+)?|en\s+|in\s+)?(?P<place>[a-z][a-z_/'-]*(?:\s+[a-z_/'-]+){0,2}?)(?:\s+time)?(?:\s*\))?(?=\s*(?:$|[,\d]))"
)
def _place(match: re.Match[str]) -> Made:
    zone = _places().get(re.sub(r"[\s_]+", " ", match["place"]))
    return (Place(zone),) if zone else None


@cache
def _places() -> dict[str, str]:
    """Zones by their names and by their cities."""
    zones = sorted(zone for zone in available_timezones() if zone.startswith(AREAS))
    named = {zone.casefold().replace("_", " "): zone for zone in zones}
    cities = {zone.rsplit("/", 1)[-1].casefold().replace("_", " "): zone for zone in zones}
    return cities | named | CITIES
