"""Posts that others made on our accounts: somebody says that it was one of us. The alarm is in `alarms.py`."""

from bot.domain.brands import WRITING
from bot.slack.call import Call
from bot.slack.reply import Reply
from bot.slack.router import Router
from handlers.drawn import after_press
from handlers.views.foreign import ItWasOurs

router = Router()


@router.on(ItWasOurs, needs=WRITING)
async def ours(press: ItWasOurs, call: Call) -> Reply:
    """Who said so stands on the card; this post rings nobody any more."""
    await call.desk.foreign.explain(press.foreign, call.who)
    return await after_press(call)
