"""Socket Mode: two connections, so that one may come back while the other listens; every envelope goes to the gate.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import logging
from typing import Any, Self

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigurationError
from bot.slack.gate import Gate

CONNECTIONS = 2
GIVE_UP = 4
"""After how many looks without a connection, five seconds apart, a connection is made anew."""
_LOOK = 5.0

log = logging.getLogger(__name__)


class Listener(AsyncSocketModeHandler):
    """One connection. What the gate can't store it doesn't acknowledge, so Slack sends it again."""

    def __init__(self, gate: Gate, app_token: str, base_url: str) -> None:
        web = AsyncWebClient(app_token, base_url)
        super().__init__(gate.bolt.app, app_token, web_client=web, ping_interval=5)
        self._gate = gate
        self.missed = 0

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Takes one envelope and acknowledges it."""
        headers = {"x-slack-retry-num": str(req.retry_attempt)} if req.retry_attempt else {}
        payload: Any = req.payload
        ack = await self._gate.take(payload if isinstance(payload, dict) else {}, headers)
        if ack.status < 500:
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id, dict(ack.body) or None))

    async def open(self) -> None:
        """Connects, however long it takes; raises SlackApiError for a token that Slack refuses."""
        self.client.wss_uri = await self.client.issue_new_wss_url()
        await self.client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Ends it."""
        await self.client.close()  # type: ignore[no-untyped-call]


class SocketMode:
    """All connections of this process, from entering to leaving. `base_url` is the Web API's, ending in a slash."""

    def __init__(self, gate: Gate, app_token: str, base_url: str, *, connections: int = CONNECTIONS) -> None:
        self._gate = gate
        self._token = app_token
        self._base_url = base_url
        self._connections = connections
        self._listeners: list[Listener] = []
        self._watcher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Connects; raises ConfigurationError for a token that Slack refuses."""
        try:
            for _ in range(self._connections):
                self._listeners.append(self._listener())
                await self._listeners[-1].open()
        except BaseException as error:
            await self._close_all()
            if isinstance(error, SlackApiError):
                raise ConfigurationError(f"Slack doesn't accept SLACK_APP_TOKEN: {error.response['error']}.") from error
            raise
        self._watcher = asyncio.create_task(self._watch(), name="socket mode")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends every connection."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        await self._close_all()

    async def look(self) -> None:
        """Makes anew what doesn't come back by itself: slack_sdk's client tries an address for ever, though each is
        good for one use and half a minute."""
        for number, listener in enumerate(self._listeners):
            listener.missed = 0 if await listener.client.is_connected() else listener.missed + 1
            if listener.missed < GIVE_UP:
                continue
            log.warning("a connection to Slack is made anew")
            await listener.close()
            self._listeners[number] = fresh = self._listener()
            try:
                async with asyncio.timeout(_LOOK):
                    await fresh.open()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look tries again
                log.warning("no connection to Slack: %s", type(error).__name__)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            await self.look()

    def _listener(self) -> Listener:
        return Listener(self._gate, self._token, self._base_url)

    async def _close_all(self) -> None:
        for listener in self._listeners:
            await listener.close()
        self._listeners.clear()
