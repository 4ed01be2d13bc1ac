"""What somebody is sent who publishes by hand: the words to copy, pictures, until when; and what became of it since."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.pages import PostPage
from bot.domain.assisted import Ask
from bot.domain.deliveries import LIFE, Delivery, State, Step
from bot.domain.posts import Picture, Revision
from bot.domain.records import MemberId
from bot.slack.blocks import (
    Block,
    Message,
    View,
    actions,
    context,
    image,
    rich,
    section,
    text_input,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.text.markup import link
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment, within
from bot.text.words import Words
from handlers.views.by_hand_presses import CantPublish, published_button
from handlers.views.decisions import excerpt
from handlers.views.faces import Names, account_label, brand_face, mention, practice_mark
from handlers.views.publishing import account_of, delivery_line

BLOCKS = 36
"""Blocks of what is copied in one message, of Slack's fifty."""
_OFF = frozenset({State.HELD, State.WITHDRAWN})
CHARACTERS = 9000
"""… and characters, of about 13,000."""
REASON = 500


class HandCard(Card, id="by_hand.ask"):
    """One ask of one person to publish by hand: the `number`-th of a delivery, from 0."""

    delivery: str
    number: int
    to: str


class HandMore(Card, id="by_hand.more"):
    """What doesn't fit into that one message, under it: the `part`-th, from 1."""

    delivery: str
    number: int
    to: str
    part: int


class HandOff(Card, id="by_hand.off"):
    """Said once under an ask that is called off (`state`), because an edited message rings nobody; `at`: the time that
    it was for, in ms."""

    delivery: str
    number: int
    to: str
    state: str
    at: int


class PublishedForm(Form, id="by_hand.published_form"):
    """Where it is."""

    delivery: str
    link: Typed[str | None] = None


class CantForm(Form, id="by_hand.cant_form"):
    """Why not."""

    delivery: str
    number: int
    reason: Typed[str | None] = None


@dataclass(frozen=True)
class _Item:
    """Something that is copied or saved as a whole: never in two messages."""

    blocks: Sequence[Block]
    characters: int


def is_open(delivery: Delivery, number: int) -> bool:
    """Whether somebody still has it to publish."""
    return delivery.state is State.BY_HAND and number == len(delivery.asks) - 1


def called_off(delivery: Delivery) -> bool:
    """Whether whoever was asked mustn't publish it any more, and may be about to."""
    ask = delivery.asked_of
    moved = ask is not None and ask.moved and delivery.state is State.PLANNED
    return moved or (ask is not None and delivery.state in _OFF)


def parts(delivery: Delivery, revision: Revision, words: Words) -> Sequence[Sequence[Block]]:
    """Everything to copy and to save, in as many messages as it takes, in order."""
    pages: list[list[Block]] = [[]]
    written = 0
    for item in [*_texts(delivery, revision, words), *_pictures(revision.pictures, words)]:
        full = len(pages[-1]) + len(item.blocks) > BLOCKS or written + item.characters > CHARACTERS
        if full and pages[-1]:
            pages.append([])
            written = 0
        pages[-1] += item.blocks
        written += item.characters
    return pages


def _texts(delivery: Delivery, revision: Revision, words: Words) -> list[_Item]:
    texts = revision.texts(delivery.account)
    commented = len(texts) > 1 and bool(revision.comment) and texts[-1] == revision.comment
    total = len(texts) - commented
    found = []
    for number, text in enumerate(texts):
        label = words("by_hand.text")
        if number == total:
            label = words("compose.comment")
        elif total > 1:
            label = f"{label} {number + 1}/{total}"
        if text.strip():
            found.append(_Item([context(f"*{label}*"), rich(text, code=True)], len(text) + len(label)))
    return found


def _pictures(pictures: Sequence[Picture], words: Words) -> list[_Item]:
    found = []
    for number, picture in enumerate(pictures, start=1):
        name = f"🖼️ {number}/{len(pictures)} · {relay(picture.name, 80)}"
        alt = picture.alt.strip()
        shown = [image(relay_plain(alt or picture.name, 300), file=picture.file)] if picture.blob else []
        told = f"{name} · {words('thing.alt_text')}:" if alt else name
        blocks = [*shown, context(told), *([rich(alt, code=True)] if alt else [])]
        found.append(_Item(blocks, len(alt) + 400))
    return found


