"""Facebook's webhooks through the real door, store and sandbox: one state, in whatever order and however often."""

import asyncio
import hashlib
import hmac
import io
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from bot.domain.conversations import Conversation
from bot.engine.arriving import Arriving
from bot.engine.failpoints import Failpoints
from bot.engine.subscribing import Subscriber
from bot.network import Ref
from bot.sandbox import world
from bot.store.arrivals import Arrivals
from bot.web.webhooks import Webhooks
from tests.engine.bench import Bench, Stumble
from tests.engine.test_polling import Ear
from tests.sandbox_networks.listening import bound


class Noting(Arrivals):
    """What is stored; `bodies`: what Meta sent, in that order."""

    def __init__(self, *rooms: Any) -> None:
        super().__init__(*rooms)
        self.bodies: list[bytes] = []
        self.came = asyncio.Event()

    async def keep(self, network: str, body: bytes) -> None:
        """Stored first."""
        await super().keep(network, body)
        self.bodies.append(body)
        self.came.set()


@dataclass
class Door:
    """Our public address."""

    bench: Bench
    url: str
    arrivals: "Noting"

    @property
    def worker(self) -> Arriving:
        return Arriving(self.bench.desk, "worker", Failpoints())

    async def work(self, worker: Arriving | None = None) -> None:
        """Handle everything that was stored."""
        working = worker or self.worker
        while await working.step(idle_ms=0):
            pass

    async def changes(self, count: int) -> list[dict[str, Any]]:
        """The first so many changes that arrived."""
        async with asyncio.timeout(20):
            while len(found := [one for body in self.arrivals.bodies for one in changes_of(body)]) < count:
                self.arrivals.came.clear()
                await self.arrivals.came.wait()
        return found

    async def post(self, body: bytes, *, secret: str = world.FACEBOOK_APP_SECRET, signed: bool = True) -> int:
        """The status of a request as Meta makes it."""
        mark = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": mark} if signed else {}
        async with self.bench.outside.session.post(self.url, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status


def changes_of(body: bytes) -> list[dict[str, Any]]:
    return [change for entry in json.loads(body)["entry"] for change in entry.get("changes", [])]


def bodies_of(page: str, changes: list[dict[str, Any]], *, at_once: int = 1) -> list[bytes]:
    """The changes as requests of so many."""
    return [
        json.dumps(
            {"object": "page", "entry": [{"id": page, "time": 1, "changes": changes[start : start + at_once]}]}
        ).encode()
        for start in range(0, len(changes), at_once)
    ]


@pytest.fixture
async def door(benches: dict[str, Bench]) -> AsyncIterator[Door]:
    bench = benches["facebook"]
    arrivals = Noting(bench.desk.store, bench.desk.vault, "web")
    await arrivals.prepare()
    listener = bound()
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    there = Door(bench, base + "/facebook/webhook", arrivals)

    app = web.Application()
    app.add_routes(Webhooks(bench.desk.providers, bench.desk.endpoints, arrivals).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    await Subscriber(bench.desk, base).tick()
    yield there
    await runner.cleanup()


async def states(bench: Bench) -> set[tuple[object, ...]]:
    """What people see of everything that was said."""
    talks = await bench.desk.store.listed(Conversation, f"open:{bench.account.brand}", limit=10_000)
    heard = [words for talk in talks for words in talk.heard]
    return {(words.ref, words.text, words.hidden, words.gone_at is not None, words.kind) for words in heard}


async def test_a_comment_is_told_stored_and_becomes_a_conversation(door: Door) -> None:
    said = await Ear(door.bench).comment("¿Abrís?")
    await door.changes(1)
    assert await door.arrivals.waiting() == 1
    raw: Any = await door.bench.desk.store.client.xrange(door.bench.desk.store.key("arrivals"))
    assert "Abrís" not in str(raw)
    await door.work()
    assert await door.arrivals.waiting() == 0
    assert {state[0] for state in await states(door.bench)} == {said}


async def lived(door: Door) -> int:
    """Comments, answers to them, edits, deletions, hidings; how many changes that makes."""
    bench, where = door.bench, door.bench.where
    post = (await bench.outside.post("/audience/publish", account=where, text="Hoy, torrijas"))["id"]
    ids = []
    for number in range(6):
        body = {"account": where, "post": post, "author": f"Rosa {number}", "text": f"Hola {number}"}
        ids.append((await bench.outside.post("/audience/comment", **body))["id"])
    body = {"account": where, "post": ids[0], "author": "Luis", "text": "Eso digo yo"}
    ids.append((await bench.outside.post("/audience/comment", **body))["id"])
    await bench.outside.post("/audience/edit", account=where, id=ids[1], text="Adiós")
    await bench.outside.post("/audience/edit", account=where, id=ids[1], text="Adiós, amigos")
    await bench.outside.post("/audience/delete", account=where, id=ids[2])
    connector = bench.desk.accounts.open(bench.account)
    for number, hidden in ((3, True), (4, True), (4, False)):
        await connector.hide(Ref(ids[number]), hidden)
    await connector.aclose()
    return 7 + 2 + 1 + 3 + 1


async def test_any_order_and_repetition_and_polling_come_to_one_state(door: Door) -> None:
    changes = await door.changes(await lived(door))
    chance = random.Random(7)
    for round_ in range(3):
        shuffled = chance.sample(changes, len(changes)) + chance.sample(changes, len(changes) // 2)
        for body in bodies_of(door.bench.account.remote_id, shuffled, at_once=round_ * 3 + 1):
            assert await door.post(body) == 200
        await door.work()
        if round_ == 0:
            first = await states(door.bench)
            await Ear(door.bench).poll()
        assert await states(door.bench) == first
    seen = {(str(text).split()[0], hidden, gone) for _, text, hidden, gone, _ in first}
    assert {("Adiós,", False, False), ("Hola", True, False), ("Hola", False, True)} <= seen
    assert len(first) == 7


async def test_a_thousand_in_one_request(door: Door) -> None:
    post = (await door.bench.outside.post("/audience/publish", account=door.bench.where, text="Sorteo"))["id"]
    await door.bench.outside.post("/audience/storm", account=door.bench.where, post=post, count=1000, seconds=0)
    changes = await door.changes(1001)
    (body,) = bodies_of(door.bench.account.remote_id, changes, at_once=2000)
    assert await door.post(body) == 200
    await door.work()
    assert len(await states(door.bench)) == 1000


async def test_what_a_worker_stumbles_over_is_handled_by_the_next(door: Door) -> None:
    said = await Ear(door.bench).comment("¿Abrís?")
    await door.changes(1)
    stumbling = Arriving(door.bench.desk, "dead", Stumble("arrival.after_items"))
    assert await stumbling.step() == 0
    await door.work()
    assert [state[0] for state in await states(door.bench)] == [said]


async def test_what_the_network_keeps_us_from_looking_at_waits(door: Door) -> None:
    said = await Ear(door.bench).comment("Hola")
    await Ear(door.bench).poll()
    await door.bench.outside.post("/audience/edit", account=door.bench.where, id=said, text="Adiós")
    mentions = [one for one in await door.changes(2) if one["value"]["verb"] == "edited"]
    assert len(mentions) == 1
    await door.bench.outside.fault(target="facebook", route=f"GET /v26.0/{said}", status=503, body={}, times=1)
    await door.worker.step()
    assert await door.arrivals.waiting() >= 1
    await door.work()
    assert {state[1] for state in await states(door.bench)} == {"Adiós"}


@pytest.mark.parametrize("bad", ["unsigned", "other secret", "other body", "too large"])
async def test_what_meta_did_not_send_is_refused_and_stored_nowhere(door: Door, bad: str) -> None:
    (body,) = bodies_of(door.bench.account.remote_id, [{"field": "feed", "value": {"item": "comment", "verb": "add"}}])
    if bad == "other body":
        mark = "sha256=" + hmac.new(world.FACEBOOK_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": mark}
        async with door.bench.outside.session.post(door.url, data=body + b" ", headers=headers) as answer:
            status = answer.status
    elif bad == "too large":
        status = await door.post(b" " * 4_000_001)
    else:
        status = await door.post(body, secret="wrong", signed=bad != "unsigned")
    assert status == (413 if bad == "too large" else 401)
    assert await door.arrivals.waiting() == 0


@pytest.mark.parametrize("token", ["", "wrong", "señal"])
async def test_only_meta_knows_the_token_of_the_handshake(door: Door, token: str) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "17"}
    async with door.bench.outside.session.get(door.url, params=query) as answer:
        assert (answer.status, await answer.text()) == (403, "")
    async with door.bench.outside.session.get(door.url) as answer:
        assert answer.status == 403


async def test_nonsense_that_is_signed_is_set_aside_after_a_while(door: Door) -> None:
    assert await door.post(b"[]") == 200
    for _ in range(25):
        await door.worker.step(idle_ms=0)
    assert await door.arrivals.waiting() == 0
    assert await door.bench.desk.store.client.xlen(door.bench.desk.store.key("arrivals", "aside")) == 1


async def test_a_private_message_is_read_as_soon_as_the_network_tells(door: Door) -> None:
    """A webhook of messages names nobody: the page's inbox is read at once, and what is known already is kept once."""
    account, desk = door.bench.account, door.bench.desk
    said = {"account": account.remote_id, "author": "Rosa", "text": "¿Y mi pedido?"}
    await door.bench.outside.post("/audience/message", **said)
    async with asyncio.timeout(20):
        while not door.arrivals.bodies:
            door.arrivals.came.clear()
            await door.arrivals.came.wait()
    body = door.arrivals.bodies[0]
    assert b"Rosa" not in body
    await door.work()
    (talk,) = await desk.store.listed(Conversation, f"open:{account.brand}")
    assert (talk.private, talk.person.name, talk.latest.text) == (True, "Rosa", "¿Y mi pedido?")
    assert await door.post(body) == 200
    await door.work()
    (again,) = await desk.store.listed(Conversation, f"open:{account.brand}")
    assert again.heard == talk.heard
