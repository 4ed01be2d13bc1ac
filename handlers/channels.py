"""When a channel can't be written to, those who can mend it are told by direct message, once for each outage."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.events import ChannelLost
from bot.slack.call import Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.router import Router
from handlers.views.channels import ChannelOutOfReach, lost_message

router = Router()


@router.on(ChannelLost)
async def lost(event: ChannelLost, scene: Scene) -> Sequence[Draw]:
    """To the admins of the channel's brand, else to those of the workspace; nobody is told of somebody else's DM."""
    if event.channel.startswith("@"):
        return []
    brand = await scene.desk.brands.of_channel(event.channel)
    own = {member for member, roles in brand.roles.items() if Role.ADMIN in roles} if brand else set()
    told = own or (await scene.desk.workspace()).admins
    about = {"channel": event.channel, "reason": event.reason, "since": event.since}
    return [Draw(f"@{member}", ChannelOutOfReach(**about, to=member)) for member in sorted(told)]


@router.draws(ChannelOutOfReach)
async def lost_card(card: ChannelOutOfReach, scene: Scene) -> Sheet | None:
    """Said once, in the reader's language."""
    brand = await scene.desk.brands.of_channel(card.channel)
    return Sheet(lost_message(card, brand, await scene.words_of(card.to)), 1, pinned=True)
