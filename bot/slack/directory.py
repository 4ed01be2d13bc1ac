"""People and channels by the names that a config file uses, as the workspace knows them."""

from collections.abc import Mapping

from bot.domain.records import MemberId
from bot.slack.client import SlackApi


class Directory:
    """Read once, on first use; implements `bot.desk.config.Directory`. Both methods raise SlackError."""

    def __init__(self, api: SlackApi, team: str) -> None:
        self._api = api
        self._team = team
        self._members: Mapping[str, str] | None = None
        self._channels: Mapping[str, str] | None = None

    async def member(self, name: str) -> MemberId | None:
        """`@ana` or a user id, as a member id; None for somebody who isn't there."""
        if self._members is None:
            self._members = await self._api.names_of_members()
        found = self._members.get(name.removeprefix("@"))
        return f"{self._team}:{found}" if found else None

    async def channel(self, name: str) -> str | None:
        """`#general` or a channel id, as a channel id; None for one that we don't see."""
        if self._channels is None:
            self._channels = await self._api.names_of_channels()
        return self._channels.get(name.removeprefix("#"))
