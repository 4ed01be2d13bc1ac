"""When people want something: phrases like `mañana a las 9` or `tue 14:30`, in English and Spanish, never guessed.

    parse("mañana a las 9", now, ZoneInfo("Europe/Madrid"), "es")    Moment
    parse("mañana a las 5", …)                                        Question: in the morning or in the afternoon
    parse("mañana no publiques nada", …)                              Refusal: `no publiques nada`

The whole text is understood or it is refused. Both languages are understood for everybody; `language` only settles what
stands first in `3/4`: in Spanish, and in Britain, the day.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.text.when.answers import Answer, Doubt, Moment, Question, Refusal, Why
from bot.text.when.reading import read
from bot.text.when.resolving import resolved

__all__ = ["LONGEST", "Answer", "Doubt", "Moment", "Question", "Refusal", "Why", "parse"]

LONGEST = 100
"""Characters of a phrase; nobody says a time in more."""
_DAY_FIRST = ("es", "en-gb", "en-au", "en-nz", "en-ie")


def parse(text: str, now: datetime, zone: ZoneInfo, language: str) -> Answer:
    """What a phrase means. `now` is aware; `language` is a language or a locale: `es`, `en`, `en-GB`, `es_419`."""
    found = read(text[: LONGEST + 1]) if len(text) <= LONGEST else Refusal(Why.NOT_UNDERSTOOD, text[:LONGEST])
    if isinstance(found, Refusal):
        return found
    day_first = language.replace("_", "-").casefold().startswith(_DAY_FIRST)
    return resolved(found, text.strip(), now, zone, day_first=day_first)
