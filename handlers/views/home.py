"""My day, in Home: what waits for me with its buttons, new post and stop in reach, and the settings below."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.days import HomePage
from bot.domain.inbox_views import View as List
from bot.slack.blocks import Block, Element, View, actions, context, divider, header, home, section
from bot.slack.wire import Button
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.audit import search_button
from handlers.views.calendar import week_blocks
from handlers.views.compose import ComposeNow
from handlers.views.day import HOME, day_blocks
from handlers.views.duty import duty_lines, hand_over_button
from handlers.views.faces import Names, mention, named
from handlers.views.inbox_list import ShowInbox
from handlers.views.ringing import open_alarms
from handlers.views.settings import settings_blocks
from handlers.views.stop import OpenStop
from handlers.views.work_presses import WorkThrough

ALARMS = 4
"""Open alarms that stand on top; the rest is counted."""
ADMINS = 3
"""Admins that somebody without a role is sent to."""


class RefreshHome(Button, id="home.refresh"):
    """Draws Home again."""


def home_view(page: HomePage, words: Words, names: Names, now: datetime, first: Sequence[Block] = ()) -> View:
    """Home in the reader's language; every button that isn't theirs is left out. `first` stands above everything."""
    if page.outside:
        return home([*first, *_outside(page, words)])
    lines = day_blocks(page.day, words, names, HOME)
    as_of = words("home.refreshed", when=moment(now, page.day.day.zone, words, now))
    blocks: list[Block] = [
        *first,
        header(words("home.heading")),
        context(words("home.greeting", name=named(page.member)), as_of),
        *_welcome(page, words),
        actions(*_reach(page, words)),
        divider(),
        *_inbox(page, words),
        *open_alarms(page.day.alarms, page.member.id, words, names, ALARMS),
        *(lines or [section(words("home.nothing"))]),
        *week_blocks(page.weeks, words),
        *_duty(page, words, names, now),
        divider(),
        *settings_blocks(page.brands, page.member, words, admin=page.admin, practice=page.practice, now=now),
    ]
    return home(blocks)


def _reach(page: HomePage, words: Words) -> list[Element]:
    """What is always in reach."""
    return [
        *([ComposeNow().draw(words("shortcut.new_post"), style="primary")] if page.writes else []),
        *([ShowInbox().draw(words("menu.inbox"))] if page.moderates else []),
        RefreshHome().draw(words("button.refresh")),
        search_button(words),
        *([OpenStop().draw(words("shortcut.stop"), style="danger")] if page.may_stop else []),
    ]


def _inbox(page: HomePage, words: Words) -> list[Block]:
    """How many conversations are mine, nobody's and late, each with its list; and the form that takes one by one."""
    counts = page.inbox
    if not counts.get(List.ALL):
        return []
    lists = [view for view in (List.MINE, List.UNOWNED, List.LATE) if counts.get(view)]
    ways = [
        ShowInbox(view=view).draw(f"{words(f'inbox.view.{view}')} · {counts[view]}", suffix=view.value)
        for view in lists
    ]
    through = WorkThrough().draw(words("work.title"), style="primary")
    first = [through] if counts.get(List.MINE) or counts.get(List.UNOWNED) else []
    open_ = f"*{words('inbox.heading')}* · {words('inbox.view.all')} *{counts[List.ALL]}*"
    return [section(open_), *([actions(*first, *ways)] if first or ways else [])]


def _duty(page: HomePage, words: Words, names: Names, now: datetime) -> list[Block]:
    """Who is on duty in my brands, and my shift to be handed over."""
    lines = duty_lines(page.day.watches, words, names, now)
    give = hand_over_button(words) if page.may_stop else None
    return [section("\n".join(lines), accessory=give)] if lines else []


def _welcome(page: HomePage, words: Words) -> list[Block]:
    if page.welcomed:
        return [section(f":wave: {words('welcome.first_admin')}")]
    if page.admin and not page.brands:
        return [section("\n".join([words("welcome.text"), words("welcome.practice"), words("welcome.admin")]))]
    return []


def _outside(page: HomePage, words: Words) -> list[Block]:
    """For somebody without a role: what this is, and whom to ask."""
    asked = ", ".join(mention(member) for member in page.admins[:ADMINS])
    ask = words("home.no_role", admins=asked) if asked else words("home.no_admin")
    blocks: list[Block] = [header(words("welcome.heading")), section(words("welcome.text")), section(ask)]
    if page.practice:
        blocks.append(context(words("welcome.practice")))
    return [*blocks, actions(RefreshHome().draw(words("button.refresh")))]
