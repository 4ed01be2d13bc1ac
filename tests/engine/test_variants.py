"""One post on two networks: a thread here, one text with our first comment there; whatever happens on the way."""

from typing import Any

import pytest

from bot.desk.posts import Content
from bot.domain.deliveries import Delivery, State
from bot.errors import FieldErrors
from tests.engine.bench import Bench
from tests.publishing import ANA, BRUNO

pytestmark = pytest.mark.slow

TEXT, MORE, LINK = "Cinco cosas del café", ("Una: se muele al momento",), "Todo en https://agora.example/cafe"
HTML = {"status": 502, "body": "<html>Bad gateway</html>", "headers": {"Content-Type": "text/html"}}


async def approved(bench: Bench, **more: Any) -> Delivery:
    """A post that is due now, on one account."""
    content = Content(brand=bench.account.brand, text=TEXT, accounts=(bench.account.id,), **more)
    await bench.desk.posts.submit("p1", content, ANA)
    await bench.desk.posts.approve("p1", BRUNO, revision=1)
    (delivery,) = await bench.desk.posts.deliveries("p1")
    return delivery


async def test_a_thread_is_one_text_where_there_are_no_threads(benches: dict[str, Bench]) -> None:
    bench = benches["facebook"]
    end = await bench.work(await approved(bench, thread=MORE))
    assert (end.state, end.segments) == (State.LIVE, 1)
    assert await bench.chain() == [f"{TEXT}\n\n{MORE[0]}"]


async def test_its_first_comment_follows_the_post(benches: dict[str, Bench]) -> None:
    bench = benches["facebook"]
    end = await bench.work(await approved(bench, comment=LINK))
    assert (end.state, len(end.refs), end.ref) == (State.LIVE, 2, end.refs[0])
    assert await bench.chain() == [TEXT, LINK]
    assert [act for act, _ in await bench.record(end.id)] == [
        "delivery.wire", "delivery.segment", "delivery.wire", "delivery.live",
    ]  # fmt: skip


async def test_where_a_first_comment_is_no_such_thing_it_stays_away(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    end = await bench.work(await approved(bench, comment=LINK))
    assert (end.state, end.segments) == (State.LIVE, 1)
    assert await bench.chain() == [TEXT]
    post = await bench.desk.posts.get("p1")
    told = await bench.desk.posts.findings(
        post.model_copy(update={"status": "in_review"}), await bench.desk.brand(post.brand)
    )
    assert "check.comment_nowhere" in [each.key for each in told]


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_comment_whose_answer_was_lost_is_never_there_twice(lost: str, benches: dict[str, Bench]) -> None:
    bench = benches["facebook"]
    bench.writes = "POST */comments"
    await bench.break_write(when=lost, **HTML)
    end = await bench.work(await approved(bench, comment=LINK))
    there = await bench.chain()
    assert (end.state, there) in [(State.LIVE, [TEXT, LINK]), (State.UNKNOWN, [TEXT])]
    assert (end.state is State.LIVE) == (lost == "after")


async def test_an_account_s_own_text_is_what_it_says(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    own = {bench.account.id: ("Café: cinco cosas 👇", "1/1")}
    end = await bench.work(await approved(bench, own=own))
    assert (end.state, await bench.chain()) == (State.LIVE, list(own[bench.account.id]))
    assert (await bench.desk.posts.get("p1")).current.texts(bench.account.id) == own[bench.account.id]


async def test_what_is_approved_is_every_version(benches: dict[str, Bench]) -> None:
    """Another word for one account alone is another revision, and voids the approval."""
    bench = benches["x"]
    about: dict[str, Any] = {"brand": bench.account.brand, "text": TEXT, "accounts": (bench.account.id,)}
    first = await bench.desk.posts.submit("p1", Content(**about), ANA)
    second = await bench.desk.posts.submit("p1", Content(**about, own={bench.account.id: ("Otra cosa",)}), ANA)
    assert (first.current.hash != second.current.hash, second.current.number) == (True, 2)
    same = await bench.desk.posts.submit("p1", Content(**about, own={bench.account.id: ("Otra cosa",)}), ANA)
    assert same.current.number == 2


@pytest.mark.parametrize(
    ("network", "more", "field", "key"),
    [
        ("x", {"own": ("x" * 281,)}, "own", "check.too_long"),
        ("x", {"own": ("bien", "x" * 281)}, "own", "check.thread_too_long"),
        ("x", {"own": (" ",)}, "own", "check.empty"),
        ("facebook", {"own": ("uno", "dos")}, "own", "check.no_thread"),
        ("facebook", {"comment": "x" * 8001}, "comment", "check.comment_too_long"),
    ],
)
async def test_each_version_is_checked_by_its_own_network(
    network: str, more: dict[str, Any], field: str, key: str, benches: dict[str, Bench]
) -> None:
    bench = benches[network]
    given = {"own": {bench.account.id: more["own"]}} if "own" in more else more
    content = Content(brand=bench.account.brand, text=TEXT, accounts=(bench.account.id,), **given)
    with pytest.raises(FieldErrors) as refusal:
        await bench.desk.posts.submit("p1", content, ANA)
    told = {name: error.key for name, error in refusal.value.fields.items()}
    assert told == {f"own:{bench.account.id}" if field == "own" else field: key}
