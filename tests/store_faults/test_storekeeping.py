"""People hear once that the store is away and once that it is back, in their language; it is started by itself."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.brands import Brand, Channels
from bot.engine.storekeeping import Storekeeper
from bot.store import outage
from bot.store.client import Client
from bot.store.launcher import connect, store_pid, store_status
from bot.store.records import Store
from tests.publishing import open_desk
from tests.store_faults.keepers import Process, all_said, keepers, said_to, until
from tests.store_faults.killing import frozen, kill_store
from tests.store_faults.test_refusals import Refusal, busy, forbidden, replica

pytestmark = pytest.mark.slow


@pytest.fixture
async def processes(store: Store, data: Path) -> AsyncIterator[list[Process]]:
    """Two of them, a web and a worker."""
    async with keepers(store, data) as running:
        yield running


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


@pytest.mark.parametrize(
    ("refusal", "advice"),
    [(replica, "must lead to the primary"), (busy, "SCRIPT KILL"), (forbidden, "needs all commands")],
    ids=["readonly", "busy", "forbidden"],
)
async def test_whatever_else_it_refuses_for_is_said_with_what_to_do(
    refusal: Refusal, advice: str, processes: list[Process], data: Path
) -> None:
    owner = connect(f"unix://{data}/valkey.sock")
    async with refusal(owner, data):
        await until(lambda: advice in said_to(processes, "@T:EVA"))
        assert said_to(processes, "C1")
    await until(lambda: len(all_said(processes)) == 4)
    assert "My store is back" in said_to(processes, "@T:EVA")
    await owner.aclose()


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
