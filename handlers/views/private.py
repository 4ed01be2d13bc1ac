"""What tells a private conversation from a public one: its mark, the words of its forms, until when, where."""

from bot.desk.inbox import ConversationPage
from bot.domain.brands import Brand
from bot.domain.conversations import Conversation
from bot.slack.blocks import Block, Message, context, section
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import account_mark, brand_face, face_mark


def private_mark(talk: Conversation, words: Words) -> str:
    """Beside a conversation's status, on every screen that shows it; empty for a public one."""
    return f" · :lock: *{words('private.mark')}*" if talk.private else ""


def answer_label(talk: Conversation, words: Words) -> str:
    """What the button and the form are called: never the same for what everybody reads and what one person reads."""
    return words("button.reply_privately" if talk.private else "shortcut.reply_public")


def answer_hint(talk: Conversation, words: Words) -> str:
    """In the empty field."""
    return words("private.placeholder" if talk.private else "reply.text.placeholder")


def as_whom(page: ConversationPage, words: Words) -> str:
    """First of all in a form: that it is public, or who alone will read it; and as whom."""
    account = account_mark(page.account, page.titles)
    if not page.conversation.private:
        return f"*{words('reply.public_as', account=account)}*"
    only = words("private.only", person=relay(page.conversation.person.name, 80))
    return f":lock: *{only}* · {words('private.as', account=account)}"


def window_lines(page: ConversationPage, words: Words) -> list[str]:
    """By when the network takes an answer, or that it takes none any more; nothing where there is no end."""
    if page.answer_until is None:
        return []
    network = page.titles.get(page.conversation.network, page.conversation.network)
    when = moment(page.answer_until, page.brand.clock, words, page.now)
    key = "private.until" if page.answerable else "private.over"
    return [f"{':hourglass:' if page.answerable else ':no_entry:'} {words(key, network=network, when=when)}"]


def home_of_card(talk: Conversation, brand: Brand, words: Words) -> str:
    """Where its card is, for a sentence."""
    place = talk.home(brand.channel("inbox"))
    return words("private.in_direct") if place.startswith("@") else f"<#{place}>"


def unquoted(talk: Conversation, words: Words) -> tuple[str, str]:
    """In place of name and words, where others than the team may read."""
    return words("private.somebody"), f":lock: {words('private.unquoted')}"


def window_blocks(page: ConversationPage, words: Words) -> list[Block]:
    """The same as a block."""
    lines = window_lines(page, words)
    return [context(*lines)] if lines else []


def moved_message(page: ConversationPage, words: Words) -> Message:
    """Where a private conversation stood, until others than the team could read there."""
    said = words("private.moved", where=home_of_card(page.conversation, page.brand, words))
    return Message(said, [section(f"{face_mark(page.brand)} {relay(brand_face(page.brand), 120)}\n:lock: {said}")])
