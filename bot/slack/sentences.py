"""What went wrong, as a sentence for the person who pressed: in their language, on their clock."""

from collections.abc import Awaitable, Callable

from bot.domain.brands import Member
from bot.domain.records import MemberId
from bot.errors import UserError
from bot.slack.call import Call
from bot.text import telling
from bot.text.relaying import relay_plain

Find = Callable[[MemberId], Awaitable[Member]]


async def sentence(error: UserError, call: Call, find: Find, *, formatted: bool = True) -> str:
    """The error's sentence, for mrkdwn when `formatted`, else for plain text, with a name instead of a mention.

    Raises LookupError for a sentence that the catalogues don't have.
    """
    if formatted:
        return telling.sentence(call.words, error.key, error.args_, zone=call.zone, person=mention)
    who = error.args_.get("who")
    name = (await find(who)).name or who if isinstance(who, str) else ""
    return telling.sentence(call.words, error.key, error.args_, zone=call.zone, person=lambda _: name, escape=_plain)


def _plain(text: str) -> str:
    return relay_plain(text, telling.LONGEST)


def mention(member: MemberId) -> str:
    """A member as Slack's markup names them."""
    return f"<@{member.rpartition(':')[2]}>"
