"""Approve the week: the list of what waits for me, and one press for all that is ticked."""

from bot.desk.week import Outcome
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Quiet, Reply, Several, Update
from bot.slack.router import Router
from bot.slack.sentences import sentence
from handlers.drawn import home_of
from handlers.views.decisions import ApproveWeek
from handlers.views.week import (
    WeekForm,
    WeekSure,
    outcome_lines,
    outcome_message,
    sure_view,
    week_view,
)

router = Router()


@router.on(ApproveWeek)
async def open_week(press: ApproveWeek, call: Call) -> Reply:
    """The list from its beginning, or from a page on; pressed in the list itself it is drawn again."""
    page = await call.desk.week.page(call.who, practice=press.practice, after=press.after)
    view = week_view(WeekForm(practice=press.practice), page, call.words)
    inside = call.view is not None and call.view.callback_id == WeekForm.ID
    return Update(view) if inside else Open(view)


@router.live(WeekForm)
async def ticked(form: WeekForm, field: str, call: Call) -> Reply:
    """A tick needs no answer."""
    return Quiet()


@router.on(WeekForm)
async def sign(form: WeekForm, call: Call) -> Reply:
    """All that is ticked; where some of it goes public at once that is asked first."""
    chosen = form.chosen
    public = await call.desk.week.now_public(chosen, call.who)
    if public:
        return Update(sure_view(form, chosen, public, call.words))
    return await _signed(form, await call.desk.week.sign(chosen, call.who), call)


@router.on(WeekSure)
async def sign_surely(form: WeekSure, call: Call) -> Reply:
    """The same after the question; what has come near since is asked about as well."""
    chosen = form.chosen
    public = await call.desk.week.now_public(chosen, call.who)
    if not {page.post.id for page in public} <= set(form.asked):
        return Update(sure_view(form, chosen, public, call.words))
    return await _signed(form, await call.desk.week.sign(chosen, call.who), call)


async def _signed(form: WeekForm | WeekSure, done: Outcome, call: Call) -> Reply:
    """What became of it: above the next page, or in a sentence after the last."""
    reasons = [await sentence(error, call, call.desk.member) for _, error in done.refused]
    lines = outcome_lines(done, reasons, call.words)
    if not form.more:
        return Several.of(await home_of(call), Close(all=True, say=outcome_message(lines)))
    page = await call.desk.week.page(call.who, practice=form.practice, after=form.last)
    return Update(week_view(WeekForm(practice=form.practice), page, call.words, lines))
