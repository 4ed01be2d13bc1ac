"""Turns and pauses, over all processes, also when a clock is put back."""

from datetime import UTC, datetime, timedelta

from bot.store.records import Store
from bot.store.turns import Turns

MINUTE = timedelta(minutes=1)


async def test_one_takes_the_turn(store: Store) -> None:
    assert await Turns(store).take("poll", "a", every=MINUTE)
    assert not await Turns(store).take("poll", "a", every=MINUTE)
    assert await Turns(store).take("poll", "b", every=MINUTE)


async def test_a_pause_holds_everybody_up_until_it_ends(store: Store) -> None:
    turns, until = Turns(store), datetime.now(UTC).replace(microsecond=0) + MINUTE
    await turns.pause("x", until=until)
    assert await turns.paused("x") == until
    assert not await turns.take("x", every=MINUTE)
    await turns.pause("x", until=datetime.now(UTC) - MINUTE)
    assert await turns.paused("x") is None
    assert await turns.take("x", every=MINUTE)


async def test_those_that_are_paused_among_many(store: Store) -> None:
    turns, until = Turns(store), datetime.now(UTC).replace(microsecond=0) + MINUTE
    await turns.pause("pause", "b", until=until)
    await turns.pause("pause", "c", until=until - 2 * MINUTE)
    assert await turns.paused_among("pause", names=["a", "b", "c"]) == {"b": until}
    assert await turns.paused_among("pause", names=[]) == {}


async def test_one_from_a_clock_that_was_put_back_is_void(store: Store) -> None:
    turns = Turns(store)
    tomorrow = round(datetime.now(UTC).timestamp() * 1000) + 86_400_000
    await store.client.hset(store.key("turn", "x"), mapping={"set": str(tomorrow), "until": str(tomorrow + 60_000)})
    assert await turns.paused("x") is None
    assert await turns.take("x", every=MINUTE)
    assert not await turns.take("x", every=MINUTE)


async def test_nothing_is_left_behind(store: Store) -> None:
    await Turns(store).take("poll", "a", every=MINUTE)
    assert 0 < await store.client.pttl(store.key("turn", "poll", "a")) <= 60_000
