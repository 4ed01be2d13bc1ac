"""The due index: which deliveries want the engine's attention now, claimed in batches and fenced."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.domain.deliveries import LEASE, Delivery, State
from bot.store.records import Store

BATCH = 100
FAR_AHEAD = timedelta(minutes=10)
"""No lease, no wait for an answer and no *Undo* is so long: one that ends later was begun by a clock put back since."""


@dataclass(frozen=True)
class Claim:
    """A claimed delivery. `found` is the state that it was in: WIRE means look for it, never send it."""

    id: str
    found: State
    fence: int


async def lateness(store: Store) -> float:
    """For how many seconds, by the store's clock, the first that is due has waited for somebody to claim it."""
    async with store.client.pipeline(transaction=False) as pipe:
        pipe.time()
        pipe.zrange(store.key("index", "due"), 0, 0, withscores=True)
        (seconds, micro), first = await pipe.execute()
    return max(seconds + micro / 1e6 - float(first[0][1]) / 1000, 0.0) if first else 0.0


class DueIndex:
    """Claims and renews. One sorted set holds when each delivery wants a look: its time, or when its lease ends."""

    def __init__(self, store: Store) -> None:
        self._store = store
        here = Path(__file__).parent
        self._claim = store.client.register_script((here / "claim.lua").read_text())
        self._renew = store.client.register_script((here / "renew.lua").read_text())
        self._key = store.key("index", "due")
        self._soon = store.key("index", "soon")
        me = secrets.token_hex(6)
        self._last = store.key("claimed", me)
        self._names = (f"{me}.{number}" for number in count(1))
        self._name = next(self._names)

    async def claim(self, *, limit: int = BATCH, lease: timedelta = LEASE) -> list[Claim]:
        """Take what is due. Raises StoreUnavailable: then the next call gets what this one may have taken."""
        ms = str(int(lease.total_seconds() * 1000))
        far = str(int(FAR_AHEAD.total_seconds() * 1000))
        args = [self._store.key(Delivery.KIND, ""), ms, str(limit), ms, self._name, far]
        flat = [str(part) for part in await self._claim(keys=[self._key, self._last, self._soon], args=args)]
        self._name = next(self._names)
        rows = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        return [Claim(id_, State(state), int(fence)) for id_, state, fence in rows]

    async def renew(self, delivery: Delivery, *, lease: timedelta = LEASE) -> bool:
        """Keep a claim while media uploads; False when somebody else has it now."""
        key = self._store.key_of(delivery)
        ms = str(int(lease.total_seconds() * 1000))
        args = [delivery.id, str(delivery.fence), ms]
        return bool(await self._renew(keys=[key, self._key, self._soon], args=args))

    async def next_at(self) -> datetime | None:
        """When the next one is due, None when nothing is planned."""
        first = await self._store.client.zrange(self._key, 0, 0, withscores=True)
        if not first:
            return None
        return datetime.fromtimestamp(float(first[0][1]) / 1000, UTC)
