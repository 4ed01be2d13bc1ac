"""The launcher, with real servers: one a folder, nothing acknowledged is ever lost, orphans are adopted."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.errors import ConfigurationError, StoreUnavailable
from bot.store import server
from bot.store.client import NoAnswer
from bot.store.inspection import Weight, inspect
from bot.store.launcher import connect, ensure_store, stop_store, store_pid, store_status

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A folder for a store, which is stopped afterwards whoever started it."""
    folder = tmp_path / "data"
    yield folder
    if (pid := store_pid(folder)) is not None and store_status(folder).state == "hung":
        os.kill(pid, signal.SIGCONT)
    stop_store(folder)


def kill(data: Path) -> int:
    """kill -9 of the folder's server; returns once it is gone."""
    pid = store_pid(data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.wait_until(lambda: not server.owned(data), float("inf"), AssertionError)
    return pid


def starter(data: Path, then: str = "") -> subprocess.Popen[str]:
    """Another process that calls ensure_store and prints the URL."""
    code = (
        f"from pathlib import Path; from bot.store.launcher import *; u = ensure_store(Path({str(data)!r})); print(u)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", f"{code}\n{then}"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_the_store_starts_answers_and_stops(data: Path) -> None:
    url = ensure_store(data)
    status = store_status(data)
    assert (status.state, status.url, url) == ("up", url, f"unix://{data}/valkey.sock")
    assert status.pid == store_pid(data) is not None
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "valkey.sock").stat().st_mode) == 0o700
    assert stop_store(data)
    assert store_status(data).state == "down"
    assert store_pid(data) is None
    assert not stop_store(data)


def test_looking_at_a_folder_that_is_not_there_makes_nothing(data: Path) -> None:
    assert store_status(data).state == "down"
    assert not stop_store(data)
    assert not data.exists()


async def told(client: Redis) -> list[tuple[str, Weight]]:
    return [(found.about, found.weight) for found in await inspect(client)]


async def test_our_own_store_needs_no_advice(data: Path) -> None:
    client = connect(ensure_store(data))
    assert await inspect(client) == []
    assert (await client.config_get("appendfsync"))["appendfsync"] == "always"
    await client.config_set("maxmemory-policy", "allkeys-lru")
    await client.config_set("appendfsync", "everysec")
    assert await told(client) == [("eviction", Weight.ALARM), ("fsync", Weight.NOTE)]
    assert [each.sentence for each in await inspect(client)] == [
        "When full, the store throws away records (allkeys-lru): set maxmemory-policy noeviction.",
        "The store writes to disk with appendfsync everysec: a crash of it may lose its last writes, "
        "set appendfsync always.",
    ]
    await client.config_set("appendonly", "no")
    assert ("log", Weight.ALARM) in await told(client)
    await client.aclose()


async def test_a_replica_is_refused(data: Path, tmp_path: Path) -> None:
    client = connect(ensure_store(data))
    await client.replicaof("127.0.0.1", "1")
    assert (await told(client))[0] == ("role", Weight.REFUSE)
    assert "use the primary's address" in (await inspect(client))[0].sentence
    await client.aclose()


@pytest.mark.parametrize(
    ("hidden", "about"), [("-config", ["fsync"]), ("-info", ["info"]), ("-info -config", ["info"])], ids=str
)
async def test_a_service_that_hides_what_it_is_is_called_unknown(data: Path, hidden: str, about: list[str]) -> None:
    owner = connect(ensure_store(data))
    rules = ("on", "nopass", "~*", "+@all", *hidden.split())
    await owner.execute_command("ACL", "SETUSER", "guest", *rules)
    guest = connect(f"unix://guest:any@{data}/valkey.sock")
    found = await inspect(guest)
    assert [(each.about, each.weight) for each in found] == [(name, Weight.NOTE) for name in about]
    assert "doesn't say" in found[0].sentence
    await guest.aclose()
    await owner.aclose()


def test_eight_racing_starters_get_one_server(data: Path) -> None:
    starters = [starter(data) for _ in range(8)]
    urls = {one.communicate(timeout=60)[0].strip() for one in starters}
    assert [one.returncode for one in starters] == [0] * 8
    assert urls == {store_status(data).url}
    holders = [
        pid.name
        for pid in Path("/proc").glob("[0-9]*")
        if _text(pid / "cmdline").startswith(str(server._binary())) and str(data) == _link(pid / "cwd")
    ]
    assert holders == [str(store_pid(data))]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def test_the_store_outlives_a_killed_bot_and_is_adopted(data: Path) -> None:
    bot = starter(data, then="input()")
    assert bot.stdout is not None
    url = bot.stdout.readline().strip()
    pid = store_pid(data)
    bot.kill()
    bot.communicate()
    assert ensure_store(data) == url
    assert store_pid(data) == pid


