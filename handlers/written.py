"""What the forms that answer in public do alike, before anything is sent."""

from typing import TypeVar

from bot.desk.inbox import ConversationPage
from bot.domain.errands import digest
from bot.slack.call import Call
from bot.text.markup import cut
from handlers.views.answers import ReplyForm
from handlers.views.work import WorkForm
from handlers.views.writing import MOST, Writing

W = TypeVar("W", bound=Writing)


async def once_more(form: W, call: Call) -> W | None:
    """The form as it has to be shown and pressed once more, where something stands against the answer that its writer
    didn't see, or it would be signed otherwise than it was shown; None where it may go."""
    crossed = await call.desk.handling.crossed(form.conversation, form.reply, form.seen, call.who)
    if crossed:
        return form.model_copy(update={"seen": crossed})
    page = await call.desk.inbox.page(form.conversation)
    return form if form.sign != await call.desk.answers.sign(page.brand, call.who.id) else None


async def with_saved(form: W, page: ConversationPage, call: Call) -> W:
    """The form with the saved reply that was chosen in it. One that was chosen before and left as it was makes way;
    what somebody typed stays above."""
    text = await call.desk.saved_replies.filled(form.saved, page, call.who)
    kept = "" if digest(form.text) == form.placed else form.text.rstrip()
    whole = cut(f"{kept}\n{text}" if kept else text, MOST)
    placed = "" if kept else digest(whole)
    return form.model_copy(update={"text": whole, "placed": placed, "fills": form.fills + 1})


def typed_so_far(conversation: str, call: Call) -> str:
    """What stands in the open form that answers a conversation: it goes along to another way."""
    form = _open_form(call)
    return form.text if form is not None and form.conversation == conversation else ""


def opened_in(call: Call) -> str:
    """The channel from which the open form was opened, or where something was pressed."""
    form = _open_form(call)
    return call.channel or str(getattr(form, "channel", ""))


def _open_form(call: Call) -> Writing | None:
    found: Writing | None = call.filled(ReplyForm)
    return found or call.filled(WorkForm)
