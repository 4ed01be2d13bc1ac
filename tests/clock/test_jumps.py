"""The machine's clock jumps while posts are planned, claimed, on the wire: none twice, none lost, none stuck."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.brands import Account, AccountState
from bot.domain.conversations import Conversation, Outsider, Words
from bot.domain.deliveries import ASKS, Delivery, Reply, State
from bot.sandbox import world
from bot.store.records import Store
from tests.clock.faked import Machine, ended, machine, needs_compiler
from tests.engine.bench import WRITES
from tests.outside import Outside, outside_world
from tests.publishing import ANA, BRUNO, approve, open_desk, settle_in

pytestmark = [pytest.mark.slow, needs_compiler]

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
ACCOUNTS: Mapping[str, world.Account] = {account.network: account for account in reversed(world.ACCOUNTS)}


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with outside_world(tmp_path / "world") as running:
        yield running


@pytest.fixture
async def here(tmp_path: Path, team: str, outside: Outside) -> AsyncIterator[tuple[Machine, Store]]:
    async with machine(tmp_path, team, outside.url) as running:
        yield running


async def until(store: Store, id_: str, good: Callable[[Delivery], bool]) -> Delivery:
    """The delivery as soon as it is so; far sooner than any jump is long."""
    async with asyncio.timeout(40):
        while True:
            if good(found := await store.get(Delivery, id_)):
                return found


async def times(outside: Outside, account: world.Account, text: str) -> int:
    found = await outside.public(f"{account.network}:{account.handle}")
    return [post["text"] for post in found].count(text)


PLANNED = [  # ahead of the present, the jump, what becomes of it
    (50 * MINUTE, HOUR, State.LIVE),  # ten minutes late, which its limit of thirty allows
    (10 * MINUTE, HOUR, State.MISSED),
    (DAY - 5 * MINUTE, DAY, State.LIVE),
    (HOUR, DAY, State.MISSED),
]


async def test_put_forward_over_what_is_planned(here: tuple[Machine, Store], outside: Outside) -> None:
    place, store = here
    desk = open_desk(store, outside.url, now=place.now)
    account = ACCOUNTS["practice"]
    record = await settle_in(desk, account)
    for jump in (HOUR, DAY):
        start = place.off
        wanted: dict[str, tuple[State, str]] = {}
        for ahead, by, end in PLANNED:
            if by == jump:
                delivery = await approve(
                    desk, record, f"{ahead} {by}", id_=f"p{len(wanted)}-{by.days}", due=place.now() + ahead
                )
                wanted[delivery.id] = (end, f"{ahead} {by}")
        later = await approve(desk, record, f"after {jump}", id_=f"later-{jump.days}", due=place.now() + jump + HOUR)
        worker = await place.worker()
        try:
            place.put(start + jump)
            for id_, (end, text) in wanted.items():
                found = await until(store, id_, lambda it: it.state not in {State.PLANNED, State.CLAIMED, State.WIRE})
                assert (found.state, await times(outside, account, text)) == (end, int(end is State.LIVE))
            assert (await store.get(Delivery, later.id)).state is State.PLANNED
        finally:
            await ended(worker)
        await desk.deliveries.withdraw(later.id, BRUNO)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY])
async def test_while_the_request_is_on_its_way(here: tuple[Machine, Store], outside: Outside, jump: timedelta) -> None:
    place, store = here
    desk = open_desk(store, outside.url, now=place.now)
    for network in ("facebook", "practice"):
        account = ACCOUNTS[network]
        text = f"El café de hoy {network}"
        await outside.fault(target=network, times=1, when="after", delay=1, route=WRITES[network])
        delivery = await approve(desk, await settle_in(desk, account), text, id_=network)
        worker = await place.worker()
        try:
            await until(store, delivery.id, lambda it: it.state is State.WIRE)
            place.put(place.off + jump)
            found = await until(store, delivery.id, lambda it: it.state in {State.LIVE, *ASKS})
        finally:
            await ended(worker)
        # put forward before the request left, it is too late for this post by now, or its lease seems to be over:
        # somebody is asked
        asked = {(State.MISSED, 0), (State.UNKNOWN, 0)} if jump > timedelta() else set()
        assert (found.state, await times(outside, account, text)) in {(State.LIVE, 1), *asked}


@pytest.mark.parametrize("back", [-HOUR, -DAY])
@pytest.mark.parametrize("point", ["publish.after_claim", "publish.after_wire", "publish.after_answer"])
async def test_put_back_after_a_worker_died(
    here: tuple[Machine, Store], outside: Outside, point: str, back: timedelta
) -> None:
    place, store = here
    desk = open_desk(store, outside.url, now=place.now)
    account = ACCOUNTS["facebook"]
    delivery = await approve(desk, await settle_in(desk, account), "El café de hoy")
    assert await (await place.worker(f"{point}=kill")).wait() == -signal.SIGKILL
    place.put(back)
    worker = await place.worker()
    try:
        found = await until(store, delivery.id, lambda it: it.state in {State.LIVE, State.UNKNOWN})
    finally:
        await ended(worker)
    public = await times(outside, account, "El café de hoy")
    asks = point == "publish.after_wire"
    assert (found.state, public) == ((State.UNKNOWN, 0) if asks else (State.LIVE, 1))


@pytest.mark.parametrize("back", [-HOUR, -DAY])
async def test_put_back_while_a_reply_waits_for_undo(
    here: tuple[Machine, Store], outside: Outside, back: timedelta
) -> None:
    """It isn't kept back for a day."""
    place, store = here
    desk = open_desk(store, outside.url, now=place.now)
    account = ACCOUNTS["practice"]
    record = await settle_in(desk, account)
    post = await approve(desk, record, "El café de hoy")
    worker = await place.worker()
    try:
        live = await until(store, post.id, lambda it: it.state is State.LIVE)
        said = Words(ref="1", kind="comment", text="¡Qué rico!", at=place.now())
        talk = Conversation(
            id="talk",
            brand=record.brand,
            account=record.id,
            network=record.network,
            person=Outsider(id="eva", handle="eva", name="Eva"),
            heard=(said,),
            changed_at=place.now(),
            created_at=place.now(),
        )
        at = place.now() + timedelta(seconds=20)
        reply = Delivery(
            id="reply",
            brand=record.brand,
            account=record.id,
            network=record.network,
            generation=record.generation,
            reply=Reply(conversation=talk.id, text="Gracias", answers=live.ref, root=live.ref, by=ANA.id),
            attention=at,
            due=at,
            created_at=place.now(),
        )
        change = store.begin()
        change.put(talk)
        change.put(reply)
        await change.commit()
        place.put(back)
        await until(store, reply.id, lambda it: it.state is State.LIVE)
    finally:
        await ended(worker)
    (public,) = await outside.public(f"practice:{account.handle}")
    assert [answer["text"] for answer in public["replies"]] == ["Gracias"]


@pytest.mark.parametrize("off", [HOUR, -HOUR])
async def test_x_refuses_signatures_of_another_hour_and_no_account_dies_of_it(
    here: tuple[Machine, Store], outside: Outside, off: timedelta
) -> None:
    place, store = here
    place.put(off)
    desk = open_desk(store, outside.url, now=place.now)
    account = ACCOUNTS["x"]
    record = await settle_in(desk, account)
    delivery = await approve(desk, record, "El café de hoy")
    worker = await place.worker()
    try:
        found = await until(store, delivery.id, lambda it: it.trouble is not None)
        assert found.trouble is not None
        assert (found.trouble.kind, "clock" in found.trouble.detail) == ("outage", True)
        assert (await store.get(Account, record.id)).state is AccountState.ACTIVE
        place.put(timedelta())
        await until(store, delivery.id, lambda it: it.state in {State.LIVE, *ASKS})
    finally:
        await ended(worker)
    assert await times(outside, account, "El café de hoy") <= 1
