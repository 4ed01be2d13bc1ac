"""An alarm as people see it: what happened, since when, who was rung, who has it, who is next; and *I'm on it*."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.alarm_pages import AlarmPage, Asked
from bot.desk.hooks import CallState
from bot.domain.alarms import ACCOUNTS, RULEBOOK, Alarm, AlarmKind, AlarmState, Rung, Told
from bot.domain.brands import Brand
from bot.domain.inbox_views import View as List
from bot.domain.records import MemberId
from bot.slack.blocks import Block, Element, Message, actions, context, section
from bot.slack.cards import Card
from bot.slack.wire import Button
from bot.text.alarms import headline, more
from bot.text.markup import cut, link
from bot.text.relaying import relay
from bot.text.times import near, spoken
from bot.text.words import Words
from handlers.views.accounts import Reconnect
from handlers.views.alarms import access_lost, answer_line_of, ask_message
from handlers.views.answers import trouble_message
from handlers.views.custody import gap_blocks
from handlers.views.faces import Names, face_mark, practice_mark
from handlers.views.foreign import foreign_blocks
from handlers.views.hooks import problem_of
from handlers.views.inbox_list import ShowInbox
from handlers.views.publishing import delivery_buttons, delivery_line
from handlers.views.rulebook import EditRulebook
from handlers.views.stop import OpenStop

RINGS = 24
"""Entries of the list of who was rung."""
_WHOLE = {AlarmKind.FOREIGN_POST, AlarmKind.STORE_TROUBLE}
"""Their sentences say already what is in the detail."""


class AlarmCard(Card, id="alarms.card"):
    """An alarm's one message: in the alerts channel, or to a member."""

    alarm: str
    to: str = ""


class AlarmTurn(Card, id="alarms.turn"):
    """Rings a member whose message came before their turn (`at`, in ms): a line in its thread."""

    alarm: str
    to: str
    at: int


class AlarmReminder(Card, id="alarms.reminder"):
    """Reminds whoever took an alarm, once for each time that they did (`at`, in ms)."""

    alarm: str
    to: str
    at: int


class TakeAlarm(Button, id="alarms.take"):
    """*I'm on it*."""

    alarm: str


class CantTake(Button, id="alarms.release"):
    """*I can't*: it rings on."""

    alarm: str


def alarm_message(
    page: AlarmPage, to: MemberId, zone: ZoneInfo, words: Words, names: Names, about: Sequence[str] = ()
) -> Message:
    """The whole message for a member, or for a channel when `to` is empty. about: lines that its kind adds."""
    name = page.brand.name if page.brand else ""
    title = headline(page.alarm, name, words, _short)
    told = _said_of(page, title, words, names)
    blocks = [*_body(page, title, zone, words, names, about), section("\n".join(_status(page, zone, words, names)))]
    buttons = _buttons(page.alarm, to, words)
    marks = practice_mark(page.brand, words) if page.brand else []
    return Message(told, [*blocks, *([actions(*buttons)] if buttons else []), *([context(*marks)] if marks else [])])


def _short(text: str) -> str:
    return relay(text, 120)


def _said_of(page: AlarmPage, title: str, words: Words, names: Names) -> str:
    """The notification: who has it comes first, once somebody has."""
    if page.alarm.state is AlarmState.TAKEN:
        return words("alarm.said.taken", name=names[page.alarm.taken_by], text=title)
    return words("alarm.said.over", text=title) if page.alarm.state is AlarmState.OVER else title


def _body(page: AlarmPage, title: str, zone: ZoneInfo, words: Words, names: Names, about: Sequence[str]) -> list[Block]:
    face = f"{face_mark(page.brand)} " if page.brand else ""
    if page.custody is not None and page.alarm.detail.get("epoch") == str(page.custody.epoch):
        return gap_blocks(page.custody, zone.key, words, names)
    if page.alarm.kind is AlarmKind.ACCESS_LOST and page.account and page.brand and page.count == page.open == 1:
        network = page.titles.get(page.account.network, page.account.network)
        drawn = access_lost(page.account, page.brand, network, page.waiting, words)
        return list(drawn.blocks) if page.mends else [section(f"{face}🔑 {drawn.text}"), *drawn.blocks[2:]]
    if len(page.asked) + len(page.answers) == page.count == 1 and not about:
        asks = [ask_message(one.delivery, one.page, words, names) for one in page.asked]
        asks += [trouble_message(one.delivery, one.page, words, names) for one in page.answers]
        blocks = list(asks[0].blocks)
        return blocks if page.mends else [block for block in blocks if block["type"] != "actions"]
    lines = [f"{face}🚨 *{title}*", more(page.alarm, words, _short), *about]
    if page.count > 1 and page.open:
        lines.append(words.n("alarm.still_open", page.open))
    blocks = [section("\n".join(filter(None, lines)))]
    blocks += foreign_blocks(page.foreign, words, names, mends=page.mends)
    for each in page.asked:
        blocks += _asked(each, words, names, mends=page.mends)
    for answer in page.answers:
        blocks += answer_line_of(answer, words, names, mends=page.mends)
    if page.count > (shown := len(page.asked) + len(page.answers)) > 0:
        blocks.append(context(words.n("digest.more", page.count - shown)))
    if page.alarm.kind in ACCOUNTS and page.open and page.mends:
        blocks.append(actions(Reconnect(account=page.alarm.open[0].subject).draw(words("button.reconnect"))))
    if page.alarm.kind in RULEBOOK and page.open and page.mends and page.brand:
        blocks.append(actions(EditRulebook(brand=page.brand.id).draw(words("ruling.title"))))
    return [*blocks, *_about(page.alarm), *_ways(page, words)]


