"""What Slack feels: how soon a command or an event is acknowledged, and what the process weighs meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import world
from bot.store.inbox import Inbox
from bot.store.launcher import connect, store_pid
from bot.store.records import Store
from tests.bench import slack_stub
from tests.bench.processes import Residents, Served, cpu_of, folder_with_store, free_port, one_fsync, serving, settings
from tests.bench.scale import Scale
from tests.bench.slack_stub import SlackStub
from tests.bench.table import Line, Wrong, exactly_once, median, ms, quantile
from tests.bench.wire import Acks, commands, hammer, mentions, pace

AT_ONCE = 32
ROUNDS = 3
RATE = 300
BURST = 500
HANDLED = 3.0
"""Seconds after its acknowledgement by which a command is answered."""
DRAINED = 120.0
"""Seconds after the last acknowledgement until what isn't handled counts as lost."""
MB = 1_000_000


@dataclass
class Side:
    """What runs side by side: the bot, two baselines, and Slack's stub."""

    data: Path
    inbox: Inbox
    stub: SlackStub
    ours: Served
    bolt: Served
    storing: Served
    residents: Residents


@asynccontextmanager
async def side_by_side() -> AsyncIterator[Side]:
    """All of it, warm."""
    async with AsyncExitStack() as stack:
        data, url = await stack.enter_async_context(folder_with_store())
        stub = await stack.enter_async_context(slack_stub.listening())
        ports = [free_port() for _ in range(3)]
        ours = await stack.enter_async_context(
            serving(ports[0], data / "bot.log", ("bot", "run"), **settings(data, stub.url, ports[0]))
        )
        bare = "tests.bench.bare_bolt"
        bolt, storing = [
            await stack.enter_async_context(serving(port, data / "bolt.log", (bare, str(port), stub.url, *more)))
            for port, more in zip(ports[1:], ((), (url,)), strict=True)
        ]
        store_process = store_pid(data)
        if store_process is None:
            raise Wrong("the store is down")
        client = connect(url)
        stack.push_async_callback(client.aclose)
        residents = Residents({"bot": ours.pid, "store": store_process, "bolt": bolt.pid})
        watcher = asyncio.create_task(residents.watch())
        stack.callback(watcher.cancel)
        side = Side(data, Inbox(Store(client, world.TEAM_ID), "bench"), stub, ours, bolt, storing, residents)
        for served in (ours, bolt, storing):
            await hammer(served.port, commands(stub.url), at_once=4, most=100)
        await answered(side, 100)
        yield side


async def answered(side: Side, count: int) -> None:
    """Waits until so many answers were told, and none is left in the inbox; raises Wrong."""
    deadline = time.perf_counter() + DRAINED
    while len(side.stub.told) < count or await side.inbox.waiting():
        if time.perf_counter() > deadline:
            raise Wrong(f"{len(side.stub.told)} of {count} were handled {DRAINED:.0f} s after their acknowledgement")
        await asyncio.sleep(0.1)


async def handled(side: Side, acks: Acks) -> list[float]:
    """Seconds from each acknowledgement to its answer, which came once and no more; raises Wrong."""
    await answered(side, len(acks.names))
    await asyncio.sleep(0.3)
    exactly_once(acks.names, [name for name, _ in side.stub.told], "answers")
    return [at - acks.at[name] for name, at in side.stub.told]


async def alone(side: Side, scale: Scale) -> list[Line]:
    """One command after another."""
    ours, bolt, fsyncs = Acks(), Acks(), list[float]()
    for _ in range(ROUNDS):
        bolt.join(await hammer(side.bolt.port, commands(side.stub.url), at_once=1, most=scale.alone))
        fsyncs += await asyncio.to_thread(one_fsync, side.data)
        side.stub.clear()
        acks = await hammer(side.ours.port, commands(side.stub.url), at_once=1, most=scale.alone)
        await handled(side, acks)
        ours.join(acks)
    mine, theirs = median(ours.took), median(bolt.took)
    ratio = mine / theirs
    return [
        Line(
            "command_ack_p50",
            "one signed command, concurrency 1: request to durable ack, p50",
            "≤ 1/3 of bare Bolt",
            f"{ms(mine)} (p99 {ms(quantile(ours.took, 0.99))}; one fsync {ms(median(fsyncs))})",
            f"bare Bolt {ms(theirs)}",
            ratio,
            ratio <= 1 / 3,
            mine,
            "s",
            theirs,
        )
    ]


async def storm(side: Side, served: Served, seconds: float, most: int = 0) -> tuple[Acks, list[float]]:
    """One round, until the last is handled: the acknowledgements, and for ours how long after each it was handled."""
    side.stub.clear()
    before = cpu_of(served.pid)
    acks = await hammer(served.port, commands(side.stub.url), at_once=AT_ONCE, seconds=seconds, most=most)
    late = await handled(side, acks) if served is side.ours else []
    acks.cpu = cpu_of(served.pid) - before
    return acks, late


