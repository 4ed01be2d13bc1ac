"""The rules of a brand's inbox as an admin typed them: topics, working hours, holidays, promises."""

from collections.abc import Mapping

from bot.domain.brands import TOPIC, TOPICS
from bot.domain.courtesy import LINE, LINES, QUESTION, Courtesies
from bot.domain.finding import folded
from bot.domain.hours import LONGEST, Hours
from bot.errors import FieldErrors, UserError
from bot.text.opening import NotHours, read_holidays, read_span, read_week


def topics_typed(text: str) -> tuple[str, ...]:
    """One a line, each once whatever its case and accents; raises FieldErrors for too many, or one too long."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        topic = " ".join(line.split())
        if len(topic) > TOPIC:
            raise FieldErrors({"topics": UserError("rules.topic_long", topic=topic[:TOPIC], most=TOPIC)})
        if topic:
            found.setdefault(folded(topic), topic)
    if len(found) > TOPICS:
        raise FieldErrors({"topics": UserError("rules.topics_many", most=TOPICS)})
    return tuple(found.values())


def courtesies_typed(thanks: Mapping[str, str], ask: Mapping[str, str]) -> Courtesies:
    """Both by language, thank-you lines one a line; raises FieldErrors for too many, or one too long."""
    said: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, UserError] = {}
    for lang, text in thanks.items():
        lines = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > LINES:
            wrong[f"thanks_{lang}"] = UserError("error.courtesy_many", most=LINES)
        elif any(len(line) > LINE for line in lines):
            wrong[f"thanks_{lang}"] = UserError("error.courtesy_long", most=LINE)
        if lines:
            said[lang] = lines
    for lang, text in ask.items():
        if len(text.strip()) > QUESTION:
            wrong[f"ask_{lang}"] = UserError("error.courtesy_long", most=QUESTION)
    if wrong:
        raise FieldErrors(wrong)
    return Courtesies(thanks=said, ask={lang: text.strip() for lang, text in ask.items() if text.strip()})


def hours_typed(week: str, holidays: str, answer: str, resolve: str) -> Hours:
    """Raises FieldErrors with a sentence beside each field that isn't understood."""
    wrong: dict[str, UserError] = {}
    hours = Hours()
    try:
        openings, seasons = read_week(week)
        hours = hours.model_copy(update={"week": openings, "seasons": seasons})
    except NotHours as error:
        wrong["week"] = UserError(error.key, line=error.line[:60])
    try:
        hours = hours.model_copy(update={"holidays": read_holidays(holidays)})
    except NotHours as error:
        wrong["holidays"] = UserError(error.key, line=error.line[:60])
    for field, text in (("answer", answer), ("resolve", resolve)):
        minutes = read_span(text) if text.strip() else None
        if text.strip() and (minutes is None or not 1 <= minutes <= LONGEST):
            wrong[field] = UserError("hours.no_span")
        hours = hours.model_copy(update={field: minutes})
    if wrong:
        raise FieldErrors(wrong)
    return hours
