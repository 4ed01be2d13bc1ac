"""Tables of posts: whatever wrote the file it is read, and nothing that is written becomes a formula."""

import csv
import io

import pytest

from bot.domain.sheets import LARGEST, MOST, harmless, read, write
from bot.errors import UserError

PLAIN = "Fecha;Hora;Cuentas;Texto;Tipo\n2026-03-24;9:00;X;¡Hola, España!;ayudar\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read_and_a_guess_is_told(encoding: str) -> None:
    table = read(PLAIN.encode(encoding))
    (row,) = table.rows
    assert (row.number, row.get("text"), row.get("date"), row.get("accounts")) == (
        2,
        "¡Hola, España!",
        "2026-03-24",
        "X",
    )
    assert table.guessed is (encoding == "cp1252")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_sign_between_cells_is_found(sign: str) -> None:
    (row,) = read(f'date{sign}text\r\n2026-03-24{sign}"a{sign} b\r\nc ""d"""\r\n'.encode()).rows
    assert row.get("text") == f'a{sign} b\nc "d"'


def test_rows_keep_the_numbers_that_a_spreadsheet_shows_and_unknown_columns_are_told() -> None:
    table = read(b"text,owner,\n\nuno,ana,\n,,\ndos\n")
    assert [(row.number, row.get("text")) for row in table.rows] == [(3, "uno"), (5, "dos")]
    assert table.ignored == ("owner",)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "error.sheet_columns"),
        (b"date,time\n1,2\n", "error.sheet_columns"),
        (b"text,texto\n1,2\n", "error.sheet_twice"),
        (b"text\n", "error.sheet_empty"),
        (b'text\n"open', "error.sheet_unreadable"),
        (b"text\nx\x00y\n", "error.sheet_unreadable"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "error.sheet_unreadable"),
        (b"text\n" + b"x\n" * (MOST + 1), "error.sheet_long"),
        (b"text\n" + b"x" * LARGEST, "error.sheet_large"),
    ],
)  # fmt: skip
def test_what_is_no_such_table_says_why(data: bytes, key: str) -> None:
    with pytest.raises(UserError) as refused:
        read(data)
    assert refused.value.key == key


@pytest.mark.parametrize("cell", ["=1+1", "+34 600", "-2", "@ana", "\t=1", "\r=1", "  =HYPERLINK(1)", "＝1", "＠x"])
def test_what_a_spreadsheet_would_run_is_written_harmless_and_read_back_as_it_was(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    written = write(["text"], [[cell]])
    assert written.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))[1] == [f"'{cell}"]
    (row,) = read(written).rows
    assert row.cells["text"] == cell


@pytest.mark.parametrize("cell", ["Hola", "'tis", "1-2", "a=b", ""])
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
