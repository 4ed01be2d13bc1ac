"""What goes to the company: the form with exactly what will be read there, the card that asks, and what came back."""

from bot.desk.inbox import ConversationPage
from bot.domain.brands import Brand
from bot.domain.handling import NOTE
from bot.domain.passing import ANSWER, TEXT, Answer, Passed
from bot.slack.blocks import (
    Block,
    Message,
    View,
    actions,
    channel,
    context,
    option,
    rich,
    section,
    select,
    text_input,
    user,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face, practice_mark

SHOWN = 5
"""Answers that the card shows, the newest."""


class AnswerPassed(Button, id="passing.answer"):
    """Opens the form for the company's answer."""

    passed: str


class PassForm(Form, id="passing.form"):
    """To whom, what exactly, and what is asked. `passed` is its id, so that it is passed on once."""

    conversation: str
    passed: str
    channel: str = ""
    person: Typed[str] = ""
    place: Typed[str] = ""
    topic: Typed[str] = ""
    text: Typed[str] = ""
    note: Typed[str] = ""

    @property
    def asked(self) -> tuple[str, str]:
        """What kind of addressee, and who; empty where nobody was chosen."""
        return ("person", self.person) if self.person else ("channel", self.place) if self.place else ("person", "")


class PassedAnswerForm(Form, id="passing.answer_form"):
    """What the company says."""

    passed: str
    channel: str = ""
    text: Typed[str] = ""


class PassedCard(Card, id="passing"):
    """Asks the company; follows its answers."""

    passed: str


class BackCard(Card, id="passing.back"):
    """An answer, in the conversation's thread, once."""

    passed: str
    number: int


def pass_view(form: PassForm, page: ConversationPage, similar: int, words: Words) -> View:
    """What will be read there stands in the field, without the person; it can be made shorter."""
    topics = [option(each, each) for each in dict.fromkeys((*page.brand.topics, *page.conversation.topics))]
    count = (
        words.n("passing.similar", similar, topic=relay(form.topic, 60)) if form.topic else words("passing.no_topic")
    )
    blocks: list[Block] = [
        context(relay(brand_face(page.brand), 120), *practice_mark(page.brand, words)),
        PassForm.input("person", words("handling.escalate.person"), user(form.person or None), optional=True),
        PassForm.input("place", words("handling.escalate.channel"), channel(form.place or None), optional=True),
    ]
    if topics:
        pick = select(topics[:100], form.topic or None)
        blocks.append(PassForm.input("topic", words("passing.topic"), pick, optional=True, live=True))
    blocks += [
        context(count),
        PassForm.input("text", words("passing.text"), text_input(form.text, lines=True, most=TEXT)),
        context(words("passing.hint")),
        PassForm.input("note", words("passing.note"), text_input(form.note, lines=True, most=NOTE), optional=True),
    ]
    return form.open(
        title=words("button.pass_on"), submit=words("passing.send"), close=words("button.cancel"), blocks=blocks
    )


def answer_view(form: PassedAnswerForm, passed: Passed, brand: Brand, words: Words) -> View:
    """What was asked, and one field."""
    return form.open(
        title=words("passing.answer"),
        submit=words("passing.send"),
        close=words("button.cancel"),
        blocks=[
            context(relay(brand_face(brand), 120)),
            rich(passed.text, quote=True),
            *([section(relay(passed.note, 1000))] if passed.note else []),
            PassedAnswerForm.input(
                "text", words("passing.answer"), text_input(form.text, lines=True, most=ANSWER, focus=True)
            ),
            context(words("passing.answer.hint")),
        ],
    )


def passed_message(passed: Passed, brand: Brand, words: Words, names: Names) -> Message:
    """Somebody outside says this; how many said the like; what is asked; what was answered."""
    by = names.get(passed.by, "")
    text = words("passing.asks", name=by, brand=relay(brand_face(brand), 120))
    many = words.n("passing.similar", passed.count, topic=relay(passed.topic, 60)) if passed.topic else ""
    answers = [_said(each, brand, words, names) for each in passed.answers[-SHOWN:]]
    return Message(
        f"{text} {relay(passed.text, 150)}",
        [
            section(text),
            rich(passed.text, quote=True),
            *([context(f":label: {many}")] if many else []),
            *([section(f"*{words('passing.note')}*"), rich(passed.note)] if passed.note else []),
            *[block for blocks in answers for block in blocks],
            actions(AnswerPassed(passed=passed.id).draw(words("passing.answer"), style="primary")),
            context(words("passing.private"), *practice_mark(brand, words)),
        ],
    )


def back_message(passed: Passed, answer: Answer, brand: Brand, words: Words, names: Names) -> Message:
    """In the conversation's thread."""
    text = words("passing.back", name=names.get(answer.by, ""))
    return Message(f"{text} {relay(answer.text, 150)}", [section(text), rich(answer.text, quote=True)])


def _said(answer: Answer, brand: Brand, words: Words, names: Names) -> list[Block]:
    when = moment(answer.at, brand.clock, words)
    return [context(f"{names.get(answer.by, '')} · {when}"), rich(answer.text, quote=True)]
