"""However often an operator wants to poll, a network is asked no oftener than its limits allow."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alarms import AlarmKind
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.network.waits import LONGEST, SOONEST
from bot.store.records import Store
from tests.contract.networks import found, provider
from tests.engine.bench import ACCOUNTS
from tests.outside import networks_only
from tests.publishing import open_desk, settle_in

QUARTER = 900.0


@pytest.mark.parametrize("name", found())
def test_a_slow_operator_is_taken_at_their_word(name: str) -> None:
    assert provider(name).limits.pace(60.0, 3) == 60.0


def test_x_is_never_asked_for_mentions_too_often() -> None:
    limits = provider("x").limits
    for accounts in range(1, 40):
        polls = QUARTER / limits.pace(1.0, accounts)
        assert polls <= 300  # of an account
        assert polls * accounts <= 450  # of the app


async def test_the_next_poll_waits_for_the_network(store: Store, tmp_path: Path) -> None:
    async with networks_only(tmp_path) as outside:
        desk = open_desk(store, outside.url, timeout=10)
        account = await settle_in(desk, ACCOUNTS["x"])
        poller = Poller(desk, Failpoints(), every=timedelta(seconds=0.2))
        for _ in range(5):
            await poller.tick()
        calls = (await outside.get("/calls", target="x"))["calls"]
        assert len([call for call in calls if call["path"].endswith("/mentions")]) == 1
        kept = await store.client.hgetall(store.key("turn", "poll", account.id))
        assert (float(kept["until"]) - float(kept["set"])) / 1000 >= QUARTER / 300


async def test_where_each_request_has_a_limit_of_its_own_the_account_is_still_watched(
    store: Store, tmp_path: Path
) -> None:
    """X has us wait a quarter of an hour for mentions: a post by another hand alarms with the next poll."""
    async with networks_only(tmp_path) as outside:
        desk = open_desk(store, outside.url, timeout=10)
        account = await settle_in(desk, ACCOUNTS["x"])

        async def poll() -> None:
            await store.client.delete(store.key("turn", "poll", account.id))
            await Poller(desk, Failpoints(), every=timedelta(seconds=1)).tick()

        await poll()
        await outside.fault(target="x", route="GET /2/users/*/mentions", status=429, body={}, times=99)
        await poll()
        asked = len((await outside.get("/calls", target="x"))["calls"])
        await outside.post("/audience/publish", account=f"x:{account.handle}", text="Nadie de aquí")
        await poll()
        calls = (await outside.get("/calls", target="x"))["calls"][asked:]
        assert {call["path"].rpartition("/")[2] for call in calls} == {"tweets"}
        assert [alarm.kind for alarm in await desk.alarms.open()] == [AlarmKind.FOREIGN_POST]


@pytest.mark.parametrize(
    ("seconds", "at_most"), [("1000000000", LONGEST), ("0", SOONEST), ("30", timedelta(seconds=31))]
)
async def test_a_limit_pauses_the_poll_sensibly(store: Store, tmp_path: Path, seconds: str, at_most: timedelta) -> None:
    async with networks_only(tmp_path) as outside:
        desk = open_desk(store, outside.url, timeout=10)
        account = await settle_in(desk, ACCOUNTS["practice"])
        await outside.fault(target="practice", status=429, headers={"Retry-After": seconds}, body={}, times=1)
        await Poller(desk, Failpoints(), every=timedelta(seconds=1)).tick()
        kept = await store.client.hget(store.key("turn", "poll", account.id), "until")
        assert kept is not None
        left = float(kept) / 1000 - desk.now().timestamp()
        assert 0 < left <= at_most.total_seconds() + 1
