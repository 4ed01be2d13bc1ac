"""What a clock left in the future before it was put back is due at once, and what is planned stays planned."""

from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import Delivery, Reply, State
from bot.store.due import DueIndex
from bot.store.marks import Marks, Verdict
from bot.store.records import Store

DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


def delivery(id_: str, state: State, ahead: timedelta, reply: Reply | None = None) -> Delivery:
    at = now() + ahead
    return Delivery(
        id=id_,
        brand="b",
        account="a",
        network="practice",
        generation=1,
        state=state,
        attention=at,
        due=at,
        created_at=at,
        reply=reply,
    )


async def test_leases_of_a_clock_that_was_ahead_are_over(store: Store) -> None:
    change = store.begin()
    undo = Reply(conversation="c", text="Hola", answers="1", by="T:U")
    change.put(delivery("claimed", State.CLAIMED, DAY))
    change.put(delivery("wire", State.WIRE, DAY))
    change.put(delivery("undo", State.PLANNED, DAY, undo))
    change.put(delivery("tomorrow", State.PLANNED, DAY))
    change.put(delivery("held by somebody", State.CLAIMED, timedelta(seconds=20)))
    await change.commit()
    taken = await DueIndex(store).claim()
    assert {claim.id: claim.found for claim in taken} == {
        "claimed": State.CLAIMED,
        "wire": State.WIRE,
        "undo": State.PLANNED,
    }
    assert await DueIndex(store).claim() == []  # they have a lease of this clock now


async def test_cards_and_paces_of_a_clock_that_was_ahead(store: Store) -> None:
    marks, before = Marks(store, "me"), now() + DAY
    await marks.touch([("C1", "one"), ("C1", "two")], before)
    (first,) = await marks.lease(before, limit=5)
    await marks.settle(first, Verdict(cost=timedelta(seconds=30), pause=before + timedelta(seconds=30)), before)
    (second,) = await marks.lease(now(), limit=5)
    assert (second.channel, second.name) == ("C1", "two")
    await marks.settle(second, Verdict(cost=timedelta(seconds=1)), now())
    await marks.touch([("C1", "three")], now())
    assert [mark.name for mark in await marks.lease(now(), limit=5)] == ["three"]


async def test_a_channel_that_somebody_draws_in_is_theirs(store: Store) -> None:
    marks = Marks(store, "me")
    await marks.touch([("C1", "one"), ("C1", "two")], now())
    assert len(await marks.lease(now(), limit=5)) == 1
    assert await Marks(store, "another").lease(now(), limit=5) == []
