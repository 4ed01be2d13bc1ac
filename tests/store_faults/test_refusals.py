"""Each way in which a store refuses is told apart, nothing is done, and it goes on when the cause is gone."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.errors import StoreUnavailable
from bot.store.client import Cause, Client, NoAnswer, no_answer, unanswered
from bot.store.due import DueIndex
from bot.store.launcher import connect, revive_store, store_pid
from bot.store.records import Store
from bot.store.server import owned, wait_until
from tests.store_faults.killing import frozen, kill_store
from tests.store_faults.test_commits import Note, count_up

pytestmark = pytest.mark.slow


@asynccontextmanager
async def full(client: Redis, _: Path) -> AsyncIterator[Cause]:
    await client.config_set("maxmemory", 1)
    yield Cause.MEMORY
    await client.config_set("maxmemory", 0)


@asynccontextmanager
async def replica(client: Redis, _: Path) -> AsyncIterator[Cause]:
    await client.replicaof("127.0.0.1", "1")
    yield Cause.REPLICA
    await client.replicaof("NO", "ONE")


async def refuses(client: Redis) -> bool:
    """Whether not even a ping is answered."""
    try:
        await client.ping()
    except NoAnswer:
        return True
    return False


@asynccontextmanager
async def busy(client: Redis, data: Path) -> AsyncIterator[Cause]:
    await client.config_set("busy-reply-threshold", 1)
    looping = connect(f"unix://{data}/valkey.sock")
    looping.connection_pool.connection_kwargs["socket_timeout"] = 60

    async def loop() -> None:
        with pytest.raises(ResponseError, match="killed"):
            await looping.execute_command("EVAL", "while true do end", 0)

    task = asyncio.create_task(loop())
    refused = False
    while not refused:
        refused = await refuses(client)
    yield Cause.BUSY
    await client.script_kill()
    await task
    await looping.aclose()


@asynccontextmanager
async def forbidden(client: Redis, _: Path) -> AsyncIterator[Cause]:
    await client.acl_setuser("default", enabled=True, commands=["-evalsha", "-eval", "-set"])
    yield Cause.FORBIDDEN
    await client.acl_setuser("default", enabled=True, categories=["+@all"])


Refusal = Callable[[Redis, Path], AbstractAsyncContextManager[Cause]]
REFUSALS: list[Refusal] = [full, replica, busy, forbidden]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.__name__)
async def test_nothing_is_done_and_it_goes_on_by_itself(refusal: Refusal, store: Store, data: Path) -> None:
    await count_up(store)
    owner = connect(f"unix://{data}/valkey.sock")
    async with refusal(owner, data) as cause:
        with pytest.raises(StoreUnavailable) as caught:
            await count_up(store)
        assert isinstance(caught.value, NoAnswer)
        assert (caught.value.cause, caught.value.sent) == (cause, False)
        assert isinstance(store.client, Client)
        assert store.client.trouble.is_set()
    await count_up(store)
    assert (await store.get(Note, "n")).number == 2
    await owner.aclose()


async def test_a_store_that_forgets_its_scripts_is_told_them_again(store: Store) -> None:
    over = asyncio.Event()

    async def flush() -> None:
        while not over.is_set():
            await store.client.script_flush()

    flushing = asyncio.create_task(flush())
    due = DueIndex(store)
    for _ in range(200):
        await count_up(store)
        assert await due.claim() == []
    over.set()
    await flushing
    assert (await store.get(Note, "n")).number == 200


async def test_a_password_that_was_changed_is_a_clear_sentence(store: Store, data: Path) -> None:
    await count_up(store)
    await store.client.config_set("requirepass", "new-password")
    late = connect(f"unix://:old-password@{data}/valkey.sock")
    without = connect(f"unix://{data}/valkey.sock")
    for client in (late, without):
        with pytest.raises(NoAnswer) as caught:
            await count_up(Store(client, store.team))
        assert caught.value.cause is Cause.PASSWORD
        assert "put the present one there" in unanswered(caught.value)
        assert "password@" not in unanswered(caught.value) + str(caught.value)
        await client.aclose()
    await store.client.config_set("requirepass", "")


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("MISCONF Errors writing to the AOF file: No space left on device", Cause.DISK),
        ("BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", Cause.BUSY),
        ("NOREPLICAS Not enough good replicas to write.", Cause.REPLICA),
        ("UNKILLABLE Sorry the script already executed write commands", Cause.BUSY),
    ],
)
def test_what_has_no_class_in_the_client_is_told_by_its_code(said: str, cause: Cause) -> None:
    told = no_answer(ResponseError(said), sent=True)
    assert told is not None
    assert (told.cause, told.sent) == (cause, False)


def test_a_wrong_question_is_no_trouble_of_the_store() -> None:
    assert no_answer(ResponseError("WRONGTYPE Operation against a key holding the wrong kind"), sent=True) is None


async def test_loading_is_waited_for(store: Store, data: Path) -> None:
    """Half a million keys take a moment to load; what is asked meanwhile is answered when they are there."""
    await store.client.eval("for n = 1, 500000 do redis.call('SET', 'k' .. n, n) end", 0)
    kill_store(data)
    reviving = asyncio.create_task(asyncio.to_thread(revive_store, data))
    await count_up(store)
    await reviving
    assert (await store.get(Note, "n")).number == 1


async def test_a_frozen_store_times_out_and_goes_on_without_doing_it_twice(store: Store, data: Path) -> None:
    impatient = connect(f"unix://{data}/valkey.sock")
    impatient.connection_pool.connection_kwargs["socket_timeout"] = 0.3
    quick = Store(impatient, store.team)
    await count_up(quick)
    old = await quick.get(Note, "n")
    change = quick.begin()
    change.put(old.model_copy(update={"number": 2}), old)
    change.do("HINCRBY", store.key("marks"), "once", "1")
    with frozen(data):
        asked = asyncio.create_task(change.commit())
        with pytest.raises(StoreUnavailable):
            await quick.find(Note, "n")
    await asked
    assert await store.client.hget(store.key("marks"), "once") == "1"
    assert (await store.get(Note, "n")).number == 2
    await impatient.aclose()


async def test_a_full_disk_ends_the_server_and_nothing_acknowledged_is_lost(store: Store, data: Path) -> None:
    """With `appendfsync always` Valkey ends rather than acknowledge what it can't write."""
    pid, acknowledged, ended = store_pid(data), 0, False
    assert pid is not None
    limit = sum(file.stat().st_size for file in (data / "appendonlydir").iterdir()) + 20_000
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, limit))
    store._commits._patience = 0.3
    while not ended:
        try:
            await count_up(store)
            acknowledged += 1
        except StoreUnavailable:
            ended = True
    await asyncio.to_thread(wait_until, lambda: not owned(data), float("inf"), AssertionError)
    assert await asyncio.to_thread(revive_store, data)
    assert (await store.get(Note, "n")).number in {acknowledged, acknowledged + 1}
    await count_up(store)
