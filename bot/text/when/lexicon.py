"""The words of time in English and Spanish, small letters without accents."""

from collections.abc import Iterable, Mapping

from bot.domain.almanac import MONTHS, WEEKDAYS

__all__ = [
    "ABBREVIATIONS",
    "AMOUNTS",
    "AREAS",
    "CITIES",
    "DAYS",
    "HOURS",
    "MINUTES",
    "MONTHS",
    "PERIODS",
    "SECONDS",
    "WEEKDAYS",
    "either",
]

_ES = ["cero", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"]
_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
HOURS: dict[str, int] = {name: hour for names in (_ES, _EN) for hour, name in enumerate(names) if hour}
MINUTES: Mapping[str, int] = {
    "media": 30,
    "cuarto": 15,
    "cinco": 5,
    "diez": 10,
    "quince": 15,
    "veinte": 20,
    "veinticinco": 25,
    "treinta": 30,
    "cuarenta": 40,
    "cuarenta y cinco": 45,
    "cincuenta": 50,
    "half": 30,
    "quarter": 15,
    "a quarter": 15,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "twenty five": 25,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "fifty": 50,
}
AMOUNTS: Mapping[str, int] = (
    HOURS
    | {"a": 1, "an": 1, "un": 1, "quince": 15, "fifteen": 15}
    | {
        "veinte": 20,
        "twenty": 20,
        "treinta": 30,
        "thirty": 30,
        "cuarenta": 40,
        "forty": 40,
        "noventa": 90,
        "ninety": 90,
    }
)
SECONDS: Mapping[str, int] = {
    name: seconds
    for names, seconds in (
        ("minutes minute mins min minutos minuto m", 60),
        ("hours hour hrs hr h horas hora hs", 3600),
    )
    for name in names.split()
}
DAYS: Mapping[str, int] = {
    name: days for names, days in (("days day dias dia", 1), ("weeks week semanas semana", 7)) for name in names.split()
}
PERIODS: Mapping[str, str] = {
    "manana": "morning",
    "tarde": "afternoon",
    "noche": "night",
    "madrugada": "dawn",
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
}
_ABBREVIATIONS = """
cet cest wet west eet eest bst est edt cst cdt mst mdt pst pdt akst akdt hst ist aest aedt acst acdt awst nzst nzdt jst
kst sast msk
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
CITIES: dict[str, str] = {
    "nueva york": "America/New_York",
    "ciudad de mexico": "America/Mexico_City",
    "cdmx": "America/Mexico_City",
    "londres": "Europe/London",
    "berlin": "Europe/Berlin",
    "roma": "Europe/Rome",
    "bruselas": "Europe/Brussels",
    "viena": "Europe/Vienna",
    "atenas": "Europe/Athens",
    "lisboa": "Europe/Lisbon",
    "estocolmo": "Europe/Stockholm",
    "copenhague": "Europe/Copenhagen",
    "varsovia": "Europe/Warsaw",
    "praga": "Europe/Prague",
    "moscu": "Europe/Moscow",
    "estambul": "Europe/Istanbul",
    "tokio": "Asia/Tokyo",
    "seul": "Asia/Seoul",
    "singapur": "Asia/Singapore",
    "calcuta": "Asia/Kolkata",
    "nueva delhi": "Asia/Kolkata",
    "shanghai": "Asia/Shanghai",
    "sidney": "Australia/Sydney",
    "el cairo": "Africa/Cairo",
    "los angeles": "America/Los_Angeles",
    "canarias": "Atlantic/Canary",
    "islas canarias": "Atlantic/Canary",
    "canaria": "Atlantic/Canary",
    "peninsular": "Europe/Madrid",
    "barcelona": "Europe/Madrid",
    "valencia": "Europe/Madrid",
    "sevilla": "Europe/Madrid",
    "puerto rico": "America/Puerto_Rico",
    "la habana": "America/Havana",
    "la paz": "America/La_Paz",
    "quito": "America/Guayaquil",
    "san francisco": "America/Los_Angeles",
    "boston": "America/New_York",
    "miami": "America/New_York",
    "washington": "America/New_York",
}
"""Cities that people name and the zone database doesn't, or not in Spanish."""
AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


def either(names: Iterable[str]) -> str:
    """The names as one group of a regular expression, the longest first."""
    return "(?:" + "|".join(name.replace(" ", r"[\s-]+") for name in sorted(names, key=len, reverse=True)) + ")"
