"""From the event stream to whoever draws: every event is told at least once, and drawing twice is harmless."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import ResponseError

from bot.domain.events import AnyEvent, parse_event
from bot.engine.failpoints import Failpoints
from bot.journal import correlation
from bot.store.records import Store

log = logging.getLogger(__name__)

GROUP = "workers"
TAKE_OVER_MS = 15_000
BATCH = 64
TRIES = 5
"""How often an event is told before it is set aside in `events:aside`, where the log names it."""


class Relay:
    """Reads the stream as one consumer of a group; what a dead worker left is taken over."""

    def __init__(
        self, store: Store, tell: Callable[[AnyEvent], Awaitable[None]], me: str, failpoints: Failpoints
    ) -> None:
        self._store = store
        self._tell = tell
        self._me = me
        self._fail = failpoints
        self._stream = store.key("events")

    async def prepare(self) -> None:
        """Make the group, from the very first event on."""
        try:
            await self._store.client.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def run(self) -> None:
        """Tell events until cancelled."""
        await self.prepare()
        while True:
            if await self.step(block_ms=1000) < BATCH:  # behind on new ones, they go first
                await self._take_over()

    async def step(self, *, block_ms: int | None = None) -> int:
        """Tell what is new; answers how many. `block_ms` waits for the first, None doesn't."""
        answer: Any = await self._store.client.xreadgroup(
            GROUP, self._me, {self._stream: ">"}, count=BATCH, block=block_ms
        )
        streams = answer.items() if isinstance(answer, dict) else answer or []
        entries = [entry for _, batch in streams for entry in _flat(batch)]
        await self._tell_all(entries)
        return len(entries)

    async def _take_over(self) -> None:
        answer: Any = await self._store.client.xautoclaim(
            self._stream, GROUP, self._me, min_idle_time=TAKE_OVER_MS, start_id="0-0", count=BATCH
        )
        await self._tell_all(answer[1])

    async def _tell_all(self, entries: list[tuple[str, dict[str, str]]]) -> None:
        # one after another: a channel sees cards in the order in which things happened
        for id_, fields in entries:
            if await self._tell_one(id_, fields):
                await self._store.client.xack(self._stream, GROUP, id_)
                await self._store.client.xdel(self._stream, id_)

    async def _tell_one(self, id_: str, fields: dict[str, str]) -> bool:
        """Whether the event is done with, told or set aside."""
        try:
            event = parse_event(fields["event"])
            correlation.set(event.correlation)
            await self._tell(event)
            self._fail.reach("event.after_tell")
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
