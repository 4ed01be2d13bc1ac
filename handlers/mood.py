"""How a comment sounds: whoever answers people says when the guess is wrong."""

from bot.domain.brands import Role
from bot.slack.call import Call
from bot.slack.reply import Reply
from bot.slack.router import Router
from handlers.drawn import after_press
from handlers.views.mood import CorrectMood

router = Router()


@router.on(CorrectMood, needs=Role.MODERATOR)
async def correct(press: CorrectMood, call: Call) -> Reply:
    """The card says it, and who said so."""
    await call.desk.moods.correct(press.conversation, press.mark, press.tone, call.who)
    return await after_press(call)
