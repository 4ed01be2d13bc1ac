"""When an answer runs hot: another way is proposed; and the look that a colleague is asked for, in the thread."""

from bot.desk.answers import Written
from bot.desk.inbox import ConversationPage
from bot.domain.errands import ErrandState, Facet
from bot.domain.looks import TEXT, Look
from bot.slack.blocks import Block, Message, View, actions, context, rich, section, text_input, user
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, account_mark, mention, practice_mark
from handlers.views.moderation import ReplyPrivately

QUOTED = 2900


class AskALook(Button, id="looks.ask"):
    """Opens the form that shows a colleague what would be said."""

    conversation: str


class LookForm(Form, id="looks.form"):
    """Who looks, and at what. `look` is its id, made with the form."""

    conversation: str
    look: str
    channel: str = ""
    person: Typed[str] = ""
    text: Typed[str] = ""


class LookCard(Card, id="looks.card"):
    """Asks a colleague, once, in the conversation's thread."""

    look: str


def heat_blocks(page: ConversationPage, written: Written, words: Words) -> list[Block]:
    """Why another way may be better, and the ways; nothing is kept back."""
    heat, talk = written.heat, page.conversation
    if not heat.any:
        return []
    lines = [words(f"heat.{name}") for name in ("again", "shouting") if getattr(heat, name)]
    private = page.moderating.of(Facet.PRIVATE)
    left = private is None or private.state in {ErrandState.REFUSED, ErrandState.FAILED}
    ways = [AskALook(conversation=talk.id).draw(words("look.ask"))]
    if Facet.PRIVATE in page.moderating.can and left:
        way = ReplyPrivately(conversation=talk.id, ref=talk.latest.ref)
        ways.insert(0, way.draw(words("button.reply_privately")))
    return [section(f":fire: {' '.join(lines)}"), actions(*ways)]


def look_view(form: LookForm, page: ConversationPage, words: Words) -> View:
    """Who, and the words as they are typed so far."""
    field = text_input(form.text, lines=True, most=TEXT)
    return form.open(
        title=words("look.title"),
        submit=words("look.send"),
        close=words("button.cancel"),
        blocks=[
            LookForm.input("person", words("look.person"), user(form.person or None)),
            LookForm.input("text", words("reply.text"), field),
            context(words("look.hint"), *practice_mark(page.brand, words)),
        ],
    )


def look_message(look: Look, page: ConversationPage, words: Words, names: Names) -> Message:
    """In the thread: who is asked, and exactly what they should look at."""
    if (gone := page.conversation.forgotten_at) is not None:
        said = words("people.card_forgotten", when=moment(gone, page.brand.clock, words, page.now))
        return Message(said, [section(f":wastebasket: {said}")])
    account = account_mark(page.account, page.titles)
    asks = words("look.asks", name=names.get(look.by, ""), account=account)
    return Message(
        f"{asks} {relay(look.text, 120)}",
        [
            section(f"{mention(look.to)} {asks}"),
            rich(cut(look.text, QUOTED), quote=True),
            context(f":lock: {words('look.nothing_sent')}", *practice_mark(page.brand, words)),
        ],
    )
