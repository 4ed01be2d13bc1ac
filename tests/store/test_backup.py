"""The backup: taken from a store at work, it starts as a store with everything that was acknowledged before."""

from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.backup import backup
from bot.store.launcher import connect, ensure_store, stop_store
from bot.store.vault import open_vault

pytestmark = pytest.mark.slow


async def fill(data: Path) -> None:
    """A thousand keys, and one that is rewritten into the base of the log."""
    client = connect(ensure_store(data))
    await client.set("before", "1")
    await client.bgrewriteaof()
    await client.mset({f"key:{number}": "x" * 100 for number in range(1000)})
    await client.aclose()


async def keys(data: Path) -> int:
    client = connect(ensure_store(data))
    try:
        return int(await client.dbsize())
    finally:
        await client.aclose()


async def test_a_backup_of_a_working_store_is_a_store(data: Path, tmp_path: Path) -> None:
    await fill(data)
    copy = backup(data, tmp_path / "copy")
    client = connect(ensure_store(data))
    await client.set("after", "1")
    assert (await client.config_get("auto-aof-rewrite-percentage"))["auto-aof-rewrite-percentage"] == "100"
    await client.aclose()
    try:
        assert await keys(copy) == 1001
    finally:
        stop_store(copy)
    assert await keys(data) == 1002


async def test_a_backup_of_a_stopped_store_is_the_same(data: Path, tmp_path: Path) -> None:
    await fill(data)
    stop_store(data)
    copy = backup(data, tmp_path / "copy")
    try:
        assert await keys(copy) == 1001
    finally:
        stop_store(copy)


def test_the_key_stays_behind(data: Path, tmp_path: Path) -> None:
    open_vault(data)
    copy = backup(data, tmp_path / "deep" / "copy")
    assert [path.name for path in copy.iterdir()] == ["appendonlydir"]
    assert [path.name for path in copy.parent.iterdir()] == ["copy"]


def test_nothing_is_overwritten(data: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(StoreError, match="exists already"):
        backup(data, tmp_path / "copy")


def test_where_there_is_no_store_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        backup(tmp_path / "none", tmp_path / "copy")
