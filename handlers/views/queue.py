"""The queue: what is still to go out, brand by brand, each line with its way to move or withdraw it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.agenda import Entry, Queue
from bot.domain.brands import Account, Brand
from bot.domain.deliveries import State
from bot.domain.posts import PostStatus
from bot.slack.blocks import Block, Element, Message, View, actions, context, section
from bot.slack.wire import Button, Command
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views import when
from handlers.views.day import SeePost
from handlers.views.decisions import FEWEST, WithdrawPost, excerpt, week_button, withdraw_confirm
from handlers.views.faces import account_name, brand_face, practice_mark
from handlers.views.publishing import HoldPost, ReleasePost
from handlers.views.sensitive import DuplicatePost
from handlers.views.when import WhenForm

BLOCKS = 44
"""What a message may hold, less the heading and what says how many more there are."""
QUOTED = 120


class QueueCommand(Command, id="queue"):
    """`/vocero queue`."""


class ShowQueue(Button, id="queue.show"):
    """The same from a menu."""


class MovePost(Button, id="queue.move"):
    """Opens the form that asks when instead."""

    post: str


class MoveIs(Button, id="queue.when_is"):
    """Answers what a typed time left open; `at` in seconds."""

    at: int


class MoveForm(WhenForm, id="queue.move_form"):
    """When instead."""

    post: str
    channel: str = ""


def queue_message(
    queues: Sequence[Queue], titles: Mapping[str, str], now: datetime, words: Words, mine: int = 0
) -> Message:
    """Two blocks a post, as many as a message takes; the rest is counted. mine: how many posts of this week wait for
    the reader's approval."""
    total = sum(len(each.entries) for each in queues)
    if not total:
        nothing = words("queue.empty")
        return Message(nothing, [section(nothing)])
    counted = words.n("queue.count", total)
    week = week_button(words) if mine >= FEWEST else None
    blocks: list[Block] = [section(f"*{words('queue.heading')}* · {counted}", accessory=week)]
    shown = 0
    for queue in (each for each in queues if each.entries):
        if len(blocks) + 3 > BLOCKS:
            break
        marks = practice_mark(queue.brand, words)
        blocks.append(section("\n".join([f"*{relay(brand_face(queue.brand), 120)}*", *marks])))
        for entry in queue.entries[: (BLOCKS - len(blocks)) // 2]:
            blocks += _entry(entry, queue, titles, now, words)
            shown += 1
    if total > shown:
        blocks.append(context(words.n("check.more", total - shown)))
    return Message(f"{words('queue.heading')}: {counted}", blocks)


def _entry(entry: Entry, queue: Queue, titles: Mapping[str, str], now: datetime, words: Words) -> list[Block]:
    post = entry.post
    said = moment(entry.at, queue.brand.clock, words, now) if entry.at else words("review.when.now")
    where = ", ".join(names_of_accounts(post.current.accounts, queue.accounts, titles)[:4])
    line = f"🕘 *{said}* · {status_of(entry, words)} · {where}\n{relay(cut(post.current.text, QUOTED), QUOTED)}"
    move = MovePost(post=post.id).draw(words("button.move"), suffix=post.id)
    back = WithdrawPost(post=post.id).draw(words("button.withdraw"), confirm=withdraw_confirm(words), suffix=post.id)
    see = SeePost(post=post.id).draw(words("button.see_more"), suffix=post.id)
    copy = DuplicatePost(post=post.id).draw(words("button.duplicate"), suffix=post.id)
    return [section(line), actions(*([move, *_hold(entry, words), back] if post.id in queue.may else []), see, copy)]


def _hold(entry: Entry, words: Words) -> list[Element]:
    """*Hold* what is planned; what is held so is released."""
    id_ = entry.post.id
    if any(each.state is State.PLANNED for each in entry.deliveries):
        return [HoldPost(post=id_).draw(words("button.hold"), suffix=id_)]
    held = any(each.paused for each in entry.deliveries)
    return [ReleasePost(post=id_).draw(words("pausing.release"), suffix=id_)] if held else []


def names_of_accounts(ids: Sequence[str], accounts: Mapping[str, Account], titles: Mapping[str, str]) -> list[str]:
    """The accounts as they are shown, for mrkdwn."""
    return [relay(account_name(accounts[id_], titles), 80) for id_ in ids if id_ in accounts]


def status_of(entry: Entry, words: Words) -> str:
    """Of what isn't approved its own, else that of its deliveries, each once."""
    post = entry.post
    if post.status is not PostStatus.APPROVED or not entry.deliveries:
        return words(f"post_status.{post.status}")
    keys = ("post_status.on_hold" if each.paused else f"delivery_status.{each.state}" for each in entry.deliveries)
    states = dict.fromkeys(words(key) for key in keys)
    return ", ".join(states)


def move_view(form: MoveForm, text: str, clock: when.Clock, words: Words) -> View:
    """What is moved, and when instead."""
    names = ("slot", "at") if clock.slot is not None else ("at",)
    brand = clock.brand
    return form.open(
        title=words("queue.move_title"),
        submit=words("button.move"),
        close=words("button.cancel"),
        blocks=[
            *([section(f"*{relay(brand_face(brand), 120)}*")] if brand else []),
            *excerpt(text),
            *when.when_blocks(form, names, _answer, clock, words("queue.move_hint"), words),
        ],
    )


def _answer(at: int, label: str, number: int) -> Element:
    return MoveIs(at=at).draw(label, suffix=number)


def moved_message(brand: Brand, due: datetime, now: datetime, words: Words, *, asks: bool) -> str:
    """Where it is now, and whether it has to be approved again."""
    said = words("queue.moved", when=moment(due, brand.clock, words, now))
    return f"{said} {words('queue.asks_again')}" if asks else said
