"""Looks at the channels to which routes lead: before anything is sent there, and again, because they are archived."""

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Role
from bot.domain.records import MemberId
from bot.domain.routing import Place
from bot.slack.client import SlackError

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
Look = Callable[[str, Collection[MemberId]], Awaitable[Place]]
"""What Slack says of a channel, given who is a client there."""


class Placing:
    """One look at each channel. Where Slack doesn't say, what was known stays."""

    def __init__(self, desk: Desk, look: Look) -> None:
        self._desk = desk
        self._look = look

    async def tick(self) -> None:
        """Every channel to which a route leads."""
        for channel, brands in (await self._desk.routing.channels()).items():
            roles = [(await self._desk.brand(id_)).roles for id_ in brands]
            clients = {member for held in roles for member, mine in held.items() if Role.CLIENT in mine}
            try:
                place = await self._look(channel, clients)
            except SlackError as error:
                log.warning("nothing is known of a channel of a route: %s", error, extra={"channel": channel})
                continue
            await self._desk.routing.saw(place, brands)

    async def look(self, _: str) -> None:
        """The same as a job: a brand changed, or a channel can't be written to."""
        await self.tick()
