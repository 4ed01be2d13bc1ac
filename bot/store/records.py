"""Records in Valkey: load, and change many at once in one script that checks what it was decided on.

A record is one hash `{team}:kind:id` with `v` (version), `s` (schema), `d` (JSON) and the fields that scripts need.
All keys of a workspace share one hash tag, so every script works on one slot.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from redis.asyncio import Redis

from bot.domain.audit import HEAD_LOST, OPENING, older, sha256_of
from bot.domain.records import AuditEntry, Record
from bot.errors import Conflict, StoreError
from bot.store.client import READS_AGAIN, Script, asked_again
from bot.store.commits import Commits
from bot.store.lanes import MOST, Lane
from bot.store.rows import ReadOften, record_of, row_of, text_of

R = TypeVar("R", bound=Record)
Q = TypeVar("Q", bound=Record)
TOPIC = "audit:of"
"""Names the sorted sets that find the record's entries by what they are about."""
SHAPES = "shapes"
"""The sorted set of the newest shape in which a record of each kind was ever written."""


class Encodable(Protocol):
    """What the event stream takes: anything that names its type and dumps itself as JSON."""

    def model_dump_json(self) -> str:
        """The event as JSON."""
        ...


class Store:
    """One workspace's records. `team` is the Slack team id and the hash tag of every key."""

    def __init__(self, client: Redis, team: str) -> None:
        self.client = client
        self.team = team
        self._prefix = "{" + team + "}:"
        self._read_often = ReadOften()
        here = Path(__file__).parent
        script = Script(client, (here / "commit.lua").read_text())
        keys = [self.key("commit"), self.key("audit"), self.key("audit", "head")]
        self.lane = Lane(client)
        self._commits = Commits(client, script, keys, lane=self.lane)

    def key(self, *parts: str) -> str:
        """`{team}:part:part`."""
        return self._prefix + ":".join(parts)

    def key_of(self, record: Record) -> str:
        """The key of a record."""
        return self.key(record.KIND, record.id)

    async def find(self, kind: type[R], id_: str) -> R | None:
        """The record, or None when there is none."""
        found = await self.find_many(kind, [id_])
        return found[0] if found else None

    async def find_pair(self, first: tuple[type[R], str], second: tuple[type[Q], str]) -> tuple[R | None, Q | None]:
        """Two records of different kinds on one way, each None when there is none."""
        keys = [self.key(kind.KIND, id_) for kind, id_ in (first, second)]
        rows = await self._few(keys)
        one, other = self._read(first[0], keys[:1], rows[:1]), self._read(second[0], keys[1:], rows[1:])
        return next(iter(one), None), next(iter(other), None)

    async def get(self, kind: type[R], id_: str) -> R:
        """The record; raises StoreError when there is none."""
        record = await self.find(kind, id_)
        if record is None:
            raise StoreError(f"no {kind.KIND} {id_}")
        return record

    async def find_many(self, kind: type[R], ids: Iterable[str]) -> list[R]:
        """The records that exist, in the order asked for."""
        keys = [self.key(kind.KIND, id_) for id_ in ids]
        if not keys:
            return []
        if len(keys) <= MOST:
            return self._read(kind, keys, await self._few(keys))

        async def ask() -> list[dict[str, str]]:
            async with self.client.pipeline(transaction=False) as pipe:
                for key in keys:
                    pipe.hgetall(key)
                rows: list[dict[str, str]] = await pipe.execute()
                return rows

        return self._read(kind, keys, await asked_again(ask, READS_AGAIN))

    async def _few(self, keys: Sequence[str]) -> Sequence[Mapping[str, str]]:
        commands = [("HGETALL", key) for key in keys]
        return await asked_again(lambda: self.lane.ask(commands), READS_AGAIN)

    def _read(self, kind: type[R], keys: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[R]:
        read = self._read_often.record if kind.READ_OFTEN else record_of
        return [read(kind, key, row) for key, row in zip(keys, rows, strict=True) if row]

    async def listed(
        self, kind: type[R], index: str, *, low: float | str = "-inf", high: float | str = "+inf", limit: int = 500
    ) -> list[R]:
        """Records of one index, lowest score first."""
        ids = await self.client.zrangebyscore(self.key("index", index), low, high, start=0, num=limit)
        return await self.find_many(kind, (str(id_) for id_ in ids))

    @property
    def newest(self) -> int:
        """The number of the record's last entry, as far as this process has heard; 0 for none."""
        return self._commits.newest

    def forget_newest(self) -> None:
        """We go on in a store that has fewer."""
        self._commits.newest = 0

    def begin(self) -> "Transaction":
        """Start collecting a change."""
        return Transaction(self)

    async def run(self, arguments: Sequence[str | bytes]) -> tuple[str, str, str]:
        """Run the commit script; answers (`ok`|`conflict`, key, field). Raises StoreUnavailable, StoreSilent."""
        return await self._commits.run(arguments)


class Transaction:
    """A change being collected: everything in it happens, or nothing does.

    `commit` raises Conflict when a record changed since it was loaded, or a condition no longer holds.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._fields: list[tuple[str, str, str]] = []
        self._least: list[tuple[str, str, str]] = []
        self._absent: list[str] = []
        self._commands: list[list[str | bytes]] = []
        self._entries: list[AuditEntry] = []
        self._deadline = 0

    def put(self, record: Record, old: Record | None = None) -> None:
        """Store a record, new (version 0) or changed; `old` is what was loaded, for the indexes it leaves."""
        key = self._store.key_of(record)
        self._fields.append((key, "v", str(record.version) if record.version else ""))
        row: list[str | bytes] = ["HSET", key, *row_of(record)]
        self._commands.append(row)
        if record.SCHEMA > 1:
            self.do("ZADD", self._store.key(SHAPES), "GT", str(record.SCHEMA), record.KIND)
        self._reindex(record.id, old.indexes() if old else {}, record.indexes(), whole=old is None or old.older)

    def _reindex(
        self, id_: str, before: Mapping[str, float], after: Mapping[str, float], *, whole: bool = False
    ) -> None:
        for name in before.keys() - after.keys():
            self.do("ZREM", self._store.key("index", name), id_)
        for name, value in after.items():
            if whole or before.get(name) != value:
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
        self._fields.append((key, field, text_of(want)))

    def at_least(self, key: str, field: str, number: int) -> None:
        """Only commit if a hash field holds this number or a greater one; a missing field holds 0."""
        self._least.append((key, field, str(number)))

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
        """Add a line to the append-only record, which the script chains to the one before."""
        self._entries.append(entry)

    async def commit(self) -> None:
        """Make it so; raises Conflict or StoreUnavailable (nothing happened), or StoreSilent (it may have)."""
        verdict, key, field = await self._store.run(self._arguments(Taken()))
        while verdict in {"unchained", "chained"}:
            taken = await taken_over(self._store, int(key)) if verdict == "unchained" else Taken()
            verdict, key, field = await self._store.run(self._arguments(taken))
        if verdict != "ok":
            raise Conflict(f"{key} {field}".strip())

    def _arguments(self, taken: "Taken") -> list[str | bytes]:
        arguments: list[str | bytes] = []
        for conditions in (self._fields, self._least):
            arguments.append(str(len(conditions)))
            for condition in conditions:
                arguments += condition
        arguments += [str(len(self._absent)), *self._absent, str(self._deadline)]
        entries = self._entries if taken.opening is None else [taken.opening, *self._entries]
        arguments += [str(taken.known), str(taken.number), taken.hash, str(len(entries))]
        for entry in entries:
            topics = [self._store.key(TOPIC, topic) for topic in entry.topics]
            arguments += [entry.model_dump_json(), str(len(topics)), *topics]
        arguments.append(str(len(self._commands)))
        for command in self._commands:
            arguments += [str(len(command)), *command]
        return arguments


@dataclass(frozen=True)
class Taken:
    """How a record without a head is taken over: with how many entries in it, from where, and what is said first."""

    known: int = 0
    number: int = 0
    hash: str = ""
    opening: AuditEntry | None = None


async def taken_over(store: Store, count: int) -> Taken:
    """Look at `count` entries that were written before there was a chain, or whose head got lost."""
    stream, after = store.key("audit"), "-"
    digest, read, last = hashlib.sha256(), 0, {"entry": "", "n": "0", "h": ""}
    while read < count:
        rows: Any = await store.client.xrange(stream, after, count=min(1000, count - read))
        for id_, fields in rows:
            digest.update(f"{sha256_of(fields['entry'])}\n".encode())
            read, last, after = read + 1, last | fields, f"({id_}"
        if not rows:
            break
    at = AuditEntry.model_validate_json(last["entry"]).at if last["entry"] else datetime.now(UTC)
    number = int(last["n"])
    act, detail = (HEAD_LOST, str(number)) if number else (OPENING, older(read, digest.hexdigest()))
    return Taken(read, number, last["h"], AuditEntry(at=at, who="engine", act=act, detail=detail))
