"""What I sign my answers with, in the brands that sign them."""

from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Several
from bot.slack.router import Router
from handlers.drawn import home_of
from handlers.views.signing import EditSignature, SignatureForm, signature_saved, signature_view

router = Router()


@router.on(EditSignature)
async def edit(_: EditSignature, call: Call) -> Reply:
    """As it is."""
    member = await call.desk.member(call.who.id)
    form = SignatureForm(channel=call.channel or "", name=member.signature)
    return Open(signature_view(form, member, call.words))


@router.on(SignatureForm)
async def save(form: SignatureForm, call: Call) -> Reply:
    """Mine alone; what was sent already stays as it is."""
    member = await call.desk.brands.set_signature(call.who.id, form.name)
    said = signature_saved(member, call.words) if form.channel else None
    return Several.of(await home_of(call), Close(all=True, say=said))
