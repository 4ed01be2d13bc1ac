"""kill -9 in a thread, and between media and post: every segment once and in order, or a person is asked."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, State
from bot.domain.posts import Picture
from bot.sandbox import world
from bot.store.blobs import Blobs
from bot.store.records import Store
from tests.outside import Outside, outside_world
from tests.publishing import ANA, BRUNO, approve, open_desk, settle_in

pytestmark = pytest.mark.slow

ACCOUNTS = {account.network: account for account in reversed(world.ACCOUNTS)}
WRITES = {"x": "POST /2/tweets", "practice": "POST /practice/accounts/*/posts"}
DIES = -signal.SIGKILL


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with outside_world(tmp_path) as running:
        yield running


class Lives:
    """Workers that publish one delivery, one after the other."""

    def __init__(self, valkey: str, store: Store, outside: Outside) -> None:
        self.valkey, self.store, self.outside = valkey, store, outside
        self.desk = open_desk(store, outside.url)

    async def live(self, delivery: str, failpoints: str = "") -> int:
        """One life; its exit code."""
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "tests.faults.one_worker",
                self.valkey,
                self.store.team,
                self.outside.url,
                delivery,
            ),
            env={**os.environ, "VOCERO_FAILPOINTS": failpoints},
        )
        return await process.wait()

    async def end(self, delivery: str) -> Delivery:
        """The last life, which nobody cuts short, and how it ended."""
        assert await self.live(delivery) == 0
        return await self.store.get(Delivery, delivery)

    async def chain(self, account: world.Account, first: str) -> list[str]:
        """The post that says `first`, which must be there once, and what follows it."""
        posts: list[dict[str, Any]] = await self.outside.public(f"{account.network}:{account.handle}")
        (post,) = [one for one in posts if one["text"] == first]
        texts = [post["text"]]
        while post["replies"]:
            (post,) = post["replies"]
            texts.append(post["text"])
        return texts


@pytest.fixture
def lives(valkey: str, store: Store, outside: Outside) -> Lives:
    return Lives(valkey, store, outside)


CUTS: list[tuple[str, list[str]]] = [
    ("between the first two", ["publish.between_segments=kill"]),
    ("the second is about to leave", ["publish.before_request=kill@2"]),
    ("the second is found", ["publish.after_answer=kill@2", "reconcile.before_commit=kill"]),
]
NEVER_LEFT = {"the second is about to leave"}


@pytest.mark.parametrize("network", ["x", "practice"])
async def test_killed_in_a_thread(network: str, lives: Lives) -> None:
    account = ACCOUNTS[network]
    record = await settle_in(lives.desk, account)
    for number, (label, cuts) in enumerate(CUTS):
        texts = [f"{word}, {number}" for word in ("Uno", "Dos", "Tres")]
        delivery = await approve(lives.desk, record, *texts, id_=f"p{number}")
        for cut in cuts:
            assert await lives.live(delivery.id, cut) == DIES, label
        end = await lives.end(delivery.id)
        asks = label in NEVER_LEFT and network != "practice"
        assert (end.state, len(end.refs)) == ((State.UNKNOWN, 1) if asks else (State.LIVE, 3)), label
        assert await lives.chain(account, texts[0]) == (texts[:1] if asks else texts), label
        if asks:
            await lives.desk.deliveries.send_again(end.id, BRUNO, asked=end.asked)
            assert (await lives.end(delivery.id)).state is State.LIVE, label
            assert await lives.chain(account, texts[0]) == texts, label


@pytest.mark.parametrize("network", ["x", "practice"])
async def test_killed_while_the_answer_is_on_its_way(network: str, lives: Lives) -> None:
    """The network has the second segment, and is slow to say so."""
    account = ACCOUNTS[network]
    delivery = await approve(lives.desk, await settle_in(lives.desk, account), "Uno", "Dos", "Tres")
    slow: dict[str, Any] = {"target": network, "route": WRITES[network], "when": "after"}
    await lives.outside.fault(**slow, delay=0.001, times=1)
    await lives.outside.fault(**slow, delay=0.95, times=1)
    assert await lives.live(delivery.id, "publish.after_bytes=kill") == DIES
    cut = await lives.store.get(Delivery, delivery.id)
    assert (cut.state, len(cut.refs)) == (State.WIRE, 1)
    assert await lives.chain(account, "Uno") == ["Uno", "Dos"]
    end = await lives.end(delivery.id)
    assert (end.state, len(end.refs)) == (State.LIVE, 3)
    assert await lives.chain(account, "Uno") == ["Uno", "Dos", "Tres"]


@pytest.mark.parametrize("network", sorted(ACCOUNTS))
async def test_killed_between_media_and_post(network: str, lives: Lives) -> None:
    account = ACCOUNTS[network]
    record = await settle_in(lives.desk, account)
    delivery = await with_picture(lives.desk, record)
    assert await lives.live(delivery.id, "publish.after_media=kill") == DIES
    cut = await lives.store.get(Delivery, delivery.id)
    assert (cut.state, cut.attempts, cut.prepared) == (State.CLAIMED, 0, {})
    assert await lives.outside.public(f"{network}:{account.handle}") == []
    assert (await lives.end(delivery.id)).state is State.LIVE
    (post,) = await lives.outside.public(f"{network}:{account.handle}")
    assert [medium["alt"] for medium in post["media"]] == ["Una taza"]


async def with_picture(desk: Desk, account: Account) -> Delivery:
    """A post with a picture that is fetched and measured, due now."""
    file = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(file, "PNG")
    data = file.getvalue()
    blob = await Blobs(desk.store).put(data)
    picture = Picture(
        file="F1", name="taza.png", type="image/png", size=len(data), alt="Una taza", blob=blob, width=12, height=8
    )
    content = Content(brand=account.brand, text="La taza", accounts=(account.id,), pictures=(picture,))
    await desk.posts.submit("p1", content, ANA)
    await desk.posts.approve("p1", BRUNO, revision=1)
    (delivery,) = await desk.posts.deliveries("p1")
    return delivery
