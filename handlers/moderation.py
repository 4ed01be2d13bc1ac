"""Moderating: hide, like, reply privately, edit our answer. One press asks, the card follows."""

from bot.desk.moderation import PRIVATE_MOST
from bot.domain.brands import Role
from bot.domain.errands import Errand, digest
from bot.domain.suggestions import WRITERS, Suggestion
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply
from bot.slack.router import Router
from handlers.drawn import at_home, done_with
from handlers.views.moderation import (
    EditAnswer,
    EditForm,
    PrivateForm,
    ReplyPrivately,
    edit_view,
    private_view,
)
from handlers.views.moderation_presses import Hide, Like
from handlers.views.private import home_of_card
from handlers.written import opened_in, typed_so_far

router = Router()


@router.on(Hide, needs=Role.MODERATOR)
async def hide(press: Hide, call: Call) -> Reply:
    """Hide it, or show it again."""
    await call.desk.moderation.hide(press.conversation, press.ref, press.hidden, call.who)
    return await done_with(press.conversation, call)


@router.on(Like, needs=Role.MODERATOR)
async def like(press: Like, call: Call) -> Reply:
    """Like it, or take that back."""
    await call.desk.moderation.like(press.conversation, press.ref, press.liked, call.who)
    return await done_with(press.conversation, call)


@router.on(ReplyPrivately, needs=WRITERS)
async def begin_private(press: ReplyPrivately, call: Call) -> Reply:
    """The form, which says that nobody else will see it."""
    await call.desk.moderation.to_reply_privately(press.conversation, press.ref, call.who)
    page = await call.desk.inbox.page(press.conversation)
    written = await call.desk.answers.written(page, "", call.who)
    form = PrivateForm(
        conversation=press.conversation,
        ref=press.ref,
        channel=opened_in(call),
        reply=call.desk.new_id(),
        sign=written.sign,
        text=typed_so_far(press.conversation, call)[:PRIVATE_MOST],
    )
    return Open(private_view(form, page, call.words, waits=written.waits))


@router.on(PrivateForm, needs=WRITERS)
async def reply_privately(form: PrivateForm, call: Call) -> Reply:
    """It is on its way, or waits for somebody; the card says when it arrived."""
    id_ = form.reply or call.desk.new_id()
    sent = await call.desk.answers.privately(form.conversation, form.ref, id_, form.text, call.who, shown=form.sign)
    return await _closed(sent, form.channel, call)


@router.on(EditAnswer, needs=WRITERS)
async def begin_edit(press: EditAnswer, call: Call) -> Reply:
    """The form, with the words as they stand there."""
    delivery = await call.desk.moderation.to_edit(press.delivery, call.who)
    assert delivery.reply is not None
    page = await call.desk.inbox.page(delivery.reply.conversation)
    text = delivery.reply.text
    form = EditForm(
        delivery=delivery.id, channel=call.channel or "", before=digest(text), reply=call.desk.new_id(), text=text
    )
    written = await call.desk.answers.written(page, "", call.who)
    return Open(edit_view(form, delivery, page, call.words, waits=written.waits))


@router.on(EditForm, needs=WRITERS)
async def edit(form: EditForm, call: Call) -> Reply:
    """Changed in public, or asked for; unless somebody else changed it in the meantime."""
    id_ = form.reply or call.desk.new_id()
    sent = await call.desk.answers.edit(form.delivery, form.before, id_, form.text, call.who)
    return await _closed(sent, form.channel, call)


async def _closed(sent: Errand | Suggestion, opened_in: str, call: Call) -> Reply:
    page = await call.desk.inbox.page(sent.conversation)
    if isinstance(sent, Suggestion):
        where = home_of_card(page.conversation, page.brand, call.words)
        return Close(all=True, say=call.words("suggestion.said", channel=where))
    if at_home(page, opened_in):
        return Close(all=True)
    return Close(
        all=True, say=call.words("inbox.done", channel=home_of_card(page.conversation, page.brand, call.words))
    )
