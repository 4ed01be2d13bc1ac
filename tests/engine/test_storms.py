"""An act for all whose worker is killed in the middle: another goes on, and everybody was answered once."""

import asyncio
import signal
from datetime import UTC, datetime

import pytest

from bot.domain.brands import Role, Standing
from bot.domain.bulk import Bulk, BulkState
from bot.domain.conversations import Conversation
from bot.domain.storms import Crowd
from bot.engine.failpoints import Failpoints, parse
from bot.engine.storms import StormEngine
from bot.network import Author, Item, ItemKind, Page, Ref
from bot.store.launcher import connect
from bot.store.records import Store
from tests.engine.bench import Bench
from tests.faults.processes import Life
from tests.publishing import open_desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
MANY, BULK = 30, "b1"
TEXTS = {"text": "Lo estamos mirando.", "text2": "Te contamos pronto.", "text3": "Gracias por decirlo."}


def work(url: str, team: str, failpoints: str) -> None:
    """A worker's life: batches until everybody was looked at."""
    asyncio.run(_work(url, team, failpoints))


async def _work(url: str, team: str, failpoints: str) -> None:
    client = connect(url)
    store = Store(client, team)
    engine = StormEngine(open_desk(store, "http://127.0.0.1:9"), Failpoints(parse(failpoints)))
    while (await store.get(Bulk, BULK)).place < MANY:
        await engine.tick()
        await asyncio.sleep(0.05)
    await client.aclose()


@pytest.mark.parametrize("point", ["bulk.before_batch=kill", "bulk.after_batch=kill", "bulk.after_batch=kill@2"])
async def test_killed_in_the_middle_everybody_is_answered_once(
    benches: dict[str, Bench], valkey: str, point: str
) -> None:
    desk, account = benches["facebook"].desk, benches["facebook"].account
    carla = Standing(id=f"{desk.store.team}:UCARLA")
    brand = await desk.brand(account.brand)
    change = desk.store.begin()
    change.put(brand.model_copy(update={"roles": {carla.id: frozenset({Role.MODERATOR})}}), brand)
    await change.commit()
    said = [
        Item(Ref(f"1_{n}"), ItemKind.COMMENT, Author(f"p{n}", f"p{n}", f"P {n}"), "Devolved el dinero", now(), Ref("1"))
        for n in range(MANY)
    ]
    await desk.receiving.receive(account, Page(said, ""), None)
    (crowd,) = await desk.store.listed(Crowd, "crowds")
    bulk = await desk.crowds.answer_all(crowd.id, BULK, TEXTS, carla, seen=MANY, until=10**15)
    assert await Life(work, valkey, desk.store.team, point).ended() == -signal.SIGKILL
    await release(desk.store, bulk.id)
    assert await Life(work, valkey, desk.store.team, "").ended() == 0
    over = await desk.store.get(Bulk, bulk.id)
    assert (over.state, over.done, over.passed) == (BulkState.RUNNING, MANY, 0), "until the answers have left"
    talks = await desk.store.listed(Conversation, f"crowd:{crowd.id}")
    answers = [[a.reply.text for a in await desk.conversations.replies(t.id) if a.reply] for t in talks]
    assert [len(each) for each in answers] == [1] * MANY
    flat = [text for each in answers for text in each]
    assert {flat.count(text) for text in TEXTS.values()} == {MANY // 3}
    assert (await desk.crowds.get(crowd.id)).busy == BULK


def now() -> datetime:
    return datetime.now(UTC)


async def release(store: Store, bulk: str) -> None:
    """The dead worker's lease is over."""
    old = await store.get(Bulk, bulk)
    change = store.begin()
    change.put(old.model_copy(update={"attention": now()}), old)
    await change.commit()
