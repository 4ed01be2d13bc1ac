"""A fact that falls before the wire: what leans on it isn't sent, whenever it fell, and a person keeps it later."""

from datetime import timedelta

import pytest

from bot.desk.posts import Content
from bot.domain.brands import Role, Standing
from bot.domain.deliveries import Delivery, State
from bot.domain.facts import Fact, TypedSource
from bot.errors import UserError
from tests.engine.bench import Bench
from tests.publishing import ANA, BRUNO

pytestmark = pytest.mark.slow

SAID = "La plaza se cierra el viernes"
CARLA = Standing(id="T:CARLA")
SOURCES = (
    TypedSource(owner="Ayuntamiento", url="https://madrid.es/plaza", on="2026-01-02"),
    TypedSource(owner="El Diario", url="https://diario.es/plaza", on="2026-01-03"),
)


async def verify(bench: Bench, verdict: str) -> Fact:
    known = await bench.desk.facts.get("f1")
    return await bench.desk.facts.verify("f1", len(known.verdicts), verdict, SOURCES, "-", "", CARLA)


async def leaning(bench: Bench, text: str = "Abrimos hasta tarde", *, leans: bool = True) -> Delivery:
    """An approved post that leans on a confirmed fact, or says it."""
    desk, brand = bench.desk, bench.account.brand
    assert Role.MODERATOR in (await desk.brand(brand)).roles[CARLA.id]
    await desk.facts.ask("f1", brand, SAID, False, SOURCES, "-", "", ANA)
    await verify(bench, "true")
    content = Content(brand=brand, text=text, accounts=(bench.account.id,), leans=("f1",) if leans else ())
    await desk.posts.submit("p1", content, ANA)
    await desk.posts.approve("p1", BRUNO, revision=1)
    (delivery,) = await desk.posts.deliveries("p1")
    return delivery


@pytest.mark.parametrize("leans", [True, False])
async def test_one_that_fell_before_the_claim_holds_it(benches: dict[str, Bench], leans: bool) -> None:
    bench = benches["practice"]
    delivery = await leaning(bench, "Abrimos" if leans else f"¡Ojo! {SAID}", leans=leans)
    await verify(bench, "false")
    held = await bench.work(delivery)
    assert (held.state, held.trouble and held.trouble.kind) == (State.HELD, "fact_false")
    assert held.trouble is not None
    assert held.trouble.detail == SAID
    with pytest.raises(UserError, match="fact_fell"):
        await bench.desk.deliveries.send_again(delivery.id, BRUNO)
    await verify(bench, "true")
    kept = await bench.desk.deliveries.send_again(delivery.id, BRUNO)
    assert (await bench.work(kept)).state is State.LIVE
    assert len(await bench.public()) == 1


@pytest.mark.parametrize(("verdict", "state"), [("rumour", State.HELD), ("true", State.LIVE)])
async def test_the_grant_itself_sees_one_that_fell_since(benches: dict[str, Bench], verdict: str, state: State) -> None:
    """Between the claim and the mark: the script wants the facts as they were read."""
    bench = benches["practice"]
    delivery = await leaning(bench)
    await bench.publisher._due.claim(lease=timedelta(seconds=30))
    claimed = await bench.desk.deliveries.get(delivery.id)
    briefing = await bench.publisher._briefer.one(delivery.id)
    assert (briefing.fell, [each.id for each in briefing.leans]) == (None, ["f1"])
    opened = bench.desk.accounts.open(bench.account)
    prepared = await opened.prepare(await bench.publisher._sending.draft(claimed))
    await opened.aclose()
    await verify(bench, "rumour")
    if verdict == "true":
        await verify(bench, "true")  # another record, and nothing against it: planned again, for now
    assert await bench.publisher._wire.grant(claimed, bench.account, prepared, leans=briefing.leans) is None
    assert (await bench.work(await bench.desk.deliveries.get(delivery.id))).state is state


async def test_a_verdict_whose_time_is_over_holds_it_though_nobody_wrote_that_down(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    delivery = await leaning(bench)
    fact = await bench.desk.facts.get("f1")
    change = bench.desk.store.begin()
    change.put(fact.model_copy(update={"expires": bench.desk.now() - timedelta(seconds=1)}), fact)
    await change.commit()
    held = await bench.work(delivery)
    assert (held.state, held.trouble and held.trouble.kind) == (State.HELD, "fact_open")


async def test_telling_it_twice_holds_once(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    delivery = await leaning(bench)
    await verify(bench, "false")
    assert [await bench.desk.facts.recall("f1") for _ in range(2)] == [1, 0]
    assert (await bench.desk.deliveries.get(delivery.id)).asked == 1
