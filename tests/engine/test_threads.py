"""A thread on X and on practice: each segment is granted, sent and known before the next, whatever comes between."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.posts import Content
from bot.domain.brands import AccountState
from bot.domain.deliveries import Delivery, State
from bot.domain.posts import Post
from bot.errors import FieldErrors, UserError
from bot.store.records import Store
from tests.engine.bench import Bench
from tests.publishing import ANA, BRUNO, approve, open_publisher

pytestmark = pytest.mark.slow

TEXTS = ("Cinco cosas del café", "Una: se muele al momento", "Dos: el agua no hierve")
THREADED = ["x", "practice"]
HTML = {"status": 502, "body": "<html>Bad gateway</html>", "headers": {"Content-Type": "text/html"}}


async def planned(bench: Bench, *texts: str, id_: str = "p1") -> Delivery:
    """A thread that is due now."""
    return await approve(bench.desk, bench.account, *(texts or TEXTS), id_=id_)


async def unclear(bench: Bench) -> Delivery:
    """The first segment is out; of the second nobody knows, and it isn't there."""
    await bench.let_pass(1)
    await bench.break_write(when="before", **HTML)
    end = await bench.work(await planned(bench))
    assert (end.state, len(end.refs), end.attempts) == (State.UNKNOWN, 1, 1)
    return end


@pytest.mark.parametrize("network", THREADED)
async def test_segment_by_segment_each_on_record(network: str, benches: dict[str, Bench]) -> None:
    bench = benches[network]
    end = await bench.work(await planned(bench))
    assert (end.state, end.ref, len(set(end.refs)), end.trouble) == (State.LIVE, end.refs[0], 3, None)
    (first,) = await bench.outside.public(bench.where)
    assert (end.ref, await bench.chain()) == (first["id"], list(TEXTS))
    assert end.url
    assert end.ref in end.url
    assert await bench.record(end.id) == [
        ("delivery.wire", "1/3"),
        ("delivery.segment", f"1/3 {end.refs[0]}"),
        ("delivery.wire", "2/3"),
        ("delivery.segment", f"2/3 {end.refs[1]}"),
        ("delivery.wire", "3/3"),
        ("delivery.live", f"3/3 {end.refs[2]}"),
    ]
    for ref in end.refs:
        assert (post := await bench.desk.deliveries.post_at(bench.account.id, ref)) is not None
        assert post.id == "p1"


