"""Something is missing in the store that was there before: what, who may confirm, and what waits once somebody did."""

from collections.abc import Sequence

from bot.domain.custody import Custody
from bot.slack.blocks import Block, Message, actions, confirm, context, section
from bot.slack.cards import Card
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, mention
from handlers.views.publishing import account_of, delivery_buttons
from handlers.views.stop import LINES, Held

ASKED = 5
"""Admins that the card mentions."""


class PublishFromHere(Button, id="custody.confirm"):
    """We go on with this store; `epoch` is the gap that was seen."""

    epoch: int


class CustodyCard(Card, id="custody"):
    """One gap in one channel; `brand`: whose held posts it lists afterwards."""

    epoch: int
    brand: str = ""


def missing_blocks(custody: Custody, zone: str, words: Words) -> list[Block]:
    """What is missing, what that means, and the button."""
    when = moment(custody.seen_at, zone, words) if custody.seen_at else words("state.before")
    what = words(f"state.{custody.gap}", seen=custody.seen.number, found=custody.found.number, when=when)
    asked = ", ".join(mention(admin) for admin in custody.admins[:ASKED])
    who = words("state.who", admins=asked) if asked else words("state.who_owner")
    ask = confirm(
        words("state.confirm.ask"), words("state.confirm.text"), words("state.button"), words("confirm.no"), danger=True
    )
    button = PublishFromHere(epoch=custody.epoch).draw(words("state.button"), style="danger", confirm=ask)
    return [
        section(f"🚧 *{words('state.notice')}*\n{what}"),
        section(words("state.means")),
        actions(button),
        context(who),
    ]


def custody_message(
    custody: Custody, zone: str, held: Sequence[Held], total: int, words: Words, names: Names
) -> Message:
    """The gap; or, once it was confirmed, by whom, and a line for each post that still waits."""
    if custody.missing:
        return Message(words("state.notice"), missing_blocks(custody, zone, words))
    text = _confirmed(custody, zone, words, names)
    blocks: list[Block] = [section(f"▶️ *{text}*")]
    if total:
        blocks.append(section(words.n("state.held", total)))
    for each in held[:LINES]:
        blocks += _held(each, words)
    if total > min(len(held), LINES):
        blocks.append(context(words.n("check.more", total - min(len(held), LINES))))
    return Message(text, blocks)


def _confirmed(custody: Custody, zone: str, words: Words, names: Names) -> str:
    when = moment(custody.confirmed_at, zone, words) if custody.confirmed_at else ""
    return words("state.confirmed", name=names[custody.confirmed_by], when=when)


def gap_blocks(custody: Custody, zone: str, words: Words, names: Names) -> list[Block]:
    """The body of its alarm: the gap with its button; or, once it was confirmed, by whom."""
    missing = banner(custody, zone, words)
    return missing or [section(f"▶️ *{_confirmed(custody, zone, words, names)}*")]


def _held(each: Held, words: Words) -> list[Block]:
    delivery, page = each.delivery, each.page
    due = words("publish.was_due", when=moment(delivery.due, page.brand.clock, words, page.now))
    text = relay(cut(page.post.revision(delivery.revision).text, 120), 140) or words("compose.empty_draft")
    buttons = delivery_buttons(delivery, page, words)
    line = section(f"⏸️ *{account_of(delivery, page)}* · {due}\n{text}")
    return [line, actions(*buttons)] if buttons else [line]


def banner(custody: Custody, zone: str, words: Words) -> list[Block]:
    """The same at the top of Home; nothing while all is there."""
    return missing_blocks(custody, zone, words) if custody.missing else []
