"""What an alarm says in one plain sentence: the same on its card, in a direct message and in the outgoing webhook."""

from collections.abc import Callable, Mapping
from string import Formatter

from bot.domain.alarms import Alarm, AlarmKind
from bot.text.words import Words


def headline(alarm: Alarm, brand: str, words: Words, escape: Callable[[str], str] = str) -> str:
    """`Café Ágora: X @cafe_agora did not publish`; of several things at once, how many. `escape` is for mrkdwn.

    brand is its name, empty for the whole workspace.
    """
    where = escape(brand) if brand else words("alarm.everywhere")
    if len(alarm.things) > 1 and alarm.kind is not AlarmKind.DOWNTIME:
        return words.n(_many(alarm, words), len(alarm.things), brand=where)
    key = _key(alarm, words)
    return words(key, brand=where, **_filled(key, alarm.detail, words, escape))


def _key(alarm: Alarm, words: Words) -> str:
    """The message of its kind; each trouble of the store that we know of has one of its own."""
    key = f"alarm.{alarm.kind.value}"
    own = f"{key}.{alarm.subject}"
    return own if alarm.kind is AlarmKind.STORE_TROUBLE and own in words else key


def _many(alarm: Alarm, words: Words) -> str:
    own = f"alarm.{alarm.kind.value}.many"
    return own if own in words else "alarm.many"


def more(alarm: Alarm, words: Words, escape: Callable[[str], str] = str) -> str:
    """What the detail of a single thing adds, empty where its kind has nothing to add."""
    key = f"{_key(alarm, words)}.more"
    if key not in words or len(alarm.things) > 1:
        return ""
    return words(key, **_filled(key, alarm.detail, words, escape))


def _filled(key: str, detail: Mapping[str, str], words: Words, escape: Callable[[str], str]) -> dict[str, str]:
    """The detail for a message's placeholders; one that nobody gave is a dash, so that an alarm is always said."""
    asked = {name for _, name, _, _ in Formatter().parse(words.forms(key)[0]) if name}
    return {name: escape(detail.get(name, "")) or "—" for name in asked - {"brand"}}
