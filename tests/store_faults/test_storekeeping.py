"""People hear once that the store is away and once that it is back, in their language; it is started by itself."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import Brand, Channels, Member, Workspace
from bot.engine.storekeeping import Storekeeper
from bot.store import outage
from bot.store.client import Client
from bot.store.launcher import connect, store_pid, store_status
from bot.store.records import Store
from tests.publishing import open_desk
from tests.store_faults.killing import frozen, kill_store

pytestmark = pytest.mark.slow


@dataclass
class Process:
    """A process that looks after the store, and what it said where."""

    keeper: Storekeeper
    client: Client
    said: list[tuple[str, str]] = field(default_factory=list)

    async def say(self, where: str, text: str) -> None:
        self.said.append((where, text))


@pytest.fixture
async def processes(store: Store, data: Path) -> AsyncIterator[list[Process]]:
    """Two of them, a web and a worker, with an alerts channel in Spanish and an admin who reads English."""
    change = store.begin()
    change.put(Brand(id="b1", name="Ágora", language="es", zone="Europe/Madrid", channels=Channels(review="C1")))
    change.put(Workspace(id="workspace", admins=frozenset({"T:EVA"})))
    change.put(Member(id="T:EVA", locale="en-US"))
    await change.commit()
    running: list[Process] = []
    tasks = []
    for name in ("web", "worker"):
        client = connect(f"unix://{data}/valkey.sock")
        desk: Desk = open_desk(Store(client, store.team), "http://127.0.0.1:1")
        process = Process(keeper=None, client=client)  # type: ignore[arg-type]
        keeper = Storekeeper(client, desk, me=name, data=data, embedded=True, say=process.say)
        process.keeper = keeper
        running.append(process)
        tasks.append(asyncio.create_task(keeper.run()))
    await until(lambda: all(process.keeper._listeners for process in running))
    yield running
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for process in running:
        await process.client.aclose()


async def until(true: Callable[[], bool], seconds: float = 40) -> None:
    """Waits for it."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for lies in other processes and files
            await asyncio.sleep(0.02)


def all_said(processes: list[Process]) -> list[tuple[str, str]]:
    return [each for process in processes for each in process.said]


async def test_a_killed_store_is_started_again_within_seconds_and_said_once(
    processes: list[Process], data: Path, store: Store
) -> None:
    killed = await asyncio.to_thread(kill_store, data)
    await until(lambda: len(all_said(processes)) >= 2)
    assert store_pid(data) not in {None, killed}
    assert await store.client.ping()
    said = dict(all_said(processes))
    assert len(all_said(processes)) == 2
    assert "lo he vuelto a arrancar" in said["C1"]
    assert "I started it again" in said["@T:EVA"]


async def test_a_frozen_store_is_said_once_by_one_process_and_so_is_its_return(
    processes: list[Process], data: Path
) -> None:
    with frozen(data):
        await until(lambda: len(all_said(processes)) >= 2)
        noted = outage.noted(data)
        assert noted is not None
    await until(lambda: len(all_said(processes)) >= 4)
    texts = all_said(processes)
    assert [where for where, _ in texts] == ["C1", "@T:EVA"] * 2
    assert "no responde desde" in texts[0][1]
    assert "hasn't answered since" in texts[1][1]
    assert "ha vuelto" in texts[2][1]
    assert "My store is back. It was away for" in texts[3][1]
    assert sorted(bool(process.said) for process in processes) == [False, True]
    assert outage.noted(data) is None


async def test_a_full_memory_is_said_with_what_to_do(processes: list[Process], store: Store) -> None:
    await store.client.config_set("maxmemory", 1)
    await until(lambda: len(all_said(processes)) >= 2)
    assert "raise maxmemory" in dict(all_said(processes))["@T:EVA"]
    await store.client.config_set("maxmemory", 0)
    await until(lambda: len(all_said(processes)) >= 4)
    assert "is back" in dict(all_said(processes))["@T:EVA"]


async def test_who_stops_the_store_on_purpose_is_obeyed_and_it_is_said(processes: list[Process], data: Path) -> None:
    code = f"from pathlib import Path; from bot.store.launcher import *; stop_store(Path({str(data)!r}))"
    stopping = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await stopping.wait() == 0
    await until(lambda: len(all_said(processes)) >= 2)
    assert "Somebody stopped my store" in dict(all_said(processes))["@T:EVA"]
    assert store_status(data).state == "down"


async def test_damaged_files_are_said(processes: list[Process], data: Path) -> None:
    manifest = next((data / "appendonlydir").glob("*.manifest"))
    kept = manifest.read_bytes()
    manifest.write_text("nonsense\n", "utf-8")
    await asyncio.to_thread(kill_store, data)
    await until(lambda: len(all_said(processes)) >= 2)
    assert "files are damaged" in dict(all_said(processes))["@T:EVA"]
    manifest.write_bytes(kept)
    await until(lambda: len(all_said(processes)) >= 4)


async def test_what_a_dead_process_began_to_tell_is_ended_by_the_next(store: Store, data: Path) -> None:
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    now = open_desk(store, "http://127.0.0.1:1").now()
    gone = outage.Outage(since=now, cause="gone", pid=process.pid, me="gone", told=True)
    assert outage.claim(data, gone) == gone
    change = store.begin()
    change.put(Brand(id="b1", name="Ágora", channels=Channels(review="C1")))
    await change.commit()
    said: list[tuple[str, str]] = []

    async def say(where: str, text: str) -> None:
        said.append((where, text))

    client = store.client
    assert isinstance(client, Client)
    desk = open_desk(store, "http://127.0.0.1:1")
    keeper = asyncio.create_task(Storekeeper(client, desk, me="w2", data=data, embedded=True, say=say).run())
    await until(lambda: bool(said))
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
    assert [where for where, _ in said] == ["C1"]
    assert "is back" in said[0][1]
    assert outage.noted(data) is None
