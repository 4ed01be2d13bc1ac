"""The demo's workspace with the whole bot in this process, driven a step at a time: no clock to wait for."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.desk.config import Importer, parse_config
from bot.desk.desk import Desk
from bot.discovery import find_router
from bot.domain.brands import Standing
from bot.domain.events import FactChanged
from bot.engine.alarming import Alarming
from bot.engine.failpoints import Failpoints
from bot.engine.handing import Handing
from bot.engine.pictures import FileGone, Pictures
from bot.engine.publishing import Publisher
from bot.engine.relaying import Relay
from bot.engine.showing import Showing, concerned
from bot.errors import UserError
from bot.house import ringing
from bot.network.fetching import Fetcher
from bot.sandbox import world
from bot.sandbox.app import bound, build, open_sandbox, serving
from bot.slack.client import SlackApi, SlackError
from bot.slack.deck import Deck
from bot.slack.directory import Directory
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.slack.rooms import Rooms
from bot.slack.wire import elements_in
from bot.store.blobs import Blobs
from bot.store.records import Store
from bot.web.app import build_web
from handlers.views.by_hand import HandCard
from tests.balanced import balanced
from tests.outgoing import unfit, unfit_ack
from tests.publishing import open_desk, open_publisher

SEED = Path(__file__).parents[2] / "bot" / "demo.yaml"
NAMES = {user.name: f"{world.TEAM_ID}:{user.id}" for user in world.USERS}
_SEQUENCE = itertools.count()


@dataclass
class Clock:
    """Real time, and as far ahead as a test wants."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def skip(self, **span: float) -> None:
        """Lets time pass."""
        self.ahead += timedelta(**span)


