"""When Slack lets us down, those who can mend it or wait for it are told by direct message, once for each outage."""

from collections.abc import Sequence

from bot.domain.brands import Brand, Role
from bot.domain.events import ChannelLost, EventsHeld
from bot.domain.records import MemberId
from bot.slack.call import Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.router import Router
from handlers.views.channels import ChannelOutOfReach, SlackHoldsBack, held_message, lost_message

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
    return [Draw(f"@{member}", ChannelOutOfReach(**about, to=member)) for member in sorted(told)]


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
    """Said once, in the reader's language."""
    brand = await scene.desk.brands.of_channel(card.channel)
    return Sheet(lost_message(card, brand, await scene.words_of(card.to)), 1, pinned=True)
