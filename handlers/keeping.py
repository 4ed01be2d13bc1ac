"""For how long a brand keeps what people said: an admin chooses, and sees first what that would forget."""

from bot.domain.brands import Role
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from handlers.views.keeping import EditKeeping, KeepingForm, keeping_saved, keeping_view

router = Router()


@router.on(EditKeeping, needs=Role.ADMIN)
async def edit(press: EditKeeping, call: Call) -> Reply:
    """As it is."""
    brand, book = await call.desk.rulebooks.open(press.brand, call.who)
    return Open(keeping_view(KeepingForm(brand=brand.id, days=book.keep_days), brand, call.words))


@router.on(KeepingForm, needs=Role.ADMIN)
async def save(form: KeepingForm, call: Call) -> Reply:
    """What it would forget is shown first; the same days sent once more are saved, and count from a day later."""
    brand, retention = await call.desk.brand(form.brand), call.desk.retention
    try:
        if form.days and form.seen != form.days:
            old = await retention.would_forget(brand.id, form.days, call.who)
            return Update(keeping_view(form.model_copy(update={"seen": form.days}), brand, call.words, old))
        book = await retention.set_days(brand.id, form.days, call.who)
    except NotAllowed:
        raise
    except UserError as error:
        raise FieldErrors({"days": error}) from error
    return Close(all=True, say=keeping_saved(book, brand, call.words))
