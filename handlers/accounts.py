"""Connecting accounts: the keys, whose they are, saved; and which accounts lost their access."""

from bot.desk.brands import OPERATOR
from bot.domain.brands import Account, Brand, Role
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Several, Update
from bot.slack.router import Router
from handlers.drawn import home_of
from handlers.views.accounts import (
    SLOTS,
    ConfirmForm,
    ConnectAccount,
    ConnectForm,
    ManageAccounts,
    ReadMessages,
    Reconnect,
    SetBudget,
    accounts_view,
    confirm_view,
    connect_view,
    connected,
)
from handlers.views.faces import names_of

router = Router()


@router.on(ManageAccounts, needs=Role.ADMIN)
async def manage(press: ManageAccounts, call: Call) -> Reply:
    """A brand's accounts and how they are."""
    brand = await call.desk.brand(press.brand)
    accounts = await call.desk.accounts.of(brand.id, disconnected=True)
    named = [a.connected_by for a in accounts if a.connected_by != OPERATOR]
    named += [each for a in accounts if a.by_hand for each in (a.by_hand.publisher, a.by_hand.deputy) if each]
    names = await names_of(call.desk.member, named)
    titles = call.desk.pages.titles()
    access = {account.id: note for account in accounts if (note := await call.desk.access.of(account))}
    spent = {account.id: await call.desk.spending.of(account) for account in accounts if _costs(account, call)}
    lacks = {account.id: missing for account in accounts if (missing := await call.desk.private.lacks(account))}
    offers = {account.id: offer for account in accounts if (offer := call.desk.private.offer(account))}
    now = call.desk.now()
    return Open(accounts_view(brand, accounts, titles, call.words, names, now, access, spent, lacks, offers))


def _costs(account: Account, call: Call) -> bool:
    provider = call.desk.providers.get(account.network)
    return provider is not None and provider.limits.look_price > 0


@router.on(SetBudget, needs=Role.ADMIN)
async def set_budget(press: SetBudget, call: Call) -> Reply:
    """A month's limit; the page shows it."""
    account = await call.desk.spending.set_budget(press.account, press.dollars, call.who)
    return await _again(account, call)


@router.on(ReadMessages, needs=Role.ADMIN)
async def read_messages(press: ReadMessages, call: Call) -> Reply:
    """Switched on or off; the page shows it."""
    return await _again(await call.desk.private.switch(press.account, press.on, call.who), call)


async def _again(account: Account, call: Call) -> Reply:
    opened = await manage(ManageAccounts(brand=account.brand), call)
    assert isinstance(opened, Open)
    return Update(opened.view)


@router.on(ConnectAccount, needs=Role.ADMIN)
async def connect(press: ConnectAccount, call: Call) -> Reply:
    """The form, with the first network drawn."""
    networks = call.desk.connecting.networks(await call.desk.brand(press.brand))
    form = ConnectForm(brand=press.brand, channel=call.channel or "", drawn=networks[0] if networks else "")
    return Open(await _form(form, call))


@router.on(Reconnect, needs=Role.ADMIN)
async def reconnect(press: Reconnect, call: Call) -> Reply:
    """The form for one account."""
    account = await call.desk.accounts.get(press.account)
    if account.by_hand is not None:
        raise UserError("error.button_old")
    form = ConnectForm(brand=account.brand, account=account.id, channel=call.channel or "", drawn=account.network)
    return Open(await _form(form, call))


async def _form(form: ConnectForm, call: Call) -> dict[str, object]:
    desk = call.desk
    brand: Brand = await desk.brand(form.brand)
    call.who.require(brand, Role.ADMIN)
    account: Account | None = await desk.accounts.get(form.account) if form.account else None
    if account is not None and account.brand != brand.id:
        raise NotAllowed("error.button_old")
    titles = desk.pages.titles()
    known = {name: titles[name] for name in desk.connecting.networks(brand)}
    fields = desk.connecting.fields(form.drawn) if form.drawn else ()
    return connect_view(form, brand, titles if account else known, fields, account, call.words)


@router.live(ConnectForm)
async def network_chosen(form: ConnectForm, _: str, call: Call) -> Reply:
    """The fields of that network."""
    known = call.desk.connecting.networks(await call.desk.brand(form.brand))
    drawn = form.network if form.network in known else form.drawn
    return Update(await _form(form.model_copy(update={"drawn": drawn}), call))


@router.on(ConnectForm, needs=Role.ADMIN)
async def look(form: ConnectForm, call: Call) -> Reply:
    """Whose are these keys? Nothing is saved yet."""
    desk, network = call.desk, form.drawn
    if not form.account and form.network != network:
        return await network_chosen(form, "network", call)
    fields = desk.connecting.fields(network)
    try:
        found = await desk.connecting.look(form.brand, network, form.typed(fields), call.who, account=form.account)
    except FieldErrors as error:
        slots = {field.name: slot for field, slot in zip(fields, SLOTS, strict=False)}
        raise FieldErrors({slots.get(name, name): why for name, why in error.fields.items()}) from error
    asked = ConfirmForm(brand=form.brand, held=found.key, channel=form.channel)
    brand, title = await desk.brand(form.brand), desk.pages.titles()[network]
    return Update(confirm_view(asked, brand, title, found.identity, call.words))


@router.on(ConfirmForm, needs=Role.ADMIN)
async def save(form: ConfirmForm, call: Call) -> Reply:
    """Connected."""
    account = await call.desk.connecting.save(form.held, call.who)
    text = connected(account, await call.desk.brand(account.brand), call.desk.pages.titles(), call.words)
    return Several.of(await home_of(call), Close(all=True, say=text))
