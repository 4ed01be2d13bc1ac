"""Records of older shapes: read as if they were of the present one, written so by the next change, or all at once.

A kind of record whose shape changes raises its SCHEMA and keeps in OLDER the step from each shape to the next.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from bot.domain.records import Record
from bot.errors import ConfigurationError, Conflict
from bot.store.records import SHAPES, Store

_RECORD = re.compile(r"\{([^}]*)\}:([^:]+):(.+)")


def kinds_of(root: type[Record] = Record) -> Sequence[type[Record]]:
    """Every kind of record that is loaded."""
    below = [kind for each in root.__subclasses__() for kind in kinds_of(each)]
    return [root, *below] if "KIND" in vars(root) else below


async def refuse_newer(store: Store, kinds: Sequence[type[Record]]) -> None:
    """Raises ConfigurationError where something stored has a shape that only a newer Vocero knows."""
    known = {kind.KIND: kind.SCHEMA for kind in kinds}
    found: Any = await store.client.zrange(store.key(SHAPES), 0, -1, withscores=True)
    newer = sorted(str(kind) for kind, shape in found if int(shape) > known.get(str(kind), int(shape)))
    if newer:
        raise ConfigurationError(
            f"The store was written by a newer Vocero ({', '.join(newer)}): start that version, or put back a backup "
            "from before it with `vocero store restore`."
        )


@dataclass(frozen=True)
class Migrated:
    """How many records were looked at, and by kind how many were written anew and how many are newer than we are."""

    seen: int
    written: Mapping[str, int]
    newer: Mapping[str, int]


class Migration:
    """Of one store, with all its workspaces; the bot may go on working."""

    def __init__(self, client: Redis, kinds: Sequence[type[Record]]) -> None:
        self._client = client
        self._kinds = {kind.KIND: kind for kind in kinds}

    async def count(self) -> Migrated:
        """Only look: `written` are those that `run` would write."""
        return await self._walk(write=False)

    async def run(self) -> Migrated:
        """Write every record of an older shape in the present one."""
        return await self._walk(write=True)

    async def _walk(self, *, write: bool) -> Migrated:
        seen, written, newer = 0, Counter[str](), Counter[str]()
        async for key in self._client.scan_iter("{*}:*", count=1000, _type="hash"):
            place = _RECORD.fullmatch(str(key))
            kind = self._kinds.get(place[2]) if place else None
            if place is None or kind is None:
                continue
            shape = await self._client.hget(str(key), "s")
            if shape is None:
                continue
            seen += 1
            if int(shape) > kind.SCHEMA:
                newer[kind.KIND] += 1
            elif int(shape) < kind.SCHEMA:
                store = Store(self._client, place[1])
                written[kind.KIND] += not write or await self._anew(store, kind, place[3])
        return Migrated(seen, written, newer)

    @staticmethod
    async def _anew(store: Store, kind: type[Record], id_: str) -> bool:
        while True:
            record = await store.find(kind, id_)
            if record is None:
                return False
            change = store.begin()
            change.put(record)
            try:
                await change.commit()
            except Conflict:
                continue  # somebody changed it in this moment
            return True
