"""The record as a file that proves itself: JSON lines with each entry's number and hash, and the seals between.

The first line says where the file begins and ends, the last that it is complete. What a filter leaves out stays as
its number and digests, so that chain and seals can be checked all the same. Names stand beside the ids as they were
known when the file was made; they are no part of the chain.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.audit import (
    HEAD_LOST,
    OPENING,
    Broken,
    Checker,
    Head,
    Line,
    Seal,
    Verify,
    Wrong,
    compact,
    sha1_of,
    sha256_of,
)
from bot.domain.brands import Account, Brand, Member
from bot.domain.records import AuditEntry
from bot.errors import ConfigurationError
from bot.store.audit import AuditLog
from bot.store.records import Store

FORMAT = 1


@dataclass(frozen=True)
class Chosen:
    """Which entries are written out: from an instant on, of a brand, about one thing; all of them by default."""

    since: datetime | None = None
    brand: str = ""
    subject: str = ""

    def takes(self, entry: AuditEntry) -> bool:
        """Whether an entry is written out. Where the chain begins, everybody must see how."""
        if entry.act in {OPENING, HEAD_LOST}:
            return True
        return (
            (self.since is None or entry.at >= self.since)
            and self.brand in {"", entry.brand}
            and self.subject in {"", entry.subject, entry.delivery}
        )


async def exported(store: Store, chosen: Chosen) -> AsyncIterator[str]:
    """The file, line by line."""
    log = AuditLog(store)
    head = await log.head()
    seals = [seal for seal in await log.seals() if seal.number <= head.seals]
    start = await _start(log, seals, chosen)
    begun = {"number": start.last, "hash": start.chain, "seals": start.number, "mac": start.mac} if start else {}
    until = {"number": head.number, "hash": head.hash, "seals": head.seals}
    yield compact({"type": "record", "format": FORMAT, "team": store.team, "from": begun, "until": until})
    names, left = _Names(store), [seal for seal in seals if not start or seal.number > start.number]
    count = 0
    async for line in log.lines():
        if start and line.number <= start.last:
            continue
        if line.number > head.number:
            break
        yield await _shown(line, chosen, names)
        count += 1
        while left and left[0].last == line.number:
            yield compact({"type": "seal", **left.pop(0).model_dump(mode="json")})
    yield compact({"type": "end", "entries": count})


async def _start(log: AuditLog, seals: Iterable[Seal], chosen: Chosen) -> Seal | None:
    """The last seal before the first chosen entry: a file that begins later begins just after it."""
    if chosen.since is None:
        return None
    async for line in log.lines():
        if line.entry.at >= chosen.since:
            before = [seal for seal in seals if seal.last < line.number]
            return before[-1] if before else None
    return None


async def _shown(line: Line, chosen: Chosen, names: "_Names") -> str:
    if not chosen.takes(line.entry):
        left_out = {"number": line.number, "hash": line.hash}
        return compact({"type": "left_out", **left_out, "sha1": sha1_of(line.text), "sha256": sha256_of(line.text)})
    fields = json.loads(line.text)
    shown = {"type": "entry", "number": line.number, "hash": line.hash, "entry": fields}
    if compact(fields) != line.text:
        shown["bytes"] = line.text
    return compact(shown | {"names": await names.of(line.entry)})


class _Names:
    """Members, brands and accounts by name, each asked for once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    async def of(self, entry: AuditEntry) -> Mapping[str, str]:
        wanted = [id_ for id_ in dict.fromkeys((entry.who, entry.brand, entry.subject)) if id_]
        for id_ in wanted:
            if id_ not in self._known:
                self._known[id_] = await self._find(id_)
        return {id_: self._known[id_] for id_ in wanted if self._known[id_]}

    async def _find(self, id_: str) -> str:
        kinds: tuple[type[Member | Brand | Account], ...] = (Member, Brand, Account)
        for kind in kinds:
            found: Member | Brand | Account | None = await self._store.find(kind, id_)
            if found is not None:
                return found.name
        return ""


@dataclass(frozen=True)
class FileChecked:
    """What a file that is whole holds."""

    team: str
    first: int
    last: int
    shown: int
    seals: int


def check_file(lines: Iterable[str], verify: Verify | None) -> FileChecked:
    """Read an exported file; raises Broken with the first thing that is wrong, ConfigurationError for no such file.

    Without `verify` the seals' digests are checked and their macs aren't.
    """
    parts = list(_parts(lines))
    if not parts or parts[0].get("type") != "record" or parts[0].get("format") != FORMAT:
        raise ConfigurationError("This is no exported record.")
    begun, until = parts[0]["from"], Head(**parts[0]["until"])
    start = Head(begun["number"], begun["hash"], begun["seals"], begun["number"]) if begun else Head()
    seals = [Seal.model_validate(part) for part in parts if part["type"] == "seal"]
    checker = Checker(seals, verify, start=start, mac=begun.get("mac", ""))
    numbers = [part["number"] for part in parts if part["type"] in {"entry", "left_out"}]
    shown = 0
    for part in parts:
        if part["type"] not in {"entry", "left_out"}:
            continue
        shown += part["type"] == "entry"
        try:
            checker.add(_line(part))
        except Broken as broken:
            if broken.wrong is Wrong.REMOVED and broken.number in numbers:
                raise Broken(broken.number, Wrong.REORDERED) from broken
            raise
    if parts[-1]["type"] != "end" or parts[-1]["entries"] != len(numbers):
        raise Broken(checker.number + 1, Wrong.CUT)
    checker.end(until)
    return FileChecked(parts[0]["team"], start.number + 1, checker.number, shown, len(seals))


def _parts(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ConfigurationError("This is no exported record: a line is no JSON.") from error


def _line(part: Mapping[str, Any]) -> Line:
    number, hash_ = int(part["number"]), str(part["hash"])
    if part["type"] == "left_out":
        return Line(number, hash_, "", sha1=part["sha1"], sha256=part["sha256"])
    text = part.get("bytes") or compact(part["entry"])
    if "bytes" in part and json.loads(text) != part["entry"]:
        raise Broken(number, Wrong.CHANGED)
    return Line(number, hash_, text)
