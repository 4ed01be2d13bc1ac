"""What went wrong, as a sentence in the reader's language: names instead of ids, times on the reader's clock."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain.brands import Member
from bot.domain.records import MemberId
from bot.errors import UserError
from bot.slack.call import Call
from bot.text.markup import to_mrkdwn
from bot.text.times import moment

Find = Callable[[MemberId], Awaitable[Member]]


async def sentence(error: UserError, call: Call, find: Find, *, formatted: bool = True) -> str:
    """The error's sentence, for mrkdwn when `formatted`, else for plain text.

    Arguments are made readable: a member id `who` fills `{name}`, an instant `at` fills `{when}`, any other member id
    or instant becomes a name or a time in its place, a string that is a message key becomes that message, and a
    `role` its word. Raises LookupError for a sentence that the catalogues don't have.
    """
    args: dict[str, object] = {}
    for name, value in error.args_.items():
        shown = await _shown(name, value, call, find)
        args[name] = to_mrkdwn(shown) if formatted and isinstance(shown, str) else shown
    for given, wanted in (("who", "name"), ("at", "when")):
        if given in args:
            args.setdefault(wanted, args[given])
    return call.words(error.key, **args)


async def _shown(name: str, value: object, call: Call, find: Find) -> object:
    if isinstance(value, datetime):
        return moment(value, call.zone, call.words, call.at)
    if not isinstance(value, str):
        return value
    if name == "role" and f"role.{value}" in call.words:
        return call.words(f"role.{value}")
    if value in call.words:
        return call.words(value)
    team, colon, user = value.partition(":")
    if colon and team == call.who.id.partition(":")[0] and user.isalnum():
        return (await find(value)).name or user
    return value
