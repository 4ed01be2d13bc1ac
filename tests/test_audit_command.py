"""`vocero audit`: what an operator reads and which exit code a script gets; and the witness that the worker leaves."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import arguments
from bot.auditing import run
from bot.engine.sealing import Sealing
from bot.errors import ConfigurationError, StoreError
from bot.store import witness
from bot.store.launcher import connect, ensure_store, stop_store, store_status
from bot.store.records import Store
from bot.store.vault import open_vault
from tests.publishing import BRUNO, open_desk

pytestmark = pytest.mark.slow

TEAM = "T0000000AUD"


@pytest.fixture
async def data(tmp_path: Path) -> AsyncIterator[Path]:
    """A folder with a store of its own, a key and a record of a few stops."""
    folder = tmp_path / "data"
    url = ensure_store(folder, fsync="everysec")
    open_vault(folder)
    client = connect(url)
    try:
        await act(Store(client, TEAM), folder, 3)
        yield folder
    finally:
        await client.aclose()
        stop_store(folder)


async def act(store: Store, folder: Path, many: int, *, seal: bool = True) -> Sealing:
    """Somebody is denied something; the worker seals it and leaves a witness."""
    desk = open_desk(store, "http://127.0.0.1:9")
    desk.vault = open_vault(folder)
    for number in range(many):
        await desk.denied(BRUNO, "something", f"EAAabcdefghijk{number}")
    sealing = Sealing(desk, folder)
    if seal:
        await sealing.tick()
    return sealing


async def vocero(data: Path, *words: str) -> int:
    return await run(arguments().parse_args(["audit", *words]), {"VOCERO_DATA": str(data)})


async def test_verify_says_how_much_and_from_when(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await vocero(data, "verify") == 0
    said = capsys.readouterr().out
    assert f"{TEAM}: 3 entries since {datetime.now(UTC):%Y-%m-%d}" in said
    assert "1 seals: all as it was written" in said
    assert "Every entry is under a seal" in said


async def test_verify_exits_1_with_the_first_wrong_number(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = connect(store_status(data).url)
    rows: Any = await client.xrange("{" + TEAM + "}:audit")
    await client.xdel("{" + TEAM + "}:audit", rows[1][0])
    await client.aclose()
    assert await vocero(data, "verify") == 1
    assert f"{TEAM}: wrong at entry 2: removed." in capsys.readouterr().out


async def test_an_export_is_checked_alone_and_holds_no_secret(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = data.parent / "record.jsonl"
    assert await vocero(data, "export", str(target)) == 0
    assert f"3 entries are in {target}" in capsys.readouterr().out
    assert "EAAabcdefghijk" not in target.read_text("utf-8")
    assert await vocero(data, "verify", "--file", str(target)) == 0
    assert "entries 1 to 3 (3 shown), 1 seals" in capsys.readouterr().out
    with pytest.raises(ConfigurationError):
        await vocero(data, "export", str(target))
    elsewhere = data.parent / "nothing"
    assert await vocero(elsewhere, "verify", "--file", str(target)) == 0
    assert "who made the seals wasn't checked" in capsys.readouterr().out
    assert not elsewhere.exists()
    target.write_text(target.read_text("utf-8").replace("T:BRUNO", "T:EVA", 1), "utf-8")
    assert await vocero(data, "verify", "--file", str(target)) == 1
    assert "wrong at entry 1: changed" in capsys.readouterr().out
    assert await vocero(data, "export", "-", "--brand", "agora") == 0
    types = [json.loads(line)["type"] for line in capsys.readouterr().out.splitlines()]
    assert types == ["record", "left_out", "left_out", "left_out", "seal", "end"]


async def test_it_works_while_the_bot_is_stopped_and_leaves_the_store_so(data: Path) -> None:
    stop_store(data)
    assert await vocero(data, "verify") == 0
    assert store_status(data).state == "down"
    ensure_store(data, fsync="everysec")


async def test_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no store"):
        await vocero(tmp_path / "nothing", "verify")


async def test_the_witness_follows_and_never_goes_back(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = connect(store_status(data).url)
    store = Store(client, TEAM)
    seen = witness.read(data)
    assert seen is not None
    assert (seen.team, seen.number, seen.seal) == (TEAM, 3, 1)
    sealing = await act(store, data, 2)
    later = witness.read(data)
    assert later is not None
    assert (later.number, later.seal) == (5, 2)
    await client.delete(*(store.key(*name) for name in (("audit",), ("audit", "head"), ("audit", "seals"))))
    await act(store, data, 1, seal=False)
    await sealing.tick()
    assert witness.read(data) == later
    await client.aclose()
    assert await vocero(data, "verify") == 1
    assert "the witness saw 5" in capsys.readouterr().out


async def test_the_last_seal_never_keeps_a_process(data: Path) -> None:
    client = connect(store_status(data).url)
    sealing = await act(Store(client, TEAM), data, 1, seal=False)
    await sealing.last()
    seen = witness.read(data)
    assert seen is not None
    assert seen.number == 4
    (data / witness.FILE).write_text("{")
    await act(Store(client, TEAM), data, 1, seal=False)
    await sealing.last()
    with pytest.raises(StoreError):
        witness.read(data)
    await client.aclose()
