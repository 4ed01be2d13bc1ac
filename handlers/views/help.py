"""The menu, the help page, and the nearest verb for a word that is none."""

from collections.abc import Mapping
from functools import cache

from bot.slack.blocks import Block, Element, Message, actions, context, header, section
from bot.slack.wire import Button, Command
from bot.text.relaying import relay
from bot.text.verbs import SPELLINGS, Verb
from bot.text.words import Words
from handlers.views.calendar import ShowWeek
from handlers.views.compose import ComposeNow
from handlers.views.digest import ShowToday
from handlers.views.facts import ShowFacts
from handlers.views.inbox_list import ShowInbox
from handlers.views.people import ShowPeople
from handlers.views.queue import ShowQueue
from handlers.views.settings import ShowSettings
from handlers.views.stop import OpenStop


class HelpCommand(Command, id="help"):
    """`/vocero help [verb]`."""


class ShowHelp(Button, id="help.show"):
    """The same from a menu."""


WAYS: Mapping[Verb, Button] = {
    Verb.POST: ComposeNow(),
    Verb.TODAY: ShowToday(),
    Verb.INBOX: ShowInbox(),
    Verb.PEOPLE: ShowPeople(),
    Verb.CHECK: ShowFacts(),
    Verb.QUEUE: ShowQueue(),
    Verb.CALENDAR: ShowWeek(),
    Verb.STOP: OpenStop(),
    Verb.SETTINGS: ShowSettings(),
    Verb.HELP: ShowHelp(),
}
"""The menu: verbs with the button that does the same."""
SERVED = (
    Verb.POST,
    Verb.TODAY,
    Verb.INBOX,
    Verb.PEOPLE,
    Verb.CHECK,
    Verb.QUEUE,
    Verb.CALENDAR,
    Verb.STOP,
    Verb.RESUME,
    Verb.SETTINGS,
    Verb.HELP,
)
"""The verbs that are there, in the order of the help page."""


def menu_message(words: Words, opening: str = "") -> Message:
    """A button for each thing that can be done."""
    question = words("help.menu")
    text = f"{opening} {question}".strip()
    return Message(text, [section(text), actions(*(way(verb, words) for verb in WAYS))])


def way(verb: Verb, words: Words) -> Element:
    """The button that does what a verb does."""
    return WAYS[verb].draw(words(f"menu.{verb}"), style="primary" if verb is Verb.POST else None)


@cache
def help_message(words: Words) -> Message:
    """Every verb in a line, and where commands don't work. The same for everybody who speaks a language."""
    heading = words("help.heading")
    lines = "\n".join(f"• {words(f'help.{verb}')}" for verb in SERVED)
    blocks: list[Block] = [
        header(heading),
        section(words("help.intro")),
        section(lines),
        context(words("help.shortcuts")),
        actions(*(way(verb, words) for verb in WAYS if verb is not Verb.HELP)),
    ]
    return Message(heading, blocks)


def verb_message(verb: Verb, words: Words) -> Message:
    """One verb: what it does, how else it may be written, and its button; or that it isn't here yet."""
    if verb not in SERVED:
        text = words("error.not_yet", verb=words(f"command.{verb}"))
        return Message(text, [section(text), actions(way(Verb.HELP, words))])
    text = words(f"help.{verb}")
    spelled = ", ".join(f"`{spelling}`" for spelling in SPELLINGS[verb])
    also = context(words("help.also", spellings=spelled))
    press = [actions(way(verb, words))] if verb in WAYS else []
    return Message(text, [section(text), also, *press])


def unknown_message(word: str, nearest: Verb | None, words: Words) -> Message:
    """What resembles it most, with its button."""
    said = relay(word, 60)
    if nearest is None:
        text = words("error.unknown_verb", word=said)
        return Message(text, [section(text), actions(way(Verb.HELP, words))])
    text = words("error.unknown_verb_near", word=said, verb=words(f"command.{nearest}"))
    return Message(text, [section(text), actions(way(nearest if nearest in WAYS else Verb.HELP, words))])
