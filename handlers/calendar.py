"""The calendar: a week of my brands, privately; other weeks by a press."""

from datetime import date

from bot.slack.call import Call
from bot.slack.reply import Reply, Say
from bot.slack.router import Router
from bot.slack.wire import BadPress
from handlers.views.calendar import CalendarCommand, ShowWeek, calendar_message

router = Router()


@router.on(CalendarCommand)
async def calendar(_: CalendarCommand, call: Call) -> Reply:
    """This week."""
    return await _week(call, None)


@router.on(ShowWeek)
async def week(press: ShowWeek, call: Call) -> Reply:
    """The week of a Monday; raises BadPress for a date that isn't one."""
    try:
        return await _week(call, date.fromisoformat(press.monday) if press.monday else None)
    except (ValueError, OverflowError) as error:
        raise BadPress(f"no week {press.monday!r}") from error


async def _week(call: Call, monday: date | None) -> Reply:
    weeks = await call.desk.agenda.week(call.who, monday)
    return Say(calendar_message(weeks, call.desk.pages.titles(), call.words))
