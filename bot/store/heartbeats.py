"""Signs of life: every process says every few seconds that it is there and what in it still turns.

They expire by themselves, and every moment in them is by the store's clock, so processes on several machines agree.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.vigil import Vital
from bot.store.records import Store

LASTS = timedelta(seconds=60)
"""How long a process is remembered that says nothing more; long before that it counts as lost."""


@dataclass(frozen=True)
class Heard:
    """What a beat is answered: the store's time, and when a process of its last role was heard before."""

    now: datetime
    before: datetime | None


@dataclass(frozen=True)
class Presence:
    """Who is there. heard: when a process of each role was heard last, also of those that are gone since."""

    now: datetime
    vitals: Sequence[Vital]
    heard: Mapping[str, datetime]


class Heartbeats:
    """Of one workspace."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._script = store.client.register_script((Path(__file__).parent / "beat.lua").read_text())
        self._all, self._heard = store.key("beats"), store.key("beats", "heard")

    async def beat(self, vital: Vital, ages: Mapping[str, float]) -> Heard:
        """Say it. ages: seconds since each round ended; `at` and `rounds` of what is given don't matter, the store's
        clock sets them."""
        told = vital.model_dump_json(include={"name", "roles", "version", "since", "lag"})
        args: list[str] = [vital.name, ",".join(vital.roles), str(round(LASTS.total_seconds() * 1000)), told]
        for name, age in ages.items():
            args += [name, str(round(age * 1000))]
        keys = [self._store.key("beat", vital.name), self._all, self._heard]
        now, before = await self._script(keys=keys, args=args)
        return Heard(_instant(now), _instant(before) if int(before) else None)

    async def leave(self, name: str) -> None:
        """A process that ends in order is not missed."""
        async with self._store.client.pipeline(transaction=True) as pipe:
            pipe.delete(self._store.key("beat", name))
            pipe.zrem(self._all, name)
            await pipe.execute()

    async def read(self) -> Presence:
        """Everybody who said something within the last minute."""
        async with self._store.client.pipeline(transaction=False) as pipe:
            pipe.time()
            pipe.zrange(self._all, 0, -1)
            pipe.hgetall(self._heard)
            (seconds, micro), names, heard = await pipe.execute()
        async with self._store.client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.hgetall(self._store.key("beat", str(name)))
            rows: list[Mapping[str, str]] = await pipe.execute() if names else []
        now = datetime.fromtimestamp(seconds + micro / 1_000_000, UTC)
        vitals = [_vital(row) for row in rows if row]
        return Presence(now, vitals, {str(role): _instant(at) for role, at in heard.items()})


def _vital(row: Mapping[str, str]) -> Vital:
    rounds = {name.removeprefix("round:"): _instant(at) for name, at in row.items() if name.startswith("round:")}
    told: dict[str, Any] = json.loads(row["beat"])
    return Vital(**told, at=_instant(row["at"]), rounds=rounds)


def _instant(ms: str | float) -> datetime:
    return datetime.fromtimestamp(float(ms) / 1000, UTC)
