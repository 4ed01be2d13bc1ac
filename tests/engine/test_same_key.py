"""Where the same key twice is one post: asked again by itself, only so often, in time, and under what was approved."""

from datetime import timedelta

import pytest

from bot.domain.deliveries import Delivery, State
from tests.engine.bench import Bench
from tests.publishing import ANA, BRUNO, approve

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(benches: dict[str, Bench]) -> Bench:
    return benches["practice"]


async def unclear(bench: Bench) -> Delivery:
    """A post whose first request came to nothing, though nobody can know that."""
    await bench.break_write(when="before", status=502)
    return await bench.work(await approve(bench.desk, bench.account, "Otra vez"), State.WIRE)


async def keys(bench: Bench) -> list[str]:
    """Of every request that would make something public."""
    calls = (await bench.outside.get("/calls", target="practice"))["calls"]
    return [call["args"]["key"] for call in calls if call["path"].endswith("/posts") and "text" in call["args"]]


async def test_every_attempt_has_the_same_key_and_after_the_third_a_person_is_asked(bench: Bench) -> None:
    await bench.outside.fault(target="practice", route=bench.writes, when="before", status=502, times=50)
    end = await bench.work(await approve(bench.desk, bench.account, "Otra vez"))
    assert (end.state, end.trouble and end.trouble.kind, end.attempts) == (State.UNKNOWN, "unknown", 3)
    await bench.outside.calm()
    assert (await bench.work(await bench.desk.deliveries.send_again(end.id, BRUNO))).state is State.LIVE
    assert await bench.public() == ["Otra vez"]
    assert await keys(bench) == [end.key] * 4


@pytest.mark.parametrize(("status", "state"), [(401, State.UNKNOWN), (422, State.LIVE), (429, State.UNKNOWN)])
async def test_what_is_refused_to_the_second_says_nothing_of_the_first(bench: Bench, status: int, state: State) -> None:
    """The first got there and its answer was lost: it must never count as not sent, or its words could change."""
    await bench.break_write(when="after", drop=True)
    unseen = {"status": 200, "body": {"posts": []}, "when": "before", "times": 9}
    await bench.outside.fault(target="practice", route="GET /practice/accounts/*/posts", **unseen)
    await bench.break_write(when="before", status=status, body={"error": "invalid", "message": "no"})
    end = await bench.work(await approve(bench.desk, bench.account, "Ya estaba"))
    assert (end.state, end.may_be_public) == (state, True)
    assert await bench.public() == ["Ya estaba"]


async def test_after_its_time_nothing_is_sent_by_itself(bench: Bench) -> None:
    sent = await unclear(bench)
    bench.clock.by = timedelta(minutes=31)
    end = await bench.work(sent)
    assert (end.state, end.attempts, await bench.public()) == (State.UNKNOWN, 1, [])


async def test_a_stop_and_a_lost_approval_hold_for_the_second_request_too(bench: Bench) -> None:
    sent = await unclear(bench)
    await bench.desk.stops.stop(bench.account.brand, ANA)
    assert ((await bench.work(sent)).state, await bench.public()) == (State.UNKNOWN, [])
    await bench.desk.stops.resume(bench.account.brand, BRUNO)

    again = await bench.desk.deliveries.send_again(sent.id, BRUNO)
    await bench.break_write(when="before", status=502)
    sent = await bench.work(again, State.WIRE)
    post = await bench.desk.posts.get(sent.post)
    change = bench.desk.store.begin()
    change.put(post.model_copy(update={"approved": ""}), post)
    await change.commit()
    assert ((await bench.work(sent)).state, await bench.public()) == (State.UNKNOWN, [])
