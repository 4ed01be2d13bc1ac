"""How a process is: alive while its loop turns, ready while it can do its work."""

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web
from redis.exceptions import RedisError

from bot.store.client import Cause, NoAnswer
from bot.store.due import lateness
from bot.store.records import Store
from bot.web.leaving import Leaving

LAG = 1.0
"""Seconds that the loop may have taken for one turn lately."""
BEHIND = 30.0
"""Seconds since a part of a worker last got round, or since something became due that no worker took."""
PATIENCE = 2.0
"""Seconds that the store may take; who asks us has little more."""


class Health:
    """lag: the longest turn of the loop lately, in seconds. ages: seconds since each part of a worker last got round,
    empty in a process that is none. worker: whether this process is one, and answers for what is due."""

    def __init__(
        self,
        store: Store,
        *,
        lag: Callable[[], float] = lambda: 0.0,
        ages: Callable[[], Mapping[str, float]] = lambda: {},
        worker: bool = False,
        leaving: Leaving | None = None,
    ) -> None:
        self._store = store
        self._lag = lag
        self._ages = ages
        self._worker = worker
        self._leaving = leaving or Leaving()

    def routes(self) -> web.RouteTableDef:
        """`/healthz` and `/readyz`; 503 says no."""
        routes = web.RouteTableDef()
        routes.get("/healthz")(self.alive)
        routes.get("/readyz")(self.ready)
        return routes

    async def alive(self, _: web.Request) -> web.Response:
        """Whether the loop turns as it should."""
        lag = self._lag()
        return _answer({"ok": lag < LAG, "lag": round(lag, 3)})

    async def ready(self, _: web.Request) -> web.Response:
        """Whether the store takes what it is given, a worker's parts get round and keep up, and we don't leave.

        `engine_lag`: for how long what is due has waited for a worker, in seconds. Only workers aren't ready by it.
        """
        if self._leaving.going:
            return _answer({"ok": False, "leaving": True})
        try:
            async with asyncio.timeout(PATIENCE):
                late = await self._written()
        except NoAnswer as error:
            return _answer({"ok": False, "store": error.cause.value})
        except (RedisError, TimeoutError):
            return _answer({"ok": False, "store": Cause.SILENT.value})
        ages = {**self._ages(), **({"due": late} if self._worker else {})}
        behind = {part: round(age, 1) for part, age in ages.items() if age >= BEHIND}
        found = {"ok": not behind, "store": "up", "engine_lag": round(late, 1)}
        return _answer(found | ({"behind": behind} if behind else {}))

    async def _written(self) -> float:
        """A write, because a store may answer and take nothing any more; then what is due."""
        await self._store.client.set(self._store.key("ready"), "1", px=60_000)
        return await lateness(self._store)


def _answer(body: Mapping[str, object]) -> web.Response:
    return web.json_response(body, status=200 if body["ok"] else 503)
