"""Publishing by hand at its hour: a person is asked once, whatever dies meanwhile, never while it may not go out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.assisted import Details
from bot.desk.desk import Desk
from bot.domain.brands import Account, Brand, Channels, Policies, Role, Standing
from bot.domain.deliveries import Delivery, State
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.engine.probing import Prober
from bot.store.records import Store
from tests.engine.bench import Shift, Stumble
from tests.engine.test_leaning import leaning, verify
from tests.publishing import ANA, BRUNO, CARLA, approve, open_desk, open_publisher

pytestmark = pytest.mark.slow

ADMIN = Standing(id="T:ADMIN", admin=True)


@dataclass
class Hand:
    """An assisted account, its desk and a clock that can be moved."""

    desk: Desk
    account: Account
    clock: Shift

    async def work(self, *stumbling: str) -> None:
        """Whatever is due, by one worker after the other; the first ones lose their thread."""
        for point in (*stumbling, ""):
            publisher = open_publisher(self.desk, Stumble(point) if point else None)
            await publisher.tick()
            await publisher.drain()
            await self.now()

    async def now(self) -> None:
        """Leases end, and times come: the store's clock stands elsewhere."""
        index = self.desk.store.key("index", "due")
        found: Any = await self.desk.store.client.zrange(index, 0, -1)
        for id_ in found:
            delivery = await self.desk.deliveries.get(id_)
            if delivery.state is State.CLAIMED or (delivery.attention and delivery.attention <= self.clock()):
                await self.desk.store.client.zadd(index, {id_: 0})


@pytest.fixture
async def hand(store: Store) -> Hand:
    clock = Shift()
    desk = open_desk(store, "http://127.0.0.1:9", now=clock)
    roles = {
        ANA.id: frozenset({Role.AUTHOR}),
        BRUNO.id: frozenset({Role.APPROVER}),
        CARLA.id: frozenset({Role.MODERATOR}),
    }
    brand = Brand(id="agora", name="Café Ágora", channels=Channels(review="C1"), roles=roles, policies=Policies())
    change = store.begin()
    change.put(brand)
    await change.commit()
    details = Details("linkedin-assisted", "Café Ágora", handle="cafe-agora", publisher=ANA.id, deputy=BRUNO.id)
    return Hand(desk, await desk.assisted.save("hand-a1", "agora", details, ADMIN), clock)


async def told(hand: Hand, delivery: Delivery) -> tuple[State, list[str], str]:
    """State, whom it was asked of, and why it stopped."""
    now = await hand.desk.deliveries.get(delivery.id)
    return now.state, [ask.to for ask in now.asks], now.trouble.kind if now.trouble else ""


