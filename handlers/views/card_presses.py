"""What can be pressed on a conversation's card besides answering and closing: small, because many screens draw it."""

from bot.domain.conversations import Conversation, ConversationStatus
from bot.domain.handling import Later
from bot.slack.blocks import Element
from bot.slack.wire import Button, menu
from bot.text.words import Words
from handlers.views.courtesies import AskToUse, may_ask
from handlers.views.fact_presses import CheckComment
from handlers.views.legal import EndHold, KeepForLegal
from handlers.views.people import SeePerson
from handlers.views.sensitive import DeleteComment, SeeRecord


class Assign(Button, id="handling.assign"):
    """Opens the form that gives it to somebody."""

    conversation: str


class SnoozeFor(Button, id="handling.snooze"):
    """Puts it off, in one press."""

    conversation: str
    choice: Later


class SnoozeUntil(Button, id="handling.snooze_until"):
    """Opens the form with a date and a time."""

    conversation: str


class Wake(Button, id="handling.wake"):
    """Brings it back before its time."""

    conversation: str


class Escalate(Button, id="handling.escalate"):
    """Opens the form that asks somebody else to take it."""

    conversation: str


class PassOn(Button, id="passing.pass_on"):
    """Opens the form that sends it to the company, without the person."""

    conversation: str


class SwitchTopic(Button, id="handling.topic"):
    """Puts a topic on, or takes it off."""

    conversation: str
    topic: str


def more_menu(talk: Conversation, words: Words, *, deletable: bool) -> Element:
    """Everything that isn't pressed every minute, the likeliest first; a closed one has its record left."""
    id_ = talk.id
    open_ = [
        (words("handling.assign"), Assign(conversation=id_)),
        *((words(f"handling.later.{choice}"), SnoozeFor(conversation=id_, choice=choice)) for choice in Later),
        (words("handling.later.pick"), SnoozeUntil(conversation=id_)),
        (words("handling.escalate"), Escalate(conversation=id_)),
    ]
    choices = [
        *(open_ if talk.status is not ConversationStatus.CLOSED else []),
        *([(words("button.ask_to_use"), AskToUse(conversation=id_))] if may_ask(talk) else []),
        (words("people.see"), SeePerson(outsider=talk.who)),
        *([(words("passing.pass_on"), PassOn(conversation=id_))] if talk.latest.text and not talk.private else []),
        *(
            [(words("shortcut.check_fact"), CheckComment(conversation=id_))]
            if talk.latest.text and not talk.private
            else []
        ),
        (words("audit.record"), SeeRecord(subject=id_)),
        (words("legal.end"), EndHold(conversation=id_))
        if talk.hold
        else (words("legal.keep"), KeepForLegal(conversation=id_)),
        *([(words("button.delete"), DeleteComment(conversation=id_))] if deletable else []),
    ]
    return menu(choices, placeholder=words("handling.more"), suffix="card")


def topic_menu(talk: Conversation, topics: tuple[str, ...], words: Words) -> list[Element]:
    """The brand's topics, those that it has marked; nothing where the brand keeps no list."""
    listed = dict.fromkeys((*topics, *talk.topics))
    choices = [
        (f"✓ {each}" if each in talk.topics else each, SwitchTopic(conversation=talk.id, topic=each)) for each in listed
    ]
    return [menu(choices[:100], placeholder=words("handling.topics"), suffix="topics")] if choices else []
