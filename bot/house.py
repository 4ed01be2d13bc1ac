"""The composition root: puts the rooms together for one process, from settings to running tasks; knows everyone."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiohttp import web
from pydantic import SecretStr
from redis.exceptions import RedisError

from bot.desk.desk import Desk
from bot.discovery import find_providers, find_router
from bot.engine.failpoints import Failpoints, parse
from bot.engine.pictures import LARGEST, FileGone
from bot.engine.worker import Worker
from bot.errors import ConfigurationError
from bot.journal import register_secret
from bot.network import Endpoint
from bot.sandbox.practice import build_practice
from bot.settings import Settings
from bot.slack.client import SlackApi, SlackError
from bot.slack.deck import Deck
from bot.slack.directory import Directory
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.slack.sockets import SocketMode
from bot.store.launcher import advice, connect, ensure_store
from bot.store.records import Store
from bot.store.vault import open_vault
from bot.web.app import build_web

log = logging.getLogger(__name__)

PRACTICE_ACCOUNT = "ensayo"


def new_id() -> str:
    """Twelve letters and digits that nobody guesses and everybody can read aloud."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "".join(secrets.choice(alphabet) for _ in range(12))


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def endpoints_of(settings: Settings, practice: Endpoint) -> Mapping[str, Endpoint]:
    """Where each network lives, with the operator's app there. Networks without app keys are left out of reach."""
    x = {
        "consumer_key": _secret(settings.x_consumer_key),
        "consumer_secret": _secret(settings.x_consumer_secret),
        "site": settings.x_site_url,
    }
    facebook = {
        "app_id": settings.facebook_app_id or "",
        "app_secret": _secret(settings.facebook_app_secret),
        "site": settings.facebook_site_url or "",
    }
    return {
        "x": Endpoint(settings.x_api_url, x),
        "facebook": Endpoint(settings.facebook_graph_url, facebook),
        "practice": practice,
    }


class House:
    """One process's rooms, opened and closed together by `open_house`."""

    def __init__(
        self, settings: Settings, store: Store, url: str, api: SlackApi, desk: Desk, *, team: str, bot_user: str
    ) -> None:
        self.settings = settings
        self.store = store
        self.store_url = url
        self.api = api
        self.desk = desk
        self.team = team
        self.bot_user = bot_user
        self.me = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self.router = find_router()
        self.people = People(store, api, desk.now)
        self.directory = Directory(api, team)

    # --- what runs

    async def run_web(self, *, also: AsyncExitStack) -> None:
        """Take what Slack sends: by Socket Mode or signed HTTP, and answer health checks."""
        settings = self.settings
        performer = Performer(self.api, self.store)
        dispatcher = Dispatcher(self.router, desk=self.desk, people=self.people, performer=performer)
        gate = Gate(self.store, dispatcher, team=self.team, me=self.me, bot_user=self.bot_user, vault=self.desk.vault)
        await also.enter_async_context(gate)
        secret = _secret(settings.slack_signing_secret) if settings.mode == "http" else None
        app = build_web(gate, secret, self.store)
        await also.enter_async_context(listening(app, settings.host, settings.port))
        if settings.mode == "socket":
            mode = SocketMode(gate, _secret(settings.slack_app_token), settings.slack_api_url)
            await also.enter_async_context(mode)

    def worker(self) -> tuple[Worker, Deck]:
        """What happens without a person, and the cards that follow."""
        lost = self.desk.channel_lost
        deck = Deck(self.router, desk=self.desk, api=self.api, people=self.people, me=self.me, unreachable=lost)
        worker = Worker(
            self.desk,
            url=self.store_url,
            me=self.me,
            tell=deck.tell,
            download=self.download,
            failpoints=Failpoints(parse(self.settings.vocero_failpoints)),
            poll_every=timedelta(seconds=self.settings.vocero_poll_seconds),
        )
        return worker, deck

    async def run_worker(self) -> None:
        """Work until cancelled."""
        worker, deck = self.worker()
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(), name="worker")
            group.create_task(deck.run(), name="deck")

    async def download(self, file: str) -> bytes:
        """A Slack file's bytes; raises FileGone."""
        try:
            return await self.api.download(file, most=LARGEST + 1)
        except SlackError as error:
            raise FileGone(str(error)) from error


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """A web application on an address; raises ConfigurationError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigurationError(f"PORT {port} on {host} can't be listened on: {error.strerror}.") from error
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Store, Slack, vault and desk, ready; raises ConfigurationError with a sentence for what is wrong."""
    for value in settings.model_dump().values():
        if isinstance(value, SecretStr):
            register_secret(value.get_secret_value())
    async with AsyncExitStack() as stack:
        api = SlackApi.opened(_secret(settings.slack_bot_token), base_url=settings.slack_api_url)
        stack.push_async_callback(api.close)
        try:
            who = await api.who()
        except SlackError as error:
            raise ConfigurationError(f"Slack doesn't accept SLACK_BOT_TOKEN, or can't be reached: {error}.") from error
        url = _secret(settings.redis_url) or await asyncio.to_thread(ensure_store, settings.vocero_data)
        client = connect(url)
        stack.push_async_callback(client.aclose)
        try:
            told = await advice(client)
        except RedisError as error:
            raise ConfigurationError(f"The store doesn't answer, check REDIS_URL: {type(error).__name__}.") from error
        for sentence in told:
            log.warning("%s", sentence)
        team = str(who["team_id"])
        store = Store(client, team)
        vault = open_vault(settings.vocero_data, _secret(settings.vocero_key) or None)
        if settings.practice_url:
            practice = Endpoint(settings.practice_url)
        else:
            practice = await stack.enter_async_context(own_practice(settings, store))
        desk = Desk(
            store,
            providers=find_providers(),
            endpoints=endpoints_of(settings, practice),
            vault=vault,
            now=lambda: datetime.now(UTC),
            new_id=new_id,
        )
        admins = frozenset(f"{team}:{user}" for user in settings.vocero_admins)
        if admins:
            await desk.brands.make_admins(admins)
        yield House(settings, store, url, api, desk, team=team, bot_user=str(who.get("user_id", "")))


@asynccontextmanager
async def own_practice(settings: Settings, store: Store) -> AsyncIterator[Endpoint]:
    """The practice network on a free port of this machine, for day one on a real workspace.

    Its one account's key is kept in the store, so that every process of this installation opens the same account.
    """
    name = store.key("practice-key")
    await store.client.set(name, secrets.token_urlsafe(24), nx=True)
    key = str(await store.client.get(name))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    app = build_practice(
        settings.vocero_data / "practice.db", {PRACTICE_ACCOUNT: key}, url=url, names={PRACTICE_ACCOUNT: "Ensayo"}
    )
    async with listening(app, "127.0.0.1", port):
        yield Endpoint(url, {"key": key})
