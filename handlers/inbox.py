"""The inbox: claim, answer in public, close, reopen; and the card that follows a conversation."""

from collections.abc import Sequence

from bot.desk.inbox import ConversationPage
from bot.domain.brands import WRITING, Role
from bot.domain.deliveries import UNDO, State
from bot.domain.events import ConversationChanged, DeliveryChanged
from bot.domain.suggestions import WRITERS, Suggestion
from bot.slack.blocks import View
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Quiet, Reply, Update
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import at_home, done_with, gone_from, places_of
from handlers.gathered import shown
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
from handlers.views.private import home_of_card, moved_message
from handlers.views.storms import CrowdCard
from handlers.views.suggestions import SuggestionCard
from handlers.written import once_more, with_saved

router = Router()


@router.on(Claim, needs=Role.MODERATOR)
async def claim(press: Claim, call: Call) -> Reply:
    """Take it."""
    await call.desk.conversations.claim(press.conversation, call.who)
    return await done_with(press.conversation, call)


@router.on(Release, needs=Role.MODERATOR)
async def release(press: Release, call: Call) -> Reply:
    """Give it back."""
    await call.desk.conversations.release(press.conversation, call.who)
    return await done_with(press.conversation, call)


@router.on(CloseAs, needs=Role.MODERATOR)
async def close(press: CloseAs, call: Call) -> Reply:
    """Done, with a reason."""
    await call.desk.conversations.close(press.conversation, call.who, press.reason)
    return await done_with(press.conversation, call)


@router.on(ReopenConversation, needs=Role.MODERATOR)
async def reopen(press: ReopenConversation, call: Call) -> Reply:
    """Open it again."""
    await call.desk.conversations.reopen(press.conversation, call.who)
    return await done_with(press.conversation, call)


@router.on(Undo, needs={*WRITING, *WRITERS})
async def undo(press: Undo, call: Call) -> Reply:
    """Take an answer back before it goes out."""
    await call.desk.deliveries.withdraw(press.delivery, call.who)
    return Quiet()


@router.on(SeeConversation, needs=WRITERS)
async def see(press: SeeConversation, call: Call) -> Reply:
    """Everything that was said, in full."""
    page = await call.desk.inbox.page(press.conversation)
    return Open(whole_view(page, call.words, await names_of(call.desk.member, page.people)))


@router.on(AnswerInPublic, needs=WRITERS)
async def answer(press: AnswerInPublic, call: Call) -> Reply:
    """The form; the answer's id is made now, so that it arrives once."""
    form = ReplyForm(conversation=press.conversation, reply=call.desk.new_id(), channel=call.channel or "")
    return Open(await reply_form(form, call))


async def reply_form(form: ReplyForm, call: Call) -> View:
    """A form that opens, with what it begins with."""
    return await answer_view(form, await call.desk.inbox.to_answer(form.conversation, call.who), call)


async def answer_view(form: ReplyForm, page: ConversationPage, call: Call) -> View:
    """The same where what is answered is read already; others see from now on that somebody is at it."""
    view = await _reply_view(form, page, call)
    await call.desk.handling.answering(form.conversation, call.who)
    return view


@router.live(ReplyForm)
async def count(form: ReplyForm, field: str, call: Call) -> Reply:
    """How long it is by now, as the network counts; the saved reply that was chosen; and a sign that somebody is still
    at it."""
    page = await call.desk.inbox.to_answer(form.conversation, call.who)
    if field == "saved" and form.saved:
        form = await with_saved(form, page, call)
    await call.desk.handling.answering(form.conversation, call.who)
    return Update(await _reply_view(form, page, call))


async def _reply_view(form: ReplyForm, page: ConversationPage, call: Call) -> View:
    collision = call.desk.handling.collision(page, call.who)
    names = await names_of(call.desk.member, [*page.people, *(each.who for each in collision.others)])
    written = await call.desk.answers.written(page, form.text, call.who)
    shown = form.model_copy(update={"sign": written.sign})
    return reply_view(shown, page, written, call.words, names, collision)


@router.closed(ReplyForm)
async def left(form: ReplyForm, call: Call) -> Reply:
    """Nobody is at it any more; the card says so."""
    await call.desk.handling.not_answering(form.conversation, call.who)
    return Quiet()


