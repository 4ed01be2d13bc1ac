"""Home as it is now, for whoever pressed: what Home's own handlers and every setting answer with."""

from bot.slack.call import Call
from bot.slack.reply import HomeView
from handlers.views.faces import names_of
from handlers.views.home import home_view


async def home_of(call: Call) -> HomeView:
    """This person's Home, from the records as they are now."""
    page = await call.desk.days.home(call.who, call.member, zone=call.zone.key)
    names = await names_of(call.desk.member, page.day.people)
    return HomeView(home_view(page, call.words, names, call.desk.now()))
