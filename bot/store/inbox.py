"""The inbox: whatever Slack tells us is stored before it is acknowledged, handled at least once, and seen once.

A process owns what it received from the moment it is stored, in a consumer group that nobody reads: no second round
trip, and what a dead process leaves behind is taken over by another after a while.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import ConfigurationError, StoreError, StoreUnavailable
from bot.store.client import Script
from bot.store.records import Store
from bot.store.vault import Vault

log = logging.getLogger(__name__)

SEEN = 6 * 3600
"""Seconds that a delivery is remembered; Slack's last retry comes after five minutes."""
IDLE = timedelta(seconds=15)
"""After how long without a sign of life an entry may be taken over."""
DELIVERIES = 4
"""Once by its owner and three times taken over: then it is set aside."""

ABOUT = "inbox"
"""What sealed payloads are bound to."""
GROUP = "g"
"""The consumer group that nobody reads."""
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
        self._receive = Script(client, (here / "receive.lua").read_text())
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
            arguments = [str(SEEN), GROUP, self.me, text, correlation, ms]
            id_ = str(await self._store.lane.run(self._receive, keys, arguments))
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
                    pipe.xack(self._stream, GROUP, *ids)
                    pipe.xdel(self._stream, *ids)
                    await pipe.execute()
            except RedisError:
                self._ended += ids
                raise

    async def answered(self, key: str, answer: Mapping[str, Any]) -> bool:
        """Keep what a delivery is acknowledged with, for as long as it is known again; answers whether somebody who
        got it again was told to wait, so that the answer must follow by other means."""
        text = json.dumps(answer, separators=(",", ":"))
        name = self._store.key("answer", key)
        async with self._store.client.pipeline(transaction=True) as pipe:
            pipe.hset(name, "body", self._vault.seal(text, ABOUT) if self._vault is not None else text)
            pipe.hget(name, "waits")
            pipe.expire(name, SEEN)
            _, waits, _ = await pipe.execute()
        return bool(waits)

    async def answer(self, key: str, *, or_wait: bool = False) -> Mapping[str, Any] | None:
        """What a delivery was acknowledged with, None while it is being handled; `or_wait` says in the same step that
        somebody was told to wait."""
        name = self._store.key("answer", key)
        async with self._store.client.pipeline(transaction=True) as pipe:
            if or_wait:
                pipe.hset(name, "waits", "1")
                pipe.expire(name, SEEN)
            pipe.hget(name, "body")
            body = (await pipe.execute())[-1]
        if body is None:
            return None
        found: Mapping[str, Any] = json.loads(self._vault.open(body, ABOUT) if self._vault is not None else body)
        return found

    async def count(self, name: str) -> int:
        """Counts something that happened on the way in; answers how often by now."""
        return int(await self._store.client.hincrby(self._counts, name, 1))

    async def hold(self, ids: Iterable[str]) -> list[str]:
        """Say that these are still being worked on; answers those that are somebody else's by now."""
        wanted = list(ids)
        if not wanted:
            return []
        return [str(id_) for id_ in await self._hold(keys=[self._stream], args=[GROUP, self.me, *wanted])]

    async def take_over(
        self, *, idle: timedelta = IDLE, limit: int = 32, deliveries: int = DELIVERIES
    ) -> tuple[list[Entry], list[Entry]]:
        """What others left behind: (now ours, set aside because it was taken over too often)."""
        ms = str(int(idle.total_seconds() * 1000))
        keys = [self._stream, self._store.key("inbox", "aside")]
        flat = await self._take_over(keys=keys, args=[GROUP, self.me, ms, str(limit), str(deliveries)])
        rows = [[str(part) for part in flat[start : start + _FIELDS]] for start in range(0, len(flat), _FIELDS)]
        mine: list[Entry] = []
        aside: list[Entry] = []
        for row in rows:
            try:
                (mine if row[0] == "mine" else aside).append(self._entry(row))
            except (ConfigurationError, StoreError) as error:  # one that nobody can open must not hold up the others
                log.error("a payload is set aside unopened: %s", error)
                await self._unopened(row)
        return mine, aside

    async def _unopened(self, row: list[str]) -> None:
        verdict, id_, payload, correlation, at = row
        async with self._store.client.pipeline(transaction=True) as pipe:
            if verdict == "mine":
                fields: Any = {"payload": payload, "correlation": correlation, "at": at}
                pipe.xadd(self._store.key("inbox", "aside"), fields)
            pipe.xack(self._stream, GROUP, id_)
            pipe.xdel(self._stream, id_)
            await pipe.execute()

    async def counts(self) -> Mapping[str, int]:
        """How many payloads were `received`, how many deliveries `repeated` one and had no effect, and how often Slack
        held events back (`limited`)."""
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
