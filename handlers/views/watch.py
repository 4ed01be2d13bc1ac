"""What an alarm about ourselves adds: what waits meanwhile, since when, and how long it was once it is over."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.vigil import Waiting
from bot.domain.alarms import Alarm, AlarmKind, Thing
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import span, spoken
from bot.text.words import Words

WAITS = frozenset({AlarmKind.WORKER_DOWN, AlarmKind.LAGGING})
"""While one of these lasts, its messages say what waits."""
LINES = 5
_OWN = WAITS | {AlarmKind.WEB_DOWN}


def watch_lines(alarm: Alarm, waits: Waiting | None, zone: ZoneInfo, words: Words, now: datetime) -> Sequence[str]:
    """The lines below the headline; none for alarms of another kind."""
    if alarm.kind is AlarmKind.DOWNTIME:
        return _away(alarm, zone, words, now)
    if alarm.kind is AlarmKind.STUCK:
        return _stuck(alarm, words)
    if alarm.kind not in _OWN or "why" not in alarm.detail:
        return []
    since = datetime.fromisoformat(alarm.detail["since"])
    if alarm.over_at is not None:
        return [words("watchdog.back", lasted=span(alarm.over_at - since, words), when=spoken(since, zone, words, now))]
    said = words(f"watchdog.why.{alarm.detail['why']}", when=spoken(since, zone, words, now))
    if alarm.kind is AlarmKind.WEB_DOWN:
        return [said, words("watchdog.buttons")]
    return [said, *(_waiting(waits, zone, words, now) if waits else [])]


def _waiting(waits: Waiting, zone: ZoneInfo, words: Words, now: datetime) -> list[str]:
    lines = []
    if waits.posts and waits.since is not None:
        lines.append(words.n("watchdog.posts", waits.posts, when=spoken(waits.since, zone, words, now)))
        for delivery, post in waits.first:
            lines.append(f"• _{relay(cut(post.revision(delivery.revision).text, 70), 90)}_")
    if waits.comments:
        lines.append(words.n("watchdog.comments", waits.comments))
    return lines or [words("watchdog.nothing")]


def _away(alarm: Alarm, zone: ZoneInfo, words: Words, now: datetime) -> list[str]:
    since, until = (datetime.fromisoformat(alarm.detail[name]) for name in ("since", "until"))
    late, missed = int(alarm.detail["late"]), int(alarm.detail["missed"])
    lines = [words("watchdog.away", since=spoken(since, zone, words, now), until=spoken(until, zone, words, now))]
    if late:
        lines.append(words.n("watchdog.away.late", late))
    if missed:
        lines.append(words.n("watchdog.away.missed", missed))
    return lines


def _stuck(alarm: Alarm, words: Words) -> list[str]:
    shown = [_thing(thing, words) for thing in alarm.things if thing.over_at is None][:LINES]
    return [f"• {line}" for line in dict.fromkeys(shown)]


def _thing(thing: Thing, words: Words) -> str:
    about = relay(thing.detail.get("about", ""), 90)
    return words(f"watchdog.stuck.{thing.detail.get('why', 'sending')}", about=about or "—")