async def test_no_acknowledged_write_is_lost_when_the_server_is_killed(data: Path) -> None:
    client = connect(ensure_store(data))
    acknowledged: list[str] = []
    enough = asyncio.Event()

    async def write(writer: int) -> None:
        number = 0
        try:
            while True:
                await client.set(f"{writer}:{number}", "x")
                acknowledged.append(f"{writer}:{number}")
                number += 1
                if len(acknowledged) == 200:
                    enough.set()
        except NoAnswer:
            return

    async with asyncio.TaskGroup() as writers:
        for writer in range(20):
            writers.create_task(write(writer))
        await enough.wait()
        killed = kill(data)
    ensure_store(data)
    assert store_pid(data) != killed
    assert await client.exists(*acknowledged) == len(acknowledged) >= 200
    await client.aclose()


async def test_a_torn_last_write_does_not_keep_the_store_from_starting(data: Path) -> None:
    client = connect(ensure_store(data))
    await client.set("first", "1")
    await client.set("second", "2" * 100)
    kill(data)
    log = next((data / "appendonlydir").glob("*.incr.aof"))
    os.truncate(log, log.stat().st_size - 37)
    await asyncio.to_thread(ensure_store, data)
    assert await client.mget("first", "second") == ["1", None]
    await client.aclose()


def test_a_server_that_hangs_keeps_its_folder(data: Path) -> None:
    ensure_store(data)
    pid = store_pid(data)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        assert store_status(data).state == "hung"
        with pytest.raises(StoreUnavailable, match=f"process {pid} but doesn't answer"):
            ensure_store(data, timeout=0)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert ensure_store(data)
    assert store_pid(data) == pid


def test_a_second_server_is_refused_while_the_first_holds_the_folder(data: Path) -> None:
    ensure_store(data)
    with pytest.raises(StoreUnavailable, match="doesn't answer"):
        server.start(data, data / "valkey.sock", "always", patience=0.05)


def test_a_damaged_log_is_reported_at_once_with_valkeys_own_words(data: Path) -> None:
    ensure_store(data)
    stop_store(data)
    next((data / "appendonlydir").glob("*.manifest")).write_text("nonsense\n", "utf-8")
    with pytest.raises(StoreUnavailable, match=r"damaged: put a backup .*manifest"):
        ensure_store(data)


def test_a_long_path_gets_a_short_socket_which_others_find(tmp_path: Path) -> None:
    data = tmp_path / ("d" * 100)
    url = ensure_store(data)
    try:
        assert len(url) < 100
        assert store_status(data).url == url == ensure_store(data)
        assert starter(data).communicate(timeout=60)[0].strip() == url
    finally:
        assert stop_store(data)
    socket = Path(url.removeprefix("unix://"))
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    socket.parent.chmod(0o755)  # as if somebody else had made it: not to be trusted any more
    again = ensure_store(data)
    stop_store(data)
    assert again != url
    for folder in (socket.parent, Path(again.removeprefix("unix://")).parent):
        folder.rmdir()
    assert socket.parent.parent == Path(tempfile.gettempdir())


def test_names_with_quotes_and_spaces_are_only_names(tmp_path: Path) -> None:
    data = tmp_path / 'a "b\\ c'
    assert ensure_store(data) == f"unix://{data}/valkey.sock"
    assert stop_store(data)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="can't be made: Not a directory"):
        ensure_store(tmp_path / "file" / "data")


def test_a_host_without_a_lasting_disk_must_bring_its_own_store(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    with pytest.raises(ConfigurationError, match="set REDIS_URL"):
        ensure_store(data)


@pytest.mark.parametrize(("told", "found"), [("Redis server v=7.2.4 sha=0", True), ("Redis server v=6.2.5", False)])
def test_without_our_binary_a_new_enough_one_of_the_system_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, found: bool
) -> None:
    fake = tmp_path / "redis-server"
    fake.write_text(f"#!/bin/sh\necho '{told}'\n", "ascii")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    if found:
        assert server._binary() == str(fake)
    else:
        with pytest.raises(StoreUnavailable, match="set REDIS_URL, or install"):
            server._binary()
