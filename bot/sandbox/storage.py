"""Opens the sandbox's one sqlite file and reads rows from it by column name."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def open_db(path: Path | str) -> sqlite3.Connection:
    """An autocommit connection in WAL mode; `path` may be `:memory:`. Its folder is made when missing."""
    if str(path) != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    # NORMAL survives the end of the process, kill -9 included; only a power cut may lose the last writes.
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA busy_timeout=5000")
    return db


def rows(db: sqlite3.Connection, sql: str, *args: object) -> list[Row]:
    """Every row as a dict."""
    cursor = db.execute(sql, args)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def row(db: sqlite3.Connection, sql: str, *args: object) -> Row | None:
    """The first row as a dict, or None."""
    found = rows(db, sql, *args)
    return found[0] if found else None


@contextmanager
def together(db: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is one transaction. There is one thread, so nothing may be awaited inside."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def packed(value: object) -> str:
    """JSON for a column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
