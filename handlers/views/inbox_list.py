"""The open conversations of one person, brand by brand: mine first, then nobody's, the oldest on top."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.inbox import OpenInbox
from bot.domain.brands import Account
from bot.domain.conversations import Conversation
from bot.slack.blocks import Block, Message, actions, context, section
from bot.slack.wire import Button, Command
from bot.text.relaying import relay
from bot.text.times import age
from bot.text.words import Words
from handlers.views.faces import account_mark, brand_face, practice_mark
from handlers.views.inbox import conversation_buttons

BLOCKS = 46
"""What a message may hold, less the heading and what says how many more there are."""


class InboxCommand(Command, id="inbox"):
    """`/vocero inbox`."""


class ShowInbox(Button, id="inbox.show"):
    """The same from a menu."""


def inbox_message(
    inboxes: Sequence[OpenInbox],
    accounts: Mapping[str, Account],
    titles: Mapping[str, str],
    now: datetime,
    words: Words,
) -> Message:
    """A line with its buttons for each conversation, as many as a message takes; the rest is counted."""
    total = sum(len(each.mine) + len(each.new) + each.others for each in inboxes)
    if not total:
        nothing = words("inbox.none")
        return Message(nothing, [section(nothing)])
    counted = words.n("inbox.count", total)
    blocks: list[Block] = [section(f"*{words('inbox.heading')}* · {counted}")]
    share = BLOCKS // sum(1 for each in inboxes if each.mine or each.new or each.others)
    for each in inboxes[:BLOCKS]:
        blocks += _brand(each, share, accounts, titles, now, words)
    return Message(f"{words('inbox.heading')}: {counted}", blocks[: BLOCKS + 2])


def _brand(
    inbox: OpenInbox,
    share: int,
    accounts: Mapping[str, Account],
    titles: Mapping[str, str],
    now: datetime,
    words: Words,
) -> list[Block]:
    if not (inbox.mine or inbox.new or inbox.others):
        return []
    head = f"*{relay(brand_face(inbox.brand), 120)}* · <#{inbox.brand.channel('inbox')}>"
    room = max(1, (share - 4) // 2)
    mine, new = inbox.mine[:room], inbox.new[: max(1, room - len(inbox.mine[:room]))]
    blocks: list[Block] = [section(" · ".join([head, *practice_mark(inbox.brand, words)]))]
    for key, talks in (("inbox.mine", mine), ("inbox.new", new)):
        if talks:
            blocks.append(context(words(key)))
        for talk in talks:
            blocks += _talk(talk, accounts, titles, now, words)
    left = len(inbox.mine) + len(inbox.new) - len(mine) - len(new)
    rest = [words.n("digest.more", left)] if left else []
    rest += [words.n("inbox.others", inbox.others)] if inbox.others else []
    return [*blocks, context(*rest)] if rest else blocks


def _talk(
    talk: Conversation, accounts: Mapping[str, Account], titles: Mapping[str, str], now: datetime, words: Words
) -> list[Block]:
    account = accounts.get(talk.account)
    line = words(
        "inbox.line",
        person=f"*{relay(talk.person.name, 60)}*",
        account=account_mark(account, titles) if account else relay(talk.account, 60),
        age=age(now - talk.latest.at, words),
        text=relay(talk.latest.text, 180),
    )
    return [section(line), actions(*conversation_buttons(talk, words))]
