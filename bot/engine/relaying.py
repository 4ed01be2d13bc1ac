"""From the event stream to whoever draws: every event is told at least once, and drawing twice is harmless."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import ResponseError

from bot.domain.events import AnyEvent, parse_event
from bot.engine.failpoints import Failpoints
from bot.engine.leaving import leaving
from bot.errors import StoreUnavailable
from bot.journal import correlation
from bot.store.records import Store

log = logging.getLogger(__name__)

GROUP = "workers"
TAKE_OVER_MS = 15_000
BATCH = 64
GRACE = 5.0
"""Seconds for what was read when we end; later another worker takes it over."""
TRIES = 5
"""How often an event is told before it is set aside in `events:aside`, where the log names it."""


class Relay:
    """Reads the stream as one consumer of a group; what a dead worker left is taken over."""

    def __init__(
        self,
        store: Store,
        tell: Callable[[AnyEvent], Awaitable[None]],
        me: str,
        failpoints: Failpoints,
        *,
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._tell = tell
        self._me = me
        self._fail = failpoints
        self._stream = store.key("events")
        self._turned = turned
        self._leaving = False

    async def prepare(self) -> None:
        """Make the group, from the very first event on."""
        try:
            await self._store.client.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def run(self) -> None:
        """Tell events until cancelled; what was read by then is still told."""
        await leaving(self._run(), self._leave, GRACE)

    def _leave(self) -> None:
        self._leaving = True

    async def _run(self) -> None:
        await self.prepare()
        await self._left()
        while not self._leaving:
            if await self.step(block_ms=1000) < BATCH:  # behind on new ones, they go first
                await self._take_over()
            self._turned()

    async def step(self, *, block_ms: int | None = None) -> int:
        """Tell what is new; answers how many. `block_ms` waits for the first, None doesn't."""
        entries = await self._read({self._stream: ">"}, block_ms)
        await self._tell_all(entries)
        return len(entries)

    async def _read(self, start: dict[Any, Any], block_ms: int | None) -> list[tuple[str, dict[str, str]]]:
        answer: Any = await self._store.client.xreadgroup(GROUP, self._me, start, count=BATCH, block=block_ms)
        streams = answer.items() if isinstance(answer, dict) else answer or []
        return [entry for _, batch in streams for entry in _flat(batch)]

    async def _left(self) -> None:
        """What came to us before the store went away and was not told."""
        after = "0"
        while entries := await self._read({self._stream: after}, None):
            await self._tell_all(entries)
            after = entries[-1][0]

    async def _take_over(self) -> None:
        answer: Any = await self._store.client.xautoclaim(
            self._stream, GROUP, self._me, min_idle_time=TAKE_OVER_MS, start_id="0-0", count=BATCH
        )
        await self._tell_all(answer[1])

    async def _tell_all(self, entries: list[tuple[str, dict[str, str]]]) -> None:
        # one after another: a channel sees cards in the order in which things happened
        for id_, fields in entries:
            if await self._tell_one(id_, fields):
                await self._store.lane.ask([("XACK", self._stream, GROUP, id_), ("XDEL", self._stream, id_)])

    async def _tell_one(self, id_: str, fields: dict[str, str]) -> bool:
        """Whether the event is done with, told or set aside."""
        try:
            event = parse_event(fields["event"])
            correlation.set(event.correlation)
            log.info("an event is told", extra={"event": type(event).__name__})
            await self._tell(event)
            self._fail.reach("event.after_tell")
        except StoreUnavailable:  # not the event's fault: it stays ours, and is told when the store is back
            raise
        except Exception:
            log.exception("event %s: %s", id_, fields.get("event"))
            pending: Any = await self._store.client.xpending_range(self._stream, GROUP, id_, id_, 1)
            if pending and pending[0]["times_delivered"] >= TRIES:
                await self._store.client.xadd(self._store.key("events", "aside"), {"event": fields.get("event", "")})
                return True
            return False
        return True


def _flat(batch: Any) -> list[tuple[str, dict[str, str]]]:
    """redis-py gives entries as a list, or as a list of lists under RESP3."""
    if batch and isinstance(batch[0], list):
        return [entry for inner in batch for entry in inner]
    return list(batch)
