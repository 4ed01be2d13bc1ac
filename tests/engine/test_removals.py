"""Taking down on every network: once is enough, twice is harmless, and a kill between the two changes nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.domain.deliveries import Delivery, State
from bot.domain.proposals import TRIES, Proposal
from bot.domain.proposals import State as Stands
from bot.engine.failpoints import Failpoints
from bot.engine.removals import Removals
from bot.sandbox import world
from bot.store.records import Store
from tests.outside import Outside, outside_world
from tests.publishing import BRUNO, CARLA, approve, open_desk, open_publisher, settle_in

pytestmark = pytest.mark.slow

ACCOUNTS = {account.network: account for account in reversed(world.ACCOUNTS)}
DELETES = {"x": "DELETE /2/tweets/*", "facebook": "DELETE /v*/*", "practice": "DELETE /practice/accounts/*/posts/*"}


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with outside_world(tmp_path) as running:
        yield running


class Bench:
    """One account with a post that is live."""

    def __init__(self, desk: Desk, account: Account, outside: Outside) -> None:
        self.desk, self.account, self.outside = desk, account, outside
        self.where = f"{account.network}:{account.handle}"

    async def live(self, text: str, id_: str = "p1") -> Delivery:
        delivery = await approve(self.desk, self.account, text, id_=id_)
        publisher = open_publisher(self.desk)
        while (now := await self.desk.deliveries.get(delivery.id)).attention is not None:
            await publisher.tick()
            await publisher.drain()
        assert now.state is State.LIVE
        return now

    async def seconded(self, delivery: Delivery, id_: str = "q1") -> Proposal:
        await self.desk.proposing.unpublish(id_, [delivery.id], "Por error", CARLA)
        return await self.desk.proposals.confirm(id_, BRUNO)

    async def public(self) -> list[str]:
        return [post["text"] for post in await self.outside.public(self.where)]


async def bench_of(network: str, store: Store, outside: Outside) -> Bench:
    account = ACCOUNTS[network]
    desk = open_desk(store, outside.url)
    return Bench(desk, await settle_in(desk, account), outside)


async def due_now(bench: Bench, id_: str = "q1") -> None:
    """As if the wait, or the lease of a worker that died, were over."""
    old = await bench.desk.proposals.get(id_)
    change = bench.desk.store.begin()
    change.put(old.model_copy(update={"attention": bench.desk.now()}), old)
    await change.commit()


@pytest.mark.parametrize("network", sorted(ACCOUNTS))
async def test_it_is_gone_and_said(network: str, store: Store, outside: Outside) -> None:
    bench = await bench_of(network, store, outside)
    delivery = await bench.live("Esto no debía salir")
    await bench.desk.stops.stop(bench.account.brand, BRUNO, silence=True)
    await bench.seconded(delivery)
    assert await bench.public() == ["Esto no debía salir"]
    await Removals(bench.desk, Failpoints()).tick()
    assert await bench.public() == []
    assert (await bench.desk.deliveries.get(delivery.id)).state is State.UNPUBLISHED
    assert (await bench.desk.proposals.get("q1")).state is Stands.DONE
    late = await bench.desk.deliveries.live(delivery.id, delivery.ref, delivery.url)
    assert late.state is State.UNPUBLISHED


@pytest.mark.parametrize("network", ["facebook", "x"])  # practice's client asks again by itself
async def test_an_answer_that_got_lost_is_asked_again(network: str, store: Store, outside: Outside) -> None:
    bench = await bench_of(network, store, outside)
    delivery = await bench.live("¿Se borró?")
    await outside.fault(target=network, route=DELETES[network], when="after", drop=True, times=1)
    await bench.seconded(delivery)
    removals = Removals(bench.desk, Failpoints())
    await removals.tick()
    waiting = await bench.desk.proposals.get("q1")
    assert (waiting.state, waiting.problem, waiting.attempts) == (Stands.SECONDED, "outage", 1)
    assert (await bench.desk.accounts.get(bench.account.id)).state is AccountState.ACTIVE
    await due_now(bench)
    await removals.tick()
    assert (await bench.desk.proposals.get("q1")).state is Stands.DONE
    assert await bench.public() == []


async def test_ten_attempts_and_then_a_person(store: Store, outside: Outside) -> None:
    bench = await bench_of("x", store, outside)
    delivery = await bench.live("No se deja")
    await outside.fault(target="x", route=DELETES["x"], when="before", status=503, times=TRIES)
    await bench.seconded(delivery)
    removals = Removals(bench.desk, Failpoints())
    for _ in range(TRIES):
        assert (await bench.desk.proposals.get("q1")).state is Stands.SECONDED
        await due_now(bench)
        await removals.tick()
    failed = await bench.desk.proposals.get("q1")
    assert (failed.state, failed.problem, failed.attempts) == (Stands.FAILED, "outage", TRIES)
    await bench.desk.proposals.retry("q1", CARLA)
    await removals.tick()
    assert (await bench.desk.proposals.get("q1")).state is Stands.DONE
    assert await bench.public() == []


async def test_attempts_that_never_end_are_told_too(store: Store, outside: Outside) -> None:
    """Whether each one ran out of time or the process died in it: nobody waits for ever for something to be gone."""
    bench = await bench_of("practice", store, outside)
    await bench.seconded(await bench.live("No acaba"))
    slow = Removals(bench.desk, Failpoints(), lease=timedelta(0))
    for _ in range(TRIES):
        assert (await bench.desk.proposals.get("q1")).state is Stands.SECONDED
        await due_now(bench)
        await slow.tick()
    failed = await bench.desk.proposals.get("q1")
    assert (failed.state, failed.problem, failed.detail) == (Stands.FAILED, "outage", "timed out")
    await bench.desk.proposals.retry("q1", CARLA)
    for _ in range(TRIES):
        assert await bench.desk.removals.take("q1", timedelta(0))
    await Removals(bench.desk, Failpoints()).tick()
    assert (await bench.desk.proposals.get("q1")).state is Stands.FAILED
    assert await bench.public() == ["No acaba"]


async def test_a_dead_token_is_told_at_once(store: Store, outside: Outside) -> None:
    bench = await bench_of("facebook", store, outside)
    delivery = await bench.live("Sin llave")
    await bench.seconded(delivery)
    await outside.post("/audience/expire", account=bench.where)
    await Removals(bench.desk, Failpoints()).tick()
    failed = await bench.desk.proposals.get("q1")
    assert (failed.state, failed.problem) == (Stands.FAILED, "access")


async def test_two_workers_do_it_once(store: Store, outside: Outside) -> None:
    bench = await bench_of("practice", store, outside)
    delivery = await bench.live("Uno")
    await bench.seconded(delivery)
    await asyncio.gather(*(Removals(bench.desk, Failpoints()).tick() for _ in range(4)))
    assert (await bench.desk.proposals.get("q1")).state is Stands.DONE
    calls = await outside.get("/calls", target="practice")
    assert len([call for call in calls["calls"] if call["method"] == "DELETE" or "DELETE" in str(call)]) == 1


KILLED = """
import asyncio, os, sys
from bot.engine.failpoints import Failpoints, parse
from bot.engine.removals import Removals
from bot.store.launcher import connect
from bot.store.records import Store
from tests.publishing import open_desk

