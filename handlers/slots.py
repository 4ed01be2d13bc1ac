"""The queue's slots: a brand's admins set them from Home."""

from bot.domain.brands import Role
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Several, Update
from bot.slack.router import Router
from bot.text.slots import NotSlots, read_slots
from handlers.drawn import home_of
from handlers.views.slots import WHOLE, EditSlots, SlotsForm, shown_slots, slots_saved, slots_view

router = Router()


@router.on(EditSlots, needs=Role.ADMIN)
async def edit(press: EditSlots, call: Call) -> Reply:
    """The brand's own first."""
    return Open(await _view(SlotsForm(brand=press.brand, channel=call.channel or ""), call))


@router.live(SlotsForm)
async def chosen(form: SlotsForm, field: str, call: Call) -> Reply:
    """An account's slots, or the brand's."""
    return Update(await _view(form, call))


@router.on(SlotsForm, needs=Role.ADMIN)
async def save(form: SlotsForm, call: Call) -> Reply:
    """Every line fully understood, or a sentence beside the field; whose slots weren't drawn yet are drawn first."""
    if form.whose != form.drawn:
        return Update(await _view(form, call))
    try:
        slots = read_slots(form.slots)
    except NotSlots as error:
        raise FieldErrors({"slots": UserError(error.key, line=error.line[:80])}) from error
    account = "" if form.whose == WHOLE else form.whose
    brand = await call.desk.slots.set_slots(form.brand, account, slots, call.who)
    return Several.of(await home_of(call), Close(all=True, say=slots_saved(brand, call.words)))


async def _view(form: SlotsForm, call: Call) -> dict[str, object]:
    brand = await call.desk.brand(form.brand)
    call.who.require(brand, Role.ADMIN)
    accounts = await call.desk.accounts.of(brand.id)
    form = shown_slots(form, brand, accounts, call.words.lang)
    return slots_view(form, brand, accounts, call.desk.pages.titles(), call.words)
