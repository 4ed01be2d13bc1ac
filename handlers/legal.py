"""Keep for legal: an admin says why, and nothing forgets it until an admin ends that."""

from bot.domain.brands import Role
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from handlers.drawn import done_with
from handlers.views.faces import names_of
from handlers.views.legal import EndHold, KeepForLegal, LegalForm, legal_view
from handlers.views.people import person_view

router = Router()


@router.on(KeepForLegal, needs=Role.ADMIN)
async def begin(press: KeepForLegal, call: Call) -> Reply:
    """One question: why."""
    form = LegalForm(conversation=press.conversation, outsider=press.outsider, channel=call.channel or "")
    thing = (
        await call.desk.people.get(press.outsider)
        if press.outsider
        else await call.desk.conversations.get(press.conversation)
    )
    return Open(legal_view(form, await call.desk.brand(thing.brand), call.words))


@router.on(LegalForm, needs=Role.ADMIN)
async def keep(form: LegalForm, call: Call) -> Reply:
    """Kept from now on; the card says so."""
    holds = call.desk.holds
    try:
        if form.outsider:
            await holds.keep_person(form.outsider, form.reason, call.who)
        else:
            await holds.keep(form.conversation, form.reason, call.who)
    except NotAllowed:
        raise
    except UserError as error:
        raise FieldErrors({"reason": error}) from error
    return Close(all=True, say=call.words("legal.done"))


@router.on(EndHold, needs=Role.ADMIN)
async def end(press: EndHold, call: Call) -> Reply:
    """Kept no longer than others."""
    if not press.outsider:
        await call.desk.holds.end(press.conversation, call.who)
        return await done_with(press.conversation, call)
    await call.desk.holds.end_person(press.outsider, call.who)
    page = await call.desk.people.page(press.outsider, call.who)
    return Update(person_view(page, call.words, await names_of(call.desk.member, page.people)))
