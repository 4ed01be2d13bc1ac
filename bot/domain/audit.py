"""The record as a chain: each entry's hash holds the one before, and seals made with a key hold stretches of it."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from bot.domain.records import AuditEntry, Value
from bot.errors import VoceroError

OPENING = "audit.taken_over"
"""The first entry where older ones, without numbers, were there before: its detail is their count and digest."""
HEAD_LOST = "audit.head_lost"
"""The head was missing and was taken from the last entry: what was cut off after it, seals and witness tell."""

Verify = Callable[[str, str], bool]
"""Whether (text, mac) belong together; raises ConfigurationError when the key that made it isn't here."""


class Wrong(StrEnum):
    """What a check may find; the sentence is the command line's."""

    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    CUT = "cut at the end"
    SEAL_MISSING = "seal missing"
    SEAL_WRONG = "seal wrong"
    WITNESS = "not what the witness saw"


class Broken(VoceroError):
    """The record isn't what was written: the first wrong number, and what is wrong."""

    def __init__(self, number: int, wrong: Wrong, detail: str = "") -> None:
        super().__init__(f"entry {number}: {wrong}" + (f" ({detail})" if detail else ""))
        self.number = number
        self.wrong = wrong


@dataclass(frozen=True)
class Line:
    """One entry as it is stored: `text` its exact bytes, `number` 0 for one from before the chain.

    Of one that an export leaves out only the two digests are known.
    """

    number: int
    hash: str
    text: str = field(repr=False)
    id: str = ""
    sha1: str = ""
    sha256: str = ""

    @property
    def entry(self) -> AuditEntry:
        """What it says."""
        return AuditEntry.model_validate_json(self.text)


class Seal(Value):
    """Says, under a key, what the entries first..last were: `chain` is the hash of the last, `digest` of them all."""

    number: int
    first: int
    last: int
    chain: str
    digest: str
    at: AwareDatetime
    mac: str = ""

    def signed_text(self, before: str) -> str:
        """What the mac is over; `before` is the mac of the seal before, so that none can be taken out."""
        parts = (self.number, self.first, self.last, self.chain, self.digest, self.at.isoformat(), before)
        return "\n".join(map(str, parts))


@dataclass(frozen=True)
class Head:
    """Where the chain stands: its last number and hash, how many seals there are, and the last number under one."""

    number: int = 0
    hash: str = ""
    seals: int = 0
    sealed: int = 0


def link(previous: str, number: int, sha1: str) -> str:
    """An entry's hash: over the one before, its number and its bytes' SHA-1. `bot/store/commit.lua` does the same."""
    return hashlib.sha1(f"{previous}\n{number}\n{sha1}".encode(), usedforsecurity=False).hexdigest()


