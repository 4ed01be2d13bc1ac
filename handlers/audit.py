"""The record: "who approved this?" from a card's menu, or by one search from Home."""

from datetime import date, datetime, time, timedelta

from bot.desk.audit import Wanted
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Open, Reply, Update
from bot.slack.router import Router
from handlers.views.audit import SearchForm, SearchRecord, found_view, history_view, search_view
from handlers.views.faces import names_of
from handlers.views.sensitive import SeeRecord

router = Router()

YEARS = 2000, 2200
"""In which a day may be looked for."""


@router.on(SeeRecord)
async def see(press: SeeRecord, call: Call) -> Reply:
    """Everything that was done about one thing; within one's brands."""
    history = await call.desk.audit.history(press.subject, call.who)
    return Open(history_view(history, call.words, await names_of(call.desk.member, history.people)))


@router.on(SearchRecord)
async def search(_: SearchRecord, call: Call) -> Reply:
    """What is looked for."""
    reach = await call.desk.audit.reach(call.who)
    return Open(search_view(SearchForm(channel=call.channel or ""), reach, call.words))


@router.on(SearchForm)
async def find(form: SearchForm, call: Call) -> Reply:
    """What was found; one thing alone is shown at once. Raises FieldErrors where nothing was."""
    until = _day(form.until, call)
    wanted = Wanted(
        words=form.words.strip(),
        person=call.colleague(form.person),
        account=form.account,
        since=_day(form.since, call),
        until=until + timedelta(days=1) if until else None,
        place=form.place.strip(),
    )
    if wanted.blank:
        raise FieldErrors({"words": UserError("error.nothing_to_find")})
    found = await call.desk.audit.search(wanted, call.who)
    if not found.things and not found.cut:  # said in the form, so that what was typed can be put right
        raise FieldErrors({"words": UserError("error.nothing_found")})
    if len(found.things) != 1:
        return Update(found_view(found, call.words))
    history = await call.desk.audit.history(found.things[0].id, call.who)
    return Update(history_view(history, call.words, await names_of(call.desk.member, history.people)))


def _day(text: str, call: Call) -> datetime | None:
    """A chosen day's beginning, in the reader's zone. Raises UserError for what no calendar has."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UserError("error.field") from error
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise UserError("error.field")
    return datetime.combine(day, time(), call.zone)
