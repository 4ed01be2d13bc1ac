"""Saved replies: the list of a brand, in which its admins write, change and forget them."""

from bot.domain.brands import Role
from bot.domain.suggestions import WRITERS
from bot.slack.blocks import View
from bot.slack.call import Call
from bot.slack.reply import Open, Reply, Update
from bot.slack.router import Router
from handlers.views.saved_replies import (
    ANY,
    ManageSaved,
    RemoveSaved,
    SavedForm,
    WriteSaved,
    saved_form_view,
    saved_view,
)

router = Router()


@router.on(ManageSaved, needs=WRITERS)
async def manage(press: ManageSaved, call: Call) -> Reply:
    """All of them."""
    return Open(await _list(press.brand, call))


@router.on(WriteSaved, needs=Role.ADMIN)
async def write(press: WriteSaved, call: Call) -> Reply:
    """A new one, or one as it is, in place of the list."""
    brand = await call.desk.brand(press.brand)
    form = SavedForm(brand=brand.id, saved=press.saved or call.desk.new_id())
    if press.saved:
        kept = await call.desk.saved_replies.get(press.saved)
        call.who.require(await call.desk.brand(kept.brand), Role.ADMIN)
        form = form.model_copy(
            update={"title": kept.title, "language": kept.language or ANY, "text": kept.text, "brand": kept.brand}
        )
    view = saved_form_view(form, brand, call.words, kept=bool(press.saved))
    return Update(view) if _listed(call) else Open(view)


@router.on(SavedForm, needs=Role.ADMIN)
async def save(form: SavedForm, call: Call) -> Reply:
    """Kept, and the list again."""
    language = "" if form.language == ANY else form.language
    await call.desk.saved_replies.save(form.saved, form.brand, form.title, form.text, language, call.who)
    return Update(await _list(form.brand, call))


@router.on(RemoveSaved, needs=Role.ADMIN)
async def remove(press: RemoveSaved, call: Call) -> Reply:
    """Gone, and the list again."""
    gone = await call.desk.saved_replies.remove(press.saved, call.who)
    view = await _list(gone.brand, call)
    return Update(view) if _listed(call) else Open(view)


async def _list(brand_id: str, call: Call) -> View:
    brand, replies = await call.desk.saved_replies.page(brand_id, call.who)
    return saved_view(brand, replies, call.words, writes=Role.ADMIN in brand.roles_of(call.who))


def _listed(call: Call) -> bool:
    """Whether the list is open, which makes way."""
    return call.view is not None and call.view.type == "modal"
