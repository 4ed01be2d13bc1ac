"""Routes: an admin says where what kind of conversation goes, and sees first what that would have taken."""

from bot.domain.brands import Role
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from handlers.rulebook import rulebook_drawn
from handlers.views.routing import (
    EarlierRoute,
    EditRoute,
    NewRoute,
    RouteForm,
    filled_route,
    route_saved,
    route_view,
)

router = Router()
FIELDS = {"error.field_required": "name", "ruling.name_taken": "name", "ruling.full": "name",
          "routing.nowhere": "place", "routing.one_of": "person"}  # fmt: skip
"""Beside which field a mistake is said; all others beside the words."""


@router.on(NewRoute, needs=Role.ADMIN)
async def new(press: NewRoute, call: Call) -> Reply:
    """An empty route."""
    brand = await call.desk.brand(press.brand)
    form = RouteForm(brand=brand.id, rule=call.desk.new_id(), channel=call.channel or "")
    return Open(route_view(form, brand, await call.desk.accounts.of(brand.id), call.desk.pages.titles(), call.words))


@router.on(EditRoute, needs=Role.ADMIN)
async def edit(press: EditRoute, call: Call) -> Reply:
    """The route as it is."""
    brand, book = await call.desk.rulebooks.open(press.brand, call.who)
    form = filled_route(RouteForm(brand=brand.id, rule=press.rule, channel=call.channel or ""), book.route(press.rule))
    return Open(route_view(form, brand, await call.desk.accounts.of(brand.id), call.desk.pages.titles(), call.words))


@router.on(EarlierRoute, needs=Role.ADMIN)
async def earlier(press: EarlierRoute, call: Call) -> Reply:
    """One place to the front; the book shows it."""
    book = await call.desk.routing.earlier(press.brand, press.rule, call.who)
    return Update(await rulebook_drawn(await call.desk.brand(press.brand), book, call))


@router.on(RouteForm, needs=Role.ADMIN)
async def save(form: RouteForm, call: Call) -> Reply:
    """What it would have taken is shown first; the same route sent once more is saved."""
    brand, routing = await call.desk.brand(form.brand), call.desk.routing
    wanted = form.wanted(call.colleague(form.person))
    try:
        if form.seen != form.digest:
            found = await routing.rehearse(brand.id, wanted, call.who)
            seen = form.model_copy(update={"seen": form.digest})
            accounts = await call.desk.accounts.of(brand.id)
            return Update(route_view(seen, brand, accounts, call.desk.pages.titles(), call.words, found))
        await routing.save(brand.id, wanted, call.who)
    except (NotAllowed, FieldErrors):
        raise
    except UserError as error:
        raise FieldErrors({FIELDS.get(error.key, "terms"): error}) from error
    return Close(all=True, say=route_saved(wanted, brand, call.words))
