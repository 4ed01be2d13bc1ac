"""What the public sees: every post, comment and mention on every network, in one table.

The networks write and read it in their own words; the audience comments on it. An item may lie in the future
(`at` later than now): it exists once its time has come, which is how storms and simulated readers arrive
without anybody sleeping.
"""

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.context import Changes
from bot.sandbox.storage import Row, packed, row, rows

SCHEMA = """
CREATE TABLE IF NOT EXISTS public (
  n INTEGER PRIMARY KEY AUTOINCREMENT, network TEXT NOT NULL, id TEXT NOT NULL, latest TEXT NOT NULL,
  account TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL, parent TEXT, root TEXT, text TEXT NOT NULL,
  media TEXT NOT NULL, at REAL NOT NULL, changed REAL NOT NULL, hidden INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0, published INTEGER NOT NULL DEFAULT 1, extra TEXT NOT NULL,
  UNIQUE (network, id));
CREATE INDEX IF NOT EXISTS public_parent ON public (network, parent);
CREATE INDEX IF NOT EXISTS public_root ON public (network, root);
CREATE INDEX IF NOT EXISTS public_account ON public (network, account, kind, at);
CREATE INDEX IF NOT EXISTS public_author ON public (network, author, at);
CREATE INDEX IF NOT EXISTS public_top ON public (network, json_extract(extra, '$.top'));
CREATE INDEX IF NOT EXISTS public_at ON public (at);
CREATE INDEX IF NOT EXISTS public_latest ON public (network, latest);
CREATE TABLE IF NOT EXISTS people (
  network TEXT NOT NULL, id TEXT NOT NULL, handle TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (network, id), UNIQUE (network, handle));
CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, network TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  bytes BLOB NOT NULL, alt TEXT NOT NULL DEFAULT '', at REAL NOT NULL, extra TEXT NOT NULL DEFAULT '{}');
"""


@dataclass(frozen=True)
class Person:
    """Somebody on a network: one of the accounts, or an outsider."""

    id: str
    handle: str
    name: str


@dataclass(frozen=True)
class Item:
    """A post, a comment under something, or a mention of an account.

    account: whose timeline it stands on. parent: what it answers. root: the post or mention at the top. latest:
    the id of its newest version (X gives an edited post a new one). changed: when it was last written to.
    """

    network: str
    id: str
    account: str
    kind: str
    author: str
    text: str
    at: float
    parent: str | None = None
    root: str | None = None
    media: tuple[str, ...] = ()
    published: bool = True
    hidden: bool = False
    deleted: bool = False
    latest: str = ""
    changed: float = 0.0
    n: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Medium:
    """A picture or a video as a network received it."""

    id: str
    network: str
    account: str
    name: str
    type: str
    bytes: bytes
    alt: str
    at: float
    extra: dict[str, Any]


def _item(found: Row) -> Item:
    return Item(
        network=found["network"],
        id=found["id"],
        account=found["account"],
        kind=found["kind"],
        author=found["author"],
        text=found["text"],
        at=found["at"],
        parent=found["parent"],
        root=found["root"],
        media=tuple(json.loads(found["media"])),
        published=bool(found["published"]),
        hidden=bool(found["hidden"]),
        deleted=bool(found["deleted"]),
        latest=found["latest"],
        changed=found["changed"],
        n=found["n"],
        extra=json.loads(found["extra"]),
    )