def _ways(page: AlarmPage, words: Words) -> list[Block]:
    """From a spike to what is being said, and to stopping what would only add to it."""
    if page.alarm.kind is not AlarmKind.SPIKE or page.brand is None or page.alarm.state is AlarmState.OVER:
        return []
    see = ShowInbox(view=List.ALL, brand=page.brand.id).draw(words("storms.see"))
    return [actions(see, OpenStop(scope=page.brand.id).draw(words("button.stop"), style="danger"))]


def _asked(each: Asked, words: Words, names: Names, *, mends: bool) -> list[Block]:
    text = each.page.post.revision(each.delivery.revision).text
    line = delivery_line(each.delivery, each.page, words, names)
    excerpt = f"\n_{relay(cut(text, 90), 110)}_" if text.strip() else ""
    buttons = delivery_buttons(each.delivery, each.page, words) if mends else []
    return [section(f"{line}{excerpt}"), *([actions(*buttons)] if buttons else [])]


def _about(alarm: Alarm) -> list[Block]:
    """What a detail adds in small print, whatever the kind; an address only where it is one of the web."""
    if len(alarm.things) > 1 or alarm.kind in _WHOLE:
        return []
    parts = [relay(alarm.detail[name], 120) for name in ("name", "accounts", "what") if alarm.detail.get(name)]
    url = alarm.detail.get("url", "")
    parts += [link(url, relay(url, 60))] if url.startswith(("https://", "http://")) else []
    return [context(*parts)] if parts else []


# --- who was rung, who has it, who is next


def _status(page: AlarmPage, zone: ZoneInfo, words: Words, names: Names) -> list[str]:
    alarm, now = page.alarm, page.now

    lines = [words("alarm.since", when=spoken(alarm.raised_at, zone, words, now))]
    if alarm.told:
        lines.append(words("alarm.rung", people=_rung(alarm.told, zone, words, names, now)))
    if alarm.refused:
        lines.append(words("alarm.cant", people=_names(alarm.refused, names)))
    if alarm.lost:
        lines.append(words("alarm.lost", people=_names(alarm.lost, names)))
    if page.watch and page.watch.skipped and alarm.state is AlarmState.RINGING:
        lines.append(words("alarm.skipped", people=_names(page.watch.skipped, names)))
    lines += _hook(page, zone, words)
    return [*lines, f"*{_holder(page, zone, words, names)}*"]


def _rung(told: Sequence[Told], zone: ZoneInfo, words: Words, names: Names, now: datetime) -> str:
    shown = told[-RINGS:]
    parts = [
        words(
            f"alarm.rung.{each.rung.value}",
            name=names.get(each.who, ""),
            when=near(each.at, zone, words, now),
        )
        for each in shown
    ]
    return ", ".join(parts)


def _names(members: Sequence[MemberId], names: Names) -> str:
    return ", ".join(names.get(member, "") for member in dict.fromkeys(members))


def _hook(page: AlarmPage, zone: ZoneInfo, words: Words) -> list[str]:
    call = page.call
    if call is None or not call.problem:
        return []
    if call.state is CallState.FAILED:
        return [words("alarm.hook_failed", problem=problem_of(call, words))]
    if call.state is CallState.SENDING and call.attention is not None:
        when = near(call.attention, zone, words, page.now)
        return [words("alarm.hook_again", problem=problem_of(call, words), when=when)]
    return []


def _holder(page: AlarmPage, zone: ZoneInfo, words: Words, names: Names) -> str:
    """Nobody is left in doubt who has it."""
    alarm, now = page.alarm, page.now
    if alarm.state is AlarmState.OVER:
        return words("alarm.over", when=spoken(alarm.over_at or now, zone, words, now))
    if alarm.state is AlarmState.TAKEN:
        when = spoken(alarm.taken_at or now, zone, words, now)
        return words("alarm.taken", name=names[alarm.taken_by], when=when)
    return _nobody(page, zone, words, names)


