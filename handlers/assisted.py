"""Assisted accounts in Home: an admin adds one, without keys, and says who publishes there by hand."""

from bot.desk.assisted import Details
from bot.domain.brands import Account, Role
from bot.errors import NotAllowed, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Several, Update
from bot.slack.router import Router
from handlers.drawn import home_of
from handlers.views.assisted import (
    PERSONAL,
    AddAssisted,
    AssistedForm,
    EditAssisted,
    assisted_view,
    filled,
    saved,
)

router = Router()


@router.on(AddAssisted, needs=Role.ADMIN)
async def add(press: AddAssisted, call: Call) -> Reply:
    """The form, with the first network drawn."""
    first = next(iter(call.desk.assisted.networks()))
    form = AssistedForm(brand=press.brand, account=call.desk.assisted.fresh(), channel=call.channel or "", drawn=first)
    return Open(await _form(form, call))


@router.on(EditAssisted, needs=Role.ADMIN)
async def edit(press: EditAssisted, call: Call) -> Reply:
    """The same with what is known."""
    account = await call.desk.accounts.get(press.account)
    if account.by_hand is None:
        raise UserError("error.button_old")
    form = AssistedForm(brand=account.brand, account=account.id, known=True, channel=call.channel or "")
    return Open(await _form(filled(form, account), call))


async def _form(form: AssistedForm, call: Call) -> dict[str, object]:
    brand = await call.desk.brand(form.brand)
    call.who.require(brand, Role.ADMIN)
    account: Account | None = await call.desk.accounts.get(form.account) if form.known else None
    if account is not None and account.brand != brand.id:
        raise NotAllowed("error.button_old")
    titles = call.desk.pages.titles() if account else call.desk.assisted.networks()
    return assisted_view(form, brand, titles, account, call.words)


@router.live(AssistedForm)
async def network_chosen(form: AssistedForm, _: str, call: Call) -> Reply:
    """Of a network that isn't in the list its name is asked too."""
    known = call.desk.assisted.networks()
    drawn = form.network if form.network in known else form.drawn
    return Update(await _form(form.model_copy(update={"drawn": drawn}), call))


@router.on(AssistedForm, needs=Role.ADMIN)
async def save(form: AssistedForm, call: Call) -> Reply:
    """Saved."""
    details = Details(
        network=form.network or form.drawn,
        title=form.title or "",
        name=form.name or "",
        handle=form.handle or "",
        link=form.link or "",
        personal=form.whose == PERSONAL,
        publisher=call.colleague(form.publisher or ""),
        deputy=call.colleague(form.deputy or ""),
    )
    account = await call.desk.assisted.save(form.account, form.brand, details, call.who)
    text = saved(account, await call.desk.brand(account.brand), call.desk.pages.titles(), call.words)
    return Several.of(await home_of(call), Close(all=True, say=text))
