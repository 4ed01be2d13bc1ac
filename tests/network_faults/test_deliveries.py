"""Every row of the table through the publishing protocol: one write at most, and an end that a person can read."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.domain.brands import AccountState
from bot.domain.deliveries import Delivery, State
from bot.network import Capability
from bot.network.faults import FAULTS, Outcome
from bot.store.records import Store
from bot.text.words import words_for
from handlers.views.publishing import delivery_line
from tests.engine.bench import ACCOUNTS, NETWORKS, Bench, Shift
from tests.network_faults.crooked import Crooked, crooked, full_house
from tests.network_faults.rows import NOTHING_LEFT, SLOW, served
from tests.outside import networks_only
from tests.publishing import BRUNO, approve, open_desk, settle_in

pytestmark = pytest.mark.slow

WRITES = {"x": "POST /2/tweets", "facebook": "POST /v*/feed", "practice": "POST /practice/accounts/*/posts"}
ONE_ANSWER = [name for name in FAULTS if name not in NOTHING_LEFT]
KINDS = {"policy": "policy", "validation": "validation", "gone": "gone"}


@dataclass
class Street:
    """A bench whose network can be reached through a crooked one only."""

    bench: Bench
    crooked: Crooked
    write: str

    async def sentence(self, delivery: Delivery) -> str:
        """What the card says of it, in Spanish."""
        page = await self.bench.desk.pages.post(delivery.post)
        return delivery_line(delivery, page, words_for("es"), _Anybody())


Opener = Callable[..., AbstractAsyncContextManager[Street]]


class _Anybody(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


@pytest.fixture
def street(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Opener:
    """Opens one by network."""

    @asynccontextmanager
    async def open_(network: str, *, patience: float = 10) -> AsyncIterator[Street]:
        async with networks_only(tmp_path_factory.mktemp(network)) as outside, crooked(outside.url) as there:
            clock = Shift()
            desk = open_desk(store, there.url, timeout=patience, now=clock)
            account = await settle_in(desk, ACCOUNTS[network])
            yield Street(Bench(desk, account, outside, clock), there, WRITES[network])

    return open_


async def once(bench: Bench) -> None:
    """One look at what is due."""
    await bench.publisher.tick()
    await bench.publisher.drain()


EXPECTED: Mapping[Outcome, tuple[State, str]] = {
    Outcome.TRANSIENT: (State.PLANNED, "outage"),
    Outcome.LIMITED: (State.PLANNED, "rate_limited"),
    Outcome.AUTH: (State.HELD, "auth"),
    Outcome.DUPLICATE: (State.REFUSED, "duplicate"),
    Outcome.REJECTED: (State.REFUSED, ""),
    Outcome.GONE: (State.REFUSED, "gone"),
}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("name", [name for name in ONE_ANSWER if FAULTS[name].write is not Outcome.UNKNOWN])
async def test_what_was_surely_not_sent(name: str, network: str, street: Opener) -> None:
    row = FAULTS[name]
    async with street(network) as there:
        there.crooked.break_(served(name, network), route=there.write)
        bench = there.bench
        planned = await approve(bench.desk, bench.account, "Hoy abrimos tarde")
        await once(bench)
        now = await bench.desk.deliveries.get(planned.id)
        state, kind = EXPECTED[row.write]
        assert (now.state, now.trouble and now.trouble.kind) == (state, kind or KINDS[row.kind])
        assert now.trouble is not None
        assert f"refused.{now.trouble.kind}" in words_for("es")
        assert await there.sentence(now)
        assert there.crooked.count(there.write) == 1
        assert await bench.public() == []
        account = await bench.desk.accounts.get(bench.account.id)
        assert (account.state is AccountState.DEAD) is (row.write is Outcome.AUTH)
        if row.write is Outcome.LIMITED:
            assert now.attention is not None
            wait = (now.attention - bench.desk.now()).total_seconds()
            assert abs(wait - min(row.wait or 900, 1801)) < 20  # a post is missed at its limit, half an hour
        if state is State.PLANNED:
            assert now.attention is not None
            assert now.attention > bench.desk.now() - timedelta(seconds=1)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("after", [False, True], ids=["without effect", "with effect"])
@pytest.mark.parametrize("name", [name for name in ONE_ANSWER if FAULTS[name].write is Outcome.UNKNOWN])
async def test_what_nobody_knows(name: str, after: bool, network: str, street: Opener) -> None:
    async with street(network, patience=1 if name in SLOW else 10) as there:
        there.crooked.break_(served(name, network), route=there.write, after=after)
        bench = there.bench
        end = await bench.work(await approve(bench.desk, bench.account, "¿Salió?"))
        again = Capability.IDEMPOTENT in bench.desk.providers[network].capabilities
        live = after or again
        assert (end.state, bool(end.ref)) == ((State.LIVE, True) if live else (State.UNKNOWN, False))
        assert there.crooked.count(there.write) == (2 if again and not after else 1)
        assert await bench.public() == (["¿Salió?"] if live else [])
        assert await there.sentence(end)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("name", NOTHING_LEFT)
async def test_what_could_not_leave(name: str, network: str, street: Opener) -> None:
    async with street(network, patience=1) as there, full_house() as full:
        url = {
            "no such host": "http://nobody.invalid",
            "connection refused": "http://127.0.0.1:9",
            "connect time-out": full,
            "no TLS there": there.crooked.url.replace("http://", "https://"),
        }[name]
        bench = there.bench
        bench.desk.endpoints = {network: replace(bench.desk.endpoints[network], url=url)}
        planned = await approve(bench.desk, bench.account, "¿Hay alguien?")
        await once(bench)
        now = await bench.desk.deliveries.get(planned.id)
        assert (now.state, now.trouble and now.trouble.kind) == (State.PLANNED, "outage")
        assert there.crooked.requests == []
        assert await there.sentence(now)


@pytest.mark.parametrize("network", ["x", "practice"])
async def test_three_of_five_segments_are_out(network: str, street: Opener) -> None:
    """The fourth's fault is its own: nothing that is out goes out again."""
    texts = ["Uno", "Dos", "Tres", "Cuatro", "Cinco"]
    async with street(network) as there:
        bench = there.bench
        delivery = await approve(bench.desk, bench.account, *texts)
        there.crooked.break_(served("503", network), route=there.write, skip=3)
        end = await bench.work(delivery)
        if network == "x":
            assert (end.state, len(end.refs)) == (State.UNKNOWN, 3)
            assert (await bench.chain())[-1].endswith("Tres")
            end = await bench.work(await bench.desk.deliveries.send_again(end.id, BRUNO, asked=end.asked))
        assert end.state is State.LIVE
        assert [text.split()[-1] for text in await bench.chain()] == texts
