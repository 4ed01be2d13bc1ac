"""A workspace in the sandbox and a bot in it, both in this process, over real HTTP and websockets."""

import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.desk.desk import Desk
from bot.domain.brands import Brand, Channels, Role
from bot.sandbox import world
from bot.sandbox.app import bound, build, open_sandbox, serving
from bot.slack.client import SlackApi
from bot.slack.deck import Deck
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.store.records import Store
from bot.web.app import build_web
from tests.outgoing import unfit
from tests.publishing import open_desk
from tests.slack.feature import router

REVIEW = "C01AGORREV1"
GENERAL = "C01GENERAL1"
NAMES = {user.name: f"{world.TEAM_ID}:{user.id}" for user in world.USERS}
_SEQUENCE = itertools.count()


@dataclass
class Clock:
    """The desk's clock: real, and as far ahead as a test wants."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def skip(self, **span: float) -> None:
        """Lets time pass."""
        self.ahead += timedelta(**span)


@dataclass
class Workspace:
    """The sandbox, and the parts of one bot."""

    url: str
    session: ClientSession
    store: Store
    desk: Desk
    api: SlackApi
    people: People
    dispatcher: Dispatcher
    clock: Clock
    stack: AsyncExitStack
    bot_url: str = ""
    listening: Callable[[Gate], Any] | None = field(default=None, repr=False)

    def gate(self, dispatcher: Dispatcher | None = None, **options: Any) -> Gate:
        """A gate as another process would have it."""
        given: dict[str, Any] = {"settle": 0.0, "bot_user": world.BOT_USER_ID} | options
        return Gate(self.store, dispatcher or self.dispatcher, team=world.TEAM_ID, me=f"g{next(_SEQUENCE)}", **given)

    def deck(self, **options: Any) -> Deck:
        """A deck as another process would have it."""
        return Deck(router, desk=self.desk, api=self.api, people=self.people, me=f"d{next(_SEQUENCE)}", **options)

    async def act(self, what: str, /, **fields: Any) -> dict[str, Any]:
        """What a person does."""
        async with self.session.post(f"{self.url}/human/{what}", json=fields) as answer:
            result: dict[str, Any] = await answer.json()
            assert answer.status == 200, result
            return result

    async def seen(self, what: str, **params: str) -> Any:
        """What a person sees."""
        async with self.session.get(f"{self.url}/human/{what}", params=params) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def messages(self, channel: str = REVIEW) -> list[dict[str, Any]]:
        """A channel's messages, oldest first."""
        found: list[dict[str, Any]] = (await self.seen("messages", channel=channel))["messages"]
        return found

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """What the bot asked Slack for, of one method."""
        async with self.session.get(f"{self.url}/calls", params={"target": "slack"}) as answer:
            return [call for call in (await answer.json())["calls"] if call["method"] == method]

    async def fault(self, **fault: Any) -> None:
        """Breaks something."""
        async with self.session.post(f"{self.url}/faults", json={"target": "slack", **fault}) as answer:
            assert answer.status == 200, await answer.text()

    async def audited(self) -> list[str]:
        """The lines of the record."""
        lines: Any = await self.store.client.xrange(self.store.key("audit"))
        return [str(fields["entry"]) for _, fields in lines]


async def add_brand(store: Store, **change: Any) -> Brand:
    """Ana writes, Bruno approves."""
    roles = {NAMES["ana"]: frozenset({Role.AUTHOR}), NAMES["bruno"]: frozenset({Role.APPROVER})}
    brand = Brand(id="b1", name="Café", channels=Channels(review=REVIEW), roles=roles, language="es")
    await put(store, brand.model_copy(update=change))
    return await store.get(Brand, brand.id)


async def put(store: Store, brand: Brand) -> None:
    """Stores a brand, new or changed."""
    change = store.begin()
    change.put(brand)
    await change.commit()


async def forget(store: Store) -> None:
    """Empties one workspace."""
    async for key in store.client.scan_iter("{" + store.team + "}:*", count=1000):
        await store.client.delete(key)


@asynccontextmanager
async def workspace(valkey_client: Any, folder: Path, mode: str) -> AsyncIterator[Workspace]:
    """The sandbox with a bot's parts; nothing listens yet."""
    store = Store(valkey_client, world.TEAM_ID)
    await forget(store)
    await add_brand(store)
    async with AsyncExitStack() as stack:
        slack, web = bound(0), bound(0)
        url, bot_url = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in (slack, web))
        clock = Clock()
        sandbox = open_sandbox(folder, url, bot_url, mode=mode, now=lambda: clock().timestamp())
        stack.callback(sandbox.db.close)
        await stack.enter_async_context(serving(build(sandbox, with_readers=False), slack))
        session = await stack.enter_async_context(ClientSession())
        api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{url}/api/")
        stack.push_async_callback(api.close)
        desk = open_desk(store, url, now=clock)
        people = People(store, api, clock)
        dispatcher = Dispatcher(router, desk=desk, people=people, performer=Performer(api, store))

        def listening(gate: Gate) -> Any:
            return serving(build_web(gate, world.SIGNING_SECRET, store), web)

        stack.callback(web.close)
        made = Workspace(url, session, store, desk, api, people, dispatcher, clock, stack, bot_url, listening)
        yield made
        async with session.get(f"{url}/calls", params={"target": "slack"}) as answer:
            assert not (wrong := unfit((await answer.json())["calls"])), wrong[:20]
    await forget(store)


@pytest.fixture
async def slack(client: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Workspace]:
    """A workspace that delivers by signed HTTP, with a gate listening."""
    caplog.set_level(logging.INFO, "bot")
    async with workspace(client, tmp_path, "http") as made:
        assert made.listening is not None
        gate = await made.stack.enter_async_context(made.gate())
        await made.stack.enter_async_context(made.listening(gate))
        yield made


@pytest.fixture
async def quiet(client: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Workspace]:
    """A workspace whose bot doesn't listen: tests hand payloads to gates themselves."""
    caplog.set_level(logging.INFO, "bot")
    async with workspace(client, tmp_path, "http") as made:
        yield made


def command(text: str = "", user: str = "ana", channel: str = GENERAL, trigger: str = "") -> dict[str, str]:
    """A slash command as Slack sends it."""
    return {
        "command": "/vocero",
        "text": text,
        "team_id": world.TEAM_ID,
        "user_id": NAMES[user].rpartition(":")[2],
        "channel_id": channel,
        "api_app_id": world.APP_ID,
        "trigger_id": trigger or f"{time.time()}.{next(_SEQUENCE)}",
    }


def event(**fields: Any) -> dict[str, Any]:
    """An event as Slack sends it; a mention by Ana unless told otherwise."""
    mention = {
        "type": "app_mention",
        "user": NAMES["ana"].rpartition(":")[2],
        "channel": GENERAL,
        "ts": "1.0",
        "text": "hi",
    }
    return {
        "type": "event_callback",
        "team_id": world.TEAM_ID,
        "api_app_id": world.APP_ID,
        "event_id": f"Ev{next(_SEQUENCE)}",
        "event": mention | fields,
    }