async def main(store_url, team, sandbox):
    desk = open_desk(Store(connect(store_url), team), sandbox)
    await Removals(desk, Failpoints(parse(os.environ["VOCERO_FAILPOINTS"]))).tick()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("network", sorted(ACCOUNTS))
@pytest.mark.parametrize("point", ["removal.before_delete", "removal.after_delete"])
async def test_killed_between_the_intent_and_the_commit(
    network: str, point: str, valkey: str, store: Store, outside: Outside
) -> None:
    bench = await bench_of(network, store, outside)
    delivery = await bench.live("Mátame")
    await bench.seconded(delivery)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, valkey, store.team, outside.url),
        env={**os.environ, "VOCERO_FAILPOINTS": f"{point}=kill"},
    )
    assert await process.wait() == -signal.SIGKILL
    assert (await bench.desk.deliveries.get(delivery.id)).state is State.LIVE
    assert len(await bench.public()) == (1 if point == "removal.before_delete" else 0)
    removals = Removals(bench.desk, Failpoints())
    await removals.tick()  # the dead worker's lease holds
    assert (await bench.desk.proposals.get("q1")).state is Stands.SECONDED
    await due_now(bench)
    await removals.tick()
    assert (await bench.desk.proposals.get("q1")).state is Stands.DONE
    assert (await bench.desk.deliveries.get(delivery.id)).state is State.UNPUBLISHED
    assert await bench.public() == []
