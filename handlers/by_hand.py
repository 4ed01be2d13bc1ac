"""Publishing by hand: who is asked at the hour hears of it, says that it is out or that they can't, and every message
that asked follows what becomes of it."""

from collections.abc import Sequence

from bot.domain.deliveries import Delivery
from bot.domain.events import DeliveryChanged
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply
from bot.slack.router import Router
from handlers.views.by_hand import (
    CantForm,
    HandCard,
    HandMore,
    HandOff,
    PublishedForm,
    called_off,
    cant_view,
    hand_message,
    is_open,
    more_message,
    off_message,
    parts,
    published_view,
)
from handlers.views.by_hand_presses import CantPublish, Published
from handlers.views.faces import names_of
from handlers.views.review import people

router = Router()


@router.on(Published)
async def published(press: Published, call: Call) -> Reply:
    """Where is it? What is decided already says so before anybody types."""
    delivery = await call.desk.by_hand.seen(press.delivery, call.who)
    page = await call.desk.pages.post(delivery.post)
    network = call.desk.assisted.network(delivery.network)
    form = PublishedForm(delivery=delivery.id)
    return Open(published_view(form, page, delivery, call.words, linked=network is None or network.linked))


@router.on(PublishedForm)
async def said_published(form: PublishedForm, call: Call) -> Reply:
    """It is live."""
    await call.desk.by_hand.published(form.delivery, form.link or "", call.who)
    return Close()


@router.on(CantPublish)
async def cant(press: CantPublish, call: Call) -> Reply:
    """Why not?"""
    delivery = await call.desk.by_hand.to_refuse(press.delivery, press.number, call.who)
    page = await call.desk.pages.post(delivery.post)
    return Open(cant_view(CantForm(delivery=delivery.id, number=press.number), page, delivery, call.words))


@router.on(CantForm)
async def said_cant(form: CantForm, call: Call) -> Reply:
    """The next one is asked, or its people are."""
    await call.desk.by_hand.cant(form.delivery, form.number, form.reason or "", call.who)
    return Close()


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """Whoever is asked now is told; what asked before follows where it stands."""
    delivery = await scene.desk.store.find(Delivery, event.delivery)
    if delivery is None or not delivery.asks:
        return []
    page = await scene.desk.pages.post(delivery.post)
    draws = []
    for number, ask in enumerate(delivery.asks):
        asks = HandCard(delivery=delivery.id, number=number, to=ask.to)
        draws.append(Draw(f"@{ask.to}", asks))
        words = await scene.words_of(ask.to)
        for part in range(1, len(parts(delivery, page.post.revision(delivery.revision), words))):
            more = HandMore(delivery=delivery.id, number=number, to=ask.to, part=part)
            draws.append(Draw(f"@{ask.to}", more, thread_of=asks))
    return [*draws, *await _called_off(delivery, scene)]


async def _called_off(delivery: Delivery, scene: Scene) -> Sequence[Draw]:
    """Said where somebody has been asked; who never was has nothing to leave undone."""
    ask, number = delivery.asked_of, len(delivery.asks) - 1
    if ask is None or not called_off(delivery):
        return []
    asks = HandCard(delivery=delivery.id, number=number, to=ask.to)
    if await scene.where(asks) is None:
        return []
    at = round(ask.due.timestamp() * 1000)
    off = HandOff(delivery=delivery.id, number=number, to=ask.to, state=delivery.state, at=at)
    return [Draw(f"@{ask.to}", off, thread_of=asks)]


@router.draws(HandOff)
async def hand_off(card: HandOff, scene: Scene) -> Sheet | None:
    """Said once; nothing to say where it has moved on by now."""
    delivery = await scene.desk.deliveries.get(card.delivery)
    if delivery.state != card.state or len(delivery.asks) - 1 != card.number:
        return None
    page, words = await scene.desk.pages.post(delivery.post), await scene.words_of(card.to)
    return Sheet(off_message(delivery, page, card.to, words), 1, pinned=True)


@router.draws(HandCard)
async def hand_card(card: HandCard, scene: Scene) -> Sheet | None:
    """As it stands now: what isn't asked any more is never posted, only said where it was."""
    delivery = await scene.desk.deliveries.get(card.delivery)
    if card.number >= len(delivery.asks):
        return None
    page = await scene.desk.pages.post(delivery.post)
    words, names = await scene.words_of(card.to), await names_of(scene.member, people(page))
    message = hand_message(delivery, card.number, page, words, names)
    return Sheet(message, page.version, only_there=not is_open(delivery, card.number))


@router.draws(HandMore)
async def hand_more(card: HandMore, scene: Scene) -> Sheet | None:
    """The same of what didn't fit."""
    delivery = await scene.desk.deliveries.get(card.delivery)
    if card.number >= len(delivery.asks):
        return None
    page = await scene.desk.pages.post(delivery.post)
    words = await scene.words_of(card.to)
    if card.part >= len(parts(delivery, page.post.revision(delivery.revision), words)):
        return None
    message = more_message(delivery, card.number, card.part, page, words)
    return Sheet(message, page.version, only_there=not is_open(delivery, card.number))