async def test_whoever_publishes_there_is_asked_at_its_hour(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta", due=hand.clock() + timedelta(hours=1))
    await hand.work()
    assert await told(hand, delivery) == (State.PLANNED, [], "")
    hand.clock.by = timedelta(hours=1)
    await hand.now()
    await hand.work()
    assert await told(hand, delivery) == (State.BY_HAND, [ANA.id], "")
    now = await hand.desk.deliveries.get(delivery.id)
    assert now.asks[0].until == now.due + timedelta(minutes=30)
    await hand.work()  # nothing more is asked before that
    assert await told(hand, delivery) == (State.BY_HAND, [ANA.id], "")


@pytest.mark.parametrize("point", ["publish.after_claim", "by_hand.before_ask", "by_hand.after_ask"])
async def test_asked_once_whoever_loses_the_thread(hand: Hand, point: str) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work(point, point)
    assert await told(hand, delivery) == (State.BY_HAND, [ANA.id], "")
    events: Any = await hand.desk.store.client.xrange(hand.desk.store.key("events"))
    asks = [fields for _, fields in events if '"by_hand"' in fields["event"]]
    assert len(asks) == 1


async def test_nobody_says_anything_and_it_is_missed(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work()
    hand.clock.by = timedelta(minutes=29)
    await hand.now()
    await hand.work()
    assert (await told(hand, delivery))[0] is State.BY_HAND
    hand.clock.by = timedelta(minutes=31)
    await hand.now()
    await hand.work()
    assert await told(hand, delivery) == (State.MISSED, [ANA.id], "")


async def test_one_that_is_looked_at_too_early_waits_for_its_time(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work()
    await hand.desk.store.client.zadd(hand.desk.store.key("index", "due"), {delivery.id: 0})
    await hand.work()
    now = await hand.desk.deliveries.get(delivery.id)
    assert now.state is State.BY_HAND
    assert now.attention is not None
    assert now.attention > now.asks[0].until


async def test_nobody_is_asked_while_the_brand_is_stopped(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.desk.stops.stop("agora", CARLA)
    await hand.work()
    assert await told(hand, delivery) == (State.HELD, [], "stopped")


async def test_a_stop_holds_what_was_asked_already(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work()
    await hand.desk.stops.stop("agora", CARLA)
    assert await told(hand, delivery) == (State.HELD, [ANA.id], "stopped")


async def test_it_is_held_though_whoever_stopped_died_before_that(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work()
    held = await hand.desk.stops.stop("agora", CARLA)
    now = await hand.desk.deliveries.get(delivery.id)
    change = hand.desk.store.begin()  # as it is where the stop was stored and nothing after it
    change.put(now.model_copy(update={"state": State.BY_HAND, "trouble": None}), now)
    await change.commit()
    await hand.desk.stops.hold_asked("agora")
    await hand.desk.stops.hold_asked("agora")
    assert await told(hand, delivery) == (State.HELD, [ANA.id], "stopped")
    assert held.by == CARLA.id


async def test_what_is_kept_after_a_stop_is_asked_anew(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work()
    await hand.desk.stops.stop("agora", CARLA)
    await hand.desk.stops.resume("agora", BRUNO)
    await hand.desk.deliveries.send_again(delivery.id, BRUNO)
    await hand.work()
    assert await told(hand, delivery) == (State.BY_HAND, [ANA.id, ANA.id], "")


async def test_a_fact_that_falls_reaches_whoever_was_asked(hand: Hand) -> None:
    there: Any = hand  # has the desk and the account that these need
    delivery = await leaning(there)
    await hand.work()
    assert (await told(hand, delivery))[0] is State.BY_HAND
    await verify(there, "false")
    assert await hand.desk.facts.recall("f1") == 1
    assert await told(hand, delivery) == (State.HELD, [ANA.id], "fact_false")


async def test_nobody_is_asked_for_what_leans_on_one_that_fell(hand: Hand) -> None:
    there: Any = hand
    delivery = await leaning(there)
    await verify(there, "false")
    await hand.work()
    assert await told(hand, delivery) == (State.HELD, [], "fact_false")


async def test_an_account_that_was_disconnected_asks_nobody(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    await hand.work()
    await hand.desk.accounts.hold_planned(hand.account.id)
    assert await told(hand, delivery) == (State.HELD, [ANA.id], "disconnected")


async def test_another_profile_was_not_approved(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    details = Details("linkedin-assisted", "Café Ágora", handle="otra-cuenta", publisher=ANA.id)
    await hand.desk.assisted.save("hand-a1", "agora", details, ADMIN)
    await hand.work()
    assert await told(hand, delivery) == (State.HELD, [], "account_changed")


async def test_where_there_is_nobody_its_people_hear_of_it(hand: Hand) -> None:
    delivery = await approve(hand.desk, hand.account, "Hoy, tarta")
    brand = await hand.desk.brand("agora")
    change = hand.desk.store.begin()
    change.put(brand.model_copy(update={"roles": {}}), brand)
    await change.commit()
    await hand.work()
    assert await told(hand, delivery) == (State.REFUSED, [], "nobody")


async def test_nothing_opens_polls_or_probes_the_account(hand: Hand) -> None:
    hand.clock.by = timedelta(days=3)
    await Prober(hand.desk).tick()
    await Poller(hand.desk, Failpoints(), every=timedelta(seconds=1)).tick()
    assert await hand.desk.accounts.locked("agora") == []
    now = await hand.desk.accounts.get(hand.account.id)
    assert (now.version, await hand.desk.access.of(now)) == (hand.account.version + 1, None)
