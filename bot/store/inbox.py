"""The inbox: whatever Slack tells us is stored before it is acknowledged, handled at least once, and seen once.

A process owns what it received from the moment it is stored, in a consumer group that nobody reads: no second round
trip, and what a dead process leaves behind is taken over by another after a while.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StoreUnavailable
from bot.store.records import Store
from bot.store.vault import Vault

SEEN = 6 * 3600
"""Seconds that a delivery is remembered; Slack's last retry comes after five minutes."""
IDLE = timedelta(seconds=15)
"""After how long without a sign of life an entry may be taken over."""
DELIVERIES = 4
"""Once by its owner and three times taken over: then it is set aside."""

ABOUT = "inbox"
"""What sealed payloads are bound to."""
_GROUP = "g"
_FIELDS = 5


@dataclass(frozen=True)
class Entry:
    """One stored payload."""

    id: str
    payload: Mapping[str, Any]
    correlation: str
    at: datetime


class Inbox:
    """One process's view of the workspace's inbox; `me` is a name that no other process has.

    With a vault, payloads are stored sealed: a form may hold the keys of an account.
    """

    def __init__(self, store: Store, me: str, vault: Vault | None = None) -> None:
        self._store = store
        self.me = me
        self._vault = vault
        client, here = store.client, Path(__file__).parent
        self._receive = client.register_script((here / "receive.lua").read_text())
        self._take_over = client.register_script((here / "take_over.lua").read_text())
        self._hold = client.register_script((here / "hold.lua").read_text())
        self._stream = store.key("inbox")
        self._counts = store.key("inbox", "counts")
        self._ended: list[str] = []
        self._forgetting = asyncio.Lock()

    async def receive(self, key: str, payload: Mapping[str, Any], correlation: str, at: datetime) -> str | None:
        """Store a payload and own it; None when it was received before. Raises StoreUnavailable: then it may or may
        not be stored, so acknowledge nothing."""
        ms = str(round(at.timestamp() * 1000))
        keys = [self._store.key("seen", key), self._stream, self._counts]
        text = json.dumps(payload, separators=(",", ":"))
        if self._vault is not None:
            text = self._vault.seal(text, ABOUT)
        try:
            id_ = str(await self._receive(keys=keys, args=[str(SEEN), _GROUP, self.me, text, correlation, ms]))
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise StoreUnavailable(str(error)) from error
        return id_ or None

    async def done(self, id_: str) -> None:
        """The payload was handled: forget it. The mark that it was seen stays.

        What ends while another request is under way is forgotten in the next one, all of it together.
        """
        self._ended.append(id_)
        async with self._forgetting:
            ids, self._ended = self._ended, []
            if not ids:
                return
            try:
                async with self._store.client.pipeline(transaction=True) as pipe:
                    pipe.xack(self._stream, _GROUP, *ids)
                    pipe.xdel(self._stream, *ids)
                    await pipe.execute()
            except RedisError:
                self._ended += ids
                raise

    async def hold(self, ids: Iterable[str]) -> list[str]:
        """Say that these are still being worked on; answers those that are somebody else's by now."""
        wanted = list(ids)
        if not wanted:
            return []
        return [str(id_) for id_ in await self._hold(keys=[self._stream], args=[_GROUP, self.me, *wanted])]

    async def take_over(
        self, *, idle: timedelta = IDLE, limit: int = 32, deliveries: int = DELIVERIES
    ) -> tuple[list[Entry], list[Entry]]:
        """What others left behind: (now ours, set aside because it was taken over too often)."""
        ms = str(int(idle.total_seconds() * 1000))
        keys = [self._stream, self._store.key("inbox", "aside")]
        flat = await self._take_over(keys=keys, args=[_GROUP, self.me, ms, str(limit), str(deliveries)])
        rows = [[str(part) for part in flat[start : start + _FIELDS]] for start in range(0, len(flat), _FIELDS)]
        mine, aside = ([self._entry(row) for row in rows if row[0] == verdict] for verdict in ("mine", "aside"))
        return mine, aside

    async def counts(self) -> Mapping[str, int]:
        """How many payloads were `received`, and how many deliveries `repeated` one and had no effect."""
        found = await self._store.client.hgetall(self._counts)
        return {str(name): int(count) for name, count in found.items()}

    async def waiting(self) -> int:
        """How many payloads are stored and not yet handled, by any process."""
        return int(await self._store.client.xlen(self._stream))

    def _entry(self, row: list[str]) -> Entry:
        _, id_, payload, correlation, at = row
        if self._vault is not None:
            payload = self._vault.open(payload, ABOUT)
        return Entry(id_, json.loads(payload), correlation, datetime.fromtimestamp(int(at) / 1000, UTC))
