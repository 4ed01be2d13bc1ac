"""Socket Mode: two connections, so that one may come back while the other listens; every envelope goes to the gate.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import logging
from typing import Any, Self

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gate import Gate

CONNECTIONS = 2

log = logging.getLogger(__name__)


class Listener(AsyncSocketModeHandler):
    """One connection. What the gate doesn't acknowledge, Slack sends again."""

    def __init__(self, gate: Gate, app_token: str, base_url: str) -> None:
        web = AsyncWebClient(app_token, base_url)
        super().__init__(gate.bolt.app, app_token, web_client=web, ping_interval=5)
        self._gate = gate

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Takes one envelope and acknowledges it."""
        headers = {"x-slack-retry-num": str(req.retry_attempt)} if req.retry_attempt else {}
        payload: Any = req.payload
        if not isinstance(payload, dict):
            log.warning("an envelope without a payload", extra={"type": req.type})
            payload = {}
        ack = await self._gate.take(payload, headers)
        if ack.status == 200:
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id, dict(ack.body) or None))


class SocketMode:
    """All connections of this process, from entering to leaving. `base_url` is the Web API's, ending in a slash."""

    def __init__(self, gate: Gate, app_token: str, base_url: str, *, connections: int = CONNECTIONS) -> None:
        self._listeners = [Listener(gate, app_token, base_url) for _ in range(connections)]

    async def __aenter__(self) -> Self:
        """Connects; raises SlackApiError for a token that Slack refuses."""
        for listener in self._listeners:
            await listener.client.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends every connection."""
        for listener in self._listeners:
            await listener.client.close()
