"""Turns and pauses: who may do something next, and until when nobody may, over all processes.

Each remembers when it was set. On a machine whose clock was put back, one that was set "later than now" is void: a
minute's pause would otherwise last until the clock has caught up with itself. The clock is the store's.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store.client import Script
from bot.store.records import Store


class Turns:
    """Named turns of one workspace."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._script = Script(store.client, (Path(__file__).parent / "turn.lua").read_text())
        self._lane = store.lane

    async def take(self, *name: str, every: timedelta) -> bool:
        """Take the turn unless somebody took it less than `every` ago, or it is paused."""
        return await self._run(name, "take", round(every.total_seconds() * 1000)) == 1

    async def pause(self, *name: str, until: datetime) -> None:
        """Nobody's turn before `until`, an aware instant; a pause that is there already is replaced."""
        await self._run(name, "pause", round(until.timestamp() * 1000))

    async def paused(self, *name: str) -> datetime | None:
        """Until when it is nobody's turn, None when it may be taken now."""
        *group, last = name
        return (await self.paused_among(*group, names=[last])).get(last)

    async def paused_among(self, *group: str, names: Collection[str]) -> Mapping[str, datetime]:
        """Those among the turns of a group that nobody may take now, each with until when."""
        if not names:
            return {}
        keys = [self._store.key("turn", *group, name) for name in names]
        found = await self._lane.run(self._script, keys, ["look", "0"])
        ends = zip(names, map(int, found), strict=True)
        return {name: datetime.fromtimestamp(until / 1000, UTC) for name, until in ends if until}

    async def _run(self, name: tuple[str, ...], act: str, number: int) -> int:
        return int(await self._lane.run(self._script, [self._store.key("turn", *name)], [act, str(number)]))
