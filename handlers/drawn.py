"""Home as it is now, for whoever pressed: what Home's own handlers and every setting answer with."""

from bot.slack.call import Call
from bot.slack.reply import HomeView, Quiet, Reply
from handlers.views.custody import banner
from handlers.views.faces import names_of
from handlers.views.home import home_view


async def home_of(call: Call) -> HomeView:
    """This person's Home, from the records as they are now."""
    page = await call.desk.days.home(call.who, call.member, zone=call.zone.key)
    names = await names_of(call.desk.member, page.day.people)
    first = banner(await call.desk.custody.now(), call.zone.key, call.words)
    return HomeView(home_view(page, call.words, names, call.desk.now(), first))


async def after_press(call: Call) -> Reply:
    """What a press answers that shows nothing itself: Home again if it was pressed there; cards follow their events."""
    inside = call.view is not None and call.view.type == "home"
    return await home_of(call) if inside else Quiet()
