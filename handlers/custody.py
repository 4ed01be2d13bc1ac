"""The store isn't the one that we left: people are asked, wherever we remember them, before anything is published."""

from collections.abc import Sequence

from bot.domain.events import CustodyChanged, DeliveryChanged
from bot.slack.blocks import Message, section
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Reply, Say, Several
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.custody import CustodyCard, PublishFromHere, custody_message
from handlers.views.faces import names_of
from handlers.views.stop import LINES, Held

router = Router()


@router.on(PublishFromHere)
async def publish_from_here(press: PublishFromHere, call: Call) -> Reply:
    """An admin whom we remember, or an owner of the workspace: the desk checks that."""
    await call.desk.custody.confirm(call.member, epoch=press.epoch)
    text = call.words("state.done")
    return Several.of(Say(Message(text, [section(f"▶️ {text}")])), await after_press(call))


@router.on(CustodyChanged)
async def custody_changed(event: CustodyChanged, scene: Scene) -> Sequence[Draw]:
    """While something is missing, its alarm tells the brands' channels and every admin from before
    (`handlers/alarms.py`), and this card the channels that only we remember, and practice. Once it was confirmed, each
    brand with something that waits has its list."""
    custody = await scene.desk.custody.now()
    brands = {brand.channel("alerts"): brand for brand in await scene.desk.brands.all()}
    draws = []
    for channel in dict.fromkeys((*custody.alerts, *brands)):
        brand = brands.get(channel)
        card = CustodyCard(epoch=custody.epoch, brand=brand.id if brand else "")
        if custody.missing:
            wanted = brand is None or brand.practice
        else:
            waits = brand is not None and bool(await scene.desk.custody.held(brand.id))
            wanted = waits or await scene.where(card) is not None
        draws += [Draw(channel, card)] if wanted else []
    return draws


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """A held post was kept or withdrawn: the list is shorter."""
    custody = await scene.desk.custody.now()
    if custody.confirmed_at is None:
        return []
    delivery = await scene.desk.deliveries.get(event.delivery)
    brand = await scene.desk.brand(delivery.brand)
    card = CustodyCard(epoch=custody.epoch, brand=brand.id)
    return [Draw(brand.channel("alerts"), card)] if delivery.asked and await scene.where(card) else []


@router.draws(CustodyCard)
async def draw_custody(card: CustodyCard, scene: Scene) -> Sheet | None:
    """As it stands now; an older gap's card stays as it was."""
    custody = await scene.desk.custody.now()
    if custody.epoch != card.epoch:
        return None
    brand = next((brand for brand in await scene.desk.brands.all() if brand.id == card.brand), None)
    words = words_for(brand.language if brand else None)
    zone = brand.zone if brand else "UTC"
    waiting = [each for each in await scene.desk.custody.held(brand.id) if each.post] if brand else []
    held = [Held(each, await scene.desk.pages.post(each.post)) for each in waiting[:LINES]]
    names = await names_of(scene.member, [custody.confirmed_by])
    message = custody_message(custody, zone, held, len(waiting), words, names)
    return Sheet(message, round(scene.desk.now().timestamp() * 1000))
