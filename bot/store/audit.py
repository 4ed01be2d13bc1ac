"""The record as it lies in the store: read in order or by what it is about, and sealed.

`audit` is the stream of entries (`entry` their exact bytes, `n` the number, `h` the chain's hash), `audit:head` where
it stands, `audit:seals` the stream of seals. Only `commit.lua` writes entries; nothing here trims them.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.audit import Broken, Checker, Head, Line, Seal, Stretch, Verify, Wrong
from bot.domain.records import AuditEntry
from bot.errors import Conflict
from bot.store.records import TOPIC, Store
from bot.store.witness import Witness

BATCH = 1000


class AuditLog:
    """One workspace's record."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stream = store.key("audit")
        self._head = store.key("audit", "head")
        self._seals = store.key("audit", "seals")

    async def head(self) -> Head:
        """Where the chain stands."""
        found = await self._store.client.hgetall(self._head)
        numbers = {name: int(found.get(name, 0)) for name in ("number", "seals", "sealed")}
        return Head(hash=str(found.get("hash", "")), **numbers)

    async def lines(self, after: str = "") -> AsyncIterator[Line]:
        """Every entry in order, from the beginning or after an entry's id in the stream."""
        start = f"({after}" if after else "-"
        while True:
            rows: Any = await self._store.client.xrange(self._stream, start, count=BATCH)
            for id_, fields in rows:
                yield _line(id_, fields)
            if not rows:
                return
            start = f"({rows[-1][0]}"

    async def at(self, number: int) -> Line | None:
        """The entry with this number, looked for from the end; None where there is none."""
        end = "+"
        while True:
            rows: Any = await self._store.client.xrevrange(self._stream, end, "-", BATCH)
            for id_, fields in rows:
                line = _line(id_, fields)
                if line.number <= number:
                    return line if line.number == number else None
            if not rows:
                return None
            end = f"({rows[-1][0]}"

    async def newest(self, *, since: datetime, until: datetime, most: int) -> AsyncIterator[Line]:
        """Entries written between two instants, the newest first; at most so many."""
        low, end = f"{round(since.timestamp() * 1000)}-0", f"{round(until.timestamp() * 1000)}"
        while most > 0:
            rows: Any = await self._store.client.xrevrange(self._stream, end, low, min(BATCH, most))
            for id_, fields in rows:
                yield _line(id_, fields)
            if not rows:
                return
            most -= len(rows)
            end = f"({rows[-1][0]}"

    async def of(self, subject: str) -> Sequence[AuditEntry]:
        """All that was written about one thing, oldest first."""
        ids: Any = await self._store.client.zrange(self._store.key(TOPIC, subject), 0, -1)
        async with self._store.client.pipeline(transaction=False) as pipe:
            for id_ in ids:
                pipe.xrange(self._stream, id_, id_)
            found: Any = await pipe.execute()
        return [_line(id_, fields).entry for rows in found for id_, fields in rows]

    async def seals(self) -> Sequence[Seal]:
        """Every seal, in order."""
        rows: Any = await self._store.client.xrange(self._seals)
        return [Seal.model_validate_json(fields["seal"]) for _, fields in rows]

    async def seal(self, sign: Callable[[str], str], now: datetime) -> Seal | None:
        """Seal what was written since the last seal; None when nothing was, or somebody else just did.

        Raises Broken where what is about to be sealed isn't what was written.
        """
        found: Any = await self._store.client.hgetall(self._head)
        number, sealed = int(found.get("number", 0)), int(found.get("sealed", 0))
        if number == sealed:
            return None
        stretch, last = Stretch(number=sealed, chain=found.get("sealed_hash", "")), found.get("sealed_id", "")
        async for line in self.lines(last):
            if line.number:
                stretch.add(line)
            last = line.id
            if line.number == number:
                break
        if stretch.number < number:
            raise Broken(stretch.number + 1, Wrong.CUT, f"of {number}")
        seal = stretch.seal(int(found.get("seals", 0)) + 1, now)
        seal = seal.model_copy(update={"mac": sign(seal.signed_text(found.get("mac", "")))})
        change = self._store.begin()
        change.holds(self._head, "seals", found.get("seals", ""))
        change.do("XADD", self._seals, "*", "seal", seal.model_dump_json())
        kept = {
            "seals": seal.number,
            "sealed": seal.last,
            "sealed_hash": seal.chain,
            "sealed_id": last,
            "mac": seal.mac,
        }
        change.do("HSET", self._head, *(str(part) for pair in kept.items() for part in pair))
        try:
            await change.commit()
        except Conflict:
            return None  # another worker sealed it in this moment
        return seal

    async def check(self, verify: Verify | None, witness: Witness | None = None) -> "Checked":
        """Read all of it; raises Broken with the first thing that is wrong. Without `verify` nobody looks at macs."""
        head = await self.head()
        seals = [seal for seal in await self.seals() if seal.number <= head.seals]  # later ones came while we read
        checker, first, count = Checker(seals, verify), None, 0
        if witness is not None:
            checker.remember(witness.number)
        async for line in self.lines():
            try:
                checker.add(line)
            except Broken as broken:
                raise await self._named(broken) from broken
            first, count = first or line.entry.at, count + 1
            if line.number and line.number == head.number:
                break  # what is written while we read is for the next time
        checker.end(head)
        if witness is not None and witness.number:
            if witness.number > head.number or witness.seal > head.seals:
                raise Broken(head.number + 1, Wrong.CUT, f"the witness saw {witness.number}")
            if checker.hashes.get(witness.number) != witness.hash:
                raise Broken(witness.number, Wrong.WITNESS)
        return Checked(count, head, seals, first)

    async def _named(self, broken: Broken) -> Broken:
        """One that isn't where it should be may be further down: then it was moved, not removed."""
        if broken.wrong is Wrong.REMOVED:
            async for line in self.lines():
                if line.number == broken.number:
                    return Broken(broken.number, Wrong.REORDERED)
        return broken


class Checked:
    """What a check that found nothing wrong has read. `first` is when the oldest entry was written."""

    def __init__(self, entries: int, head: Head, seals: Sequence[Seal], first: datetime | None) -> None:
        self.entries = entries
        self.head = head
        self.seals = seals
        self.first = first


def _line(id_: str, fields: dict[str, str]) -> Line:
    return Line(number=int(fields.get("n", 0)), hash=fields.get("h", ""), text=fields["entry"], id=id_)
