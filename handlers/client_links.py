"""Client links: the list, a new one for a named person, an end to one."""

from bot.desk.clients import MAKERS
from bot.slack.blocks import View
from bot.slack.call import Call
from bot.slack.reply import Open, Reply, Update
from bot.slack.router import Router
from handlers.views.client_links import (
    ClientLinkForm,
    NewClientLink,
    RevokeClientLink,
    ShowClientLinks,
    links_view,
    made_view,
    new_view,
)
from handlers.views.faces import names_of

router = Router()


@router.on(ShowClientLinks)
async def show(_: ShowClientLinks, call: Call) -> Reply:
    """The brands for which I may make one, each with those in force."""
    return Open(await _list(call))


@router.on(NewClientLink, needs=MAKERS)
async def new(press: NewClientLink, call: Call) -> Reply:
    """For whom, and for how long."""
    brand = await call.desk.brand(press.brand)
    view = new_view(ClientLinkForm(brand=brand.id, link=call.desk.new_id()), brand, call.words)
    return Update(view)


@router.on(ClientLinkForm, needs=MAKERS)
async def make(form: ClientLinkForm, call: Call) -> Reply:
    """The link itself takes the form's place, once."""
    link = await call.desk.clients.make(form.link, form.brand, form.name, form.days, call.who)
    return Update(made_view(await call.desk.brand(form.brand), form.name, link, call.words))


@router.on(RevokeClientLink, needs=MAKERS)
async def revoke(press: RevokeClientLink, call: Call) -> Reply:
    """It ends, and the list says so."""
    await call.desk.clients.revoke(press.brand, press.holder, call.who)
    return Update(await _list(call))


async def _list(call: Call) -> View:
    clients = call.desk.clients
    found = await clients.mine(call.who)
    names = await names_of(call.desk.member, [link.by for _, links in found for link in links])
    return links_view(found, names, call.desk.now(), call.words, reached=bool(clients.address))
