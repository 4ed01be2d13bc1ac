"""When Slack lets us down, those who can mend it or wait for it are told by direct message, once for each outage."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.alarms import AlarmKind, Thing
from bot.domain.brands import Brand, Role
from bot.domain.events import AlarmChanged, ChannelLost, EventsHeld
from bot.domain.records import MemberId
from bot.slack.call import Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.router import Router
from handlers.views.channels import ChannelOutOfReach, SlackHoldsBack, back_message, held_message, lost_message

router = Router()

WAITING = (Role.APPROVER, Role.MODERATOR)
"""Whose work comes by cards."""


@router.on(ChannelLost)
async def lost(event: ChannelLost, scene: Scene) -> Sequence[Draw]:
    """To the workspace's admins, to the admins of the channel's brand, and to whoever waits for its cards. A member who
    can't be reached is told to admins alone, never to that member."""
    told = set((await scene.desk.workspace()).admins)
    if event.channel.startswith("@"):
        lost_one = event.channel.removeprefix("@")
        brands = [brand for brand in await scene.desk.brands.all() if lost_one in brand.roles]
        told |= {member for brand in brands for member in brand.holders(Role.ADMIN)}
        told.discard(lost_one)
    elif (brand := await scene.desk.brands.of_channel(event.channel)) is not None:
        told |= _people(brand)
    about = {"channel": event.channel, "reason": event.reason, "since": event.since}
    return [_to(member, **about) for member in sorted(told)]


def _to(member: MemberId, **about: Any) -> Draw:
    return Draw(f"@{member}", ChannelOutOfReach(**about, to=member))


@router.on(AlarmChanged)
async def back(event: AlarmChanged, scene: Scene) -> Sequence[Draw]:
    """Whoever was told that a channel is out of reach reads there that it is back."""
    if event.act not in {"settle", "over"}:
        return []
    alarm = await scene.desk.alarms.get(event.alarm)
    if alarm.kind is not AlarmKind.CHANNEL_LOST or not alarm.brand:
        return []
    told = set((await scene.desk.workspace()).admins) | _people(await scene.desk.brand(alarm.brand))
    draws = [_to(member, **about) for about in filter(None, map(_over, alarm.things)) for member in sorted(told)]
    return [draw for draw in draws if await scene.where(draw.card) is not None]


def _over(thing: Thing) -> Mapping[str, Any] | None:
    """What the notice of an outage that has passed is known by."""
    found = thing.detail
    if thing.over_at is None or not found.get("since"):
        return None
    return {"channel": found["channel"], "reason": found["reason"], "since": int(found["since"])}


def _people(brand: Brand) -> set[MemberId]:
    return {member for role in (Role.ADMIN, *WAITING) for member in brand.holders(role)}


@router.on(EventsHeld)
async def held(event: EventsHeld, scene: Scene) -> Sequence[Draw]:
    """To the workspace's admins."""
    admins = sorted((await scene.desk.workspace()).admins)
    return [Draw(f"@{member}", SlackHoldsBack(minute=event.minute, to=member)) for member in admins]


@router.draws(SlackHoldsBack)
async def held_card(card: SlackHoldsBack, scene: Scene) -> Sheet | None:
    """Said once, in the reader's language."""
    return Sheet(held_message(await scene.words_of(card.to)), 1, pinned=True)


@router.draws(ChannelOutOfReach)
async def lost_card(card: ChannelOutOfReach, scene: Scene) -> Sheet | None:
    """Said once, in the reader's language; once it has passed, the same message says that."""
    brand, words = await scene.desk.brands.of_channel(card.channel), await scene.words_of(card.to)
    about = [_over(thing) for alarm in await scene.desk.alarms.about(card.channel) for thing in alarm.things]
    if any(each is not None and each["channel"] == card.channel and each["since"] == card.since for each in about):
        return Sheet(back_message(card, brand, words), 2)
    return Sheet(lost_message(card, brand, words), 1, pinned=True)
