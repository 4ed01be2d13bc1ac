"""What networks send us by themselves: on disk before they are thanked, handled at least once, by any worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StoreUnavailable
from bot.store.inbox import GROUP
from bot.store.records import Store
from bot.store.vault import Vault

ABOUT = "arrivals"
"""What sealed requests are bound to: they hold what people said."""
TAKE_OVER_MS = 60_000
BATCH = 8
TRIES = 20
"""How often one is tried before it is set aside: a network's limit may last a quarter of an hour."""


@dataclass(frozen=True)
class Arrival:
    """One request: its bytes, as the network signed them. `times`: how often it was taken before."""

    id: str
    network: str
    body: bytes
    times: int = 0


class Arrivals:
    """One workspace's; `me` is this process's name in the group."""

    def __init__(self, store: Store, vault: Vault, me: str = "") -> None:
        self._store, self._vault, self._me = store, vault, me
        self._stream = store.key("arrivals")

    async def keep(self, network: str, body: bytes) -> None:
        """Store a request. Raises StoreUnavailable: then it may or may not be stored, so thank nobody."""
        sealed = self._vault.seal(body.decode("utf-8", "surrogateescape"), ABOUT)
        try:
            await self._store.client.xadd(self._stream, {"network": network, "payload": sealed})
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise StoreUnavailable(str(error)) from error

    async def prepare(self) -> None:
        """Make the group, from the very first request on."""
        try:
            await self._store.client.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def take(self, *, block_ms: int | None = None) -> list[Arrival]:
        """What is new; `block_ms` waits for the first."""
        answer: Any = await self._store.client.xreadgroup(
            GROUP, self._me, {self._stream: ">"}, count=BATCH, block=block_ms
        )
        streams = answer.items() if isinstance(answer, dict) else answer or []
        return [self._arrival(id_, fields) for _, batch in streams for id_, fields in _flat(batch)]

    async def take_over(self, *, idle_ms: int = TAKE_OVER_MS) -> list[Arrival]:
        """What somebody took and didn't get done, ourselves included; what was tried too often is set aside."""
        answer: Any = await self._store.client.xautoclaim(
            self._stream, GROUP, self._me, min_idle_time=idle_ms, start_id="0-0", count=BATCH
        )
        found = []
        for id_, fields in answer[1]:
            pending: Any = await self._store.client.xpending_range(self._stream, GROUP, id_, id_, 1)
            arrival = self._arrival(id_, fields, pending[0]["times_delivered"] if pending else 0)
            if arrival.times > TRIES:
                await self._store.client.xadd(self._store.key("arrivals", "aside"), fields)
                await self.done([arrival])
            else:
                found.append(arrival)
        return found

    async def done(self, arrivals: Sequence[Arrival]) -> None:
        """They were handled: forget them."""
        ids = [one.id for one in arrivals]
        async with self._store.client.pipeline(transaction=True) as pipe:
            pipe.xack(self._stream, GROUP, *ids)
            pipe.xdel(self._stream, *ids)
            await pipe.execute()

    async def waiting(self) -> int:
        """How many are stored and not yet handled."""
        return int(await self._store.client.xlen(self._stream))

    def _arrival(self, id_: str, fields: Any, times: int = 0) -> Arrival:
        body = self._vault.open(fields["payload"], ABOUT).encode("utf-8", "surrogateescape")
        return Arrival(id_, fields["network"], body, times)


def _flat(batch: Any) -> list[tuple[str, dict[str, str]]]:
    """redis-py gives entries as a list, or as a list of lists under RESP3."""
    if batch and isinstance(batch[0], list):
        return [entry for inner in batch for entry in inner]
    return list(batch)
