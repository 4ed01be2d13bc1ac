"""What Slack says of a channel: whether we can write there, whether it is shared with others, and which of its members
are no colleagues."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.private import Room
from bot.domain.records import MemberId
from bot.domain.routing import Place
from bot.slack.client import SlackApi, SlackError, SlackRefused
from bot.slack.payload import text_at

FRESH = timedelta(minutes=5)
KNOWN = timedelta(hours=1)
MOST = 200
"""Members whom it is worth asking about; a channel with more is no place of a team."""
AT_ONCE = 8
GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "missing_scope", "no_permission"})
"""What Slack answers of a channel that we can't write to."""

log = logging.getLogger(__name__)


class Rooms:
    """What Slack says of a channel is believed for five minutes, of a person for an hour."""

    def __init__(self, api: SlackApi, team: str, now: Callable[[], datetime]) -> None:
        self._api, self._team, self._now = api, team, now
        self._rooms: dict[str, tuple[Room, datetime]] = {}
        self._people: dict[str, tuple[bool | None, datetime]] = {}

    async def look(self, channel: str) -> Room | None:
        """Who can read it now; None where Slack doesn't say."""
        known = self._rooms.get(channel)
        if known is not None and self._still(known[1], FRESH):
            return known[0]
        try:
            return await self.ask(channel)
        except SlackError as error:
            log.warning("nothing is known of who reads a channel: %s", error, extra={"channel": channel})
            return None

    async def ask(self, channel: str) -> Room:
        """The channel as Slack has it at this moment. Raises SlackError where it doesn't say."""
        found = await self._api.channel(channel)
        members = await self._api.members(channel, most=MOST + 1)
        strange = await self._strange(members)
        room = Room(
            shared=bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared")) or len(members) > MOST,
            members=frozenset(user for user, judged in strange.items() if judged is not None),
            strangers=frozenset(user for user, judged in strange.items() if judged),
            name=text_at(found, "name"),
            usable=found.get("is_member") is True and found.get("is_archived") is not True,
        )
        self._rooms[channel] = (room, self._now())
        return room

    async def place(self, channel: str, clients: Collection[MemberId]) -> Place:
        """A channel to which a route leads, as it is now; `clients` are members who are a brand's clients. Raises
        SlackError where Slack doesn't say."""
        try:
            room = await self.ask(channel)
        except SlackRefused as error:
            if error.error not in GONE:
                raise
            return Place(id=channel, seen_at=self._now())
        theirs = room.members & {member.rpartition(":")[2] for member in clients}
        outsiders = room.shared or not room.usable or bool(room.strangers or theirs)
        return Place(id=channel, name=room.name, usable=room.usable, outsiders=outsiders, seen_at=self._now())

    def _still(self, at: datetime, span: timedelta) -> bool:
        return timedelta() <= self._now() - at < span

    async def _strange(self, users: Sequence[str]) -> Mapping[str, bool | None]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(user: str) -> None:
            async with slots:
                self._people[user] = (self._judged(await self._api.member(user)), self._now())

        asked = [user for user in users if user not in self._people or not self._still(self._people[user][1], KNOWN)]
        await asyncio.gather(*(one(user) for user in asked))
        return {user: self._people[user][0] for user in users}

    def _judged(self, found: Mapping[str, Any]) -> bool | None:
        """Whether somebody is a guest or another workspace's; None for a bot.
        https://docs.slack.dev/reference/objects/user-object"""
        if found.get("is_bot"):
            return None
        guest = found.get("is_restricted") or found.get("is_ultra_restricted") or found.get("is_stranger")
        return bool(guest) or found.get("team_id", self._team) != self._team
