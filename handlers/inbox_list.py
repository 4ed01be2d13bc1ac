"""The inbox as a list: filtered, a page at a time, and drawn again after every press in it."""

from bot.domain.inbox_views import View as List
from bot.slack.blocks import View
from bot.slack.call import Call
from bot.slack.reply import Open, Reply, Update
from bot.slack.router import Router
from handlers.views.faces import names_of
from handlers.views.inbox_list import ANY, InboxCommand, InboxForm, ShowInbox, TurnTo, inbox_view

router = Router()


@router.on(InboxCommand)
async def inbox(command: InboxCommand, call: Call) -> Reply:
    """What I should look at first, or with words everything that holds them."""
    text = command.text.strip()
    shown = List.ALL if text else await _first(call)
    return Open(await _drawn(InboxForm(shown=shown, words=text), call))


@router.on(ShowInbox)
async def show(press: ShowInbox, call: Call) -> Reply:
    """The list that the button names, or what I should look at first."""
    form = InboxForm(shown=press.view or await _first(call), crowd=press.crowd)
    narrowed = {"brand": press.brand or ANY, "account": press.account or ANY}
    return Open(await _drawn(form.model_copy(update=narrowed), call))


async def _first(call: Call) -> List:
    """Mine, or where I have none what nobody has."""
    counts = await call.desk.inbox_list.counts(await call.desk.inbox.brands_of(call.who), call.who)
    return List.MINE if counts[List.MINE] or not counts[List.UNOWNED] else List.UNOWNED


@router.on(InboxForm)
async def search(form: InboxForm, call: Call) -> Reply:
    """What is typed is looked for, from the first page on."""
    return Update(await _drawn(form.model_copy(update={"page": 0}), call))


@router.live(InboxForm)
async def filtered(form: InboxForm, field: str, call: Call) -> Reply:
    """A filter begins at the first page; a press that changed a conversation leaves the page as it is."""
    return Update(await _drawn(form.model_copy(update={"page": 0}) if field else form, call))


@router.on(TurnTo)
async def turn(press: TurnTo, call: Call) -> Reply:
    """Another page of the same."""
    form = call.filled(InboxForm) or InboxForm()
    view = await _drawn(form.model_copy(update={"page": press.page}), call)
    return Update(view) if call.view is not None else Open(view)


async def _drawn(form: InboxForm, call: Call) -> View:
    page = await call.desk.inbox_list.page(form.wanted, form.page, call.who)
    return inbox_view(form, page, call.words, await names_of(call.desk.member, page.people))
