"""The publishing protocol against the sandbox's X, Facebook and practice: every answer has a decided outcome."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.posts import Content
from bot.domain.brands import AccountState, Stop
from bot.domain.deliveries import Delivery, State
from bot.errors import UserError
from bot.store.records import Store
from tests.engine.bench import NETWORKS, WRITES, Bench
from tests.publishing import ANA, BRUNO, approve, open_publisher

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("network", NETWORKS)
async def test_live_once(network: str, benches: dict[str, Bench]) -> None:
    bench = benches[network]
    delivery = await approve(bench.desk, bench.account, "Hoy, café con <b>& libros")
    end = await bench.work(delivery)
    assert (end.state, end.attempts, bool(end.ref)) == (State.LIVE, 1, True)
    assert await bench.public() == ["Hoy, café con <b>& libros"]


@pytest.mark.parametrize("network", NETWORKS)
async def test_an_answer_that_got_lost_is_looked_for_and_never_sent_again(
    network: str, benches: dict[str, Bench]
) -> None:
    bench = benches[network]
    await bench.outside.fault(target=network, route=WRITES[network], when="after", drop=True, times=1)
    end = await bench.work(await approve(bench.desk, bench.account, "¿Salió?"))
    assert (end.state, bool(end.ref)) == (State.LIVE, True)
    assert await bench.public() == ["¿Salió?"]


@pytest.mark.parametrize("network", ["x", "facebook"])
async def test_a_5xx_without_effect_is_a_question_to_a_person(network: str, benches: dict[str, Bench]) -> None:
    bench = benches[network]
    html = "<html>Bad gateway</html>"
    await bench.outside.fault(
        target=network, route=WRITES[network], when="before", status=502, body=html,
        headers={"Content-Type": "text/html"}, times=1,
    )  # fmt: skip
    end = await bench.work(await approve(bench.desk, bench.account, "¿Y esta?"))
    assert (end.state, end.trouble and end.trouble.kind) == (State.UNKNOWN, "unknown")
    assert await bench.public() == []
    again = await bench.desk.deliveries.send_again(end.id, BRUNO)
    assert (await bench.work(again)).state is State.LIVE
    assert await bench.public() == ["¿Y esta?"]
    with pytest.raises(UserError):
        await bench.desk.deliveries.leave(end.id, BRUNO)


async def test_practice_is_asked_again_with_the_same_key(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    await bench.outside.fault(target="practice", route=WRITES["practice"], when="before", status=502, times=1)
    end = await bench.work(await approve(bench.desk, bench.account, "Otra vez"))
    assert (end.state, end.attempts) == (State.LIVE, 2)
    assert await bench.public() == ["Otra vez"]


@pytest.mark.parametrize("network", NETWORKS)
async def test_a_rate_limit_waits_for_the_networks_own_time(network: str, benches: dict[str, Bench]) -> None:
    bench = benches[network]
    reset = datetime.now(UTC) + timedelta(seconds=90)
    headers = {
        "x": {"x-rate-limit-reset": str(int(reset.timestamp())), "x-rate-limit-remaining": "0"},
        "facebook": {},
        "practice": {"Retry-After": "90"},
    }[network]
    code = 32 if network == "facebook" else 0
    error = {"message": "Page request limit reached", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    await bench.outside.fault(
        target=network, route=WRITES[network], when="before", status=400 if code else 429, headers=headers,
        body={"error": error} if code else {"title": "Too Many Requests"}, times=1,
    )  # fmt: skip
    waiting = await bench.work(await approve(bench.desk, bench.account, "Con calma"), State.PLANNED)
    assert waiting.state is State.PLANNED
    assert waiting.attention is not None
    wait = (waiting.attention - datetime.now(UTC)).total_seconds()
    assert 60 < wait < (16 * 60 if code else 95)
    assert await bench.public() == []


@pytest.mark.parametrize("network", NETWORKS)
async def test_a_dead_token_holds_and_says_so(network: str, benches: dict[str, Bench]) -> None:
    bench = benches[network]
    await bench.outside.post("/audience/expire", account=bench.where)
    end = await bench.work(await approve(bench.desk, bench.account, "Sin llave"))
    assert (end.state, end.trouble and end.trouble.kind) == (State.HELD, "auth")
    account = await bench.desk.accounts.get(bench.account.id)
    assert account.state is AccountState.DEAD
    assert [d.id for d in await bench.desk.accounts.held(account.id)] == [end.id]


async def test_a_refusal_is_final_and_only_that_accounts(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    first = await bench.work(await approve(bench.desk, bench.account, "Lo mismo"))
    assert first.state is State.LIVE
    second = await bench.work(await approve(bench.desk, bench.account, "Lo mismo", id_="p2"))
    assert (second.state, second.trouble and second.trouble.kind) == (State.REFUSED, "duplicate")
    assert await bench.public() == ["Lo mismo"]


async def test_sent_again_though_it_was_live_all_along_is_found_and_not_doubled(benches: dict[str, Bench]) -> None:
    """The answer got lost, and so did every look; a person sends it again; X says it has it already."""
    bench = benches["x"]
    await bench.outside.fault(target="x", route=WRITES["x"], when="after", drop=True, times=1)
    sent = await bench.work(await approve(bench.desk, bench.account, "Estuvo siempre"), State.WIRE)
    await bench.outside.fault(target="x", route="GET /2/users/*/tweets", when="before", status=503, times=3)
    end = await bench.work(sent)
    assert end.state is State.UNKNOWN
    await bench.outside.calm()
    again = await bench.desk.deliveries.send_again(end.id, BRUNO)
    assert (await bench.work(again)).state is State.LIVE
    assert await bench.public() == ["Estuvo siempre"]


async def test_nothing_leaves_once_stopped_not_even_what_is_claimed(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    delivery = await approve(bench.desk, bench.account, "Alto")
    await bench.desk.stops.stop(bench.account.brand, ANA)
    assert (await bench.work(delivery)).state is State.HELD
    late = await approve(bench.desk, bench.account, "Alto también", id_="p2")
    assert (await bench.work(late)).state is State.HELD
    assert await bench.public() == []


async def stated(bench: Bench, text: str, id_: str, stop: Stop) -> Delivery:
    """A post that somebody approved who saw that stop."""
    content = Content(brand=bench.account.brand, text=text, accounts=(bench.account.id,))
    await bench.desk.posts.submit(id_, content, ANA)
    await bench.desk.posts.approve(id_, BRUNO, revision=1, despite=stop.note)
    (delivery,) = await bench.desk.posts.deliveries(id_)
    return delivery


async def test_a_statement_goes_out_in_spite_of_the_stop_that_its_approver_saw_and_of_no_other(
    benches: dict[str, Bench],
) -> None:
    bench = benches["practice"]
    brand = bench.account.brand
    first = await bench.desk.stops.stop(brand, ANA)
    assert (await bench.work(await stated(bench, "Lo sentimos", "p1", first))).state is State.LIVE
    waiting = await stated(bench, "Sobre lo de ayer", "p2", first)
    await bench.desk.stops.resume(brand, BRUNO)
    bench.clock.by += timedelta(seconds=1)
    second = await bench.desk.stops.stop(brand, ANA)
    assert (await bench.work(waiting)).state is State.HELD
    assert (await bench.work(await stated(bench, "Con el viejo", "p3", first))).state is State.HELD
    ready = await stated(bench, "Con el nuevo", "p4", second)
    await bench.desk.stops.resume(brand, BRUNO)
    await bench.desk.stops.stop(brand, ANA, silence=True)
    assert (await bench.work(ready)).state is State.HELD
    assert await bench.public() == ["Lo sentimos"]


async def test_the_grant_itself_sees_a_stop_and_a_withdrawn_approval(benches: dict[str, Bench]) -> None:
    """Between the claim and the mark: what the claim saw no longer holds, and the script says no."""
    bench = benches["practice"]
    for number, interfere in enumerate(("stop", "edit")):
        delivery = await approve(bench.desk, bench.account, f"Carrera {number}", id_=f"p{number}")
        await bench.publisher._due.claim(lease=timedelta(seconds=30))
        claimed = await bench.desk.deliveries.get(delivery.id)
        post = await bench.desk.posts.get(delivery.post)
        change = bench.desk.store.begin()
        if interfere == "edit":
            change.put(post.model_copy(update={"approved": ""}), post)
            await change.commit()
        prepared = await (opened := bench.desk.accounts.open(bench.account)).prepare(
            await bench.publisher._sending.draft(claimed)
        )
        await opened.aclose()
        if interfere == "stop":
            await bench.desk.stops.stop(bench.account.brand, ANA)
        assert await bench.publisher._wire.grant(claimed, bench.account, prepared) is None
        state = (await bench.desk.deliveries.get(delivery.id)).state
        assert state is (State.HELD if interfere == "stop" else State.WITHDRAWN)
        if interfere == "stop":
            await bench.desk.stops.resume(bench.account.brand, BRUNO)
    assert await bench.public() == []


async def test_late_is_missed_and_a_person_sends_it(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    delivery = await approve(bench.desk, bench.account, "Tarde")
    bench.clock.by = timedelta(minutes=31)
    missed = await bench.work(delivery)
    assert missed.state is State.MISSED
    bench.clock.by = timedelta(0)
    assert (await bench.work(await bench.desk.deliveries.send_again(delivery.id, BRUNO))).state is State.LIVE
    assert await bench.public() == ["Tarde"]


async def test_one_broken_record_holds_up_nobody_else(benches: dict[str, Bench], store: Store) -> None:
    bench = benches["practice"]
    broken, whole = [await approve(bench.desk, bench.account, f"Lote {n}", id_=f"p{n}") for n in range(2)]
    await store.client.hset(store.key_of(broken), "d", "{")
    await bench.publisher.tick()
    await bench.publisher.drain()
    assert (await bench.desk.deliveries.get(whole.id)).state is State.LIVE
    assert await bench.public() == ["Lote 1"]


async def test_two_workers_and_one_delivery(benches: dict[str, Bench], store: Store) -> None:
    bench = benches["x"]
    deliveries = [await approve(bench.desk, bench.account, f"Uno {n}", id_=f"p{n}") for n in range(6)]
    other = open_publisher(bench.desk)
    while any([(await bench.desk.deliveries.get(d.id)).attention for d in deliveries]):
        await bench.publisher.tick()
        await other.tick()
        await bench.publisher.drain()
        await other.drain()
    assert sorted(await bench.public()) == sorted(f"Uno {n}" for n in range(6))
