"""From what the rules answer, a message key and raw arguments, to the sentence a person reads."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.text.relaying import relay
from bot.text.times import day, moment
from bot.text.words import Words

LONGEST = 500
"""Characters of a name or of somebody's words inside a sentence."""


def sentence(
    words: Words,
    key: str,
    args: Mapping[str, object],
    *,
    zone: ZoneInfo | str,
    person: Callable[[str], str] = lambda member: f"<@{member}>",
    escape: Callable[[str], str] = lambda text: relay(text, LONGEST),
) -> str:
    """An instant is said with its zone, `who` by name, `role` (one, or several with commas), `status`, `verb` and
    `kind` in words.

    The defaults are for mrkdwn; in plain text (a form's errors) `person` gives a name, and `escape` is another.
    """

    def said(name: str, value: object) -> object:
        if isinstance(value, datetime):
            return moment(value, zone, words)
        if isinstance(value, date):
            return day(value, words)
        if not isinstance(value, str):
            return value
        if name == "who":
            return person(value)
        if name == "role":
            return words.any_of([f"*{words(f'role.{each}')}*" for each in value.split(",")])
        return words(value) if name in {"status", "verb", "kind"} and value in words else escape(value)

    return words(key, **{name: said(name, value) for name, value in args.items()})
