"""App Home: My day. Drawn when somebody opens it, asks for it, or pressed something on it that shows nothing itself."""

from bot.slack.call import Call
from bot.slack.reply import Quiet, Reply
from bot.slack.router import Router
from bot.slack.wire import HomeOpened
from handlers.drawn import home_of
from handlers.views.home import RefreshHome

router = Router()


@router.on(HomeOpened)
async def opened(event: HomeOpened, call: Call) -> Reply:
    """Somebody looks at it; the messages with us are another tab."""
    return await home_of(call) if event.tab == "home" else Quiet()


@router.on(RefreshHome)
async def refresh(_: RefreshHome, call: Call) -> Reply:
    """Draw it again."""
    return await home_of(call)
