"""One server a folder, whoever starts it and however it ended; damaged files are said, never begun anew."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.store.launcher import (
    StoreStopped,
    ensure_store,
    revive_store,
    stop_store,
    store_pid,
    store_status,
)
from bot.store.records import Store
from tests.store_faults.killing import frozen, kill_store
from tests.store_faults.test_commits import Note, count_up

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def files(data: Path, kind: str) -> Path:
    """The newest file of a kind in the store's log."""
    return max((data / "appendonlydir").glob(f"*{kind}*"), key=lambda file: file.stat().st_mtime)


async def test_of_eight_processes_that_see_it_die_one_starts_it_again(store: Store, data: Path) -> None:
    await count_up(store)
    killed = kill_store(data)
    code = f"from pathlib import Path; from bot.store.launcher import *; print(revive_store(Path({str(data)!r})))"
    racing = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=subprocess.PIPE, cwd=ROOT)
        for _ in range(8)
    ]
    told = sorted([(await one.communicate())[0].decode().strip() for one in racing])
    assert told == ["False"] * 7 + ["True"]
    assert store_pid(data) != killed
    assert (await store.get(Note, "n")).number == 1


def test_a_hung_server_keeps_its_folder_and_is_told_by_its_process(data: Path) -> None:
    with frozen(data) as pid, pytest.raises(StoreUnavailable, match=f"process {pid} but doesn't answer"):
        revive_store(data, timeout=0)
    assert not revive_store(data)
    assert store_pid(data) == pid


def test_the_orphan_of_a_killed_bot_is_adopted(data: Path) -> None:
    stop_store(data)
    code = f"from pathlib import Path; from bot.store.launcher import *; ensure_store(Path({str(data)!r})); input()"
    bot = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, cwd=ROOT)
    while store_status(data).state != "up":
        assert bot.poll() is None
    pid = store_pid(data)
    bot.send_signal(signal.SIGKILL)
    bot.communicate()
    assert not revive_store(data)
    assert store_pid(data) == pid


def test_what_was_stopped_on_purpose_stays_so_until_somebody_starts(data: Path) -> None:
    stop_store(data)
    with pytest.raises(StoreStopped, match="start Vocero again"):
        revive_store(data)
    assert store_status(data).state == "down"
    ensure_store(data)
    kill_store(data)
    assert revive_store(data)


async def test_a_log_cut_in_the_middle_of_a_commit_loses_that_commit_only(store: Store, data: Path) -> None:
    for _ in range(3):
        await count_up(store, mark="m")
    kill_store(data)
    log = files(data, ".incr.aof")
    content = log.read_bytes()
    start = content.rindex(b"MULTI")
    os.truncate(log, content.index(b"ZADD", start) if b"ZADD" in content[start:] else content.index(b"HSET", start) + 9)
    assert await asyncio.to_thread(revive_store, data)
    assert (await store.get(Note, "n")).number == 2
    assert await store.client.hget(store.key("marks"), "m") == "2"
    await count_up(store)


async def test_a_log_cut_by_37_bytes_loses_the_last_commit_only(store: Store, data: Path) -> None:
    for _ in range(3):
        await count_up(store, mark="m")
    kill_store(data)
    log = files(data, ".incr.aof")
    os.truncate(log, log.stat().st_size - 37)
    assert await asyncio.to_thread(revive_store, data)
    assert (await store.get(Note, "n")).number == 2
    assert await store.client.hget(store.key("marks"), "m") == "2"


async def rewritten(store: Store, data: Path) -> None:
    """With everything in the base file."""
    for number in range(200):
        await count_up(store, f"n{number}")
    await store.client.bgrewriteaof()
    before = True
    while before:
        info = await store.client.info("persistence")
        before = bool(info["aof_rewrite_in_progress"] or info["aof_rewrite_scheduled"])
    kill_store(data)


def zero(data: Path) -> None:
    """A block of zeros in the middle of the base."""
    base = files(data, ".base")
    with base.open("r+b") as file:
        file.seek(base.stat().st_size // 2)
        file.write(bytes(64))


def cut_base(data: Path) -> None:
    """Half of the base."""
    base = files(data, ".base")
    os.truncate(base, base.stat().st_size // 2)


def lose_base(data: Path) -> None:
    """No base at all."""
    files(data, ".base").unlink()


def lose_manifest(data: Path) -> None:
    """The list of files is gone: Valkey alone would begin an empty store beside them."""
    files(data, ".manifest").unlink()


def zero_log(data: Path) -> None:
    """Zeros in the middle of the commands since."""
    log = files(data, ".incr.aof")
    with log.open("r+b") as file:
        file.seek(log.stat().st_size // 2)
        file.write(bytes(64))


DAMAGED = r"damaged: put a backup in their place .*nothing was changed"
DAMAGES: list[Callable[[Path], None]] = [zero, cut_base, lose_base, lose_manifest, zero_log]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
async def test_damaged_files_are_refused_with_what_to_do(
    damage: Callable[[Path], None], store: Store, data: Path
) -> None:
    await rewritten(store, data)
    if damage is zero_log:
        await asyncio.to_thread(ensure_store, data)
        for number in range(50):
            await count_up(store, f"n{number}")
        kill_store(data)
    damage(data)
    listed = sorted(file.name for file in (data / "appendonlydir").iterdir())
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=DAMAGED) as caught:
            await asyncio.to_thread(ensure_store, data)
        assert "\n" not in str(caught.value)
    assert sorted(file.name for file in (data / "appendonlydir").iterdir()) == listed
