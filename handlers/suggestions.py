"""A trainee's answer: the card in the thread that asks, and every way in which it is decided."""

from collections.abc import Sequence

from bot.domain.conversations import Conversation
from bot.domain.events import ConversationChanged, DeliveryChanged, SuggestionChanged
from bot.domain.suggestions import DECIDING, WRITERS
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Quiet, Reply
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import gone_from, places_of
from handlers.views.faces import names_of
from handlers.views.inbox import ConversationCard
from handlers.views.private import moved_message
from handlers.views.suggestions import (
    Fix,
    FixForm,
    LetOut,
    ReturnedCard,
    ReturnForm,
    Rewrite,
    RewriteForm,
    SendBack,
    SuggestionCard,
    TakeBackWords,
    fix_view,
    return_view,
    returned_message,
    rewrite_view,
    suggestion_message,
)

router = Router()


@router.on(LetOut, needs=DECIDING)
async def approve(press: LetOut, call: Call) -> Reply:
    """Exactly what was shown goes the way of every answer, with *Undo*."""
    await call.desk.suggestions.approve(press.suggestion, press.revision, press.around, call.who)
    return Quiet()


@router.on(Fix, needs=DECIDING)
async def fix(press: Fix, call: Call) -> Reply:
    """The words, to be changed by whoever lets them out."""
    page = await call.desk.suggestions.to_decide(press.suggestion, call.who)
    mine = page.suggestion
    form = FixForm(
        suggestion=mine.id, revision=mine.revision, around=page.around, channel=call.channel or "", text=mine.text
    )
    return Open(fix_view(form, page, call.words, await names_of(call.desk.member, page.people)))


@router.on(FixForm, needs=DECIDING)
async def fixed(form: FixForm, call: Call) -> Reply:
    """Both texts are kept, this one goes out."""
    await call.desk.suggestions.approve(form.suggestion, form.revision, form.around, call.who, text=form.text)
    return Close()


@router.on(SendBack, needs=DECIDING)
async def begin_return(press: SendBack, call: Call) -> Reply:
    """One question: what has to change."""
    page = await call.desk.suggestions.to_decide(press.suggestion, call.who)
    form = ReturnForm(suggestion=page.suggestion.id, revision=page.suggestion.revision, channel=call.channel or "")
    return Open(return_view(form, page, call.words))


@router.on(ReturnForm, needs=DECIDING)
async def returned(form: ReturnForm, call: Call) -> Reply:
    """Its writer is told."""
    await call.desk.suggestions.send_back(form.suggestion, form.revision, form.reason, call.who)
    return Close()


@router.on(Rewrite, needs=WRITERS)
async def begin_rewrite(press: Rewrite, call: Call) -> Reply:
    """The words as they are, for their writer."""
    page = await call.desk.suggestions.to_change(press.suggestion, call.who)
    mine = page.suggestion
    form = RewriteForm(suggestion=mine.id, revision=mine.revision, channel=call.channel or "", text=mine.text)
    return Open(rewrite_view(form, page, call.words, await names_of(call.desk.member, page.people)))


@router.on(RewriteForm, needs=WRITERS)
async def rewritten(form: RewriteForm, call: Call) -> Reply:
    """An approval of the old words is void."""
    await call.desk.suggestions.revise(form.suggestion, form.revision, form.text, call.who)
    return Close()


@router.on(TakeBackWords, needs=WRITERS)
async def withdraw(press: TakeBackWords, call: Call) -> Reply:
    """Nothing comes of it."""
    await call.desk.suggestions.withdraw(press.suggestion, call.who)
    return Quiet()


@router.on(SuggestionChanged)
async def changed(event: SuggestionChanged, scene: Scene) -> Sequence[Draw]:
    """Its card, and the conversation's; whoever has to write it anew, whose words were changed, or answer nothing any
    more, hears."""
    found = await scene.desk.suggestions.get(event.suggestion)
    talk = ConversationCard(conversation=found.conversation)
    draws: list[Draw] = []
    for place in await places_of(found.conversation, scene):
        draws += [Draw(place, talk), Draw(place, SuggestionCard(suggestion=found.id), thread_of=talk)]
    if event.act in {"fix", "send_back", "lapse"} and found.decided_at is not None:
        told = ReturnedCard(suggestion=found.id, at=round(found.decided_at.timestamp() * 1000))
        draws.append(Draw(f"@{found.by}", told))
    return draws


@router.on(ConversationChanged)
async def forgotten(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    """Nothing that somebody said stays on a card when they are forgotten. What waits follows its conversation's card
    (`handlers/inbox.py`)."""
    if event.act != "forgotten":
        return []
    talk = await scene.desk.conversations.get(event.conversation)
    known = await scene.desk.suggestions.of(talk.id)
    told = [
        Draw(f"@{each.by}", ReturnedCard(suggestion=each.id, at=round(each.decided_at.timestamp() * 1000)))
        for each in known
        if each.decided_at is not None
    ]
    there = [draw for draw in told if await scene.where(draw.card)]
    return [*await _cards(talk, [each.id for each in known], scene), *there]


@router.on(DeliveryChanged)
async def answer_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """An answer of somebody else went out, or was taken back: whoever approves has to see it."""
    if not event.conversation:
        return []
    talk = await scene.desk.conversations.get(event.conversation)
    return await _cards(talk, talk.suggested, scene)


async def _cards(talk: Conversation, ids: Sequence[str], scene: Scene) -> Sequence[Draw]:
    if not ids:
        return []
    places, card = await places_of(talk.id, scene), ConversationCard(conversation=talk.id)
    return [Draw(place, SuggestionCard(suggestion=id_), thread_of=card) for place in places for id_ in ids]


@router.draws(SuggestionCard)
async def suggestion_card(card: SuggestionCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    page = await scene.desk.suggestions.page(card.suggestion)
    words, names = words_for(page.talk.brand.language), await names_of(scene.member, page.people)
    if gone_from(page.talk.conversation, scene):
        return Sheet(moved_message(page.talk, words), page.version, only_there=True)
    return Sheet(suggestion_message(page, words, names), page.version)


@router.draws(ReturnedCard)
async def returned_card(card: ReturnedCard, scene: Scene) -> Sheet | None:
    """In its writer's language."""
    page = await scene.desk.suggestions.page(card.suggestion)
    words = await scene.words_of(page.suggestion.by)
    names = await names_of(scene.member, page.people)
    pinned = page.talk.conversation.forgotten_at is None
    return Sheet(returned_message(page, words, names), page.version, pinned=pinned)
