"""A day in lines, urgent first: what failed, what waits for me, who waits for us, what goes out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from bot.desk.days import DayPage
from bot.domain.brands import Role
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery, State
from bot.domain.digests import BrandDay
from bot.domain.foreign import ForeignPost
from bot.domain.posts import Post, PostStatus
from bot.domain.week import this_week
from bot.slack.blocks import Block, Element, actions, context, rich, section
from bot.slack.wire import Button
from bot.text.markup import cut, link
from bot.text.relaying import relay, relay_plain
from bot.text.times import age, clock, moment
from bot.text.words import Words
from handlers.views.answers import answer_buttons, answer_line
from handlers.views.by_hand_presses import published_button
from handlers.views.decisions import FEWEST, EditPost, approve_button, reason_line, week_button
from handlers.views.drafts import draft_buttons
from handlers.views.faces import Names, account_mark, brand_face, face_mark, practice_mark
from handlers.views.foreign import foreign_line
from handlers.views.inbox import AnswerInPublic
from handlers.views.private import home_of_card, private_mark, unquoted
from handlers.views.publishing import delivery_buttons, delivery_line
from handlers.views.stop import resume_button, stop_line

T = TypeVar("T")
EXCERPT = 90
"""Characters of a text in a line."""
IN_FULL = 280
"""A text of so many characters is read in its line, so it can be approved there."""

_SECTION = 2700  # of Slack's 3,000, less the line that counts the rest


class SeePost(Button, id="digest.see_post"):
    """Opens a post's card, whole, in front of the reader."""

    post: str


@dataclass(frozen=True)
class Room:
    """How many lines of each kind are shown, of `blocks` together; the rest is counted."""

    blocks: int
    stops: int = 3
    approve: int = 3
    trouble: int = 4
    waiting: int = 4
    back: int = 2
    drafts: int = 2
    times: int = 8


MESSAGE = Room(blocks=46, trouble=3)
HOME = Room(blocks=66, stops=4, approve=5, trouble=5, waiting=7, back=4, drafts=3, times=12)
PRACTICE = Room(blocks=0, stops=1, approve=1, trouble=1, waiting=2, back=1, drafts=1, times=3)


def day_blocks(page: DayPage, words: Words, names: Names, room: Room) -> list[Block]:
    """Every part that has something to say, urgent first; for messages and for Home. Practice never stands in one list
    with the real thing."""
    play = {part.brand.id for part in page.day.brands if part.brand.practice}
    real = [part for part in page.day.brands if part.brand.id not in play]
    if not play or not real:
        return _lists(page.day.brands, page.day.drafts, page, words, names, room)
    drafts = [post for post in page.day.drafts if post.brand not in play]
    blocks = _lists(real, drafts, page, words, names, room)
    return [*blocks, *_practice(play, page, words, names, room.blocks - len(blocks))]


def _practice(play: set[str], page: DayPage, words: Words, names: Names, left: int) -> list[Block]:
    """Apart, under its own heading; where little room is left, only counted."""
    parts = [part for part in page.day.brands if part.brand.id in play]
    drafts = [post for post in page.day.drafts if post.brand in play]
    blocks = _lists(parts, drafts, page, words, names, PRACTICE)
    if not blocks:
        return []
    head = " · ".join([f"*{relay(brand_face(parts[0].brand), 120)}*", *practice_mark(parts[0].brand, words)])
    if len(blocks) < left:
        return [section(head), *blocks]
    counted = words(
        "digest.practice",
        approve=sum(len(part.to_approve) for part in parts),
        unanswered=sum(waiting_total(part, page) for part in parts),
        trouble=sum(len(part.trouble) for part in parts),
    )
    return [context(f"{head} · {counted}")]


def _lists(
    parts: Sequence[BrandDay], drafts: Sequence[Post], page: DayPage, words: Words, names: Names, room: Room
) -> list[Block]:
    stops = {part.stop.id: part for part in parts if part.stop is not None}
    trouble = [(part, d) for part in parts for d in part.trouble]
    approve = [(part, post) for part in parts for post in part.to_approve]
    waiting = [(part, talk) for part in parts for talk in waiting_for(part, page)]
    total = sum(waiting_total(part, page) for part in parts)
    back = [(part, post) for part in parts for post in part.sent_back]
    outside = [post for part in parts for post in part.outside]
    return [
        *_part("digest.stopped", list(stops.values()), room.stops, words, lambda p: _stop(p, page, words, names)),
        *_part("digest.attention", trouble, room.trouble, words, lambda x: _trouble(*x, page, words, names)),
        *_part(
            "digest.to_approve",
            approve,
            room.approve,
            words,
            lambda x: _approve(*x, page, words, names),
            beside=_together(approve, page, words),
        ),
        *_part("digest.unanswered", waiting, room.waiting, words, lambda x: _talk(*x, page, words, names), total),
        *_part("digest.sent_back", back, room.back, words, lambda x: _sent_back(*x, words, names)),
        *_part("digest.drafts", drafts, room.drafts, words, lambda post: _draft(post, words)),
        *_times("digest.out_today", [(p, p.out_today) for p in parts], room.times, page, words),
        *_times("digest.tomorrow", [(p, p.tomorrow) for p in parts], room.times, page, words),
        *_ruled(parts, words),
        *_part("foreign.heading", outside, room.back, words, lambda each: _outside(each, page, words)),
    ]


