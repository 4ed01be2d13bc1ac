"""The composition root: puts the rooms together for one process, from settings to running tasks; knows everyone."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr
from yarl import URL

from bot.desk.desk import Desk
from bot.discovery import find_networks, find_router
from bot.domain.sheets import LARGEST as TABLE
from bot.domain.vigil import WEB, WORKER
from bot.endpoints import endpoints_of, own_practice, plain
from bot.engine.alarming import Alarming
from bot.engine.calling import Caller
from bot.engine.failpoints import Failpoints, parse
from bot.engine.handing import Handing
from bot.engine.links import LinkLook
from bot.engine.pictures import LARGEST, FileGone
from bot.engine.placing import Placing
from bot.engine.pulse import Pulse
from bot.engine.remembering import examine
from bot.engine.shifts import Shifts
from bot.engine.showing import Showing
from bot.engine.storekeeping import Storekeeper
from bot.engine.sweeping import Sweep
from bot.engine.vitals import Watching
from bot.engine.worker import Worker
from bot.errors import ConfigurationError, UserError
from bot.journal import register_secret
from bot.network import Endpoint
from bot.network.fetching import Fetcher
from bot.settings import Settings
from bot.slack.blocks import Message, section
from bot.slack.client import SlackApi, SlackError
from bot.slack.deck import Deck
from bot.slack.directory import Directory
from bot.slack.dispatch import Dispatcher
from bot.slack.gate import Gate
from bot.slack.outcry import Outcry
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.slack.rooms import Rooms
from bot.slack.sockets import SocketMode
from bot.store.arrivals import Arrivals
from bot.store.blobs import Blobs
from bot.store.client import Client, NoAnswer, unanswered
from bot.store.inspection import Finding, Weight, inspect
from bot.store.launcher import connect, ensure_store
from bot.store.migrations import kinds_of, refuse_newer
from bot.store.records import Store
from bot.store.vault import open_vault
from bot.web.app import build_web
from bot.web.client import ClientPages
from bot.web.health import Health
from bot.web.ical import Calendars
from bot.web.leaving import Leaving
from bot.web.listening import listening
from bot.web.metrics import build_metrics
from bot.web.webhooks import Webhooks
from handlers.views.by_hand import HandCard
from handlers.views.ringing import AlarmCard

log = logging.getLogger(__name__)


def new_id() -> str:
    """Twelve letters and digits that nobody guesses and everybody can read aloud."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "".join(secrets.choice(alphabet) for _ in range(12))


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
        self.findings: Sequence[Finding] = ()
        self.leaving = Leaving()
        self.failpoints = Failpoints(parse(settings.vocero_failpoints))

    # --- what runs

    async def run(self, *, web: bool, worker: bool) -> None:
        """Until cancelled; then Slack's requests and what is published come to their end side by side."""
        roles = {role for role, wanted in ((WEB, web), (WORKER, worker)) if wanted}
        deck = self.deck()
        token, url = plain(self.settings.slack_bot_token), self.settings.slack_api_url
        alarming, outcry = self.alarming(deck), Outcry(token, url)
        watching = Watching(self.desk, me=self.me, roles=roles, show=deck.show, alarming=alarming, outcry=outcry)
        pulse = watching.pulse
        ages = pulse.ages if worker else dict
        health = Health(self.store, lag=lambda: pulse.lag, ages=ages, worker=worker, leaving=self.leaving)
        async with AsyncExitStack() as front:
            if (port := self.settings.vocero_metrics_port) is not None:
                app = build_metrics(self.desk, health)
                place = listening(app, self.settings.vocero_metrics_host, port, setting="VOCERO_METRICS_PORT")
                await front.enter_async_context(place)
            if web:
                await self.run_web(health, also=front)
            working = self.run_worker(watching) if worker else self.run_alone(watching)
            running = asyncio.create_task(working, name="house")
            try:
                await asyncio.shield(running)
            except asyncio.CancelledError:
                running.cancel()
                await asyncio.gather(running, front.aclose(), return_exceptions=True)
                raise
            finally:
                await watching.pulse.leave()

    async def run_alone(self, watching: Watching) -> None:
        """What a process does that isn't a worker, besides taking what Slack sends."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.keep_store(), name="storekeeper")
            group.create_task(watching.run(), name="watching")

    async def run_web(self, health: Health, *, also: AsyncExitStack) -> None:
        """Take what Slack sends: by Socket Mode or signed HTTP, and answer health checks."""
        settings = self.settings
        performer = Performer(self.api, self.store)
        dispatcher = Dispatcher(self.router, desk=self.desk, people=self.people, performer=performer)
        gate = Gate(self.store, dispatcher, team=self.team, me=self.me, bot_user=self.bot_user, vault=self.desk.vault)
        await also.enter_async_context(gate)
        secret = plain(settings.slack_signing_secret) if settings.mode == "http" else None
        arrivals = Arrivals(self.store, self.desk.vault)
        webhooks = Webhooks(self.desk.providers, self.desk.endpoints, arrivals)
        app = build_web(
            gate, secret, self.store, self.leaving, health, webhooks, (Calendars(self.desk), ClientPages(self.desk))
        )
        await also.enter_async_context(listening(app, settings.host, settings.port))
        if settings.mode == "http":
            also.push_async_callback(self.leaving.leave)
        if settings.mode == "socket":
            mode = SocketMode(gate, plain(settings.slack_app_token), settings.slack_api_url)
            await also.enter_async_context(mode)

    def deck(self, turned: Callable[[str], None] = lambda _: None) -> Deck:
        """What draws cards."""
        return Deck(
            self.router,
            desk=self.desk,
            api=self.api,
            people=self.people,
            me=self.me,
            unreachable=self.desk.channel_lost,
            reach=self.failpoints.reach,
            turned=lambda: turned("deck"),
        )

    def alarming(self, deck: Deck) -> Alarming:
        """What rings people."""
        return ringing(self.desk, self.people, self.api, deck, reachable=self.settings.vocero_reachable)

    def worker(self, pulse: Pulse) -> tuple[Worker, Deck]:
        """What happens without a person, and the cards that follow."""
        deck = self.deck(pulse.round)

        async def asked_at(delivery: str, number: int, to: str) -> tuple[str, str] | None:
            return await deck.where(HandCard(delivery=delivery, number=number, to=to))

        async def shown(alarm: str) -> bool:
            return await deck.where(AlarmCard(alarm=alarm)) is not None

        worker = Worker(
            self.desk,
            url=self.store_url,
            me=self.me,
            tell=deck.tell,
            download=self.download,
            failpoints=self.failpoints,
            poll_every=timedelta(seconds=self.settings.vocero_poll_seconds),
            public_url=self.settings.vocero_public_url or "",
            data=self.settings.vocero_data,
            alarming=self.alarming(deck),
            pulse=pulse,
            sweep=Sweep(self.desk, deck.marks, shown),
            links=self.links(),
            showing=Showing(self.desk, Fetcher(allow=self.beside()), self.api),
            placing=Placing(self.desk, Rooms(self.api, self.team, self.desk.now).place),
            handing=Handing(self.desk, Blobs(self.store), self.api, asked_at, self.failpoints),
        )
        return worker, deck

    def beside(self) -> Collection[str]:
        """The addresses that may be opened though they aren't public: those the operator names, and networks of our own
        beside a Slack of our own, where pictures lie."""
        if URL(self.settings.slack_api_url).host == "slack.com":
            return self.settings.vocero_reachable
        found = (URL(endpoint.url) for endpoint in self.desk.endpoints.values())
        local = {f"{url.host}:{url.port}" for url in found if url.host in {"127.0.0.1", "localhost"}}
        return {*self.settings.vocero_reachable, *local}

    def links(self) -> LinkLook:
        """Who looks at links: everywhere beside the real Slack; beside a Slack of our own there is no web outside."""
        allowed = self.settings.vocero_reachable
        real = URL(self.settings.slack_api_url).host == "slack.com"
        return LinkLook(self.desk, Fetcher(allow=allowed), only=None if real else allowed)

    async def run_worker(self, watching: Watching) -> None:
        """Work until cancelled; first of all the store has to be the one that we left."""
        await examine(self.desk, self.settings.vocero_data)
        await self.desk.custody.look_for_keys()
        await self.desk.custody.report({found.about: found.sentence for found in self.findings if found.alarming})
        worker, deck = self.worker(watching.pulse)
        await watching.pulse.beat()  # whoever was away says so before anything due is looked at
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(), name="worker")
            group.create_task(deck.run(), name="deck")
            group.create_task(self.keep_store(back=lambda: self._back(worker)), name="storekeeper")
            group.create_task(watching.run(), name="watching")

    async def _back(self, worker: Worker) -> None:
        await examine(self.desk, self.settings.vocero_data)
        worker.wake()

    async def keep_store(self, *, back: Callable[[], Awaitable[None]] | None = None) -> None:
        """Look after the store until cancelled, and say in Slack when it is away. Each process does, once."""
        settings, client = self.settings, self.store.client
        assert isinstance(client, Client)
        embedded = not plain(settings.redis_url)
        keeper = Storekeeper(
            client, self.desk, me=self.me, data=settings.vocero_data, embedded=embedded, say=self.say, back=back
        )
        await keeper.run()

    async def say(self, where: str, text: str) -> None:
        """Say something in a channel, or to `@` and a member's id, without the store. Raises SlackError."""
        user = where.rpartition(":")[2].removeprefix("@")
        channel = await self.api.direct(user, patient=True) if where.startswith("@") else where
        await self.api.post(channel, Message(text, [section(text)]), patient=True)

    async def sheet(self, file: str) -> bytes:
        """A Slack file's bytes, of which a table has few, tried once: somebody waits at the form. Raises UserError."""
        try:
            return await self.api.download(file, most=TABLE + 1, pauses=())
        except SlackError as error:
            raise UserError("error.sheet_gone") from error

    async def download(self, file: str) -> bytes:
        """A Slack file's bytes; raises FileGone."""
        try:
            return await self.api.download(file, most=LARGEST + 1)
        except SlackError as error:
            raise FileGone(str(error)) from error


