"""The inbox: claim, answer in public, close, reopen; and the card that follows a conversation."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.deliveries import UNDO, State
from bot.domain.events import ConversationChanged, DeliveryChanged
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Quiet, Reply, Say, Update
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.views.answers import ReplyForm, ReplyTrouble, Undo, reply_view, trouble_message
from handlers.views.faces import names_of
from handlers.views.inbox import (
    AnswerInPublic,
    Claim,
    CloseAs,
    ConversationCard,
    FollowUp,
    Release,
    ReopenConversation,
    SeeConversation,
    conversation_message,
    follow_up_message,
    whole_view,
)
from handlers.views.inbox_list import InboxCommand, ShowInbox, inbox_message

router = Router()


@router.on(Claim, needs=Role.MODERATOR)
async def claim(press: Claim, call: Call) -> Reply:
    """Take it."""
    await call.desk.conversations.claim(press.conversation, call.who)
    return await _done(press.conversation, call)


@router.on(Release, needs=Role.MODERATOR)
async def release(press: Release, call: Call) -> Reply:
    """Give it back."""
    await call.desk.conversations.release(press.conversation, call.who)
    return await _done(press.conversation, call)


@router.on(CloseAs, needs=Role.MODERATOR)
async def close(press: CloseAs, call: Call) -> Reply:
    """Done, with a reason."""
    await call.desk.conversations.close(press.conversation, call.who, press.reason)
    return await _done(press.conversation, call)


@router.on(ReopenConversation, needs=Role.MODERATOR)
async def reopen(press: ReopenConversation, call: Call) -> Reply:
    """Open it again."""
    await call.desk.conversations.reopen(press.conversation, call.who)
    return await _done(press.conversation, call)


@router.on(Undo, needs=Role.MODERATOR)
async def undo(press: Undo, call: Call) -> Reply:
    """Take an answer back before it goes out."""
    await call.desk.deliveries.withdraw(press.delivery, call.who)
    return Quiet()


async def _done(conversation: str, call: Call) -> Reply:
    """On the card the press is seen at once; anywhere else a sentence says where."""
    page = await call.desk.inbox.page(conversation)
    channel = page.brand.channel("inbox")
    if call.channel == channel or (call.view is not None and call.view.type == "home"):
        return Quiet()
    return Say(call.words("inbox.done", channel=f"<#{channel}>"))


@router.on(SeeConversation, needs=Role.MODERATOR)
async def see(press: SeeConversation, call: Call) -> Reply:
    """Everything that was said, in full."""
    page = await call.desk.inbox.page(press.conversation)
    return Open(whole_view(page, call.words, await names_of(call.desk.member, page.people)))


@router.on(AnswerInPublic, needs=Role.MODERATOR)
async def answer(press: AnswerInPublic, call: Call) -> Reply:
    """The form; the answer's id is made now, so that it arrives once."""
    page = await call.desk.inbox.to_answer(press.conversation, call.who)
    form = ReplyForm(conversation=press.conversation, reply=call.desk.new_id(), channel=call.channel or "")
    names = await names_of(call.desk.member, page.people)
    return Open(reply_view(form, page, 0, call.words, names))


@router.live(ReplyForm)
async def count(form: ReplyForm, _: str, call: Call) -> Reply:
    """How long it is by now, as the network counts."""
    page = await call.desk.inbox.to_answer(form.conversation, call.who)
    names = await names_of(call.desk.member, page.people)
    return Update(reply_view(form, page, call.desk.inbox.length(page, form.text), call.words, names))


@router.on(ReplyForm, needs=Role.MODERATOR)
async def reply(form: ReplyForm, call: Call) -> Reply:
    """The answer waits on the card, with *Undo*, and then goes out."""
    await call.desk.conversations.reply(form.conversation, form.reply, form.text, call.who)
    page = await call.desk.inbox.page(form.conversation)
    channel, seconds = page.brand.channel("inbox"), int(UNDO.total_seconds())
    if form.channel == channel:
        return Close(all=True)
    return Close(all=True, say=call.words("reply.on_its_way", seconds=seconds, channel=f"<#{channel}>"))


@router.on(InboxCommand)
async def inbox(_: InboxCommand, call: Call) -> Reply:
    """What is open: mine, and nobody's."""
    return await _list(call)


@router.on(ShowInbox)
async def show(_: ShowInbox, call: Call) -> Reply:
    """The same from a menu."""
    return await _list(call)


async def _list(call: Call) -> Reply:
    inboxes = await call.desk.inbox.open(call.who)
    accounts = {account.id: account for account in await call.desk.accounts.all()}
    return Say(inbox_message(inboxes, accounts, call.desk.pages.titles(), call.desk.now(), call.words))


@router.on(ConversationChanged)
async def conversation_changed(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    """The card follows; what the person wrote next also stands in its thread, once, until it is deleted."""
    conversation = await scene.desk.conversations.get(event.conversation)
    channel = (await scene.desk.brand(conversation.brand)).channel("inbox")
    card = ConversationCard(conversation=conversation.id)
    draws = [Draw(channel, card)]
    if event.act in {"heard", "removed"}:
        again = [FollowUp(conversation=conversation.id, ref=heard.ref) for heard in conversation.heard[1:]]
        draws += [Draw(channel, each, thread_of=card) for each in again]
    return draws


@router.on(DeliveryChanged)
async def answer_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """The conversation's card follows its answers; a held one finds its writer. What was refused, missed or is unknown
    is an alarm (`handlers/alarms.py`), which its writer has from the first moment: one message, not two."""
    if not event.conversation:
        return []
    delivery = await scene.desk.deliveries.get(event.delivery)
    channel = (await scene.desk.brand(delivery.brand)).channel("inbox")
    draws = [Draw(channel, ConversationCard(conversation=event.conversation))]
    trouble = ReplyTrouble(delivery=delivery.id, asked=delivery.asked)
    if delivery.asked and delivery.reply and (delivery.state is State.HELD or await scene.where(trouble)):
        draws.append(Draw(f"@{delivery.reply.by}", trouble))
    return draws


@router.draws(ConversationCard)
async def conversation_card(card: ConversationCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    page = await scene.desk.inbox.page(card.conversation)
    names = await names_of(scene.member, page.people)
    return Sheet(conversation_message(page, words_for(page.brand.language), names), page.version)


@router.draws(FollowUp)
async def follow_up(card: FollowUp, scene: Scene) -> Sheet | None:
    """What the person wrote next."""
    page = await scene.desk.inbox.page(card.conversation)
    heard = next((each for each in page.conversation.heard if each.ref == card.ref), None)
    if heard is None:
        return None
    names = await names_of(scene.member, page.people)
    message = follow_up_message(page, heard, words_for(page.brand.language), names)
    return Sheet(message, page.version, pinned=not heard.removed_by)


@router.draws(ReplyTrouble)
async def reply_trouble(card: ReplyTrouble, scene: Scene) -> Sheet | None:
    """In its writer's language; redrawn until it is settled."""
    delivery = await scene.desk.deliveries.get(card.delivery)
    if delivery.reply is None:
        return None
    page = await scene.desk.inbox.page(delivery.reply.conversation)
    words = await scene.words_of(delivery.reply.by)
    names = await names_of(scene.member, page.people)
    return Sheet(trouble_message(delivery, page, words, names), delivery.version)
