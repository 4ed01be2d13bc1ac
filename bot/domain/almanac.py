"""The names of weekdays and months in English and Spanish, small letters without accents, as people write them."""

from collections.abc import Mapping

_WEEKDAYS = (
    "monday mon lunes lun",
    "tuesday tue tues martes mar",
    "wednesday wed miercoles mie mier",
    "thursday thu thur thurs jueves jue",
    "friday fri viernes vie",
    "saturday sat sabado sab",
    "sunday sun domingo dom",
)
_MONTHS = (
    "january jan enero ene",
    "february feb febrero",
    "march mar marzo",
    "april apr abril abr",
    "may mayo",
    "june jun junio",
    "july jul julio",
    "august aug agosto ago",
    "september sep sept septiembre setiembre set",
    "october oct octubre",
    "november nov noviembre",
    "december dec diciembre dic",
)
WEEKDAYS: Mapping[str, int] = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
"""By every spelling; Monday is 0."""
MONTHS: Mapping[str, int] = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
"""By every spelling; January is 1."""
