"""`/metrics` for Prometheus, on a port of its own: what this process counted, and what the store knows now.

https://prometheus.io/docs/instrumenting/exposition_formats. No person's id and no text of anybody is in it; a brand is
named by the id that we gave it.
"""

from datetime import datetime
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from redis.exceptions import RedisError

from bot.desk.desk import Desk
from bot.domain.access import AccessNote
from bot.domain.brands import AccountState
from bot.domain.vigil import WEB, WORKER
from bot.errors import StoreError
from bot.metrics import REGISTRY, expect
from bot.network.allowance import remaining
from bot.slack.payload import Kind
from bot.store.due import lateness
from bot.store.heartbeats import Heartbeats
from bot.web.health import Health

_DUE, _EVENTS, _INBOX = "due", "events", "inbox"


class Gauges:
    """What is read from the store when somebody asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store
        self._beats = Heartbeats(desk.store)
        self.registry = CollectorRegistry()

        def gauge(name: str, told: str, *labels: str) -> Gauge:
            return Gauge(f"vocero_{name}", told, labels, registry=self.registry)

        self._up = gauge("store_up", "Whether the store answers")
        self._depth = gauge("queue_depth", "What waits: due deliveries, events untold, payloads unhandled", "queue")
        self._age = gauge("oldest_job_age_seconds", "How long the oldest of them has been waiting", "queue")
        self._asks = gauge("deliveries_asking", "Deliveries that wait for a person: unknown, refused, missed", "brand")
        self._ends = gauge("token_expires_in_seconds", "Until the first access of a brand ends", "network", "brand")
        self._dead = gauge("accounts_dead", "Accounts whose access was lost", "network", "brand")
        self._there = gauge("processes", "Processes heard of within a minute", "role")
        self._left = gauge("rate_limit_remaining", "Share of the tightest window that is left, 0 to 1", "network")

    async def read(self) -> None:
        """Look now."""
        for gauge in (self._depth, self._age, self._asks, self._ends, self._dead, self._there, self._left):
            gauge.clear()
        try:
            await self._queues()
            await self._processes()
            await self._brands()
        except (RedisError, StoreError):
            self._up.set(0)
        else:
            self._up.set(1)
        for network in self._desk.providers:
            if (left := remaining(network)) is not None:
                self._left.labels(network).set(left)

    async def _queues(self) -> None:
        client, key = self._store.client, self._store.key
        async with client.pipeline(transaction=False) as pipe:
            pipe.time()
            for stream in (_EVENTS, _INBOX):
                pipe.xlen(key(stream))
                pipe.xrange(key(stream), count=1)
            (seconds, micro), told, first_told, came, first_came = await pipe.execute()
        now = seconds * 1000 + micro / 1000
        waiting = await client.zcount(key("index", _DUE), "-inf", now)
        self._waits(_DUE, int(waiting), await lateness(self._store) * 1000)
        self._waits(_EVENTS, told, _age(first_told, now))
        self._waits(_INBOX, came, _age(first_came, now))

    async def _processes(self) -> None:
        vitals = (await self._beats.read()).vitals
        for role in (WEB, WORKER):
            self._there.labels(role).set(sum(role in each.roles for each in vitals))

    def _waits(self, queue: str, depth: int, age: float) -> None:
        self._depth.labels(queue).set(depth)
        self._age.labels(queue).set(max(age, 0.0) / 1000)

    async def _brands(self) -> None:
        now, desk = self._desk.now(), self._desk
        for brand in await desk.brands.all():
            asks = await self._store.client.zcard(self._store.key("index", f"asks:{brand.id}"))
            self._asks.labels(brand.id).set(asks)
        ends: dict[tuple[str, str], datetime] = {}
        accounts = await desk.accounts.all()
        notes = {note.id: note for note in await self._store.find_many(AccessNote, [each.id for each in accounts])}
        for account in accounts:
            place, note = (account.network, account.brand), notes.get(account.id)
            self._dead.labels(*place).inc(account.state is AccountState.DEAD)
            if note is not None and note.ends_at is not None and account.state is AccountState.ACTIVE:
                ends[place] = min(note.ends_at, ends.get(place, note.ends_at))
        for place, end in ends.items():
            self._ends.labels(*place).set((end - now).total_seconds())


def _age(first: Any, now: float) -> float:
    """Of a stream's first entry, in milliseconds: its id begins with the moment it was written."""
    return now - float(str(first[0][0]).partition("-")[0]) if first else 0.0


def build_metrics(desk: Desk, health: Health) -> web.Application:
    """`/metrics`, and `/healthz` and `/readyz` for processes that take nothing from Slack."""
    gauges = Gauges(desk)
    expect([kind.value for kind in Kind], list(desk.providers))

    async def metrics(_: web.Request) -> web.Response:
        await gauges.read()
        body = generate_latest(REGISTRY) + generate_latest(gauges.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes(health.routes())
    app.router.add_get("/metrics", metrics)
    return app