def _together(approve: Sequence[tuple[BrandDay, Post]], page: DayPage, words: Words) -> Element | None:
    """The way to approve the reader's week at once, where there is enough of it."""
    week = [part for part, post in approve if this_week(post, page.day.at)]
    if page.me is None or len(week) < FEWEST:
        return None
    return week_button(words, practice=all(part.brand.practice for part in week))


def _part(
    key: str,
    things: Sequence[T],
    most: int,
    words: Words,
    draw: Callable[[T], list[Block]],
    total: int = 0,
    beside: Element | None = None,
) -> list[Block]:
    """A heading with the count, a line for each thing, and how many more there are; `total` where not all were read.
    `beside`: what stands at the side of the heading."""
    if not things:
        return []
    total = max(total, len(things))
    blocks = [section(f"*{words(key)}* · {total}", accessory=beside)]
    for thing in things[:most]:
        blocks += draw(thing)
    left = total - min(most, len(things))
    return [*blocks, context(words.n("digest.more", left))] if left > 0 else blocks


def _ruled(parts: Sequence[BrandDay], words: Words) -> list[Block]:
    """What rules did by themselves, a line a brand."""
    lines = []
    for part in parts:
        acts = ", ".join(words.n(f"ruling.digest.{strength}", count) for strength, count in part.ruled.items())
        lines += [f"{face_mark(part.brand)} :robot_face: {words('ruling.digest', acts=acts)}"] if acts else []
    return [context(*lines[:10])] if lines else []


def _outside(post: ForeignPost, page: DayPage, words: Words) -> list[Block]:
    return [section(foreign_line(post, page.accounts.get(post.account), page.titles, words))]


def _stop(part: BrandDay, page: DayPage, words: Words, names: Names) -> list[Block]:
    stop = part.stop
    if stop is None:
        return []
    line = f"🛑 {stop_line(stop, part.brand, words, names)}"
    if page.me is not None and (stop.by == page.me.id or not page.may(part.brand, Role.APPROVER, Role.ADMIN)):
        return [section(line)]
    named = words("stop.everything") if stop.id == "all" else relay_plain(part.brand.name, 80)
    return [section(line, accessory=resume_button(stop.id, stop.note, named, words))]


def _approve(part: BrandDay, post: Post, page: DayPage, words: Words, names: Names) -> list[Block]:
    """A text that is read here in full can be approved here; else the card opens."""
    text = post.current.text
    whole = page.posts.get(post.id)
    plain = whole is not None and not whole.findings and not post.current.pictures and 0 < len(text) <= IN_FULL
    key = "digest.line.to_approve" if post.due else "digest.line.to_approve_now"
    line = words(
        key,
        name=names.get(post.author, ""),
        when=moment(post.due, part.brand.clock, words, page.day.at) if post.due else "",
        accounts=cut(", ".join(_account_mark(id_, page) for id_ in post.current.accounts), 300),
    )
    see = SeePost(post=post.id).draw(words("button.see_post"), suffix=post.id)
    if whole is None or not plain:
        return [section(f"{face_mark(part.brand)} {_excerpt(text, IN_FULL, words)}\n{line}"), actions(see)]
    return [
        section(f"{face_mark(part.brand)} {line}"),
        rich(text, quote=True),
        actions(approve_button(whole, words), see),
    ]


def _trouble(part: BrandDay, delivery: Delivery, page: DayPage, words: Words, names: Names) -> list[Block]:
    talk = page.talks.get(delivery.reply.conversation) if delivery.reply else None
    if delivery.reply is not None and talk is not None:
        line, text = answer_line(delivery, talk, words, names), delivery.reply.text
        buttons = answer_buttons(delivery, talk, words) if page.may(part.brand, Role.MODERATOR) else []
    elif (whole := page.posts.get(delivery.post)) is not None:
        line, text = delivery_line(delivery, whole, words, names), whole.post.revision(delivery.revision).text
        buttons = delivery_buttons(delivery, whole, words) if page.may_settle(part.brand, whole.post) else []
        if not buttons and page.me is not None and delivery.by_hand_of(page.me.id):
            buttons = [published_button(delivery, words, suffix=delivery.account)]
    else:
        account = _account_mark(delivery.account, page)
        status = words(f"delivery_status.{delivery.state}")
        line, text, buttons = words("digest.line.attention", status=status, account=account), "", []
    shown = section(f"{face_mark(part.brand)} {line}" + (f"\n_{_excerpt(text, EXCERPT, words)}_" if text else ""))
    return [shown, actions(*buttons)] if buttons else [shown]