@router.on(ReplyForm, needs=WRITERS)
async def reply(form: ReplyForm, call: Call) -> Reply:
    """The answer waits on the card, with *Undo*, and then goes out; a second one only after a second press."""
    again = await once_more(form, call)
    if again is not None:
        return Update(await _reply_view(again, await call.desk.inbox.to_answer(form.conversation, call.who), call))
    sent = await call.desk.answers.answer(
        form.conversation, form.reply, form.text, call.who, shown=form.sign, asks=form.asks
    )
    if form.likes and not isinstance(sent, Suggestion):
        await call.desk.courtesies.like_too(form.conversation, form.likes, call.who)
    page = await call.desk.inbox.page(form.conversation)
    if isinstance(sent, Suggestion):
        where = home_of_card(page.conversation, page.brand, call.words)
        return Close(all=True, say=call.words("suggestion.said", channel=where))
    if at_home(page, form.channel):
        return Close(all=True)
    seconds, where = int(UNDO.total_seconds()), home_of_card(page.conversation, page.brand, call.words)
    return Close(all=True, say=call.words("reply.on_its_way", seconds=seconds, channel=where))


@router.on(ConversationChanged)
async def conversation_changed(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    """The card follows, and so does what waits there for approval; what the person wrote next also stands in its
    thread, once, until it is deleted."""
    conversation = await scene.desk.conversations.get(event.conversation)
    if not await shown(conversation, event.act, scene):
        return []
    places = await places_of(conversation.id, scene)
    card = ConversationCard(conversation=conversation.id)
    draws = [Draw(place, card) for place in places]
    draws += [
        Draw(place, SuggestionCard(suggestion=id_), thread_of=card)
        for place in places
        for id_ in conversation.suggested
    ]
    if event.act in {"heard", "removed", "rewritten", "erased", "forgotten", "moved"} or len(places) > 1:
        again = [FollowUp(conversation=conversation.id, ref=heard.ref) for heard in conversation.heard[1:]]
        draws += [Draw(place, each, thread_of=card) for place in places for each in again]
    return draws


@router.on(DeliveryChanged)
async def answer_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """The conversation's card follows its answers; a held one finds whoever let it out. What was refused, missed or is
    unknown is an alarm (`handlers/alarms.py`), which they have from the first moment: one message, not two."""
    if not event.conversation:
        return []
    delivery = await scene.desk.deliveries.get(event.delivery)
    card = ConversationCard(conversation=event.conversation)
    talk = await scene.desk.conversations.get(event.conversation)
    seen = delivery.asked or await shown(talk, "delivery", scene)
    draws = [Draw(place, card) for place in await places_of(event.conversation, scene)] if seen else []
    trouble = ReplyTrouble(delivery=delivery.id, asked=delivery.asked)
    if delivery.asked and delivery.reply and (delivery.state is State.HELD or await scene.where(trouble)):
        draws.append(Draw(f"@{delivery.approved_by or delivery.reply.by}", trouble))
    return draws


@router.draws(ConversationCard)
async def conversation_card(card: ConversationCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    page = await scene.desk.inbox.page(card.conversation)
    words, names = words_for(page.brand.language), await names_of(scene.member, page.people)
    if gone_from(page.conversation, scene):
        return Sheet(moved_message(page, words), page.version, only_there=True)
    crowd = await scene.link(CrowdCard(crowd=page.crowd.id)) if page.crowd is not None else ""
    return Sheet(conversation_message(page, words, names, crowd=crowd), page.version)


@router.draws(FollowUp)
async def follow_up(card: FollowUp, scene: Scene) -> Sheet | None:
    """What the person wrote next."""
    page = await scene.desk.inbox.page(card.conversation)
    heard = next((each for each in page.conversation.heard if each.ref == card.ref), None)
    if heard is None:
        return None
    if gone_from(page.conversation, scene):
        return Sheet(moved_message(page, words_for(page.brand.language)), page.version, only_there=True)
    names = await names_of(scene.member, page.people)
    message = follow_up_message(page, heard, words_for(page.brand.language), names)
    return Sheet(message, page.version, pinned=not heard.removed_by and page.conversation.forgotten_at is None)


@router.draws(ReplyTrouble)
async def reply_trouble(card: ReplyTrouble, scene: Scene) -> Sheet | None:
    """In the language of whoever let it out; redrawn until it is settled."""
    delivery = await scene.desk.deliveries.get(card.delivery)
    if delivery.reply is None:
        return None
    page = await scene.desk.inbox.page(delivery.reply.conversation)
    words = await scene.words_of(delivery.approved_by or delivery.reply.by)
    names = await names_of(scene.member, page.people)
    return Sheet(trouble_message(delivery, page, words, names), delivery.version)
