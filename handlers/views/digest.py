"""My day in lines: what waits for me, what goes out, what failed, who waits for an answer, each with its way on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.desk.days import DayPage
from bot.desk.pages import PostPage
from bot.domain.brands import Brand, Role
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery, State
from bot.domain.digests import BrandDay
from bot.domain.posts import Post
from bot.slack.blocks import Block, Message, View, actions, context, header, section
from bot.slack.cards import Card
from bot.slack.forms import Form
from bot.slack.wire import Button, Command
from bot.text.markup import cut, link
from bot.text.relaying import relay
from bot.text.times import age, clock, day, moment
from bot.text.words import Words
from handlers.views.answers import answer_buttons, answer_line
from handlers.views.decisions import EditPost, approve_button
from handlers.views.drafts import draft_buttons
from handlers.views.faces import Names, account_mark, brand_face
from handlers.views.inbox import AnswerInPublic
from handlers.views.publishing import delivery_buttons, delivery_line
from handlers.views.review import review_message
from handlers.views.stop import resume_button, stop_line

T = TypeVar("T")
EXCERPT = 90
"""Characters of a text in a line."""
IN_FULL = 280
"""A text of so many characters is read in its line, so it can be approved there."""

_SECTION = 2700  # of Slack's 3,000, less the line that counts the rest


class TodayCommand(Command, id="today"):
    """`/vocero today`."""


class ShowToday(Button, id="digest.show"):
    """The same from a menu."""


class SeePost(Button, id="digest.see_post"):
    """Opens a post's card, whole, in front of the reader."""

    post: str


class PostSheet(Form, id="digest.post"):
    """A post's card as a view: looked at, with the card's own buttons."""

    post: str


class DigestCard(Card, id="digest"):
    """One day's digest, said once: to a member, or in a brand's channel."""

    day: str
    member: str = ""
    brand: str = ""


@dataclass(frozen=True)
class Room:
    """How many lines of each kind are shown; the rest is counted."""

    stops: int = 3
    approve: int = 4
    trouble: int = 4
    waiting: int = 4
    back: int = 3
    drafts: int = 3
    times: int = 8


MESSAGE = Room()
HOME = Room(stops=5, approve=8, trouble=8, waiting=8, back=5, drafts=5, times=12)


def digest_message(page: DayPage, words: Words, names: Names) -> Message:
    """The digest as a message: for a person in their language, for a channel in its brand's."""
    shown = day(page.day.at.astimezone(ZoneInfo(page.day.zone)).date(), words)
    if page.me is None:
        title = words("digest.channel_heading", brand=brand_face(page.day.brands[0].brand), day=shown)
    else:
        title = words("digest.heading", day=shown)
    lines = day_blocks(page, words, names, MESSAGE)
    if not lines:
        nothing = words("digest.nothing_brand") if page.me is None else words("digest.nothing")
        return Message(f"{relay(title, 200)}. {nothing}", [header(title), section(nothing)])
    summary = _summary(page, words)
    return Message(f"{relay(title, 200)}. {summary}", [header(title), context(summary), *lines])


def post_view(form: PostSheet, page: PostPage, words: Words, names: Names) -> View:
    """A post's card as a view."""
    blocks = review_message(page, words, names).blocks
    return form.open(title=words("digest.post_title"), close=words("button.close"), blocks=blocks)


def _summary(page: DayPage, words: Words) -> str:
    parts = page.day.brands
    return words(
        "digest.summary",
        approve=sum(len(part.to_approve) for part in parts),
        unanswered=sum(len(_waiting(part, page)) for part in parts),
        today=sum(len(part.out_today) for part in parts),
    )


def day_blocks(page: DayPage, words: Words, names: Names, room: Room) -> list[Block]:
    """Every part that has something to say, urgent first; for messages and for Home."""
    parts = page.day.brands
    stops = {part.stop.id: part for part in parts if part.stop is not None}
    trouble = [(part, d) for part in parts for d in part.trouble]
    approve = [(part, post) for part in parts for post in part.to_approve]
    waiting = [(part, talk) for part in parts for talk in _waiting(part, page)]
    back = [(part, post) for part in parts for post in part.sent_back]
    return [
        *_part("digest.stopped", list(stops.values()), room.stops, words, lambda p: _stop(p, page, words, names)),
        *_part("digest.attention", trouble, room.trouble, words, lambda x: _trouble(*x, page, words, names)),
        *_part("digest.to_approve", approve, room.approve, words, lambda x: _approve(*x, page, words, names)),
        *_part("digest.unanswered", waiting, room.waiting, words, lambda x: _talk(*x, page, words, names)),
        *_part("digest.sent_back", back, room.back, words, lambda x: _sent_back(*x, page, words)),
        *_part("digest.drafts", page.day.drafts, room.drafts, words, lambda post: _draft(post, words)),
        *_times("digest.out_today", [(p, p.out_today) for p in parts], room.times, page, words),
        *_times("digest.tomorrow", [(p, p.tomorrow) for p in parts], room.times, page, words),
    ]