def _nobody(page: AlarmPage, zone: ZoneInfo, words: Words, names: Names) -> str:
    alarm, now = page.alarm, page.now
    if alarm.waits is not None:
        waits = spoken(alarm.waits, zone, words, now)
        return words("alarm.waits", people=_names(page.next_members, names) or "—", when=waits)
    if page.next is None or page.next_at is None:
        return words("alarm.nobody_left" if alarm.told else "alarm.nobody_at_all")
    if page.next_at <= now:
        return words("alarm.nobody_yet")
    when = near(page.next_at, zone, words, now)
    if page.next.rung is Rung.WEBHOOK:
        return words("alarm.nobody_hook", when=when)
    return words("alarm.nobody_next", people=_names(page.next_members, names), when=when)


def _buttons(alarm: Alarm, to: MemberId, words: Words) -> list[Element]:
    take = TakeAlarm(alarm=alarm.id).draw(words("alarm.button.take"), style="primary")
    cant = CantTake(alarm=alarm.id).draw(words("alarm.button.cant"))
    if alarm.state is AlarmState.TAKEN:
        return [cant] if to == alarm.taken_by else []
    if alarm.state is AlarmState.OVER or (to and to == alarm.cause):
        return []
    rung = to in {each.who for each in alarm.told} and to not in alarm.refused
    return [take, cant] if to and rung else [take]


OpenAlarms = Sequence[tuple[Brand | None, Alarm]]
"""Open alarms, each with its brand; without one for the whole workspace."""


def open_alarms(alarms: OpenAlarms, me: MemberId, words: Words, names: Names, most: int) -> list[Block]:
    """What rings or is somebody's, a line each with its button, the reader's first: for Home."""
    ordered = sorted(alarms, key=lambda each: each[1].taken_by != me)
    blocks: list[Block] = []
    for brand, alarm in ordered[:most]:
        mine = alarm.taken_by == me
        button = CantTake(alarm=alarm.id).draw(words("alarm.button.cant"), suffix=alarm.id) if mine else None
        if alarm.state is AlarmState.RINGING and alarm.cause != me:
            button = TakeAlarm(alarm=alarm.id).draw(words("alarm.button.take"), style="primary", suffix=alarm.id)
        blocks.append(section(_open_line(brand, alarm, words, names), accessory=button))
    left = len(ordered) - most
    heading = section(f"*{words('alarm.heading')}* · {len(ordered)}")
    return [heading, *blocks, *([context(words.n("digest.more", left))] if left > 0 else [])] if ordered else []


def open_alarms_line(alarms: OpenAlarms, words: Words, names: Names, most: int = 5) -> list[Block]:
    """The same in one block, for a digest; a single one can be taken there."""
    lines = [_open_line(brand, alarm, words, names) for brand, alarm in alarms[:most]]
    if len(alarms) > most:
        lines.append(words.n("digest.more", len(alarms) - most))
    if not lines:
        return []
    alone = alarms[0][1] if len(alarms) == 1 and alarms[0][1].state is AlarmState.RINGING else None
    take = TakeAlarm(alarm=alone.id).draw(words("alarm.button.take"), style="primary") if alone else None
    text = "\n".join([f"*{words('alarm.heading')}* · {len(alarms)}", *lines])
    return [section(text, accessory=take)]


def _open_line(brand: Brand | None, alarm: Alarm, words: Words, names: Names) -> str:
    title = headline(alarm, brand.name if brand else "", words, _short)
    owner = (
        words("alarm.line.taken", name=names.get(alarm.taken_by, "")) if alarm.taken_by else words("alarm.line.free")
    )
    return f"🚨 {title} · {owner}"


def turn_message(page: AlarmPage, to: MemberId, zone: ZoneInfo, words: Words, names: Names) -> Message:
    """What it is, that nobody has it, and that it is your turn; later, who has it."""
    title = headline(page.alarm, page.brand.name if page.brand else "", words, _short)
    if page.alarm.state is AlarmState.RINGING:
        text = words("alarm.your_turn", text=title)
        return Message(text, [section(f"🚨 {text}"), actions(*_buttons(page.alarm, to, words))])
    return Message(_said_of(page, title, words, names), [section(_holder(page, zone, words, names))])


def reminder_message(page: AlarmPage, to: MemberId, words: Words) -> Message:
    """You have it for half an hour."""
    title = headline(page.alarm, page.brand.name if page.brand else "", words, _short)
    text = words("alarm.reminder", text=title)
    buttons = _buttons(page.alarm, to, words)
    return Message(text, [section(f"⏳ {text}"), *([actions(*buttons)] if buttons else [])])
