"""What may follow `/vocero`: every verb in every spelling, and the nearest one when none fits."""

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.domain.finding import folded


class Verb(StrEnum):
    """The word that is shown for it, in each language, is the message `command.<value>`."""

    POST = "post"
    QUEUE = "queue"
    CALENDAR = "calendar"
    INBOX = "inbox"
    PEOPLE = "people"
    LISTEN = "listen"
    CHECK = "check"
    TODAY = "today"
    REPORT = "report"
    CONTEST = "contest"
    IDEA = "idea"
    STOP = "stop"
    RESUME = "resume"
    SETTINGS = "settings"
    HELP = "help"


SPELLINGS: dict[Verb, tuple[str, ...]] = {
    Verb.POST: ("post", "crear", "publicar", "redactar", "compose", "write", "publish"),
    Verb.QUEUE: ("queue", "cola"),
    Verb.CALENDAR: ("calendar", "calendario", "parrilla", "semana", "week"),
    Verb.INBOX: ("inbox", "bandeja"),
    Verb.PEOPLE: ("people", "personas"),
    Verb.LISTEN: ("listen", "escucha", "escuchar", "radar"),
    Verb.CHECK: ("check", "verificar", "dato", "verify"),
    Verb.TODAY: ("today", "hoy", "resumen", "digest"),
    Verb.REPORT: ("report", "informe", "reporte"),
    Verb.CONTEST: ("contest", "sorteo", "concurso"),
    Verb.IDEA: ("idea", "ideas"),
    Verb.STOP: ("stop", "parar", "alto", "detener"),
    Verb.RESUME: ("resume", "reanudar"),
    Verb.SETTINGS: ("settings", "ajustes", "configuración"),
    Verb.HELP: ("help", "ayuda"),
}


@dataclass(frozen=True)
class Asked:
    """A verb that was understood; `argument` is the rest exactly as it came, after one space."""

    verb: Verb
    argument: str


@dataclass(frozen=True)
class Suggestion:
    """A first word that is no verb, and the verb it resembles most, if any."""

    word: str
    nearest: Verb | None


_LONGEST = 40  # a longer word resembles no verb, and difflib is not linear


def parse_verb(text: str) -> Asked | Suggestion | None:
    """The verb that opens what follows `/vocero`, in any spelling; None when nothing follows."""
    said = text.lstrip()
    if not said:
        return None
    word = said.split(maxsplit=1)[0]
    verb = _BY_SPELLING.get(_plain(word))
    if verb is not None:
        return Asked(verb, said[len(word) + 1 :])
    near = get_close_matches(_plain(word[:_LONGEST]), _BY_SPELLING, n=1)
    return Suggestion(word, _BY_SPELLING[near[0]] if near else None)


def _plain(word: str) -> str:
    """Without accents, capitals and the signs people put around a word."""
    return folded(word).strip("/¿?¡!.,:;\"'«»`*_")


_BY_SPELLING: dict[str, Verb] = {
    _plain(spelling): verb for verb, spellings in SPELLINGS.items() for spelling in spellings
}
