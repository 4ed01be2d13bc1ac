"""The brake: stop in three taps, see what waits, and go on with a second person."""

from collections.abc import Sequence

from bot.desk.stops import ALL
from bot.domain.brands import Brand, StopNote
from bot.domain.deliveries import Delivery
from bot.domain.events import DeliveryChanged, StopChanged
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply, Say, Several
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.faces import mention, names_of
from handlers.views.stop import (
    LINES,
    Held,
    OpenStop,
    ResumeCommand,
    ResumeStop,
    StopCard,
    StopCommand,
    StopForm,
    StopShortcut,
    scope_name,
    stop_card,
    stop_view,
    stopped_message,
    stops_list,
)

router = Router()


@router.on(StopCommand)
async def stop_command(command: StopCommand, call: Call) -> Reply:
    """`/vocero stop [reason]`."""
    return await _opened(call, reason=command.text.strip())


@router.on(StopShortcut)
async def stop_shortcut(press: StopShortcut, call: Call) -> Reply:
    """From the ⚡ menu."""
    return await _opened(call)


@router.on(OpenStop)
async def open_stop(press: OpenStop, call: Call) -> Reply:
    """From Home and menus."""
    return await _opened(call, scope=press.scope)


async def _opened(call: Call, *, scope: str = "", reason: str = "") -> Reply:
    """The form, with the channel's brand chosen, else the only one."""
    brands = await call.desk.stops.scopes(call.who)
    if not brands:
        raise NotAllowed("error.stop_no_role")
    here = await call.desk.brands.of_channel(call.channel or "")
    real = [brand for brand in brands if not brand.practice] or brands
    ids = {brand.id for brand in brands}
    guess = here.id if here and here.id in ids else real[0].id if len(real) == 1 else ""
    form = StopForm(channel=call.channel or "", scope=scope or guess, reason=reason[:500])
    everything = len(brands) == len(await call.desk.brands.all())
    return Open(stop_view(form, sorted(brands, key=lambda brand: brand.practice), everything, call.words))


@router.on(StopForm)
async def stop(form: StopForm, call: Call) -> Reply:
    """It holds from this press on."""
    if not form.scope:
        raise FieldErrors({"scope": UserError("error.field_required")})
    await call.desk.stops.stop(form.scope, call.who, reason=form.reason, silence=bool(form.silence))
    named = scope_name(form.scope, await _brand(form.scope, call), call.words)
    return Close(say=stopped_message(f"🛑 {call.words('stop.done', brand=named)}"))


@router.on(ResumeCommand)
async def resume_command(command: ResumeCommand, call: Call) -> Reply:
    """`/vocero resume`: what is stopped, each with its button."""
    stops = await call.desk.stops.in_force()
    listed = [(each, await _brand(each.id, call)) for each in stops]
    anywhere = bool(await call.desk.brands.mine(call.who)) or call.who.admin
    mine = [(each, brand) for each, brand in listed if (brand.roles_of(call.who) if brand else anywhere)]
    return Say(stops_list(mine, call.words, {each.by: mention(each.by) for each in stops}))


@router.on(ResumeStop)
async def resume(press: ResumeStop, call: Call) -> Reply:
    """Somebody else than who stopped it lets it go on."""
    await call.desk.stops.resume(press.scope, call.who, note=press.note)
    named = scope_name(press.scope, await _brand(press.scope, call), call.words)
    said = Say(stopped_message(f"▶️ {call.words('resume.done', brand=named)}"))
    return Several.of(said, await after_press(call))


async def _brand(scope: str, call: Call) -> Brand | None:
    return None if scope == ALL else await call.desk.brand(scope)


@router.on(StopChanged)
async def stop_changed(event: StopChanged, scene: Scene) -> Sequence[Draw]:
    """The card stands in the alerts and review channels of each brand that the stop reaches."""
    note = await scene.desk.stops.note(event.note)
    brands = [brand for brand in await scene.desk.brands.all() if event.scope in {ALL, brand.id}]
    return [draw for brand in brands for draw in _draws(note, brand)] if note else []


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """A post was held, kept or withdrawn: the stop's card counts again."""
    delivery = await scene.desk.store.find(Delivery, event.delivery)
    if delivery is None or not delivery.asked:
        return []
    brand = await scene.desk.brand(delivery.brand)
    return [draw for note in await scene.desk.stops.notes(brand.id) for draw in _draws(note, brand)]


def _draws(note: StopNote, brand: Brand) -> list[Draw]:
    channels = dict.fromkeys((brand.channel("alerts"), brand.channel("review")))
    return [Draw(channel, StopCard(note=note.id, brand=brand.id)) for channel in channels]


@router.draws(StopCard)
async def draw_stop(card: StopCard, scene: Scene) -> Sheet | None:
    """Who, when, why, and what still waits."""
    now = scene.desk.now()
    note = await scene.desk.stops.note(card.note)
    if note is None:
        return None
    brand = await scene.desk.brand(card.brand)
    waiting = [each for each in await scene.desk.stops.held(brand.id) if each.post]
    held = [Held(each, await scene.desk.pages.post(each.post)) for each in waiting[:LINES]]
    names = await names_of(scene.member, [note.by, note.lifted_by])
    message = stop_card(note, brand, held, len(waiting), words_for(brand.language), names)
    return Sheet(message, round(now.timestamp() * 1000))
