"""Alarms: *I'm on it*, *I can't*, and the messages that ring people and follow what becomes of it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.alarms import Alarm, AlarmState, Told, question
from bot.domain.deliveries import Delivery, State
from bot.domain.events import AlarmChanged, DeliveryChanged
from bot.domain.records import MemberId
from bot.slack.call import Call, Scene, zone_of
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Reply
from bot.slack.router import Router
from bot.text.words import Words, words_for
from handlers.drawn import after_press
from handlers.views.faces import names_of
from handlers.views.ringing import (
    AlarmCard,
    AlarmReminder,
    AlarmTurn,
    CantTake,
    TakeAlarm,
    alarm_message,
    reminder_message,
    turn_message,
)
from handlers.views.watch import WAITS, watch_lines

router = Router()


@router.on(TakeAlarm)
async def take(press: TakeAlarm, call: Call) -> Reply:
    """Nobody else is rung; the card and every message say who has it."""
    await call.desk.alarms.take(press.alarm, call.who)
    return await after_press(call)


@router.on(CantTake)
async def cant(press: CantTake, call: Call) -> Reply:
    """It rings on."""
    await call.desk.alarms.release(press.alarm, call.who)
    return await after_press(call)


@router.on(AlarmChanged)
async def alarm_changed(event: AlarmChanged, scene: Scene) -> Sequence[Draw]:
    """The card in the alerts channel, and a message to each who was rung or whom it concerns."""
    if event.act == "webhook_test":
        return []
    alarm = await scene.desk.alarms.get(event.alarm)
    involved = await scene.desk.alarm_pages.involved(alarm)
    draws = await _draws(alarm, involved, scene)
    if event.act == "remind" and alarm.state is AlarmState.TAKEN and alarm.taken_at is not None:
        at = round(alarm.taken_at.timestamp() * 1000)
        reminder = AlarmReminder(alarm=alarm.id, to=alarm.taken_by, at=at)
        draws.append(Draw(f"@{alarm.taken_by}", reminder))
    return draws


async def _draws(alarm: Alarm, involved: Sequence[MemberId], scene: Scene) -> list[Draw]:
    told = dict.fromkeys((*alarm.rung_members, *involved))
    draws = [Draw(channel, AlarmCard(alarm=alarm.id)) for channel in await _channels(alarm, scene)]
    draws += [Draw(f"@{member}", AlarmCard(alarm=alarm.id, to=member)) for member in told]
    return draws + [_turn(alarm.id, each) for each in _late(alarm, involved)]


async def _channels(alarm: Alarm, scene: Scene) -> list[str]:
    """The brand's alerts channel; of the whole workspace, every real brand's."""
    if alarm.brand:
        return [(await scene.desk.brand(alarm.brand)).channel("alerts")]
    brands = [brand for brand in await scene.desk.brands.all() if not brand.practice]
    return list(dict.fromkeys(brand.channel("alerts") for brand in brands))


def _late(alarm: Alarm, involved: Sequence[MemberId]) -> list[Told]:
    """Whoever is rung when their message stands there already, since it concerns them or they were rung before: editing
    it rings nobody."""
    found = []
    for place, each in enumerate(alarm.told):
        before = each.who in involved and each.at != alarm.told[0].at
        if each.who and (before or each.who in {earlier.who for earlier in alarm.told[:place]}):
            found.append(each)
    return found


def _turn(alarm: str, told: Told) -> Draw:
    card = AlarmTurn(alarm=alarm, to=told.who, at=round(told.at.timestamp() * 1000))
    return Draw(f"@{told.who}", card, thread_of=AlarmCard(alarm=alarm, to=told.who))


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """The alarm's messages follow what becomes of the delivery; one that waits for an account finds its author."""
    delivery = await scene.desk.store.find(Delivery, event.delivery)
    if delivery is None or not delivery.asked:
        return []
    subject = question(delivery.id, delivery.asked)
    if delivery.state is State.HELD and delivery.trouble is not None and delivery.trouble.kind == "auth":
        subject = delivery.account
    found = await scene.desk.alarms.about(subject)
    return [
        draw
        for alarm in found[-1:]
        for draw in await _draws(alarm, await scene.desk.alarm_pages.involved(alarm), scene)
    ]


@router.draws(AlarmCard)
async def alarm_card(card: AlarmCard, scene: Scene) -> Sheet | None:
    """As it stands at this moment, in the brand's language or the reader's."""
    now = scene.desk.now()
    page = await scene.desk.alarm_pages.page(card.alarm, card.to)
    words, zone = await _reader(card.to, scene)
    brand = page.brand or (None if card.to else await scene.desk.brands.of_channel(scene.channel))
    if brand is not None:
        zone = brand.clock
        words = words if card.to else words_for(brand.language)
    names = await names_of(scene.member, page.people)
    waits = await scene.desk.vigil.waiting(brand) if WAITS & {page.alarm.kind} and page.alarm.open else None
    about = watch_lines(page.alarm, waits, zone, words, now)
    message = alarm_message(page, card.to, zone, words, names, about)
    return Sheet(message, round(now.timestamp() * 1000))


async def _reader(to: MemberId, scene: Scene) -> tuple[Words, ZoneInfo]:
    if not to:
        return words_for(None), ZoneInfo("UTC")
    member = await scene.member(to)
    return words_for(member.locale), zone_of(member)


@router.draws(AlarmTurn)
async def alarm_turn(card: AlarmTurn, scene: Scene) -> Sheet | None:
    """Once somebody has it, it says so."""
    now = scene.desk.now()
    page = await scene.desk.alarm_pages.page(card.alarm, card.to)
    words, zone = await _reader(card.to, scene)
    names = await names_of(scene.member, page.people)
    return Sheet(turn_message(page, card.to, zone, words, names), round(now.timestamp() * 1000))


@router.draws(AlarmReminder)
async def alarm_reminder(card: AlarmReminder, scene: Scene) -> Sheet | None:
    """Said once; nothing to say where it was over before."""
    page = await scene.desk.alarm_pages.page(card.alarm, card.to)
    if page.alarm.state is not AlarmState.TAKEN or page.alarm.taken_by != card.to:
        return None
    return Sheet(reminder_message(page, card.to, await scene.words_of(card.to)), 1, pinned=True)