def sha1_of(text: str) -> str:
    """The SHA-1 of an entry's bytes, as the store's scripts can make it."""
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def sha256_of(text: str) -> str:
    """The SHA-256 of an entry's bytes, which seals are made of."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Stretch:
    """The entries since the last seal, being read: keeps the chain's hash and the digest of them all."""

    def __init__(self, *, number: int = 0, chain: str = "") -> None:
        self.number = number
        self.chain = chain
        self._reset()

    def _reset(self) -> None:
        self.first = self.number + 1
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 over `number sha256` of each entry: an export that leaves some out can still be checked."""
        return self._digest.hexdigest()

    def add(self, line: Line) -> None:
        """The next entry; raises Broken unless it is the next and its hash holds the one before."""
        if line.number != self.number + 1:
            raise Broken(self.number + 1, Wrong.REMOVED if line.number > self.number else Wrong.REORDERED)
        sha1, sha256 = line.sha1 or sha1_of(line.text), line.sha256 or sha256_of(line.text)
        if link(self.chain, line.number, sha1) != line.hash:
            raise Broken(line.number, Wrong.CHANGED)
        self._digest.update(f"{line.number} {sha256}\n".encode())
        self.number, self.chain = line.number, line.hash

    def seal(self, number: int, at: datetime) -> Seal:
        """A seal over the stretch, without its mac; a new stretch begins."""
        last, chain, digest = self.number, self.chain, self.digest
        made = Seal(number=number, first=self.first, last=last, chain=chain, digest=digest, at=at)
        self._reset()
        return made


class Checker:
    """Reads a record from its beginning, or from just after a seal, and finds the first thing that is wrong."""

    def __init__(
        self, seals: Sequence[Seal], verify: Verify | None, *, start: Head | None = None, mac: str = ""
    ) -> None:
        start = start or Head()
        self._stretch = Stretch(number=start.number, chain=start.hash)
        self._seals = list(seals)
        self._verify = verify
        self._sealed, self._mac = start.seals, mac
        self._older = 0
        self._older_digest = hashlib.sha256()
        self.hashes: dict[int, str] = {}
        """Hashes at the numbers that somebody asked to remember; see `remember`."""
        self._wanted: set[int] = set()

    @property
    def number(self) -> int:
        """The last good number."""
        return self._stretch.number

    @property
    def chain(self) -> str:
        """Its hash."""
        return self._stretch.chain

    def remember(self, number: int) -> None:
        """Keep the hash of this entry in `hashes` when it comes by."""
        self._wanted.add(number)

    def add(self, line: Line) -> None:
        """The next entry; raises Broken."""
        if line.number == 0 and self._stretch.number == 0:
            self._older += 1
            self._older_digest.update(f"{line.sha256 or sha256_of(line.text)}\n".encode())
            return
        if line.number == 1 or (self._stretch.number == 0 and self._older):
            self._opened(line)
        self._stretch.add(line)
        if line.number in self._wanted:
            self.hashes[line.number] = line.hash
        self._under_a_seal()

    def _opened(self, line: Line) -> None:
        """What stood there before the chain is what the first entry says."""
        entry = line.entry if line.text else None
        told = entry.detail if entry is not None and entry.act == OPENING else ""
        if self._older and told != older(self._older, self._older_digest.hexdigest()):
            raise Broken(0, Wrong.CHANGED, "before the chain")
        if told and not self._older:
            raise Broken(0, Wrong.REMOVED, "before the chain")

    def _under_a_seal(self) -> None:
        """Check the seal that ends here, if one does. One that is missing shows at the next: it begins too late."""
        if not self._seals or self._stretch.number < self._seals[0].last:
            return
        seal = self._seals.pop(0)
        if seal.number != self._sealed + 1 or seal.first != self._stretch.first or seal.last != self._stretch.number:
            raise Broken(self._stretch.first, Wrong.SEAL_MISSING)
        made = self._stretch.seal(seal.number, seal.at)
        if (made.chain, made.digest) != (seal.chain, seal.digest):
            raise Broken(seal.first, Wrong.CHANGED, f"since it was sealed, up to {seal.last}")
        if self._verify is not None and not self._verify(seal.signed_text(self._mac), seal.mac):
            raise Broken(seal.first, Wrong.SEAL_WRONG)
        self._sealed, self._mac = seal.number, seal.mac

    def end(self, head: Head) -> None:
        """Nothing comes after; `head` says where it should have come to. Raises Broken."""
        known = max(head.number, *(seal.last for seal in self._seals), 0)
        if self._stretch.number < known:
            raise Broken(self._stretch.number + 1, Wrong.CUT, f"of {known}")
        if head.number < self._stretch.number or head.hash != self._stretch.chain:
            raise Broken(self._stretch.number, Wrong.CHANGED, "the head says otherwise")
        if self._sealed < head.seals:
            raise Broken(self._stretch.first, Wrong.SEAL_MISSING)


def older(count: int, digest: str) -> str:
    """What the first entry says of those before the chain."""
    return f"{count} {digest}"


def compact(entry: object) -> str:
    """JSON as entries are written."""
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
