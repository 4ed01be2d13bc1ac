"""Storms and crowds: the cards that count, and what is done for all who say nearly the same."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.bulk import Bulk
from bot.domain.events import ConversationChanged, CrowdChanged, StormChanged
from bot.domain.storms import Crowd
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Quiet, Reply, Say
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import places_of
from handlers.views.faces import names_of
from handlers.views.inbox import ConversationCard
from handlers.views.storms import (
    AnswerAll,
    AnswerAllForm,
    ClaimAll,
    CloseAll,
    CrowdCard,
    HideAll,
    StormCard,
    StormOver,
    UndoAll,
    answer_all_view,
    crowd_message,
    over_message,
    storm_message,
)

router = Router()
SETTLES = frozenset({"claim", "release", "assign", "close", "reopen", "snooze", "escalate", "answer"})
"""What changes how many of a crowd still wait."""


@router.on(ClaimAll, needs=Role.MODERATOR)
async def claim_all(press: ClaimAll, call: Call) -> Reply:
    """Take all that nobody has."""
    bulk = await call.desk.crowds.claim_all(press.crowd, call.who, seen=press.seen, until=press.until)
    return await _begun(bulk, call)


@router.on(HideAll, needs=Role.MODERATOR)
async def hide_all(press: HideAll, call: Call) -> Reply:
    """Hide all; each can be shown again."""
    bulk = await call.desk.crowds.hide_all(press.crowd, call.who, seen=press.seen, until=press.until)
    return await _begun(bulk, call)


@router.on(CloseAll, needs=Role.MODERATOR)
async def close_all(press: CloseAll, call: Call) -> Reply:
    """Close all, with the reason."""
    bulk = await call.desk.crowds.close_all(press.crowd, press.reason, call.who, seen=press.seen, until=press.until)
    return await _begun(bulk, call)


@router.on(AnswerAll, needs=Role.MODERATOR)
async def answer_all(press: AnswerAll, call: Call) -> Reply:
    """The form with the variations; the act's id is made now, so that it arrives once."""
    page = await call.desk.crowds.to_answer_all(press.crowd, call.who)
    form = AnswerAllForm(
        crowd=press.crowd,
        act=call.desk.new_id(),
        seen=page.waiting + page.taken,
        until=page.until,
        channel=call.channel or "",
    )
    return Open(answer_all_view(form, page, call.words))


@router.on(AnswerAllForm, needs=Role.MODERATOR)
async def answered_all(form: AnswerAllForm, call: Call) -> Reply:
    """Each answer waits for *Undo* and goes out by itself."""
    bulk = await call.desk.crowds.answer_all(
        form.crowd, form.act, form.texts, call.who, seen=form.seen, until=form.until
    )
    channel = (await call.desk.brand(bulk.brand)).channel("inbox")
    here = form.channel == channel
    return Close(all=True, say=None if here else call.words("inbox.done", channel=f"<#{channel}>"))


@router.on(UndoAll, needs=Role.MODERATOR)
async def undo_all(press: UndoAll, call: Call) -> Reply:
    """Take back what didn't go out."""
    return await _begun(await call.desk.crowds.undo(press.bulk, call.who), call)


async def _begun(bulk: Bulk, call: Call) -> Reply:
    """The card shows how far it is."""
    channel = (await call.desk.brand(bulk.brand)).channel("inbox")
    return Quiet() if call.channel == channel else Say(call.words("inbox.done", channel=f"<#{channel}>"))


@router.on(StormChanged)
async def storm_changed(event: StormChanged, scene: Scene) -> Sequence[Draw]:
    """The card in the inbox channel counts; when it is over a line says so, there and where the alarm stands."""
    storm = await scene.desk.storms.get(event.storm)
    brand = await scene.desk.brand(storm.brand)
    inbox, card = brand.channel("inbox"), StormCard(storm=storm.id)
    draws = [Draw(inbox, card)]
    if storm.over_at is not None:
        draws.append(Draw(inbox, StormOver(storm=storm.id), thread_of=card))
        alerts = brand.channel("alerts")
        draws += [Draw(alerts, StormOver(storm=storm.id))] if storm.spike and alerts != inbox else []
    return draws


@router.on(CrowdChanged)
async def crowd_changed(event: CrowdChanged, scene: Scene) -> Sequence[Draw]:
    """One card for all of them; when it comes, those that had a card of their own before point to it."""
    crowd = await scene.desk.crowds.get(event.crowd)
    draws = [Draw((await scene.desk.brand(crowd.brand)).channel("inbox"), CrowdCard(crowd=crowd.id))]
    if event.act == "formed":
        for talk in await scene.desk.crowds.with_cards(crowd.id):
            card = ConversationCard(conversation=talk.id)
            draws += [Draw(place, card) for place in await places_of(talk.id, scene)]
    return draws


@router.on(ConversationChanged)
async def one_of_many(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    """Somebody took one of a crowd, or settled it: its card counts anew. While something is done for all of them, it
    does so anyway, once in a while."""
    if event.act not in SETTLES:
        return []
    talk = await scene.desk.conversations.get(event.conversation)
    crowd = await scene.desk.store.find(Crowd, talk.crowd) if talk.crowd else None
    if crowd is None or crowd.formed_at is None or crowd.busy:
        return []
    return [Draw((await scene.desk.brand(talk.brand)).channel("inbox"), CrowdCard(crowd=crowd.id))]


@router.draws(StormCard)
async def storm_card(card: StormCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    page = await scene.desk.storms.page(card.storm)
    return Sheet(storm_message(page, words_for(page.brand.language)), page.storm.version)


@router.draws(StormOver)
async def storm_over(card: StormOver, scene: Scene) -> Sheet | None:
    """Said once; in the inbox channel it stands in the card's thread and in the channel."""
    page = await scene.desk.storms.page(card.storm)
    return Sheet(over_message(page, words_for(page.brand.language)), 1, pinned=True, broadcast=True)


@router.draws(CrowdCard)
async def crowd_card(card: CrowdCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    page = await scene.desk.crowds.page(card.crowd)
    names = await names_of(scene.member, page.names)
    return Sheet(crowd_message(page, words_for(page.brand.language), names), page.version)
