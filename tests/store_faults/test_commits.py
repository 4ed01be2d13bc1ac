"""A commit is done once or not at all, whatever becomes of its connection, and we can tell which."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest

from bot.domain.records import Record
from bot.errors import Conflict, StoreSilent, StoreUnavailable
from bot.store.client import Cause, NoAnswer
from bot.store.commits import Commits
from bot.store.due import DueIndex
from bot.store.launcher import connect, revive_store
from bot.store.records import Store
from tests.store_faults.cutting import Cutter, cutting
from tests.store_faults.killing import frozen, kill_store

pytestmark = pytest.mark.slow


class Note(Record):
    """A counter."""

    KIND: ClassVar[str] = "note"

    number: int = 0


@pytest.fixture
async def cut(data: Path) -> AsyncIterator[Cutter]:
    """The proxy in front of the test's store."""
    async with cutting(data / "valkey.sock", data.parent / "cut.sock") as cutter:
        yield cutter


@pytest.fixture
async def through(cut: Cutter, data: Path, team: str) -> AsyncIterator[Store]:
    """The same workspace, reached through the proxy."""
    client = connect(f"unix://{data.parent}/cut.sock")
    yield Store(client, team)
    await client.aclose()


async def count_up(store: Store, id_: str = "n", *, mark: str = "") -> None:
    """Load, decide, commit; the mark tells how often a commit was done."""
    old = await store.find(Note, id_)
    change = store.begin()
    change.put((old or Note(id=id_)).model_copy(update={"number": (old.number if old else 0) + 1}), old)
    if mark:
        change.do("HINCRBY", store.key("marks"), mark, "1")
    await change.commit()


async def test_a_lost_answer_is_given_again_and_is_no_conflict(through: Store, store: Store, cut: Cutter) -> None:
    await count_up(through)
    cut.lose = (b"HINCRBY", 1)
    await count_up(through, mark="once")
    assert len(cut.cuts) == 1
    assert (await store.get(Note, "n")).number == 2
    assert await store.client.hget(store.key("marks"), "once") == "1"


async def test_a_genuine_conflict_stays_one(through: Store, store: Store, cut: Cutter) -> None:
    await count_up(through)
    old = await through.get(Note, "n")
    await count_up(store)
    change = through.begin()
    change.put(old.model_copy(update={"number": 9}), old)
    change.do("SET", store.key("conflicting"), "x")
    cut.lose = (b"conflicting", 1)
    with pytest.raises(Conflict):
        await change.commit()
    assert (await store.get(Note, "n")).number == 2


async def test_after_too_many_lost_answers_nobody_claims_to_know(through: Store, store: Store, cut: Cutter) -> None:
    await count_up(through)
    through._commits._patience = 0.5
    cut.lose = (b"HINCRBY", 10**6)
    with pytest.raises(StoreSilent):
        await count_up(through, mark="doubt")
    assert await store.client.hget(store.key("marks"), "doubt") == "1"


async def test_a_claim_whose_answer_got_lost_is_answered_again(through: Store, store: Store, cut: Cutter) -> None:
    due, other = DueIndex(through), DueIndex(store)
    assert await due.claim() == []
    for id_ in ("d1", "d2"):
        await store.client.hset(store.key("delivery", id_), mapping={"state": "planned", "v": 1, "fence": 0})
        await store.client.zadd(store.key("index", "due"), {id_: 1})
    cut.lose = (b":claimed:", 1)
    with pytest.raises(StoreUnavailable):
        await due.claim()
    assert await other.claim() == []
    assert [(claim.id, claim.fence) for claim in await due.claim()] == [("d1", 1), ("d2", 1)]
    assert await due.claim() == []


async def test_cut_every_50_commands_each_of_2000_commits_is_done_once(
    through: Store, store: Store, cut: Cutter
) -> None:
    cut.every = 50

    async def write(writer: int) -> None:
        for number in range(40):
            await count_up(through, f"w{writer}", mark=f"{writer}:{number}")

    async with asyncio.TaskGroup() as group:
        for writer in range(50):
            group.create_task(write(writer))
    assert len(cut.cuts) > 60
    marks = await store.client.hgetall(store.key("marks"))
    assert len(marks) == 2000
    assert set(marks.values()) == {"1"}
    assert {(await store.get(Note, f"w{writer}")).number for writer in range(50)} == {40}


async def test_what_was_given_up_is_not_done_later(store: Store, data: Path) -> None:
    await count_up(store)
    store._commits._patience = 0.3
    impatient = connect(f"unix://{data}/valkey.sock")
    impatient.connection_pool.connection_kwargs["socket_timeout"] = 0.2
    other = Store(impatient, store.team)
    other._commits._patience = 0.3
    await count_up(other)
    old = await other.get(Note, "n")
    change = other.begin()
    change.put(old.model_copy(update={"number": 99}), old)
    with frozen(data), pytest.raises(StoreUnavailable):
        await change.commit()
    await store.client.ping()
    assert (await store.get(Note, "n")).number == 2
    await impatient.aclose()


async def test_no_acknowledged_commit_is_lost_and_none_is_half_done(store: Store, data: Path) -> None:
    done: list[str] = []
    enough, over = asyncio.Event(), asyncio.Event()

    async def write(writer: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            await count_up(store, f"w{writer}", mark=f"{writer}:{number}")
            done.append(f"{writer}:{number}")
            if len(done) >= 300:
                enough.set()

    async with asyncio.TaskGroup() as group:
        for writer in range(50):
            group.create_task(write(writer))
        for _ in range(3):
            await enough.wait()
            await asyncio.to_thread(kill_store, data)
            await asyncio.to_thread(revive_store, data)
            enough.clear()
            done.append("again")
        await enough.wait()
        over.set()
    marks = await store.client.hgetall(store.key("marks"))
    assert {mark: "1" for mark in done if mark != "again"} == marks
    for writer in range(50):
        note = await store.get(Note, f"w{writer}")
        assert note.number == note.version == sum(str(mark).startswith(f"{writer}:") for mark in marks)


async def test_a_clock_of_the_store_that_jumps_ahead_costs_one_more_request(store: Store) -> None:
    await count_up(store)
    assert store._commits._ahead is not None
    store._commits._ahead -= 3_600_000
    await count_up(store)
    assert (await store.get(Note, "n")).number == 2


async def test_a_store_that_refuses_is_said_at_once_with_its_cause(store: Store) -> None:
    await count_up(store)
    await store.client.config_set("maxmemory", 1)
    with pytest.raises(NoAnswer) as caught:
        await count_up(store)
    assert (caught.value.cause, caught.value.sent) == (Cause.MEMORY, False)
    await store.client.config_set("maxmemory", 0)
    await count_up(store)
    assert isinstance(store._commits, Commits)
