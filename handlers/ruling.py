"""Rules at work: one press says that a rule was wrong; the card follows."""

from bot.domain.brands import Role
from bot.slack.call import Call
from bot.slack.reply import Reply
from bot.slack.router import Router
from handlers.drawn import done_with
from handlers.views.ruled import UndoRule

router = Router()


@router.on(UndoRule, needs=Role.MODERATOR)
async def undo(press: UndoRule, call: Call) -> Reply:
    """Shown again where it was hidden, and left alone from now on."""
    await call.desk.ruling.undo(press.conversation, press.ref, call.who, person=press.person)
    return await done_with(press.conversation, call)
