"""The notice of what waits too long: to its owner, to those who moderate, or in the channel."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.inbox import ConversationPage
from bot.domain.brands import Brand
from bot.domain.promises import LateNotice, Rung
from bot.slack.blocks import Block, Message, context, section
from bot.slack.cards import Card
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import Names, account_mark, brand_face, face_mark, practice_mark
from handlers.views.inbox import AnswerInPublic
from handlers.views.private import home_of_card, private_mark, unquoted
from handlers.views.standing import promise_line


class LateCard(Card, id="late"):
    """Conversations that wait too long: one message for those of ten minutes."""

    notice: str


def late_message(
    notice: LateNotice, brand: Brand, pages: Sequence[ConversationPage], words: Words, names: Names
) -> Message:
    """The first few with the way to answer them; the others are counted."""
    soon = all(_due(page) > page.now for page in pages)
    text = words.n("promise.soon" if soon else "promise.late", notice.count)
    blocks: list[Block] = [section(f"{relay(brand_face(brand), 120)} · *{text}*")]
    for page in pages:
        talk = page.conversation
        answer = AnswerInPublic(conversation=talk.id).draw(words("inbox.answer"), suffix=talk.id)
        owner = words("conversation_status.owned", name=names[talk.owner]) if talk.owner else words("inbox.new")
        person, said = relay(talk.person.name, 60), relay(talk.latest.text, 150)
        if talk.private and notice.rung is Rung.CHANNEL:
            person, said = unquoted(talk, words)
        who = f"{face_mark(brand)} *{person}* · {account_mark(page.account, page.titles)}"
        lines = [f"{who} · {owner}{private_mark(talk, words)}", said, *promise_line(page, words)]
        blocks.append(section("\n".join(lines), accessory=answer if notice.rung is not Rung.CHANNEL else None))
    left = notice.count - len(pages)
    more = [words.n("digest.more", left)] if left > 0 else []
    homes = dict.fromkeys(home_of_card(page.conversation, brand, words) for page in pages)
    where = words("publish.card_in", channel=", ".join(homes) or f"<#{brand.channel('inbox')}>")
    return Message(f"{relay(brand.name, 80)}: {text}", [*blocks, context(*more, where, *practice_mark(brand, words))])


def _due(page: ConversationPage) -> datetime:
    return page.conversation.targets.next or page.now
