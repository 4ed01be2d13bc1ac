"""How a process is: alive while its loop turns, ready while it can do its work."""

from collections.abc import Callable, Mapping

from aiohttp import web
from redis.exceptions import RedisError

from bot.store.records import Store
from bot.web.leaving import Leaving

LAG = 1.0
"""Seconds that the loop may have taken for one turn lately."""
BEHIND = 30.0
"""Seconds since the parts of a worker last got round; the watchdog rings people after these as well."""


class Health:
    """lag: the longest turn of the loop lately, in seconds. ages: seconds since each part of a worker last got round,
    empty in a process that is none."""

    def __init__(
        self,
        store: Store,
        *,
        lag: Callable[[], float] = lambda: 0.0,
        ages: Callable[[], Mapping[str, float]] = lambda: {},
        leaving: Leaving | None = None,
    ) -> None:
        self._store = store
        self._lag = lag
        self._ages = ages
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
        """Whether the store answers, the worker's parts get round, and we don't leave."""
        if self._leaving.going:
            return _answer({"ok": False, "leaving": True})
        try:
            await self._store.client.ping()
        except RedisError:
            return _answer({"ok": False, "store": "no answer"})
        ages = self._ages()
        behind = {part: round(age, 1) for part, age in ages.items() if age >= BEHIND}
        return _answer({"ok": not behind, "store": "up"} | ({"behind": behind} if behind else {}))


def _answer(body: Mapping[str, object]) -> web.Response:
    return web.json_response(body, status=200 if body["ok"] else 503)
