"""Working through: every press does what it does everywhere, and the form goes on to the next conversation."""

from bot.desk.inbox import ConversationPage
from bot.desk.working import Place
from bot.domain.suggestions import WRITERS, Suggestion
from bot.slack.blocks import View
from bot.slack.call import Call
from bot.slack.reply import Open, Quiet, Reply, Update
from bot.slack.router import Router
from handlers.views.faces import names_of
from handlers.views.work import Skip, WorkForm, finished_view, work_view
from handlers.views.work_presses import WorkThrough
from handlers.written import once_more, with_saved

router = Router()


@router.on(WorkThrough)
async def begin(press: WorkThrough, call: Call) -> Reply:
    """The first one: mine, the oldest; then nobody's. Pressed in the form itself, that begins again."""
    inside = call.view is not None and call.view.type == "modal" and not call.view.callback_id
    return await _next(press.brand, Place(), call, opens=not inside)


@router.on(WorkForm, needs=WRITERS)
async def answered(form: WorkForm, call: Call) -> Reply:
    """The answer waits on the card, with *Undo*; here comes the next one. A second answer needs a second press."""
    again = await once_more(form, call)
    if again is not None:
        return Update(await _again(again, call))
    sent = await call.desk.answers.answer(form.conversation, form.reply, form.text, call.who, shown=form.sign)
    if form.topics and not isinstance(sent, Suggestion):
        await call.desk.handling.set_topics(form.conversation, form.topics, call.who)
    return await _after(form, call)


@router.live(WorkForm)
async def changed(form: WorkForm, field: str, call: Call) -> Reply:
    """Typing counts, and others see it; whoever is chosen gets it; a press that settled this one shows the next."""
    if field == "person" and form.person:
        await call.desk.handling.assign(form.conversation, call.colleague(form.person), call.who)
        return await _after(form, call)
    if field == "saved" and form.saved:
        page = await call.desk.inbox.to_answer(form.conversation, call.who)
        return Update(await _again(await with_saved(form, page, call), call))
    if field == "text" and form.text:
        await call.desk.handling.answering(form.conversation, call.who)
    if not field and not await call.desk.working.needs_me(form.conversation, call.who):
        return await _after(form, call)
    return Update(await _again(form, call))


@router.closed(WorkForm)
async def left(form: WorkForm, call: Call) -> Reply:
    """Nobody is at it any more."""
    await call.desk.handling.not_answering(form.conversation, call.who)
    return Quiet()


@router.on(Skip, needs=WRITERS)
async def skip(press: Skip, call: Call) -> Reply:
    """This one stays as it is."""
    form = call.filled(WorkForm)
    if form is None or form.conversation != press.conversation:
        return Quiet()
    await call.desk.handling.not_answering(form.conversation, call.who)
    return await _after(form, call)


async def _after(form: WorkForm, call: Call) -> Reply:
    return await _next(form.brand, Place(view=form.view, at=form.at, last=form.last), call)


async def _next(brand: str, place: Place, call: Call, *, opens: bool = False) -> Reply:
    found = await call.desk.working.following(brand, place, call.who)
    if found.talk is None:
        view = finished_view(found.left, brand, call.words)
    else:
        form = WorkForm(conversation=found.talk.id, reply=call.desk.new_id(), brand=brand, **found.place.model_dump())
        view = await _drawn(form, await call.desk.inbox.page(found.talk.id), found.left, call)
    return Open(view) if opens else Update(view)


async def _again(form: WorkForm, call: Call) -> View:
    page = await call.desk.inbox.to_answer(form.conversation, call.who)
    return await _drawn(form, page, await call.desk.working.left(form.brand, call.who), call)


async def _drawn(form: WorkForm, page: ConversationPage, left_: int, call: Call) -> View:
    collision = call.desk.handling.collision(page, call.who)
    names = await names_of(call.desk.member, [*page.people, *(each.who for each in collision.others)])
    written = await call.desk.answers.written(page, form.text, call.who)
    shown = form.model_copy(update={"sign": written.sign})
    return work_view(shown, page, left_, written, collision, call.words, names)
