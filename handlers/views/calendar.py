"""The calendar: a week of each brand, day by day; what is on, which slots are free, which days are empty or special."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pydantic import Field

from bot.desk.agenda import Week, WeekDay
from bot.domain.brands import Role
from bot.domain.posts import PostStatus
from bot.slack.blocks import Block, Element, Message, actions, context, section
from bot.slack.wire import Button, Command
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import clock, day
from bot.text.words import Words
from handlers.views.calendar_links import ShowCalendarLinks
from handlers.views.client_links import ShowClientLinks
from handlers.views.faces import brand_face, practice_mark
from handlers.views.queue import ShowQueue, names_of_accounts, status_of
from handlers.views.sheets import ExportPosts, ImportPosts

QUOTED = 60
LINES = 8
"""Posts of one day that are listed; the rest is counted."""
FREE = 3
"""Free slots of one day that are listed."""
BRANDS = 4
"""Brands whose week is drawn day by day: each takes ten blocks of a message's fifty."""
MOST = 10_000
"""Characters of all days together: Slack refuses blocks with more than about 13,000."""
_SIGNS = {
    PostStatus.IN_REVIEW: "👀",
    PostStatus.CHANGES_REQUESTED: "✏️",
    PostStatus.APPROVED: "✅",
}


class CalendarCommand(Command, id="calendar"):
    """`/vocero calendar`."""


class ShowWeek(Button, id="calendar.week"):
    """A week by its Monday, as an ISO date; empty for this one."""

    monday: str = Field(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")


def calendar_message(weeks: Sequence[Week], titles: Mapping[str, str], words: Words) -> Message:
    """Every brand's week, as many brands as a message takes."""
    first = weeks[0].days[0].on
    heading = words("calendar.heading", day=day(first, words))
    blocks: list[Block] = [section(f"*{heading}*")]
    room, shown = MOST, 0
    for week in weeks[:BRANDS]:
        days = [_day(each, week, titles, words) for each in week.days]
        room -= sum(map(len, days))
        if room < 0 and shown:
            break
        marks = practice_mark(week.brand, words)
        blocks.append(section("\n".join([f"*{relay(brand_face(week.brand), 120)}*", *marks])))
        blocks += [section(each) for each in days]
        shown += 1
    if len(weeks) > shown:
        blocks.append(context(words.n("calendar.more_brands", len(weeks) - shown)))
    return Message(heading, [*blocks, actions(*_ways(first, words)), *_doings(weeks, words)])


def _doings(weeks: Sequence[Week], words: Words) -> list[Block]:
    """What the reader can do with the calendar in one of these brands."""
    roles = frozenset(role for week in weeks for role in week.roles)
    links = [
        ShowCalendarLinks().draw(words("calendar_link.button")),
        ShowClientLinks().draw(words("client_link.button")),
    ]
    links = links if roles & {Role.APPROVER, Role.ADMIN} else []
    imports = [ImportPosts().draw(words("sheet.import"))] if roles & {Role.AUTHOR, Role.TRAINEE} else []
    return [actions(*imports, *links, ExportPosts().draw(words("sheet.export")))]


def _ways(first: date, words: Words) -> list[Element]:
    weeks = {"calendar.before": first - timedelta(days=7), "calendar.after": first + timedelta(days=7)}
    turns = [ShowWeek(monday=on.isoformat()).draw(words(key), suffix=n) for n, (key, on) in enumerate(weeks.items())]
    return [*turns, ShowQueue().draw(words("menu.queue"))]


def _day(shown: WeekDay, week: Week, titles: Mapping[str, str], words: Words) -> str:
    zone = week.brand.clock
    name = f"*{day(shown.on, words)}*" + (f" · {words('calendar.today')}" if shown.on == week.today else "")
    special = shown.special
    lines = [name, *(f"{'🚫' if s.blackout else '❗'} {special_name(s.blackout, s.name, words)}" for s in special)]
    for entry in shown.entries[:LINES]:
        said = clock(entry.at, zone, words) if entry.at else ""
        where = ", ".join(names_of_accounts(entry.post.current.accounts, week.accounts, titles)[:3])
        text = relay(cut(entry.post.current.text.replace("\n", " "), QUOTED), QUOTED)
        sign = _SIGNS.get(entry.post.status, "")
        lines.append(f"{sign} {said} · {where} · {status_of(entry, words)} · {text}")
    if len(shown.entries) > LINES:
        lines.append(words.n("check.more", len(shown.entries) - LINES))
    for at, ids in shown.free[:FREE]:
        where = ", ".join(names_of_accounts(ids, week.accounts, titles)[:3])
        lines.append(f"▫️ {words('calendar.free', clock=clock(at, zone, words), accounts=where)}")
    if len(shown.free) > FREE:
        lines.append(f"▫️ {words.n('calendar.more_free', len(shown.free) - FREE)}")
    if not shown.entries and shown.on >= week.today and not any(each.blackout for each in shown.special):
        lines.append(f"⚪ {words('calendar.empty')}")
    return cut("\n".join(lines), 1400)


def special_name(blackout: bool, name: str, words: Words) -> str:
    """A special day by its name, and what it means."""
    kind = words("thing.blackout_date") if blackout else words("thing.sensitive_date")
    return f"{kind}: {relay(name, 80)}" if name else kind


def week_blocks(weeks: Sequence[Week], words: Words) -> list[Block]:
    """For Home: each brand's week in a line, a number a day, and the way to all of it."""
    real = [week for week in weeks if not week.brand.practice][:BRANDS]
    if not real:
        return []
    lines = [f"*{words('calendar.this_week')}*"]
    for week in real:
        counts = " ".join(_count(each, week) for each in week.days)
        lines.append(f"{relay(brand_face(week.brand), 80)} · {counts}")
    button = ShowWeek().draw(words("menu.calendar"))
    return [section("\n".join(lines), accessory=button), context(words("calendar.legend"))]


def _count(shown: WeekDay, week: Week) -> str:
    """Posts on that day; a ring where there is none, brackets around today."""
    sign = "🚫" if any(each.blackout for each in shown.special) else str(len(shown.entries)) if shown.entries else "○"
    return f"[{sign}]" if shown.on == week.today else sign
