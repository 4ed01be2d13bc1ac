"""The forms that assign, put off and escalate; and what is told once to whoever got a conversation, or has it back."""

from datetime import datetime

from bot.desk.inbox import ConversationPage
from bot.domain.brands import Role
from bot.domain.conversations import ConversationStatus
from bot.domain.handling import NOTE
from bot.domain.ruled import RULE
from bot.slack.blocks import (
    Block,
    Message,
    View,
    actions,
    channel,
    context,
    moment,
    option,
    rich,
    section,
    select,
    text_input,
    user,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import Names, brand_face, practice_mark
from handlers.views.heard import heard_blocks
from handlers.views.inbox import AnswerInPublic, Claim, person_line, see_there
from handlers.views.private import answer_label, home_of_card, private_mark

ROLES = (Role.MODERATOR, Role.APPROVER, Role.AUTHOR, Role.ADMIN)
"""Roles that can be asked to take a conversation."""
QUOTED = 600
"""Characters of what the person said last."""


class AssignForm(Form, id="handling.assign_form"):
    """Who gets it. `channel`: where it was opened."""

    conversation: str
    channel: str = ""
    person: Typed[str] = ""


class SnoozeForm(Form, id="handling.snooze_form"):
    """When it comes back."""

    conversation: str
    channel: str = ""
    when: Typed[datetime | None] = None


class EscalateForm(Form, id="handling.escalate_form"):
    """Who is asked: the first of person, role and channel that is filled in; and why."""

    conversation: str
    channel: str = ""
    person: Typed[str] = ""
    role: Typed[str] = ""
    place: Typed[str] = ""
    note: Typed[str] = ""

    @property
    def asked(self) -> tuple[str, str]:
        """What kind of addressee, and who; empty where nobody was chosen."""
        given = (("person", self.person), ("role", self.role), ("channel", self.place))
        return next(((kind, to) for kind, to in given if to), ("person", ""))


class AssignedCard(Card, id="handling.assigned"):
    """Tells somebody, once, that they have a conversation; `at` in ms is when they got it, `by` from whom."""

    conversation: str
    at: int
    by: str


class WokenCard(Card, id="handling.woken"):
    """Tells its owner, once, that a conversation is back."""

    conversation: str
    at: int


class AskedCard(Card, id="handling.asked"):
    """Asks somebody, a role's holder or a channel, once, to take a conversation."""

    conversation: str
    at: int


def assign_view(form: AssignForm, page: ConversationPage, words: Words, names: Names) -> View:
    """One question: who."""
    return form.open(
        title=words("handling.assign.title"),
        submit=words("button.assign"),
        close=words("button.cancel"),
        blocks=[*_about(page, words, names), AssignForm.input("person", words("handling.assign.person"), user())],
    )


def snooze_view(form: SnoozeForm, page: ConversationPage, words: Words, names: Names) -> View:
    """One question: until when, in the reader's own zone, as Slack's picker has it."""
    return form.open(
        title=words("handling.snooze.title"),
        submit=words("button.snooze"),
        close=words("button.cancel"),
        blocks=[
            *_about(page, words, names),
            SnoozeForm.input("when", words("handling.snooze.when"), moment()),
            context(words("handling.snooze.hint")),
        ],
    )


def escalate_view(form: EscalateForm, page: ConversationPage, words: Words, names: Names) -> View:
    """Who is asked, and a note for them."""
    roles = [option(words(f"role.{role}"), role.value) for role in ROLES]
    return form.open(
        title=words("handling.escalate.title"),
        submit=words("button.escalate"),
        close=words("button.cancel"),
        blocks=[
            *_about(page, words, names),
            EscalateForm.input("person", words("handling.escalate.person"), user(), optional=True),
            EscalateForm.input("role", words("handling.escalate.role"), select(roles), optional=True),
            EscalateForm.input("place", words("handling.escalate.channel"), channel(), optional=True),
            EscalateForm.input(
                "note", words("handling.escalate.note"), text_input(lines=True, most=NOTE), optional=True
            ),
            context(words("handling.escalate.hint")),
        ],
    )


def _about(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    """Which conversation this is about."""
    talk = page.conversation
    marks = practice_mark(page.brand, words)
    return [
        context(relay(brand_face(page.brand), 120), *marks),
        person_line(talk, words),
        *heard_blocks(talk.latest, QUOTED, page, words, names),
    ]


def _by(who: str, words: Words, names: Names) -> str:
    """Who did it; a route of the brand has no name of a person."""
    return words("routing.a_route") if who == RULE else names.get(who, "")


def assigned_message(page: ConversationPage, by: str, words: Words, names: Names) -> Message:
    """To whoever has it now."""
    return _notice(page, words("handling.assigned", name=_by(by, words, names)), words, names)


def woken_message(page: ConversationPage, words: Words, names: Names) -> Message:
    """To its owner."""
    return _notice(page, words("handling.woken"), words, names)


def asked_message(page: ConversationPage, words: Words, names: Names, *, moderates: bool) -> Message:
    """To whoever is asked; the buttons only where they could be pressed."""
    asked = page.conversation.escalation
    by = _by(asked.by, words, names) if asked else ""
    text = words("handling.asked_you", name=by)
    note = [rich(asked.note, quote=True)] if asked and asked.note else []
    return _notice(page, text, words, names, note=note, take=True, moderates=moderates)


def _notice(
    page: ConversationPage,
    text: str,
    words: Words,
    names: Names,
    *,
    note: list[Block] | None = None,
    take: bool = False,
    moderates: bool = True,
) -> Message:
    talk, brand = page.conversation, page.brand
    answer = AnswerInPublic(conversation=talk.id).draw(answer_label(talk, words), style="primary")
    claim = Claim(conversation=talk.id).draw(words("button.claim"))
    closed = talk.status is ConversationStatus.CLOSED
    buttons = [] if closed or not moderates else [claim, answer] if take else [answer]
    buttons += see_there(page, words)
    return Message(
        f"{relay(brand.name, 80)}: {text} {relay(talk.latest.text, 120)}",
        [
            section(f"{relay(brand_face(brand), 120)} · {text}{private_mark(talk, words)}"),
            *(note or []),
            person_line(talk, words),
            *heard_blocks(talk.latest, QUOTED, page, words, names),
            *([actions(*buttons)] if buttons else []),
            context(words("publish.card_in", channel=home_of_card(talk, brand, words)), *practice_mark(brand, words)),
        ],
    )
