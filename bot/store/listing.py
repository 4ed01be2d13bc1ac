"""Pages of what stands in several indexes at once, at any size of them: a request, and nothing is scanned twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.store.client import READS_AGAIN, Script, asked_again
from bot.store.records import Store

MOST = 1000
"""So many are counted where several indexes are asked at once; more are "1,000 or more"."""


@dataclass(frozen=True)
class Listed:
    """A page: the ids with their scores, and how many there are in all (`MOST` at most where several were asked)."""

    ids: Sequence[tuple[str, float]]
    total: int


class Listing:
    """Reads pages."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._script = Script(store.client, (Path(__file__).parent / "page.lua").read_text())

    async def page(self, indexes: Sequence[str], *, high: float | None = None, start: int = 0, length: int) -> Listed:
        """What stands in all of these indexes, with `high` up to that score in the first; in the order of the smallest,
        whose scores are told. Raises StoreUnavailable."""
        keys = [self._store.key("index", index) for index in indexes]
        bound = "" if high is None else str(high)
        arguments = [bound, str(start), str(length), str(MOST)]
        flat: Any = await asked_again(lambda: self._store.lane.run(self._script, keys, arguments), READS_AGAIN)
        found = [part if isinstance(part, str) else part.decode() for part in flat[1:]]
        ids = [(id_, float(number)) for id_, number in zip(found[::2], found[1::2], strict=True)]
        return Listed(ids, int(flat[0]))

    async def since(self, index: str, *, low: float, start: int = 0, length: int) -> list[tuple[str, float]]:
        """What stands in an index from a score on, lowest first, with the scores."""
        command = ("ZRANGEBYSCORE", self._store.key("index", index), str(low), "+inf", "WITHSCORES")
        limit = ("LIMIT", str(start), str(length))
        (flat,) = await asked_again(lambda: self._store.lane.ask([(*command, *limit)]), READS_AGAIN)
        pairs = flat if flat and isinstance(flat[0], list | tuple) else list(zip(flat[::2], flat[1::2], strict=True))
        return [(id_ if isinstance(id_, str) else id_.decode(), float(number)) for id_, number in pairs]

    async def counts(self, indexes: Sequence[tuple[str, float | None]]) -> list[int]:
        """How many stand in each index, up to a score where one is given."""
        commands = [
            ("ZCARD", self._store.key("index", index))
            if high is None
            else ("ZCOUNT", self._store.key("index", index), "-inf", str(high))
            for index, high in indexes
        ]
        return [int(count) for count in await asked_again(lambda: self._store.lane.ask(commands), READS_AGAIN)]