def waiting_for(part: BrandDay, page: DayPage) -> list[Conversation]:
    """For a person theirs and nobody's, theirs first; for a channel all. Oldest first."""
    if page.me is None:
        return list(part.waiting)
    mine = page.me.id
    return sorted((t for t in part.waiting if t.owner in {"", mine}), key=lambda talk: talk.owner != mine)


def waiting_total(part: BrandDay, page: DayPage) -> int:
    """How many wait, also those that were not read."""
    return max(part.waiting_total, len(waiting_for(part, page)))


def _talk(part: BrandDay, talk: Conversation, page: DayPage, words: Words, names: Names) -> list[Block]:
    person, said = relay(talk.person.name, 60), relay(talk.latest.text, 150)
    if talk.private and page.me is None:
        person, said = unquoted(talk, words)
    line = words(
        "digest.line.unanswered",
        person=f"*{person}*",
        account=_account_mark(talk.account, page),
        age=age(page.day.at - talk.latest.at, words),
        text=said,
    )
    owner = words("conversation_status.owned", name=names.get(talk.owner, "")) if talk.owner else ""
    where = " · ".join(filter(None, [owner, home_of_card(talk, part.brand, words)]))
    reply = AnswerInPublic(conversation=talk.id).draw(words("inbox.answer"), suffix=talk.id)
    return [section(f"{face_mark(part.brand)} {line}{private_mark(talk, words)}\n{where}", accessory=reply)]


def _sent_back(part: BrandDay, post: Post, words: Words, names: Names) -> list[Block]:
    reason = ""
    if post.status is PostStatus.EXPIRED:
        reason = words("post_status.expired")
    elif made := post.decision:
        reason = words("digest.line.sent_back", name=names.get(made.by, ""), reason=reason_line(made, 200, words))
    line = "\n".join(filter(None, [f"{face_mark(part.brand)} {_excerpt(post.current.text, EXCERPT, words)}", reason]))
    return [section(line, accessory=EditPost(post=post.id).draw(words("button.edit"), suffix=post.id))]


def _draft(post: Post, words: Words) -> list[Block]:
    return [section(_excerpt(post.current.text, EXCERPT, words)), actions(*draft_buttons(post, words))]


def _times(
    key: str, days: Iterable[tuple[BrandDay, Sequence[Delivery]]], most: int, page: DayPage, words: Words
) -> list[Block]:
    """What goes out, in order, one line a post; the accounts where it is live lead there."""
    lines: list[tuple[float, str]] = []
    for part, deliveries in days:
        for (id_, state), group in groupby(deliveries, key=lambda d: (d.post, d.state)):
            some = list(group)
            lines.append((some[0].due.timestamp(), _time(part, id_, state, some, page, words)))
    if not lines:
        return []
    shown: list[str] = []
    for _, line in sorted(lines)[:most]:
        if sum(map(len, shown)) + len(line) < _SECTION:
            shown.append(line)
    if len(lines) > len(shown):
        shown.append(words.n("digest.more", len(lines) - len(shown)))
    return [section(f"*{words(key)}* · {len(lines)}"), section("\n".join(shown))]


def _time(part: BrandDay, id_: str, state: State, some: Sequence[Delivery], page: DayPage, words: Words) -> str:
    first = some[0]
    post = next((post for post in part.posts if post.id == id_), None)
    named = [link(d.url, name) if d.url else name for d in some for name in [_account_mark(d.account, page)]]
    when = first.settled_at if state is State.LIVE and first.settled_at else first.due
    line = words(
        "digest.line.live" if state is State.LIVE else "digest.line.planned",
        when=f"*{clock(when, part.brand.clock, words)}*",
        text=_excerpt(post.revision(first.revision).text if post else "", EXCERPT, words),
        accounts=cut(", ".join(named), 600) if not any(d.url for d in some) else ", ".join(named[:4]),
    )
    held = f" · {words(f'delivery_status.{state}')}" if state not in {State.LIVE, State.PLANNED} else ""
    return f"{face_mark(part.brand)} {line}{held}"


def _excerpt(text: str, most: int, words: Words) -> str:
    return relay(text, most + 20) if text.strip() else words("compose.empty_draft")


def _account_mark(id_: str, page: DayPage) -> str:
    account = page.accounts.get(id_)
    return account_mark(account, page.titles) if account else relay(id_, 60)
