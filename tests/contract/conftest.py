"""The sandbox, listening, and the public that reads and writes there."""

import io
import itertools
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from bot.network import Connector, Draft, Item, Media, Ref
from bot.sandbox import networks as sandbox_networks
from bot.sandbox.calls import CallLog
from bot.sandbox.context import Sandbox as Shared
from bot.sandbox.faults import Faults
from bot.sandbox.practice import Quiet
from bot.sandbox.storage import open_db
from tests.contract.networks import DEAD, NETWORKS, Network, Refusal, found
from tests.fidelity.watching import unfit
from tests.fidelity.wire import Recorder


@dataclass
class Sandbox:
    """The outside world at `url`, seen from the outside."""

    url: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: object = None, **query: str) -> Any:
        """A request of the human, audience or fault API."""
        async with self.session.request(method, self.url + path, json=body, params=query) as response:
            answer = await response.json()
        assert response.status < 300, answer
        return answer

    async def posts(self, network: Network) -> list[dict[str, Any]]:
        """What is public on our account, newest first."""
        return list((await self.ask("GET", "/audience/posts", account=network.account.id))["posts"])

    async def comment(self, network: Network, text: str, post: str | None = None, author: str = "Rosa") -> str:
        """Somebody says something; its id."""
        body = {"account": network.account.id, "author": author, "text": text, **({"post": post} if post else {})}
        return str((await self.ask("POST", "/audience/comment", body))["id"])

    async def storm(self, network: Network, count: int, post: str | None = None) -> list[str]:
        """Many people at once; their ids in order."""
        body = {"account": network.account.id, "count": count, "seconds": 0, **({"post": post} if post else {})}
        return [str(one) for one in (await self.ask("POST", "/audience/storm", body))["ids"]]

    async def fault(self, network: Network, route: str | None, **what: object) -> None:
        """Break the next answer."""
        await self.ask("POST", "/faults", {"target": network.account.network, "route": route, **what})

    async def refuse(self, network: Network, route: str, refusal: Refusal) -> None:
        """Make the network say no; `{until}` in a header is when the network's wait is over, counted from now."""
        until = str(int(time.time() + network.wait))
        headers = {name: value.replace("{until}", until) for name, value in refusal.headers.items()}
        what = {"status": refusal.status, "body": refusal.body, "headers": headers}
        await self.fault(network, route, **what)

    async def calls(self, network: Network) -> list[dict[str, Any]]:
        """Every request that the network received."""
        return list((await self.ask("GET", "/calls", target=network.account.network))["calls"])


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """All networks on a free port, with nobody who answers by himself; X's and Meta's own words judge what was said."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    db, log = open_db(tmp_path / "sandbox.db"), CallLog(time.time)
    shared = Shared(db=db, now=time.time, calls=log, changes=Quiet(), url=url, bot_url=DEAD)
    app = sandbox_networks.build(shared, log, Faults(), with_readers=False).app
    recorder = Recorder()
    app.middlewares.append(recorder.middleware)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    async with aiohttp.ClientSession() as session:
        yield Sandbox(url, session)
    await runner.cleanup()
    db.close()
    assert unfit(recorder.exchanges, log.kept) == []


@pytest.fixture(params=found())
def network(request: pytest.FixtureRequest) -> Network:
    """Each connector's network; one that the suite does not know fails here."""
    return known(request.param)


def known(name: str) -> Network:
    """The network of a connector."""
    assert name in NETWORKS, f"connectors.{name} has no sandbox: add it to bot/sandbox and tests/contract/networks.py"
    return NETWORKS[name]


Opener = Callable[..., Connector]


@pytest.fixture
async def opened(sandbox: Sandbox) -> AsyncIterator[Opener]:
    """Opens connectors and closes them afterwards."""
    open_now: list[Connector] = []

    def open_it(network: Network, *, url: str | None = None, **options: Any) -> Connector:
        open_now.append(network.open(url or sandbox.url, **options))
        return open_now[-1]

    yield open_it
    for connector in open_now:
        await connector.aclose()


@pytest.fixture
def connector(network: Network, opened: Opener) -> Connector:
    """Our account there."""
    return opened(network)


@pytest.fixture
def write() -> Callable[..., Draft]:
    """Makes drafts with keys of their own."""
    numbers = itertools.count(1)

    def draft(text: str, **more: Any) -> Draft:
        return Draft(key=f"delivery-{next(numbers)}", text=text, **more)

    return draft


@pytest.fixture
def publish(connector: Connector, write: Callable[..., Draft]) -> Callable[..., Awaitable[Ref]]:
    """Publishes a text without more ado."""

    async def go(text: str, **more: Any) -> Ref:
        draft = write(text, **more)
        return await connector.publish(draft, await connector.prepare(draft))

    return go


@pytest.fixture
def picture() -> Media:
    """A small picture with an alt text."""
    data = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(data, "PNG")
    return Media("m", "taza.png", "image/png", "Una taza de café", data.getvalue())


async def sweep(connector: Connector, cursor: str | None) -> tuple[list[Item], str]:
    """Fetch until there is nothing more to ask for at once; without a cursor, from now on."""
    items: list[Item] = []
    cursor = cursor or connector.begin(datetime.now(UTC))
    for _ in range(200):
        page = await connector.fetch(cursor)
        items += page.items
        cursor = page.cursor
        if not page.more:
            return items, cursor
    raise AssertionError("there is always more")
