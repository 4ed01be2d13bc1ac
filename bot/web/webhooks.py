"""Where networks tell us by themselves: each request is signed, of a decent size, and on disk before it is thanked."""

import logging
from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.network import Endpoint, Provider
from bot.store.arrivals import Arrivals
from bot.web.slack import read_whole

log = logging.getLogger(__name__)


class Webhooks:
    """One route for each network that has its app's keys here."""

    def __init__(
        self, providers: Mapping[str, Provider], endpoints: Mapping[str, Endpoint], arrivals: Arrivals
    ) -> None:
        self._doors = [
            Door(name, provider, endpoints[name], arrivals)
            for name, provider in providers.items()
            if name in endpoints and _open(provider, endpoints[name])
        ]

    def routes(self) -> Sequence[web.RouteDef]:
        """For an aiohttp application."""
        return [route for door in self._doors for route in door.routes()]


class Door:
    """One network's."""

    def __init__(self, name: str, provider: Provider, endpoint: Endpoint, arrivals: Arrivals) -> None:
        assert provider.hook is not None
        self._name, self._hook, self._endpoint, self._arrivals = name, provider.hook, endpoint, arrivals

    def routes(self) -> Sequence[web.RouteDef]:
        """The handshake and what is told."""
        return [web.get(self._hook.path, self.agree), web.post(self._hook.path, self.take)]

    async def agree(self, request: web.Request) -> web.Response:
        """The network asks whether the address is ours."""
        answer = self._hook.challenge(self._endpoint, request.query)
        return web.Response(status=403) if answer is None else web.Response(text=answer)

    async def take(self, request: web.Request) -> web.Response:
        """Stored, or refused: what isn't stored is told again by the network."""
        body = await read_whole(request, self._hook.largest)
        if body is None:
            return self._refuse(413, "too large")
        if not self._hook.signed(self._endpoint, request.headers, body):
            return self._refuse(401, "not signed by the network")
        try:
            await self._arrivals.keep(self._name, body)
        except StoreUnavailable as error:
            log.error("a webhook of %s can't be stored: %s", self._name, error)
            return web.Response(status=503)
        return web.Response()

    def _refuse(self, status: int, reason: str) -> web.Response:
        log.warning("refused a webhook of %s: %s", self._name, reason)
        return web.Response(status=status)


def _open(provider: Provider, endpoint: Endpoint) -> bool:
    return provider.hook is not None and all(endpoint.app.get(name) for name in provider.app_fields)