def hand_message(delivery: Delivery, number: int, page: PostPage, words: Words, names: Names) -> Message:
    """The ask as it stands; where it is over, what became of it, and nothing to copy any more."""
    ask, revision = delivery.asks[number], page.post.revision(delivery.revision)
    account = account_of(delivery, page)
    if not is_open(delivery, number):
        return _over(delivery, number, page, words, names)
    notice = words("by_hand.notice", account=account, brand=relay(brand_face(page.brand), 120))
    until = moment(ask.until, page.brand.clock, words, page.now)
    left = within(ask.until - page.now, words) if ask.until > page.now else ""
    lines = [f"*{notice}*", f"⏰ {words('by_hand.until', when=', '.join(filter(None, [until, left])))}"]
    there = page.accounts.get(delivery.account)
    if there is not None and there.by_hand is not None and there.by_hand.link:
        lines.append(link(there.by_hand.link, words("by_hand.profile")))
    if number and (reason := delivery.asks[number - 1].reason) and delivery.asks[number - 1].due == ask.due:
        before = names.get(delivery.asks[number - 1].to, "")
        lines.append(words("by_hand.instead", name=before, reason=relay(reason, 300)))
    all_parts = parts(delivery, revision, words)
    more = [context(words("by_hand.more_below"))] if len(all_parts) > 1 else []
    files = [context(f"📎 {words.n('by_hand.files', len(revision.pictures))}")] if revision.pictures else []
    return Message(
        notice,
        [
            section("\n".join(lines)),
            *all_parts[0],
            *more,
            *files,
            actions(
                published_button(delivery, words, style="primary"),
                CantPublish(delivery=delivery.id, number=number).draw(words("by_hand.cant_button")),
            ),
            context(words("by_hand.explain"), *practice_mark(page.brand, words)),
        ],
    )


def more_message(delivery: Delivery, number: int, part: int, page: PostPage, words: Words) -> Message:
    """What goes on under the ask."""
    if not is_open(delivery, number):
        return Message(words("by_hand.no_more"), [context(words("by_hand.no_more"))])
    pages = parts(delivery, page.post.revision(delivery.revision), words)
    notice = words("by_hand.goes_on", number=part + 1, total=len(pages))
    return Message(notice, [context(notice), *pages[part]])


def off_message(delivery: Delivery, page: PostPage, to: MemberId, words: Words) -> Message:
    """Don't publish it."""
    text = words(_verdict(delivery, delivery.asks[-1], last=True), account=account_of(delivery, page))
    return Message(text, [section(f"{mention(to)} {text}")])


def _over(delivery: Delivery, number: int, page: PostPage, words: Words, names: Names) -> Message:
    """No longer theirs: said before anything else, because the words may still be in their clipboard."""
    ask, last = delivery.asks[number], number == len(delivery.asks) - 1
    what = words(_verdict(delivery, ask, last=last), account=account_of(delivery, page))
    lines = [f"*{what}*"]
    if ask.reason:
        lines.append(words("by_hand.you_cant", reason=relay(ask.reason, 300)))
    if last or delivery.state is not State.BY_HAND:
        lines.append(delivery_line(delivery, page, words, names))
    else:
        lines.append(words("by_hand.passed", name=names.get(delivery.asks[-1].to, "")))
    may = (delivery.state, Step.LIVE) in LIFE
    text = next(iter(page.post.revision(delivery.revision).texts(delivery.account)), "")
    label = account_label(page.accounts[delivery.account], page.titles) if delivery.account in page.accounts else ""
    blocks = [
        section("\n".join(lines)),
        *excerpt(text),
        *([actions(published_button(delivery, words))] if may else []),
        context(*filter(None, [relay(brand_face(page.brand), 120), relay(label, 150)])),
    ]
    return Message(what, blocks)


def _verdict(delivery: Delivery, ask: Ask, *, last: bool) -> str:
    if delivery.state is State.LIVE:
        return "by_hand.over.live"
    if delivery.state is State.UNPUBLISHED:
        return "by_hand.over.unpublished"
    if delivery.state is State.REFUSED:
        return "by_hand.over.refused"
    if ask.reason or not last:
        return "by_hand.over.passed"
    if delivery.state is State.PLANNED:
        return "by_hand.over.moved" if ask.moved else "by_hand.over.again"
    known = {State.MISSED: "missed", State.WITHDRAWN: "withdrawn", State.CLAIMED: "again"}
    return f"by_hand.over.{known.get(delivery.state, 'held')}"


def published_view(form: PublishedForm, page: PostPage, delivery: Delivery, words: Words, *, linked: bool) -> View:
    """Asks where it is; not everything that is published by hand has an address."""
    hint = words("by_hand.link_hint") if linked else words("by_hand.link_optional")
    return form.open(
        title=words("by_hand.published"),
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(page.brand), 120)}* · {account_of(delivery, page)}"),
            PublishedForm.input(
                "link", words("by_hand.link"), text_input(most=2000, focus=True), hint=hint, optional=not linked
            ),
        ],
    )


def cant_view(form: CantForm, page: PostPage, delivery: Delivery, words: Words) -> View:
    """Asks why, and says what follows."""
    return form.open(
        title=words("by_hand.cant_button"),
        submit=words("by_hand.pass_on"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(page.brand), 120)}* · {account_of(delivery, page)}"),
            CantForm.input("reason", words("by_hand.reason"), text_input(lines=True, most=REASON, focus=True)),
            context(words("by_hand.cant_explain")),
        ],
    )