@dataclass
class Town:
    """What people do and see; `settle` lets the bot finish what follows from it."""

    url: str
    session: ClientSession
    desk: Desk
    api: SlackApi
    deck: Deck
    relay: Relay
    publisher: Publisher
    clock: Clock
    alarming: Alarming
    handing: Handing
    noted: list[Any] = field(default_factory=list)

    async def act(self, act: str, /, **fields: Any) -> dict[str, Any]:
        """What a person does."""
        async with self.session.post(f"{self.url}/human/{act}", json=fields) as answer:
            result: dict[str, Any] = await answer.json()
            assert answer.status == 200, result
            assert result["ok"], result
            assert not unfit_ack(result.get("response")), result
            return result

    async def command(self, user: str, text: str, channel: str = "general") -> dict[str, Any]:
        """`/vocero …`; answers the view that opened, or what only they see; on a busy machine either may come late."""
        before = len(await self.told(user, channel))
        answer = await self.act("command", user=user, channel=channel, text=f"/vocero {text}".strip())
        for _ in range(20):
            if answer["view"] or answer["ephemeral"]:
                break
            answer["view"] = await self.top(user, tries=1)
            answer["ephemeral"] = (await self.told(user, channel))[before:]
        return answer

    async def told(self, user: str, channel: str) -> list[dict[str, Any]]:
        """What only somebody sees in a channel, oldest first."""
        params = {"channel": channel, "user": user}
        async with self.session.get(f"{self.url}/human/messages", params=params) as answer:
            return [message for message in (await answer.json())["messages"] if "ephemeral" in message]

    async def top(self, user: str, *, tries: int = 20) -> dict[str, Any] | None:
        """The form that somebody looks at; on a busy machine it may open after the command was answered."""
        for _ in range(tries):
            async with self.session.get(f"{self.url}/human/views", params={"user": user}) as answer:
                views = (await answer.json())["views"]
            if views:
                return dict(views[-1])
            await asyncio.sleep(0.1)
        return None

    async def form_with(self, user: str, action: str) -> dict[str, Any]:
        """The form that somebody looks at, once it has this element; on a busy machine it may be drawn late."""
        for _ in range(50):
            view = await self.top(user)
            if view and any(each["action_id"].startswith(action) for each in elements_in(view)):
                return view
            await asyncio.sleep(0.1)
        raise AssertionError(f"no {action} for {user}")

    async def shows(self, user: str, text: str, *, there: bool = True) -> bool:
        """Whether what somebody looks at comes to hold a text, or to lack it; on a busy machine it is drawn late."""
        for _ in range(50):
            if (text in str(await self.top(user))) is there:
                return True
            await asyncio.sleep(0.1)
        return False

    async def form_called(self, user: str, form: str) -> dict[str, Any]:
        """The form that somebody looks at, once it is this one; on a busy machine it may open late."""
        for _ in range(50):
            view = await self.top(user)
            if view and view["callback_id"] == form:
                return view
            await asyncio.sleep(0.1)
        raise AssertionError(f"no {form} for {user}")

    async def home(self, user: str) -> dict[str, Any]:
        """What somebody sees who opens Home; on a busy machine it may be drawn after it was asked for."""
        for peek in ("", *["1"] * 20):
            async with self.session.get(f"{self.url}/human/home", params={"user": user, "peek": peek}) as answer:
                view = (await answer.json())["view"]
            if view:
                return dict(view)
            await asyncio.sleep(0.1)
        raise AssertionError(f"no Home for {user}")

    async def submit(self, user: str, view: Mapping[str, Any], form: str, **values: Any) -> dict[str, Any]:
        """Fills in a form by its fields' names and sends it."""
        named = {f"{form}.{name}": value for name, value in values.items()}
        answer = await self.act("submit", user=user, view_id=view["id"], values=named)
        await self.settle()
        return answer

    async def press(
        self, user: str, channel: str, label: str, *, ts: str = "", action: str = "", value: str = ""
    ) -> dict[str, Any]:
        """Presses the last button with this label in a channel, or what is named."""
        found = {"ts": ts, "action_id": action, "value": value} if action else await self.button(channel, label)
        answer = await self.act("click", user=user, channel=channel, **{k: v for k, v in found.items() if v})
        await self.settle()
        return answer

    async def form(self, user: str, channel: str, label: str) -> dict[str, Any]:
        """Presses a button that opens a form; on a busy machine it may open after the press was answered."""
        answer = await self.press(user, channel, label)
        view = view_of(answer if answer["view"] else {"view": await self.top(user)})
        await self.settle()
        return view

    async def button(self, channel: str, label: str) -> dict[str, str]:
        """Where a button is, in the last message that has it."""
        for message in reversed(await self.messages(channel)):
            for element in elements_in(message.get("blocks") or []):
                if element.get("text", {}).get("text") == label:
                    return {"ts": message["ts"], "action_id": element["action_id"], "value": element.get("value", "")}
        raise AssertionError(f"no button {label!r} in {channel}: {await self.text(channel)}")

    async def messages(self, channel: str) -> list[dict[str, Any]]:
        """A channel's messages, oldest first; `@ana` for what the bot and Ana say to each other."""
        async with self.session.get(f"{self.url}/human/messages", params={"channel": channel}) as answer:
            assert answer.status == 200, await answer.text()
            found: list[dict[str, Any]] = (await answer.json())["messages"]
            return found

    async def whispers(self, user: str, channel: str) -> list[str]:
        """What only this person sees in a channel, oldest first."""
        return [message["text"] for message in await self.told(user, channel)]

    async def text(self, channel: str) -> str:
        """All that stands in a channel."""
        return "\n".join(said_in(message) for message in await self.messages(channel))

    async def public(self, account: str) -> list[str]:
        """Texts that are public on an account, newest first."""
        async with self.session.get(f"{self.url}/audience/posts", params={"account": account}) as answer:
            return [post["text"] for post in (await answer.json())["posts"]]

    async def fault(self, **fault: Any) -> None:
        """Breaks something outside."""
        async with self.session.post(f"{self.url}/faults", json=fault) as answer:
            assert answer.status == 200, await answer.text()

    async def settle(self) -> None:
        """Events become cards until nothing is left."""
        for _ in range(3000):  # Slack keeps its own pace, whatever the clock here says
            told = await self.relay.step()
            drawn = await self.deck.serve()
            if not told and not drawn:
                store = self.desk.store
                if not await store.client.zcard(store.key("dirty")):
                    return
                self.clock.skip(seconds=1)
        left = await self.desk.store.client.zrange(self.desk.store.key("dirty"), 0, -1, withscores=True)
        raise AssertionError(f"the cards never come to rest: {left}")

    async def publish(self, **span: float) -> None:
        """Lets what is due go out, and the cards follow. The store's clock stands elsewhere."""
        self.clock.skip(**span)
        store = self.desk.store
        now = self.clock().timestamp() * 1000
        due: Any = await store.client.zrangebyscore(store.key("index", "due"), "-inf", now)
        for id_ in due:
            await store.client.zadd(store.key("index", "due"), {id_: 0})
        await self.publisher.tick()
        await self.publisher.drain()
        await self.settle()
        await self.handing.tick()

    async def ring(self, **span: float) -> None:
        """Lets time pass, and alarms ring on."""
        self.clock.skip(**span)
        await self.alarming.tick()
        await self.settle()

    def standing(self, name: str) -> Standing:
        """Somebody of the demo, to act at the desk itself."""
        return Standing(id=NAMES[name], admin=name == "admin")


def said_in(message: Mapping[str, Any]) -> str:
    """All the text of a message."""
    return "\n".join(_texts(message.get("blocks") or [])) or str(message.get("text", ""))


def _texts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for child in value.values() for text in _texts(child)]
    return [text for child in value for text in _texts(child)] if isinstance(value, list) else []