async def together(side: Side, scale: Scale) -> list[Line]:
    """Thirty-two at a time, round by round against both baselines."""
    late: list[float] = []
    steady, burst = [[Acks(), Acks(), Acks()] for _ in range(2)]
    for _ in range(ROUNDS):
        for number, served in enumerate((side.bolt, side.storing, side.ours)):
            acks, after = await storm(side, served, scale.together)
            steady[number].join(acks)
            late += after
            burst[number].join((await storm(side, served, 60, BURST))[0])
    bolt, storing, ours = steady
    bare, durable = ours.rate / bolt.rate, ours.rate / storing.rate
    return [
        Line(
            "commands_together",
            f"commands, concurrency {AT_ONCE}, durable, {scale.together:.0f} s on end",
            "≥ 0.6 of bare Bolt, which stores nothing",
            f"{told(ours)}, p99 {ms(quantile(ours.took, 0.99))}",
            f"bare Bolt {told(bolt)}",
            bare,
            bare >= 0.6,
            ours.rate,
            "acks/s",
            bolt.rate,
        ),
        Line(
            "commands_together_against_storing_bolt",
            "the same against bare Bolt with the same durable write",
            "",
            told(ours),
            f"Bolt + XADD, AOF always, {told(storing)}",
            durable,
            None,
            ours.rate,
            "acks/s",
            storing.rate,
        ),
        Line(
            "commands_handled_last",
            "each of them handled after its ack",
            f"within {HANDLED:.0f} s",
            f"p50 {ms(median(late))}, p99 {ms(quantile(late, 0.99))}, last {ms(max(late))}",
            held=max(late) <= HANDLED,
            value=max(late),
            unit="s",
        ),
        Line(
            "commands_burst",
            f"a burst of {BURST} commands, concurrency {AT_ONCE}",
            "",
            f"{burst[2].rate:,.0f} acks/s",
            f"bare Bolt {burst[0].rate:,.0f} acks/s",
            burst[2].rate / burst[0].rate,
            None,
            burst[2].rate,
            "acks/s",
            burst[0].rate,
        ),
    ]


def told(acks: Acks) -> str:
    """How many a second, and what each cost its process, handling included: less noisy on a busy machine."""
    return f"{acks.rate:,.0f} acks/s ({acks.cpu / len(acks.took) * 1000:.2f} ms CPU each)"


async def events(side: Side, scale: Scale) -> list[Line]:
    """A steady stream, as a busy workspace sends it."""
    bolt = await pace(side.bolt.port, mentions(), rate=RATE, seconds=scale.events / 6)
    side.stub.clear()
    before = (await side.inbox.counts())["received"]
    ours = await pace(side.ours.port, mentions(), rate=RATE, seconds=scale.events)
    late = await handled(side, ours)
    stored = (await side.inbox.counts())["received"] - before
    if stored != len(ours.names):
        raise Wrong(f"{stored} of {len(ours.names)} events were stored")
    mine, theirs = quantile(ours.took, 0.99), quantile(bolt.took, 0.99)
    return [
        Line(
            "events_ack_p99",
            f"{RATE} Slack events/s for {scale.events:.0f} s: ack",
            "p99 < 500 ms, none over 3 s",
            f"p50 {ms(median(ours.took))}, p99 {ms(mine)}, max {ms(max(ours.took))}",
            f"bare Bolt p99 {ms(theirs)}, max {ms(max(bolt.took))}",
            mine / theirs,
            mine < 0.5 and max(ours.took) <= 3,
            mine,
            "s",
            theirs,
        ),
        Line(
            "events_handled_last",
            "each of them handled after its ack",
            "",
            f"p50 {ms(median(late))}, last {ms(max(late))}",
            value=max(late),
            unit="s",
        ),
    ]


def memory(side: Side) -> list[Line]:
    """The most that it was during all of this."""
    side.residents.look()
    most, whole = side.residents.most, side.residents.together
    return [
        Line(
            "memory_under_load",
            "resident memory under that load, bot and store",
            "< 250 MB together",
            f"{whole / MB:.0f} MB (bot {most['bot'] / MB:.0f}, store {most['store'] / MB:.0f})",
            f"bare Bolt {most['bolt'] / MB:.0f} MB",
            whole / most["bolt"],
            whole < 250 * MB,
            whole / MB,
            "MB",
            most["bolt"] / MB,
        )
    ]


async def run(scale: Scale) -> list[Line]:
    """All that needs the running bot."""
    async with side_by_side() as side:
        lines = await alone(side, scale)
        lines += await together(side, scale)
        lines += await events(side, scale)
        return lines + memory(side)