def ringing(desk: Desk, people: People, api: SlackApi, deck: Deck, *, reachable: Collection[str] = ()) -> Alarming:
    """Who rings people: by direct message, and at last by the webhook, through the guarded fetcher."""
    fetcher = Fetcher(allow=reachable)

    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        return (await fetcher.fetch(url, method="POST", body=body, headers=headers)).status

    async def link(alarm: str) -> str:
        return await deck.link(AlarmCard(alarm=alarm))

    shifts = Shifts(desk, people.quiet)
    return Alarming(desk, refresh=people.refresh, shifts=shifts, caller=Caller(desk, post, link))


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Store, Slack, vault and desk, ready; raises ConfigurationError with a sentence for what is wrong."""
    for value in settings.model_dump().values():
        if isinstance(value, SecretStr):
            for part in {value.get_secret_value(), *value.get_secret_value().split(",")}:  # VOCERO_KEY may hold several
                register_secret(part)
    async with AsyncExitStack() as stack:
        api = SlackApi.opened(plain(settings.slack_bot_token), base_url=settings.slack_api_url)
        stack.push_async_callback(api.close)
        try:
            who = await api.who()
        except SlackError as error:
            raise ConfigurationError(f"Slack doesn't accept SLACK_BOT_TOKEN, or can't be reached: {error}.") from error
        url = plain(settings.redis_url) or await asyncio.to_thread(ensure_store, settings.vocero_data)
        client = connect(url)
        stack.push_async_callback(client.aclose)
        try:
            found = await inspect(client)
        except NoAnswer as error:
            raise ConfigurationError(unanswered(error)) from error
        for finding in found:
            log.warning("%s", finding.sentence)
        if grave := [finding.sentence for finding in found if finding.weight is Weight.REFUSE]:
            raise ConfigurationError(*grave)
        team = str(who["team_id"])
        store = Store(client, team)
        await refuse_newer(store, kinds_of())
        vault = open_vault(settings.vocero_data, plain(settings.vocero_key) or None)
        if settings.practice_url:
            practice = Endpoint(settings.practice_url)
        else:
            practice = await stack.enter_async_context(own_practice(settings.vocero_data, store, vault))
        desk = Desk(
            store,
            providers=find_networks(),
            endpoints=endpoints_of(settings, practice),
            vault=vault,
            now=lambda: datetime.now(UTC),
            new_id=new_id,
        )
        admins = frozenset(f"{team}:{user}" for user in settings.vocero_admins)
        if admins:
            await desk.brands.make_admins(admins)
        desk.calendar_links.address = desk.clients.address = settings.vocero_public_url or ""
        desk.private.look = Rooms(api, team, desk.now).look
        house = House(settings, store, url, api, desk, team=team, bot_user=str(who.get("user_id", "")))
        house.findings = found
        desk.sheets.download = house.sheet
        yield house
