"""What should have come to an end and did not is told; what only has to be looked at or drawn again is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.deliveries import Delivery, State
from bot.domain.vigil import stuck
from bot.engine.sweeping import Sweep
from handlers.views.ringing import AlarmCard
from tests.handlers.demo import Town
from tests.watchdog.test_watchdog import alarms, approved

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def delivery(state: State, **more: Any) -> Delivery:
    given: dict[str, Any] = {"attention": AT, "due": AT, "created_at": AT} | more
    return Delivery(id="d", brand="b", account="a", network="x", generation=1, post="p", state=state, **given)


@pytest.mark.parametrize(
    ("state", "more", "minutes", "why"),
    [
        (State.PLANNED, {}, 1, ""),
        (State.PLANNED, {}, 3, "unclaimed"),
        (State.PLANNED, {"attention": AT + timedelta(hours=1)}, 20, ""),
        (State.PLANNED, {"attention": AT + timedelta(hours=1)}, 40, "sending"),
        (State.CLAIMED, {"attention": AT + timedelta(minutes=9)}, 9, ""),
        (State.CLAIMED, {"attention": AT + timedelta(minutes=11)}, 11, "sending"),
        (State.WIRE, {"wire_at": AT, "attention": AT + timedelta(minutes=9)}, 2, ""),
        (State.WIRE, {"wire_at": AT, "attention": AT + timedelta(minutes=9)}, 4, "wire"),
        (State.LIVE, {"attention": None}, 600, ""),
        (State.MISSED, {"attention": None}, 600, ""),
        (State.HELD, {"attention": None}, 600, ""),
    ],
)
def test_how_long_a_delivery_may_take(state: State, more: dict[str, Any], minutes: int, why: str) -> None:
    assert stuck(delivery(state, **more), AT + timedelta(minutes=minutes)) == why


def sweep(town: Town) -> Sweep:
    async def shown(alarm: str) -> bool:
        return await town.deck.where(AlarmCard(alarm=alarm)) is not None

    return Sweep(town.desk, town.deck.marks, shown)


async def test_a_delivery_that_nobody_takes_is_told_until_it_is_out(town: Town) -> None:
    await approved(town, "Se queda parada")
    town.clock.skip(minutes=4)
    for _ in range(2):
        await sweep(town).sweep()
        await town.settle()
    (said,) = await alarms(town)
    assert "nadie la recoge" in said
    await town.publish()
    await sweep(town).sweep()
    assert not [alarm for alarm in await town.desk.alarms.open() if alarm.kind is AlarmKind.STUCK]


async def test_a_delivery_that_fell_out_of_the_line_is_put_there_again(town: Town) -> None:
    await approved(town, "Fuera de la cola")
    store = town.desk.store
    index = store.key("index", "due")
    (id_,) = map(str, await store.client.zrange(index, 0, -1))
    await store.client.zrem(index, id_)
    town.clock.skip(seconds=20)
    await sweep(town).sweep()
    assert await store.client.zscore(index, id_) is not None
    await town.publish()
    assert (await store.get(Delivery, str(id_))).state is State.LIVE


async def test_a_question_whose_event_got_lost_is_asked(town: Town) -> None:
    await approved(town, "Nadie lo supo")
    await town.settle()
    town.clock.skip(hours=1)
    store = town.desk.store
    (id_,) = map(str, await store.client.zrange(store.key("index", "due"), 0, -1))
    await store.client.zadd(store.key("index", "due"), {id_: 0})
    await town.publisher.tick()
    await town.publisher.drain()
    await store.client.xtrim(store.key("events"), maxlen=0)
    await town.settle()
    assert not await alarms(town)
    await sweep(town).sweep()
    town.clock.skip(minutes=2)
    await sweep(town).sweep()
    await town.settle()
    (alarm,) = await town.desk.alarms.open()
    assert alarm.kind is AlarmKind.MISSED


async def test_a_card_that_was_given_up_is_drawn_again_and_told_when_that_is_in_vain(town: Town) -> None:
    store, mark = town.desk.store, 'C_NOWHERE ["review.card","gone"]'
    aside = store.key("dirty", "!aside")
    await store.client.hset(aside, mark, "beef")
    await sweep(town).sweep()
    assert not await store.client.hexists(aside, mark)
    assert await town.deck.marks.waits(*mark.split(" ", 1))
    await store.client.zrem(store.key("dirty", "C_NOWHERE"), mark.split(" ", 1)[1])
    await store.client.hset(aside, mark, "cafe")
    await sweep(town).sweep()
    (alarm,) = await town.desk.alarms.open("")
    assert (alarm.kind, alarm.detail["about"]) == (AlarmKind.STUCK, "cafe")
    await store.client.hdel(aside, mark)
    town.clock.skip(minutes=2)
    await sweep(town).sweep()
    assert not await town.desk.alarms.open("")


async def test_what_was_set_aside_is_told_once(town: Town) -> None:
    store = town.desk.store
    await store.client.xadd(store.key("inbox", "aside"), {"payload": "sealed", "correlation": "abc123", "at": "0"})
    await store.client.xadd(store.key("events", "aside"), {"event": "{}"})
    for _ in range(2):
        await sweep(town).sweep()
        await town.settle()
    (said,) = await alarms(town)
    assert "abc123" in said
    assert "no se ha podido contar" in said
