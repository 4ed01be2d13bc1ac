"""A restore: checked before anything is touched, the old kept aside, and nothing goes out before somebody says so."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.engine.remembering import remembered
from bot.errors import StoreError
from bot.store import restored
from bot.store.backup import backup, last_backup, restore
from bot.store.launcher import connect, ensure_store, stop_store, store_status

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A store at work, with a backup of it in `copy`, written on since."""
    folder = tmp_path / "data"
    asyncio.run(write(folder, "before"))
    backup(folder, tmp_path / "copy")
    asyncio.run(write(folder, "after"))
    yield folder
    stop_store(folder)


async def write(data: Path, key: str) -> None:
    client = connect(ensure_store(data))
    await client.set(key, "1")
    await client.aclose()


async def keys(data: Path) -> set[str]:
    client = connect(ensure_store(data))
    try:
        return {str(key) for key in await client.keys()}
    finally:
        await client.aclose()


def test_a_running_store_is_not_replaced(data: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="runs: end Vocero"):
        restore(data, tmp_path / "copy", now=NOW)
    assert asyncio.run(keys(data)) == {"before", "after"}
    assert not restored.noted(data)


def test_the_backup_takes_its_place_and_publishing_waits(data: Path, tmp_path: Path) -> None:
    assert last_backup(data) is not None
    stop_store(data)
    done = restore(data, tmp_path / "copy", now=NOW)
    assert (done.keys, done.aside) == (1, data.resolve() / "appendonlydir.20260301T090000Z")
    assert remembered(data, "T1").restored, "whoever starts next asks an admin first"
    assert not (data / "restoring").exists()
    assert asyncio.run(keys(data)) == {"before"}
    stop_store(data)
    shutil.rmtree(data / "appendonlydir")
    assert done.aside is not None
    done.aside.replace(data / "appendonlydir")
    assert asyncio.run(keys(data)) == {"before", "after"}, "what was there before is whole"


def test_into_an_empty_folder(data: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    done = restore(new, tmp_path / "copy", now=NOW)
    try:
        assert (done.keys, done.aside) == (1, None)
        assert restored.noted(new)
        assert asyncio.run(keys(new)) == {"before"}
    finally:
        stop_store(new)
    assert store_status(data).state == "up"


def test_a_copy_that_is_damaged_touches_nothing(data: Path, tmp_path: Path) -> None:
    stop_store(data)
    for file in (tmp_path / "copy" / "appendonlydir").glob("*.aof"):
        file.write_bytes(b"*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$99999\r\nbroken" + file.read_bytes())
    with pytest.raises(StoreError, match=r"can't be used|isn't whole"):
        restore(data, tmp_path / "copy", now=NOW)
    assert not restored.noted(data)
    assert not (data / "restoring").exists()
    assert asyncio.run(keys(data)) == {"before", "after"}


def test_what_was_there_is_put_back_when_the_last_step_fails(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_store(data)
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.parent.name == "restoring":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(StoreError, match="What was there is untouched"):
        restore(data, tmp_path / "copy", now=NOW)
    assert asyncio.run(keys(data)) == {"before", "after"}


def test_what_is_no_backup_is_refused(data: Path, tmp_path: Path) -> None:
    stop_store(data)
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="is no backup"):
        restore(data, tmp_path / "empty", now=NOW)
    assert asyncio.run(keys(data)) == {"before", "after"}
