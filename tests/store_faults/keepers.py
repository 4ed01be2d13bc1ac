"""The processes that look after a store, and what they say to whom."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.desk.desk import Desk
from bot.domain.brands import Brand, Channels, Member, Workspace
from bot.engine.storekeeping import Storekeeper
from bot.store.client import Client
from bot.store.launcher import connect
from bot.store.records import Store
from tests.publishing import open_desk


@dataclass
class Process:
    """A process that looks after the store, and what it said where."""

    keeper: Storekeeper
    client: Client
    said: list[tuple[str, str]] = field(default_factory=list)

    async def say(self, where: str, text: str) -> None:
        self.said.append((where, text))


@asynccontextmanager
async def keepers(store: Store, data: Path) -> AsyncIterator[list[Process]]:
    """A web and a worker that look after it, with an alerts channel in Spanish and an admin who reads English."""
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
    try:
        yield running
    finally:
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
    """Where, and what, whoever of them said it."""
    return [each for process in processes for each in process.said]


def said_to(processes: list[Process], where: str) -> str:
    """All of it to one of them, "" for nothing."""
    return "\n".join(text for place, text in all_said(processes) if place == where)
