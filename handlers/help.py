"""Help: the menu, the page, one verb, and the nearest one to a word that is none."""

from bot.slack.call import Call
from bot.slack.reply import Reply, Say
from bot.slack.router import Router
from bot.slack.wire import BareCommand, Mentioned, UnknownVerb
from bot.text.verbs import Asked, Suggestion, parse_verb
from handlers.views.faces import named
from handlers.views.help import HelpCommand, ShowHelp, help_message, menu_message, unknown_message, verb_message

router = Router()


@router.on(BareCommand)
async def menu(_: BareCommand, call: Call) -> Reply:
    """`/vocero`."""
    return Say(menu_message(call.words))


@router.on(UnknownVerb)
async def unknown(command: UnknownVerb, call: Call) -> Reply:
    """`/vocero ibnox`."""
    return Say(unknown_message(command.word, command.nearest, call.words))


@router.on(HelpCommand)
async def help_on(command: HelpCommand, call: Call) -> Reply:
    """`/vocero help`, or about one verb."""
    match parse_verb(command.text):
        case Asked(verb=verb):
            return Say(verb_message(verb, call.words))
        case Suggestion(word=word, nearest=nearest):
            return Say(unknown_message(word, nearest, call.words))
        case _:
            return Say(help_message(call.words))


@router.on(ShowHelp)
async def show(_: ShowHelp, call: Call) -> Reply:
    """The page from a menu."""
    return Say(help_message(call.words))


@router.on(Mentioned)
async def mentioned(_: Mentioned, call: Call) -> Reply:
    """`@vocero`, anywhere: the menu, to whoever asked."""
    return Say(menu_message(call.words, call.words("help.mention", name=named(call.member))))
