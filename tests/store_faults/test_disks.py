"""A disk that is full, or read-only: people hear of it, nothing acknowledged is lost, and with room it goes on."""

import asyncio
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.store.launcher import connect, ensure_store, revive_store, stop_store
from bot.store.records import Store
from bot.store.server import disk_trouble, last_words, owned, wait_until
from tests.store_faults.keepers import keepers, said_to, until
from tests.store_faults.killing import kill_store

pytestmark = pytest.mark.slow


def remount(disk: Path, how: str) -> bool:
    """`ro` or `rw`; not while a server writes there."""
    return not subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=False, capture_output=True).returncode


def fill(disk: Path) -> Path:
    """A file that leaves no byte free."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return ballast


@pytest.fixture
def small() -> Iterator[Path]:
    """A disk of two megabytes of its own."""
    disk = Path(tempfile.mkdtemp(prefix="vocero-disk-"))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=False)
    if done.returncode:
        disk.rmdir()
        pytest.skip("mounting a small disk takes root")
    data = disk / "data"
    try:
        ensure_store(data)
        yield data
        stop_store(data)
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
        disk.rmdir()


async def test_a_disk_that_is_full_says_so_and_when_there_is_room_it_goes_on(small: Path) -> None:
    client = connect(f"unix://{small}/valkey.sock")
    store = Store(client, "T1")
    store._commits._patience = 0.3
    acknowledged = 0
    (ballast := small.parent / "ballast").write_bytes(b"x" * 1_500_000)
    ended = False
    while not ended:
        try:
            change = store.begin()
            change.do("RPUSH", store.key("list"), str(acknowledged) + "x" * 1000)
            await change.commit()
            acknowledged += 1
        except StoreUnavailable:
            ended = True
    await asyncio.to_thread(wait_until, lambda: not owned(small), float("inf"), AssertionError)
    assert disk_trouble(last_words(small))
    ballast.unlink()
    assert await asyncio.to_thread(revive_store, small)
    kept = await client.lrange(store.key("list"), 0, -1)
    assert [int(str(each).split("x")[0]) for each in kept[:acknowledged]] == list(range(acknowledged))
    assert len(kept) - acknowledged in {0, 1}
    await client.aclose()


def test_a_disk_that_is_read_only_is_one_sentence(small: Path) -> None:
    kill_store(small)
    assert remount(small.parent, "ro")
    with pytest.raises(StoreUnavailable, match="Read-only file system") as caught:
        ensure_store(small)
    assert "\n" not in str(caught.value)
    assert remount(small.parent, "rw")
    assert revive_store(small)


async def test_people_hear_of_a_full_disk_and_that_it_is_over(small: Path) -> None:
    client = connect(f"unix://{small}/valkey.sock")
    async with keepers(Store(client, "T1"), small) as running:
        ballast = fill(small.parent)
        with suppress(StoreUnavailable):
            while await client.set("more", "x" * 500):  # the server's last block has room for a few commands
                pass
        await until(lambda: "make room" in said_to(running, "@T:EVA"))
        assert "no puede escribir en su disco" in said_to(running, "C1")
        ballast.unlink()
        await until(lambda: "My store is back" in said_to(running, "@T:EVA"))
    assert await client.ping()
    await client.aclose()


async def test_people_hear_of_a_disk_that_became_read_only_and_that_it_is_over(small: Path) -> None:
    """As a kernel does it to a disk with faults; a server that writes there keeps ours from doing so."""
    client = connect(f"unix://{small}/valkey.sock")
    async with keepers(Store(client, "T1"), small) as running:
        while owned(small):
            kill_store(small)
            remount(small.parent, "ro")
        await until(lambda: "make room" in said_to(running, "@T:EVA"))
        assert remount(small.parent, "rw")
        await until(lambda: "My store is back" in said_to(running, "@T:EVA"))
    assert await client.ping()
    await client.aclose()
