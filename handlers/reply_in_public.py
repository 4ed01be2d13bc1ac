"""*Reply in public* on a colleague's message: the form of an answer with exactly what everyone would read."""

from bot.domain.signing import first_name
from bot.errors import UserError
from bot.slack.call import Call
from bot.slack.placed import card_at
from bot.slack.reply import Open, Reply
from bot.slack.router import Router
from bot.text.markup import cut
from bot.text.public import as_public, people_in
from handlers.inbox import reply_form
from handlers.views.answers import ReplyForm, ReplyInPublic
from handlers.views.inbox import ConversationCard
from handlers.views.writing import MOST

router = Router()


@router.on(ReplyInPublic)
async def reply_in_public(press: ReplyInPublic, call: Call) -> Reply:
    """Only under a conversation's card; on the card itself it is the card's own button. Nothing is sent by this."""
    card = await card_at(call.desk.store, press.channel, press.thread_ts or press.ts)
    if not isinstance(card, ConversationCard):
        raise UserError("error.not_in_a_thread")
    form = ReplyForm(conversation=card.conversation, reply=call.desk.new_id(), channel=press.channel)
    if press.thread_ts in {"", press.ts}:
        return Open(await reply_form(form, call))
    if not press.author:
        raise UserError("error.not_a_colleagues")
    names = {user: first_name((await call.desk.member(call.colleague(user))).name) for user in people_in(press.text)}
    said = as_public(press.text, names)
    more = [*(["files"] if press.files else []), *(["long"] if len(said.text) > MOST else [])]
    changed = (*said.changed, *more)
    return Open(await reply_form(form.model_copy(update={"text": cut(said.text, MOST), "changed": changed}), call))
