"""Posts from a file: taken, shown row by row, made when somebody says so; and the calendar as a file."""

from datetime import UTC, datetime

from bot.desk.sheets import WRITERS
from bot.domain.sheets import LARGEST
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Say, SendFile, Several, Update
from bot.slack.router import Router
from handlers.views.sheets import (
    ConfirmImport,
    ExportPosts,
    ImportForm,
    ImportPosts,
    export_file,
    import_view,
    look_view,
    made_message,
)

router = Router()


@router.on(ImportPosts)
async def begin(_: ImportPosts, call: Call) -> Reply:
    """The form, with the brands for which I write."""
    brands = await call.desk.brands.mine(call.who, *WRITERS)
    if not brands:
        raise NotAllowed("error.no_brand")
    form = ImportForm(channel=call.channel or "")
    return Open(import_view(form, sorted(brands, key=lambda brand: brand.practice), call.words))


@router.on(ImportForm, needs=WRITERS)
async def look(form: ImportForm, call: Call) -> Reply:
    """What it would make; a file that can't be read is said beside its field."""
    if not form.file or form.file[0].size > LARGEST:
        raise FieldErrors({"file": UserError("error.sheet_large" if form.file else "error.field_required")})
    now = call.desk.now().replace(microsecond=0)
    review, asked_at = form.way != "draft", int(now.timestamp())
    asked = ConfirmImport(brand=form.brand, file=form.file[0].id, asked=asked_at, review=review, channel=form.channel)
    try:
        found = await call.desk.sheets.look(form.brand, asked.file, call.who, asked=now, language=call.words.locale)
    except NotAllowed:
        raise
    except UserError as error:
        raise FieldErrors({"file": error}) from error
    return Update(look_view(asked, found, now, call.words))


@router.on(ConfirmImport, needs=WRITERS)
async def make(form: ConfirmImport, call: Call) -> Reply:
    """All of it, once."""
    asked = datetime.fromtimestamp(form.asked, UTC)
    made = await call.desk.sheets.make(
        form.brand, form.file, call.who, asked=asked, language=call.words.locale, review=form.review
    )
    return Close(all=True, say=made_message(made, call.words))


@router.on(ExportPosts)
async def export(_: ExportPosts, call: Call) -> Reply:
    """One file, in my direct messages."""
    data = await call.desk.sheets.export(call.who, call.words)
    if data is None:
        return Say(call.words("sheet.sent"))
    file = export_file(data, call.desk.now(), call.words)
    return Several.of(SendFile(file), Say(call.words("sheet.sent")))