class Public:
    """The table and its readers; `changed` tells the page which network has something new."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float], changes: Changes) -> None:
        self.db, self.now, self.changes = db, now, changes
        db.executescript(SCHEMA)

    # Writing

    def add(self, item: Item) -> Item:
        """Keep a new item; its id must be free."""
        self.db.execute(
            "INSERT INTO public (network, id, latest, account, kind, author, parent, root, text, media, at, changed,"
            " hidden, deleted, published, extra) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                item.network,
                item.id,
                item.latest or item.id,
                item.account,
                item.kind,
                item.author,
                item.parent,
                item.root or item.id,
                item.text,
                packed(item.media),
                item.at,
                item.changed or item.at,
                item.hidden,
                item.deleted,
                item.published,
                packed(item.extra),
            ),
        )
        if item.at <= self.now():
            self.changes.tell("public", item.network)
        kept = self.find(item.network, item.id, future=True)
        assert kept is not None
        return kept

    def write(self, item: Item, **columns: object) -> Item:
        """Change columns of an item (`extra` and `media` as Python values)."""
        return self.note(item, **columns, changed=self.now())

    def note(self, item: Item, **columns: object) -> Item:
        """The same without a change of the item itself, as where somebody likes it."""
        values = dict(columns)
        for name in ("extra", "media"):
            if name in values:
                values[name] = packed(values[name])
        # Column names come from this package's code, never from a request.
        sets = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(f"UPDATE public SET {sets} WHERE n = ?", (*values.values(), item.n))  # noqa: S608
        self.changes.tell("public", item.network)
        kept = row(self.db, "SELECT * FROM public WHERE n = ?", item.n)
        assert kept is not None
        return _item(kept)

    def delete(self, item: Item, *, below: bool) -> None:
        """Remove it from the public; `below`: what answers it goes with it."""
        self.write(item, deleted=1)
        if below:
            for child in self.where("network = ? AND parent = ?", item.network, item.id, future=True):
                self.delete(child, below=True)

    # Reading

    def where(
        self,
        condition: str,
        *args: object,
        order: str = "at, n",
        limit: int = -1,
        future: bool = False,
        deleted: bool = False,
    ) -> list[Item]:
        """Items that are not deleted and whose time has come; `condition` is SQL of this package."""
        time = "" if future else f" AND at <= {self.now()!r}"
        there = "" if deleted else " AND NOT deleted"
        sql = f"SELECT * FROM public WHERE ({condition}){there}{time} ORDER BY {order} LIMIT ?"  # noqa: S608
        return [_item(found) for found in rows(self.db, sql, *args, limit)]

    def count(self, condition: str, *args: object) -> int:
        """How many items `where` would find."""
        sql = f"SELECT COUNT(*) FROM public WHERE ({condition}) AND NOT deleted AND at <= ?"  # noqa: S608
        return int(self.db.execute(sql, (*args, self.now())).fetchone()[0])

    def find(self, network: str, ident: str, *, future: bool = False) -> Item | None:
        """The item with this id, or None when it isn't public (now)."""
        return next(iter(self.where("network = ? AND id = ?", network, ident, future=future)), None)

    def by_any_id(self, network: str, ident: str) -> Item | None:
        """The same by the id of its newest version too."""
        newest = self.where("network = ? AND latest = ?", network, ident)
        return self.find(network, ident) or next(iter(newest), None)

    def replies(self, item: Item) -> list[Item]:
        """What answers it directly, oldest first."""
        return self.where("network = ? AND parent = ?", item.network, item.id)

    def taken(self, network: str, ident: str) -> bool:
        """Whether the id was ever used."""
        asked = ("public WHERE network = ? AND id = ?", "public WHERE network = ? AND latest = ?")
        used = any(row(self.db, f"SELECT 1 FROM {one}", network, ident) for one in asked)  # noqa: S608
        return used or row(self.db, "SELECT 1 FROM media WHERE id = ?", ident) is not None

    # People and media

    def person(self, network: str, ident: str) -> Person:
        """Who it is; everybody who ever wrote something is known."""
        found = row(self.db, "SELECT id, handle, name FROM people WHERE network = ? AND id = ?", network, ident)
        assert found is not None, f"{network} knows nobody with id {ident}"
        return Person(**found)

    def by_handle(self, network: str, handle: str) -> Person | None:
        """Handles ignore case, as on the networks."""
        found = row(
            self.db,
            "SELECT id, handle, name FROM people WHERE network = ? AND handle = ? COLLATE NOCASE",
            network,
            handle,
        )
        return Person(**found) if found else None

    def know(self, network: str, people: Iterable[Person]) -> None:
        """Make sure that these people exist."""
        for one in people:
            self.db.execute(
                "INSERT INTO people VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET handle = excluded.handle,"
                " name = excluded.name",
                (network, one.id, one.handle, one.name),
            )

    def outsider(self, network: str, author: str) -> Person:
        """The person behind a display name or an @handle; the same name is always the same person."""
        author = author.strip() or "Anónimo"
        typed = author.removeprefix("@")
        if author.startswith("@") and (known := self.by_handle(network, typed)):
            return known
        digest = int.from_bytes(hashlib.sha256(f"{network}:{typed}".encode()).digest()[:8], "big")
        ident = typed if network == "practice" else str(10**16 * 2 + digest % 10**16)
        if found := row(self.db, "SELECT id, handle, name FROM people WHERE network = ? AND id = ?", network, ident):
            return Person(**found)
        plain = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode()
        handle = re.sub(r"[^A-Za-z0-9_]", "", plain)[:15] or f"u{digest % 10**8}"
        if not author.startswith("@"):
            handle = handle.lower()
        while self.by_handle(network, handle):
            digest //= 7
            handle = f"{handle[:11]}{digest % 10**4:04}"
        one = Person(ident, handle, typed)
        self.know(network, [one])
        return one

    def keep_medium(self, medium: Medium) -> None:
        """Store bytes that a network received."""
        self.db.execute(
            "INSERT INTO media VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes,"
            " alt = excluded.alt, type = excluded.type, extra = excluded.extra",
            (
                medium.id,
                medium.network,
                medium.account,
                medium.name,
                medium.type,
                medium.bytes,
                medium.alt,
                medium.at,
                packed(medium.extra),
            ),
        )

    def medium(self, ident: str) -> Medium | None:
        """One stored picture or video."""
        found = row(self.db, "SELECT * FROM media WHERE id = ?", ident)
        return Medium(**{**found, "extra": json.loads(found["extra"])}) if found else None