def view_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The form that an act opened."""
    assert answer["view"], answer
    return dict(answer["view"])


def environment() -> Mapping[str, str]:
    """The accounts' secrets, by the names that the demo's file uses."""
    by = {(account.brand, account.network): account for account in world.ACCOUNTS}
    found: dict[str, str] = {"ENSAYO_PRACTICE_KEY": by["Ensayo", "practice"].token}
    for name, brand in (("AGORA", "Café Ágora"), ("NORTHWIND", "Northwind Books")):
        found[f"{name}_X_TOKEN"] = by[brand, "x"].token
        found[f"{name}_X_SECRET"] = by[brand, "x"].secret
        found[f"{name}_FACEBOOK_TOKEN"] = by[brand, "facebook"].token
    return found


@asynccontextmanager
async def open_town(
    client: Any, folder: Path, *, webs: int = 1, reachable: Collection[str] = ()
) -> AsyncIterator[Town]:
    """The sandbox, seeded as the demo is, and every part of the bot but its clocks. `webs`: how many web processes
    take turns; `reachable`: where the webhook may lead."""
    store, clock = Store(client, world.TEAM_ID), Clock()
    await _forget(store)
    logging.getLogger("bot").setLevel(logging.INFO)
    async with AsyncExitStack() as stack:
        outside, web = bound(0), bound(0)
        stack.callback(web.close)
        url, bot_url = (f"http://127.0.0.1:{one.getsockname()[1]}" for one in (outside, web))
        sandbox = open_sandbox(folder, url, bot_url, mode="http")
        stack.callback(sandbox.db.close)
        await stack.enter_async_context(serving(build(sandbox, with_readers=False), outside))
        session = await stack.enter_async_context(ClientSession())
        api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{url}/api/")
        stack.push_async_callback(api.close)
        desk = open_desk(store, url, timeout=20, now=clock)
        desk.private.look = Rooms(api, world.TEAM_ID, clock).look
        await Importer(desk, Directory(api, world.TEAM_ID), environment()).load(parse_config(SEED.read_text(), "demo"))
        people, router = People(store, api, clock), find_router()
        apps = []
        for number in range(webs):
            known = People(store, api, clock)
            dispatcher = Dispatcher(router, desk=desk, people=known, performer=Performer(api, store))
            gate = Gate(
                store,
                dispatcher,
                team=world.TEAM_ID,
                me=f"g{number}",
                bot_user=world.BOT_USER_ID,
                settle=0.0,
                vault=desk.vault,
            )
            await stack.enter_async_context(gate)
            apps.append(build_web(gate, world.SIGNING_SECRET, store))
        await stack.enter_async_context(balanced(apps, web))
        deck = Deck(router, desk=desk, api=api, people=people, me="d", unreachable=desk.channel_lost)

        async def download(file: str) -> bytes:
            try:
                return await api.download(file, most=10_000_000)
            except SlackError as error:
                raise FileGone(str(error)) from error

        async def sheet(file: str) -> bytes:
            try:
                return await api.download(file, most=1_000_001, pauses=())
            except SlackError as error:
                raise UserError("error.sheet_gone") from error

        desk.sheets.download = sheet
        pictures = Pictures(desk, Blobs(store), download)
        alarming = ringing(desk, people, api, deck, reachable=reachable)

        showing = Showing(desk, Fetcher(allow=[url.removeprefix("http://")]), api)

        async def tell(event: Any) -> None:
            await deck.tell(event)
            await alarming.heard(event)
            if isinstance(event, FactChanged):
                await desk.facts.recall(event.fact)
            if conversation := concerned(event):
                await showing.look(conversation)
            if getattr(event, "act", "") == "submit":
                await pictures.fetch(event.post)

        relay = Relay(store, tell, "r", Failpoints())
        await relay.prepare()
        handing = hands(desk, api, deck)
        yield Town(url, session, desk, api, deck, relay, open_publisher(desk), clock, alarming, handing)
        async with session.get(f"{url}/calls", params={"target": "slack"}) as answer:
            assert not (wrong := unfit((await answer.json())["calls"])), wrong[:20]
    await _forget(store)


def hands(desk: Desk, api: SlackApi, deck: Deck, failpoints: Failpoints | None = None) -> Handing:
    """What hands pictures to whoever publishes by hand."""

    async def where(delivery: str, number: int, to: str) -> tuple[str, str] | None:
        return await deck.where(HandCard(delivery=delivery, number=number, to=to))

    return Handing(desk, Blobs(desk.store), api, where, failpoints or Failpoints())


async def _forget(store: Store) -> None:
    async for key in store.client.scan_iter("{" + store.team + "}:*", count=1000):
        await store.client.delete(key)
