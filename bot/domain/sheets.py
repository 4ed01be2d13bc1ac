"""A list of posts as a table in a file (CSV): read whatever wrote it, and written so that no program runs its cells."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.finding import folded
from bot.errors import UserError

LARGEST = 1_000_000
"""Bytes of a file that is read."""
MOST = 100
"""Rows of one file: each is a card in the review channel."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "day", "fecha", "dia"),
    "time": ("time", "hour", "hora"),
    "when": ("when", "cuando"),
    "accounts": ("accounts", "account", "cuentas", "cuenta"),
    "text": ("text", "post", "texto", "publicacion"),
    "kind": ("kind", "type", "tipo"),
    "disclosure": ("disclosure", "transparencia"),
    "brand": ("brand", "marca"),
}
"""What is read, by the names that a column may have, without accents."""
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_DEFUSED = re.compile(r"^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")


@dataclass(frozen=True)
class Row:
    """A line of the table by its number as spreadsheets count, the head being 1; what it says, by column."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """A cell, without the space around it."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class Table:
    """The rows of a file. ignored: the columns that aren't read, as they are called. guessed: it isn't UTF-8, so it was
    read as Windows writes Western European letters."""

    rows: Sequence[Row] = ()
    ignored: Sequence[str] = field(default_factory=tuple)
    guessed: bool = False


def read(data: bytes) -> Table:
    """A file's rows, empty ones left out. Raises UserError for what is no such table, has no text, or too many rows."""
    if len(data) > LARGEST:
        raise UserError("error.sheet_large")
    text, guessed = _decoded(data)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise UserError("error.sheet_unreadable") from error
    head = next(iter(lines), [])
    names = [_NAMES.get(folded(name.strip()), "") for name in head]
    if "text" not in names:
        raise UserError("error.sheet_columns")
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise UserError("error.sheet_twice", name=head[names.index(twice[0])].strip()[:40])
    rows = [_row(number, names, line) for number, line in enumerate(lines[1:], 2) if any(cell.strip() for cell in line)]
    if not rows:
        raise UserError("error.sheet_empty")
    if len(rows) > MOST:
        raise UserError("error.sheet_long", count=len(rows), most=MOST)
    ignored = tuple(name.strip()[:40] for name, known in zip(head, names, strict=True) if name.strip() and not known)
    return Table(rows, ignored, guessed)


def _row(number: int, names: Sequence[str], line: Sequence[str]) -> Row:
    cells = zip(names, line, strict=False)
    return Row(number, {name: _DEFUSED.sub("", cell).replace("\r\n", "\n") for name, cell in cells if name})


def _decoded(data: bytes) -> tuple[str, bool]:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding == "cp1252"
    raise UserError("error.sheet_unreadable")


def _delimiter(text: str) -> str:
    """The sign that stands most often in the head: Spanish spreadsheets write `;`."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection): with an apostrophe in front."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def write(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")