async def test_each_write_has_its_own_key(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    end = await bench.work(await planned(bench))
    calls = (await bench.outside.get("/calls", target="practice"))["calls"]
    keys = [call["args"]["key"] for call in calls if call["path"].endswith("/posts")]
    assert keys == [end.id, f"{end.id}.1", f"{end.id}.2"]


@pytest.mark.parametrize("network", THREADED)
@pytest.mark.parametrize("number", [0, 1, 2])
async def test_a_lost_answer_is_found_and_the_thread_goes_on(
    network: str, number: int, benches: dict[str, Bench]
) -> None:
    bench = benches[network]
    if number:
        await bench.let_pass(number)
    await bench.break_write(when="after", drop=True)
    end = await bench.work(await planned(bench))
    assert (end.state, len(end.refs)) == (State.LIVE, 3)
    assert await bench.chain() == list(TEXTS)


async def test_practice_is_asked_again_for_that_segment_with_the_same_key(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    await bench.let_pass(1)
    await bench.break_write(when="before", status=502)
    end = await bench.work(await planned(bench))
    assert (end.state, len(end.refs)) == (State.LIVE, 3)
    assert await bench.chain() == list(TEXTS)
    again = [detail for act, detail in await bench.record(end.id) if act == "delivery.wire_again"]
    assert again == ["2/3"]


async def test_unknown_in_the_middle_and_sent_again(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    end = await unclear(bench)
    assert await bench.chain() == [TEXTS[0]]
    again = await bench.desk.deliveries.send_again(end.id, BRUNO, asked=end.asked)
    assert (again.state, again.refs) == (State.PLANNED, end.refs)
    done = await bench.work(again)
    assert (done.state, done.refs[0], len(done.refs)) == (State.LIVE, end.ref, 3)
    assert await bench.chain() == list(TEXTS)
    for late in (bench.desk.deliveries.leave, bench.desk.deliveries.confirm_live):
        with pytest.raises(UserError):
            await late(end.id, BRUNO, asked=end.asked)


async def test_unknown_in_the_middle_and_said_to_be_live(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    end = await unclear(bench)
    said = await bench.desk.deliveries.confirm_live(end.id, BRUNO, asked=end.asked)
    assert (said.state, said.settled_by, said.refs) == (State.LIVE, BRUNO.id, end.refs)
    assert (await bench.work(said)).state is State.LIVE
    assert await bench.chain() == [TEXTS[0]]


async def test_unknown_in_the_middle_and_left(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    end = await unclear(bench)
    left = await bench.desk.deliveries.leave(end.id, BRUNO, asked=end.asked)
    assert (left.state, left.refs, left.attention) == (State.LEFT, end.refs, None)
    await bench.work(left)
    assert await bench.chain() == [TEXTS[0]]


async def test_an_answer_to_an_older_question_says_nothing_about_a_later_segment(benches: dict[str, Bench]) -> None:
    """Unknown at the second, sent again; unknown at the third: *It's live* on the old card speaks of the second."""
    bench = benches["x"]
    first = await unclear(bench)
    again = await bench.desk.deliveries.send_again(first.id, BRUNO, asked=first.asked)
    await bench.let_pass(1)
    await bench.break_write(when="before", **HTML)
    second = await bench.work(again)
    assert (second.state, len(second.refs)) == (State.UNKNOWN, 2)
    for answer in (bench.desk.deliveries.confirm_live, bench.desk.deliveries.leave, bench.desk.deliveries.send_again):
        with pytest.raises(UserError):
            await answer(first.id, BRUNO, asked=first.asked)
    assert (await bench.desk.deliveries.get(first.id)).state is State.UNKNOWN


async def test_refused_in_the_middle_goes_on_from_there(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    await bench.let_pass(2)
    await bench.break_write(when="before", status=403, body={"title": "Forbidden", "detail": "No", "status": 403})
    end = await bench.work(await planned(bench))
    assert (end.state, len(end.refs)) == (State.REFUSED, 2)
    assert end.trouble is not None
    assert await bench.chain() == list(TEXTS[:2])
    done = await bench.work(await bench.desk.deliveries.send_again(end.id, BRUNO, asked=end.asked))
    assert (done.state, done.refs[:2], len(done.refs)) == (State.LIVE, end.refs, 3)
    assert await bench.chain() == list(TEXTS)


async def test_refused_in_the_middle_and_the_rest_withdrawn(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    await bench.let_pass(1)
    await bench.break_write(when="before", status=400, body={"title": "Invalid Request", "status": 400})
    end = await bench.work(await planned(bench))
    gone = await bench.desk.deliveries.withdraw(end.id, BRUNO)
    assert (gone.state, gone.refs, gone.may_be_public) == (State.WITHDRAWN, end.refs, True)
    page = await bench.desk.pages.post(end.post)
    assert (page.out, [each.id for each in page.shown]) == (True, [end.id])


@pytest.mark.parametrize("network", THREADED)
async def test_a_stop_in_the_middle_holds_the_rest_and_keep_goes_on(network: str, benches: dict[str, Bench]) -> None:
    bench = benches[network]
    half = await bench.stumble(await planned(bench))
    assert (half.state, len(half.refs)) == (State.CLAIMED, 1)
    await bench.desk.stops.stop(bench.account.brand, ANA)
    held = await bench.work(half)
    assert (held.state, held.refs, held.trouble and held.trouble.kind) == (State.HELD, half.refs, "stopped")
    assert await bench.chain() == [TEXTS[0]]
    await bench.desk.stops.resume(bench.account.brand, BRUNO)
    kept = await bench.desk.deliveries.send_again(held.id, BRUNO, asked=held.asked)
    assert (await bench.work(kept)).state is State.LIVE
    assert await bench.chain() == list(TEXTS)


@pytest.mark.parametrize("interfere", ["stop", "account", "approval"])
async def test_every_segment_is_granted_anew(interfere: str, benches: dict[str, Bench]) -> None:
    """What was true when the first went out is checked in the script that grants the second."""
    bench = benches["practice"]
    half = await bench.stumble(await planned(bench))
    publisher, desk = bench.publisher, bench.desk
    draft = await publisher._sending.draft(half)
    opened = desk.accounts.open(bench.account)
    prepared = await opened.prepare(draft)
    await opened.aclose()
    change = desk.store.begin()
    if interfere == "account":
        change.put(bench.account.model_copy(update={"generation": 2, "version": 1}), bench.account)
        await change.commit()
    elif interfere == "approval":
        post = await desk.store.get(Post, half.post)
        change.put(post.model_copy(update={"approved": ""}), post)
        await change.commit()
    else:
        await desk.stops.stop(bench.account.brand, ANA)
    assert await publisher._wire.grant(half, bench.account, prepared) is None
    after = await desk.deliveries.get(half.id)
    wanted = {"stop": "stopped", "account": "account_changed", "approval": "approval_gone"}[interfere]
    assert (after.trouble and after.trouble.kind, after.refs) == (wanted, half.refs)
    assert await bench.chain() == [TEXTS[0]]


async def test_a_segment_that_got_out_meanwhile_is_not_granted_again(benches: dict[str, Bench]) -> None:
    """Its answer comes to a worker that was taken over, while the next one prepares the same segment."""
    bench = benches["practice"]
    desk = bench.desk
    half = await bench.stumble(await planned(bench))
    opened = desk.accounts.open(bench.account)
    draft = await bench.publisher._sending.draft(half)
    prepared = await opened.prepare(draft)
    ref = await opened.publish(draft, prepared)
    await opened.aclose()
    for _ in range(2):
        late = await desk.deliveries.segment_out(half.id, 1, ref.id, "", fence=half.fence - 1)
        assert (late.state, len(late.refs), late.fence) == (State.CLAIMED, 2, half.fence)
    assert await bench.publisher._wire.grant(half, bench.account, prepared) is None
    end = await bench.work(half)
    assert (end.state, end.refs[1]) == (State.LIVE, ref.id)
    assert await bench.chain() == list(TEXTS)


async def test_who_was_taken_over_and_does_not_know_changes_nothing(benches: dict[str, Bench]) -> None:
    """The answer of a worker that slept got lost; meanwhile another brought the thread to its end."""
    bench = benches["practice"]
    slept = await bench.stumble(await planned(bench), "publish.after_wire")
    assert slept.state is State.WIRE
    end = await bench.work(slept)
    assert end.state is State.LIVE
    await bench.publisher._outcomes.look_later(slept)
    assert await bench.desk.deliveries.get(end.id) == end


async def test_only_the_next_segment_counts(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    half = await bench.stumble(await planned(bench))
    for number, ref in ((0, "again"), (2, "too early")):
        await bench.desk.deliveries.segment_out(half.id, number, ref, "", fence=half.fence)
    await bench.desk.deliveries.live(half.id, "too early", "")
    assert await bench.desk.deliveries.get(half.id) == half


async def test_once_a_segment_is_out_nothing_changes_in_silence(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    half = await bench.stumble(await planned(bench))
    held = half.model_copy(update={"state": State.HELD})
    assert (half.state, half.may_be_public, held.may_be_public) == (State.CLAIMED, True, True)
    other = Content(brand=bench.account.brand, text="Otra", thread=TEXTS[1:], accounts=(bench.account.id,))
    for refused in (
        bench.desk.posts.submit("p1", other, ANA),
        bench.desk.posts.withdraw("p1", ANA),
        bench.desk.pages.to_edit("p1", ANA),
    ):
        with pytest.raises(UserError, match="already_out"):
            await refused
    assert (await bench.work(half)).state is State.LIVE
    assert await bench.chain() == list(TEXTS)


async def test_what_began_in_time_is_never_missed(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    half = await bench.stumble(await planned(bench))
    bench.clock.by = timedelta(minutes=31)
    assert (await bench.work(half)).state is State.LIVE
    assert await bench.chain() == list(TEXTS)


async def test_a_rate_limit_in_the_middle_waits_with_what_is_out(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    await bench.let_pass(1)
    await bench.break_write(when="before", status=429, headers={"Retry-After": "1"}, body={})
    waiting = await bench.work(await planned(bench), State.PLANNED)
    assert (waiting.state, len(waiting.refs), waiting.trouble and waiting.trouble.kind) == (
        State.PLANNED, 1, "rate_limited",
    )  # fmt: skip
    end = await bench.work(waiting)
    assert (end.state, end.trouble) == (State.LIVE, None)
    assert await bench.chain() == list(TEXTS)


async def test_a_rest_that_can_t_be_sent_for_half_an_hour_is_a_question(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    half = await bench.stumble(await planned(bench))
    bench.clock.by = timedelta(minutes=31)
    await bench.outside.fault(target="x", route="GET /2/users/*/tweets", when="before", status=503, times=1)
    end = await bench.work(half)
    assert (end.state, end.refs, end.trouble and end.trouble.kind) == (State.REFUSED, half.refs, "outage")


async def test_a_dead_token_in_the_middle_holds_the_rest(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    half = await bench.stumble(await planned(bench))
    await bench.outside.post("/audience/expire", account=bench.where)
    end = await bench.work(half)
    assert (end.state, end.refs, end.trouble and end.trouble.kind) == (State.HELD, half.refs, "auth")
    assert (await bench.desk.accounts.get(bench.account.id)).state is AccountState.DEAD


async def test_two_workers_and_three_threads(benches: dict[str, Bench], store: Store) -> None:
    bench = benches["x"]
    made = [await planned(bench, *(f"{text} ({n})" for text in TEXTS), id_=f"p{n}") for n in range(3)]
    other = open_publisher(bench.desk)
    while any([(await bench.desk.deliveries.get(each.id)).attention for each in made]):
        await bench.publisher.tick()
        await other.tick()
        await bench.publisher.drain()
        await other.drain()
    posts: list[dict[str, Any]] = await bench.outside.public(bench.where)
    assert sorted(post["text"] for post in posts) == sorted(f"{TEXTS[0]} ({n})" for n in range(3))
    for post in posts:
        (second,) = post["replies"]
        (third,) = second["replies"]
        assert (second["by_account"], third["by_account"], third["replies"]) == (True, True, [])
    for each in made:
        assert len((await bench.desk.deliveries.get(each.id)).refs) == 3


async def test_checks_look_at_every_segment(benches: dict[str, Bench]) -> None:
    """On X a segment is too long and another empty; a thread has an end."""
    for network, thread, field, key in (
        ("x", ("bien", "x" * 281), "thread", "check.thread_too_long"),
        ("x", ("bien", " "), "thread", "check.thread_empty"),
        ("practice", ("más",) * 25, "thread", "check.thread_many"),
    ):
        bench = benches[network]
        content = Content(brand=bench.account.brand, text=TEXTS[0], thread=tuple(thread), accounts=(bench.account.id,))
        with pytest.raises(FieldErrors) as refusal:
            await bench.desk.posts.submit("p1", content, ANA)
        assert {name: error.key for name, error in refusal.value.fields.items()} == {field: key}
    error = refusal.value.fields["thread"]
    assert error.args_ == {"count": 26, "limit": 25}