def _part(key: str, things: Sequence[T], most: int, words: Words, draw: Callable[[T], list[Block]]) -> list[Block]:
    """A heading with the count, a line for each thing, and how many more there are."""
    if not things:
        return []
    blocks = [section(f"*{words(key)}* · {len(things)}")]
    for thing in things[:most]:
        blocks += draw(thing)
    left = len(things) - most
    return [*blocks, context(words.n("digest.more", left))] if left > 0 else blocks


def _stop(part: BrandDay, page: DayPage, words: Words, names: Names) -> list[Block]:
    stop = part.stop
    if stop is None:
        return []
    line = f"🛑 {stop_line(stop, part.brand, words, names)}"
    if page.me is not None and (stop.by == page.me.id or not page.may(part.brand, Role.APPROVER, Role.ADMIN)):
        return [section(line)]
    named = words("stop.everything") if stop.id == "all" else part.brand.name
    return [section(line, accessory=resume_button(stop.id, stop.note, named, words))]


def _approve(part: BrandDay, post: Post, page: DayPage, words: Words, names: Names) -> list[Block]:
    """A text that is read here in full can be approved here; else the card opens."""
    text = post.current.text
    about = {"text": _excerpt(text, IN_FULL, words), "name": names.get(post.author, "")}
    when = moment(post.due, part.brand.clock, words, page.day.at) if post.due else ""
    key = "digest.line.to_approve" if post.due else "digest.line.to_approve_now"
    line = section(f"{_face(part.brand)} {words(key, when=when, **about)}")
    see = SeePost(post=post.id).draw(words("button.see_post"), suffix=post.id)
    whole = page.posts.get(post.id)
    plain = whole is not None and not whole.findings and not post.current.pictures and len(text) <= IN_FULL
    return [line, actions(approve_button(whole, words), see) if whole is not None and plain else actions(see)]


def _trouble(part: BrandDay, delivery: Delivery, page: DayPage, words: Words, names: Names) -> list[Block]:
    talk = page.talks.get(delivery.reply.conversation) if delivery.reply else None
    if delivery.reply is not None and talk is not None:
        line, text = answer_line(delivery, talk, words, names), delivery.reply.text
        buttons = answer_buttons(delivery, talk, words) if page.may(part.brand, Role.MODERATOR) else []
    elif (whole := page.posts.get(delivery.post)) is not None:
        line, text = delivery_line(delivery, whole, words, names), whole.post.revision(delivery.revision).text
        buttons = delivery_buttons(delivery, whole, words) if page.may_settle(part.brand, whole.post) else []
    else:
        account = _account_mark(delivery.account, page)
        status = words(f"delivery_status.{delivery.state}")
        line, text, buttons = words("digest.line.attention", status=status, account=account), "", []
    shown = section(f"{_face(part.brand)} {line}" + (f"\n_{_excerpt(text, EXCERPT, words)}_" if text else ""))
    return [shown, actions(*buttons)] if buttons else [shown]


def _waiting(part: BrandDay, page: DayPage) -> list[Conversation]:
    """For a person theirs and nobody's, theirs first; for a channel all. Oldest first."""
    if page.me is None:
        return list(part.waiting)
    mine = page.me.id
    return sorted((t for t in part.waiting if t.owner in {"", mine}), key=lambda talk: talk.owner != mine)


def _talk(part: BrandDay, talk: Conversation, page: DayPage, words: Words, names: Names) -> list[Block]:
    line = words(
        "digest.line.unanswered",
        person=f"*{relay(talk.person.name, 60)}*",
        account=_account_mark(talk.account, page),
        age=age(page.day.at - talk.latest.at, words),
        text=relay(talk.latest.text, 150),
    )
    owner = words("conversation_status.owned", name=names.get(talk.owner, "")) if talk.owner else ""
    where = " · ".join(filter(None, [owner, f"<#{part.brand.channel('inbox')}>"]))
    reply = AnswerInPublic(conversation=talk.id).draw(words("inbox.answer"), suffix=talk.id)
    return [section(f"{_face(part.brand)} {line}\n{where}", accessory=reply)]


def _sent_back(part: BrandDay, post: Post, page: DayPage, words: Words) -> list[Block]:
    reason = relay(post.decision.reason, 200) if post.decision else ""
    line = "\n".join(filter(None, [f"{_face(part.brand)} {_excerpt(post.current.text, EXCERPT, words)}", reason]))
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
    return f"{_face(part.brand)} {line}{held}"


def _excerpt(text: str, most: int, words: Words) -> str:
    return relay(text, most + 20) if text.strip() else words("compose.empty_draft")


def _face(brand: Brand) -> str:
    return relay(brand.face, 40)


def _account_mark(id_: str, page: DayPage) -> str:
    account = page.accounts.get(id_)
    return account_mark(account, page.titles) if account else relay(id_, 60)
