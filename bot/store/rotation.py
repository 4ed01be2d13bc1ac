"""A change of keys while everybody goes on working: what is sealed is found wherever it lies, and sealed anew.

The new key comes first into the ring that every process reads; from then on nothing more is sealed with an older one,
and what is found that way is replaced only if it is still what was read. Killed at any moment it is simply begun again.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.errors import ConfigurationError, StoreError
from bot.store.arrivals import ABOUT as ARRIVALS
from bot.store.inbox import ABOUT, GROUP, IDLE
from bot.store.vault import Vault

log = logging.getLogger(__name__)

PASSES = 40
"""How often what is being handled right now is looked for again."""
PAUSE = 0.5
"""Seconds between two such looks."""
_PAGE = 500
_SEALED = re.compile(r"(?:^|(?<=\"sealed\":\"))v1\.[0-9a-f]{8}\.[A-Za-z0-9+/]+=*")
_KEY = re.compile(r"\{(?P<team>[^}]*)\}:(?P<kind>[^:]+)(?::(?P<id>.*))?")
_RECORD = "d"


@dataclass(frozen=True)
class Place:
    """Where a sealed text lies. kind: text, field (of a hash) or entry (of a stream); name: of the key that sealed
    it."""

    kind: str
    key: str
    field: str
    name: str

    @property
    def about(self) -> str | None:
        """What it is bound to, None where nobody knows: then it can't be sealed anew."""
        found = _KEY.fullmatch(self.key)
        if found is None:
            return None
        kind, id_ = found["kind"], found["id"] or ""
        if kind == "arrivals":
            return ARRIVALS
        if self.kind == "entry" or kind == "answer":
            return ABOUT
        if self.kind == "text":
            return {"held": f"held-{id_}", "reopen": f"reopen-{id_}", "practice-key": "practice-key"}.get(kind)
        return id_ if self.field == _RECORD else None

    @property
    def what(self) -> str:
        """The kind of thing, for people: account, hook, inbox, answer, held …"""
        found = _KEY.fullmatch(self.key)
        return found["kind"] if found else "unknown"


@dataclass(frozen=True)
class Count:
    """How many texts are sealed with each key, by its name, and of what kinds those are that older keys sealed."""

    by_key: Mapping[str, int]
    kinds: Mapping[str, Mapping[str, int]]


class Rotation:
    """Of one store, with all its workspaces."""

    def __init__(self, client: Redis, vault: Vault) -> None:
        self._client = client
        self._vault = vault
        here = Path(__file__).parent
        self._find = client.register_script((here / "sealed.lua").read_text())
        self._replace = client.register_script((here / "reseal.lua").read_text())

    async def places(self) -> AsyncIterator[Place]:
        """Everything that is sealed."""
        page: dict[str, list[str]] = {}
        async for key in self._client.scan_iter("{*}:*", count=_PAGE):
            team = str(key).partition("}")[0]
            page.setdefault(team, []).append(str(key))
            if len(page[team]) >= _PAGE:
                for place in await self._among(page.pop(team)):
                    yield place
        for keys in page.values():
            for place in await self._among(keys):
                yield place

    async def _among(self, keys: list[str]) -> list[Place]:
        flat: Any = await self._find(keys=keys, args=[GROUP])
        return [Place(*map(str, flat[n : n + 4])) for n in range(0, len(flat), 4)]

    async def count(self) -> Count:
        """How many texts each key sealed."""
        by_key: Counter[str] = Counter()
        kinds: dict[str, Counter[str]] = {}
        seen = set()
        async for place in self.places():
            if place not in seen:  # a scan may tell a key twice
                seen.add(place)
                by_key[place.name] += 1
                kinds.setdefault(place.name, Counter())[place.what] += 1
        return Count(by_key, kinds)

    async def reseal(self) -> "Done":
        """Seal with the first key what others sealed, until nothing is left or what is left can't be.

        What is being handled at this moment is waited for, 20 s at most.
        """
        sealed, failed = 0, set[Place]()
        for _ in range(PASSES):
            busy = 0
            async for place in self.places():
                if place.name == self._vault.names[0] or place in failed:
                    continue
                verdict = await self._anew(place)
                sealed += verdict == "done"
                busy += verdict in {"busy", "changed"}
                if verdict == "failed":
                    failed.add(place)
            if not busy:
                return Done(sealed, tuple(failed), 0)
            await asyncio.sleep(PAUSE)
        return Done(sealed, tuple(failed), busy)

    async def _anew(self, place: Place) -> str:
        """done, busy, changed, gone or failed."""
        old = await self._read(place)
        found = _SEALED.search(old) if old is not None else None
        if old is None or found is None:
            return "gone"
        about = place.about
        if about is None:
            log.error("a sealed text of an unknown kind stays as it is", extra={"kind": place.what})
            return "failed"
        try:
            plain = self._vault.open(found[0], about)
        except (ConfigurationError, StoreError) as error:
            log.error("%s", error)
            return "failed"
        new = old.replace(found[0], self._vault.seal(plain, about))
        idle = str(round(IDLE.total_seconds() * 1000))
        return str(await self._replace(keys=[place.key], args=[place.kind, place.field, old, new, GROUP, idle]))

    async def _read(self, place: Place) -> str | None:
        found: Any
        if place.kind == "text":
            found = await self._client.get(place.key)
        elif place.kind == "field":
            found = await self._client.hget(place.key, place.field)
        else:
            rows: Any = await self._client.xrange(place.key, place.field, place.field)
            found = rows[0][1].get("payload") if rows else None
        return None if found is None else str(found)


@dataclass(frozen=True)
class Done:
    """What became of it: how many were sealed anew, which could not be, and how many are still being handled."""

    sealed: int
    failed: tuple[Place, ...]
    busy: int

    @property
    def complete(self) -> bool:
        """Nothing is left that older keys sealed."""
        return not self.failed and not self.busy
