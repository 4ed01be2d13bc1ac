"""Accounts that can't be read: nobody may take a silent inbox for a quiet one, so after a while it rings."""

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account
from bot.domain.records import score

if TYPE_CHECKING:
    from bot.desk.desk import Desk

PATIENCE = timedelta(minutes=20)
"""How long reading may fail before people hear of it: networks have shorter spells, and say so of longer waits."""


class Part(StrEnum):
    """What is read of an account: each may fail by itself."""

    READ = "read"  # what people said
    LOOK = "look"  # what was published there, by whatever hand
    MESSAGES = "messages"  # what people wrote in private


WHY = {Part.READ: "unread", Part.LOOK: "unseen", Part.MESSAGES: "unheard"}
"""The sentences: `watchdog.stuck.<why>`, and `watchdog.stuck.<why>_refused` where the network won't let us."""


class Hearing:
    """The verbs of reading an account. Since when it fails stands in the store, for whichever worker reads next."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def failed(self, account: Account, part: Part, *, refused: bool = False, broke: bool = False) -> None:
        """Reading failed; `refused`: the network won't let us, rather than doesn't answer. `broke`: this month's budget
        is used up."""
        now, name = self._desk.now(), self._store.key(WHY[part], account.id)
        since = await self._store.client.get(name)
        if since is None or float(since) > score(now):  # the first time, or told by a clock that was put back since
            await self._store.client.set(name, str(score(now)))
        elif score(now) - float(since) >= PATIENCE.total_seconds() * 1000:
            title = self._desk.providers[account.network].title
            named = f"{title} @{account.handle}" if account.handle else f"{title} {account.name}"
            suffix = "_refused" if refused else "_broke" if broke else ""
            detail = {"why": WHY[part] + suffix, "about": named}
            subject = _about(account, part)
            await self._desk.alarms.ring(AlarmKind.STUCK, subject=subject, brand=account.brand, detail=detail)

    async def heard(self, account: Account, *parts: Part) -> None:
        """They can be read, or the account is none any more that is read."""
        for part in parts:
            name = self._store.key(WHY[part], account.id)
            if await self._store.client.exists(name):
                await self._desk.alarms.over(AlarmKind.STUCK, _about(account, part))
                await self._store.client.delete(name)


def _about(account: Account, part: Part) -> str:
    return f"{WHY[part]}:{account.id}"
