"""Thanking people, asking whether we may use what they showed, and what follows; a brand's own words for it."""

from bot.desk.inbox_rules import courtesies_typed
from bot.domain.brands import Role
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Several, Update
from bot.slack.router import Router
from handlers.compose import continue_draft
from handlers.drawn import done_with, home_of
from handlers.inbox import answer_view
from handlers.views.answers import ReplyForm
from handlers.views.courtesies import (
    AskToUse,
    CourtesiesForm,
    EditCourtesies,
    MakePost,
    Thank,
    UseAnswered,
    WithdrawConsent,
    as_typed,
    courtesies_view,
)
from handlers.views.drafts import ContinueDraft
from handlers.views.faces import names_of
from handlers.views.inbox_rules import rules_saved
from handlers.views.people import person_view

router = Router()


@router.on(Thank, needs=Role.MODERATOR)
async def thank(press: Thank, call: Call) -> Reply:
    """The answer's form, with a line of thanks in it: one more tap sends it."""
    reply = call.desk.new_id()
    page, text, likes = await call.desk.courtesies.to_thank(press.conversation, reply, call.who)
    form = ReplyForm(conversation=press.conversation, reply=reply, channel=call.channel or "", text=text, likes=likes)
    return Open(await answer_view(form, page, call))


@router.on(AskToUse, needs=Role.MODERATOR)
async def ask(press: AskToUse, call: Call) -> Reply:
    """The answer's form, with the brand's question in it."""
    page, text = await call.desk.courtesies.to_ask(press.conversation, call.who)
    form = ReplyForm(
        conversation=press.conversation, reply=call.desk.new_id(), channel=call.channel or "", text=text, asks=True
    )
    return Open(await answer_view(form, page, call))


@router.on(UseAnswered, needs=Role.MODERATOR)
async def answered(press: UseAnswered, call: Call) -> Reply:
    """What their answer was."""
    await call.desk.courtesies.settle(press.conversation, press.yes, call.who)
    return await done_with(press.conversation, call)


@router.on(WithdrawConsent, needs=Role.MODERATOR)
async def withdraw(press: WithdrawConsent, call: Call) -> Reply:
    """They took it back; their page says so."""
    await call.desk.courtesies.withdraw(press.outsider, press.conversation, call.who)
    page = await call.desk.people.page(press.outsider, call.who)
    return Update(person_view(page, call.words, await names_of(call.desk.member, page.people)))


@router.on(MakePost, needs=Role.AUTHOR)
async def make_post(press: MakePost, call: Call) -> Reply:
    """A draft of mine, open."""
    post = await call.desk.courtesies.make_post(press.conversation, call.desk.new_id(), call.who)
    return await continue_draft(ContinueDraft(post=post.id), call)


@router.on(EditCourtesies, needs=Role.ADMIN)
async def edit(press: EditCourtesies, call: Call) -> Reply:
    """The brand's words as they are."""
    brand, desk = await call.desk.brand(press.brand), call.desk.courtesies
    form = CourtesiesForm(brand=brand.id, channel=call.channel or "", **as_typed(brand))
    bare = brand.model_copy(update={"courtesies": type(brand.courtesies)()})
    ours = {
        **{f"thanks_{lang}": desk.thanks(bare, lang)[0] for lang in ("es", "en")},
        **{f"ask_{lang}": desk.question(bare, lang) for lang in ("es", "en")},
    }
    return Open(courtesies_view(form, brand, ours, call.words))


@router.on(CourtesiesForm, needs=Role.ADMIN)
async def save(form: CourtesiesForm, call: Call) -> Reply:
    """What is too long is said beside its field."""
    typed = courtesies_typed({"es": form.thanks_es, "en": form.thanks_en}, {"es": form.ask_es, "en": form.ask_en})
    brand = await call.desk.brands.change(form.brand, call.who, courtesies=typed)
    said = rules_saved(brand, call.words) if form.channel else None
    return Several.of(await home_of(call), Close(all=True, say=said))
