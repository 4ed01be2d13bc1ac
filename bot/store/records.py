"""Records in Valkey: load, and change many at once in one script that checks what it was decided on.

A record is one hash `{team}:kind:id` with `v` (version), `s` (schema), `d` (JSON) and the fields that scripts need.
All keys of a workspace share one hash tag, so every script works on one slot.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.domain.records import AuditEntry, Record
from bot.errors import Conflict, StoreError, StoreUnavailable

R = TypeVar("R", bound=Record)


class Encodable(Protocol):
    """What the event stream takes: anything that names its type and dumps itself as JSON."""

    def model_dump_json(self) -> str:
        """The event as JSON."""
        ...


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, datetime):
        return str(round(value.timestamp() * 1000))
    return str(getattr(value, "value", value))


class Store:
    """One workspace's records. `team` is the Slack team id and the hash tag of every key."""

    def __init__(self, client: Redis, team: str) -> None:
        self.client = client
        self.team = team
        here = Path(__file__).parent
        self._commit: AsyncScript = client.register_script((here / "commit.lua").read_text())

    def key(self, *parts: str) -> str:
        """`{team}:part:part`."""
        return "{" + self.team + "}:" + ":".join(parts)

    def key_of(self, record: Record) -> str:
        """The key of a record."""
        return self.key(record.KIND, record.id)

    async def find(self, kind: type[R], id_: str) -> R | None:
        """The record, or None when there is none."""
        found = await self.find_many(kind, [id_])
        return found[0] if found else None

    async def get(self, kind: type[R], id_: str) -> R:
        """The record; raises StoreError when there is none."""
        record = await self.find(kind, id_)
        if record is None:
            raise StoreError(f"no {kind.KIND} {id_}")
        return record

    async def find_many(self, kind: type[R], ids: Iterable[str]) -> list[R]:
        """The records that exist, in the order asked for."""
        try:
            async with self.client.pipeline(transaction=False) as pipe:
                for id_ in ids:
                    pipe.hgetall(self.key(kind.KIND, id_))
                rows: list[dict[str, str]] = await pipe.execute()
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise StoreUnavailable(str(error)) from error
        return [self._decode(kind, row) for row in rows if row]

    @staticmethod
    def _decode(kind: type[R], row: Mapping[str, str]) -> R:
        if int(row["s"]) > kind.SCHEMA:
            raise StoreError(f"{kind.KIND} was written by a newer Vocero (schema {row['s']})")
        values = json.loads(row["d"])
        for name in kind.FIELDS:
            text = row.get(name, "")
            values[name] = text if text != "" else kind.model_fields[name].get_default()
        return kind.model_validate({**values, "version": int(row["v"])})

    async def listed(
        self, kind: type[R], index: str, *, low: float | str = "-inf", high: float | str = "+inf", limit: int = 500
    ) -> list[R]:
        """Records of one index, lowest score first."""
        ids = await self.client.zrangebyscore(self.key("index", index), low, high, start=0, num=limit)
        return await self.find_many(kind, (str(id_) for id_ in ids))

    def begin(self) -> "Transaction":
        """Start collecting a change."""
        return Transaction(self)

    async def run(self, arguments: Sequence[str | bytes]) -> tuple[str, str, str]:
        """Run the commit script; answers (`ok`|`conflict`, key, field)."""
        try:
            answer = await self._commit(keys=[self.key("commit")], args=list(arguments))
        except (RedisConnectionError, RedisTimeoutError) as error:
            raise StoreUnavailable(str(error)) from error
        verdict, key, field = (part if isinstance(part, str) else part.decode() for part in answer)
        return verdict, key, field


class Transaction:
    """A change being collected: everything in it happens, or nothing does.

    `commit` raises Conflict when a record changed since it was loaded, or a condition no longer holds.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._fields: list[tuple[str, str, str]] = []
        self._absent: list[str] = []
        self._commands: list[list[str | bytes]] = []
        self._deadline = 0

    def put(self, record: Record, old: Record | None = None) -> None:
        """Store a record, new (version 0) or changed; `old` is what was loaded, for the indexes it leaves."""
        key = self._store.key_of(record)
        self._fields.append((key, "v", str(record.version) if record.version else ""))
        exclude = {"version", *record.FIELDS}
        row: list[str | bytes] = ["HSET", key, "v", str(record.version + 1), "s", str(record.SCHEMA)]
        row += ["d", record.model_dump_json(exclude=exclude)]
        for name in record.FIELDS:
            row += [name, _text(getattr(record, name))]
        self._commands.append(row)
        self._reindex(record.id, old.indexes() if old else {}, record.indexes())

    def _reindex(self, id_: str, before: Mapping[str, float], after: Mapping[str, float]) -> None:
        for name in before.keys() - after.keys():
            self.do("ZREM", self._store.key("index", name), id_)
        for name, value in after.items():
            if before.get(name) != value:
                self.do("ZADD", self._store.key("index", name), str(value), id_)

    def remove(self, record: Record) -> None:
        """Forget a record and its places in the indexes."""
        key = self._store.key_of(record)
        self._fields.append((key, "v", str(record.version)))
        self.do("DEL", key)
        self._reindex(record.id, record.indexes(), {})

    def unchanged(self, record: Record) -> None:
        """Only commit if this record is still as it was loaded."""
        self._fields.append((self._store.key_of(record), "v", str(record.version)))

    def holds(self, key: str, field: str, want: object) -> None:
        """Only commit if a hash field has this value; "" stands for a missing one."""
        self._fields.append((key, field, _text(want)))

    def unique(self, *name: str, value: str) -> None:
        """Only commit if nobody took this name before; take it for `value`."""
        key = self._store.key(*name)
        self._absent.append(key)
        self.do("SET", key, value)

    def before(self, instant: datetime) -> None:
        """Only commit while the server's clock is before `instant`."""
        self._deadline = round(instant.timestamp() * 1000)

    def do(self, *command: str | bytes) -> None:
        """Any other command, on keys of this workspace."""
        self._commands.append(list(command))

    def emit(self, event: Encodable) -> None:
        """Add to the stream that workers read; handlers redraw cards from it."""
        self.do("XADD", self._store.key("events"), "*", "event", event.model_dump_json())

    def audit(self, entry: AuditEntry) -> None:
        """Add a line to the append-only record."""
        self.do("XADD", self._store.key("audit"), "*", "entry", entry.model_dump_json())

    async def commit(self) -> None:
        """Make it so; raises Conflict (nothing happened) or StoreUnavailable (ask again what happened)."""
        arguments: list[str | bytes] = [str(len(self._fields))]
        for condition in self._fields:
            arguments += condition
        arguments += [str(len(self._absent)), *self._absent, str(self._deadline), str(len(self._commands))]
        for command in self._commands:
            arguments += [str(len(command)), *command]
        verdict, key, field = await self._store.run(arguments)
        if verdict != "ok":
            raise Conflict(f"{key} {field}".strip())
