"""Calendar links: the list, a new one, an end to one."""

from bot.desk.calendar_links import MAKERS
from bot.slack.blocks import View
from bot.slack.call import Call
from bot.slack.reply import Open, Reply, Update
from bot.slack.router import Router
from handlers.views.calendar_links import (
    MakeCalendarLink,
    RevokeCalendarLink,
    ShowCalendarLinks,
    links_view,
    made_view,
)
from handlers.views.faces import names_of

router = Router()


@router.on(ShowCalendarLinks)
async def show(_: ShowCalendarLinks, call: Call) -> Reply:
    """The brands for which I may make one."""
    return Open(await _list(call))


@router.on(MakeCalendarLink, needs=MAKERS)
async def make(press: MakeCalendarLink, call: Call) -> Reply:
    """The new link takes the list's place, once."""
    link = await call.desk.calendar_links.make(press.brand, press.seen, call.who)
    return Update(made_view(await call.desk.brand(press.brand), link, call.words))


@router.on(RevokeCalendarLink, needs=MAKERS)
async def revoke(press: RevokeCalendarLink, call: Call) -> Reply:
    """It ends, and the list says so."""
    await call.desk.calendar_links.revoke(press.brand, press.seen, call.who)
    return Update(await _list(call))


async def _list(call: Call) -> View:
    links = call.desk.calendar_links
    found = await links.mine(call.who)
    names = await names_of(call.desk.member, [link.by for _, link in found if link is not None])
    return links_view(found, names, call.desk.now(), call.words, reached=bool(links.address))
