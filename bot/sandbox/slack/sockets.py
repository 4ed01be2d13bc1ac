"""Socket Mode: one-use tickets, up to ten connections, envelopes and their acks."""

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox import world
from bot.sandbox.slack.delivery import EVENT, Reply
from bot.sandbox.slack.terms import Json, secret

log = logging.getLogger(__name__)

PATH = "/link"
MOST = 10
# assumed: how long an address from apps.connections.open may wait for its connection.
TICKET_LIFE = 30.0
HEARTBEAT = 30.0


class Sockets:
    """The app's open connections; one of them, chosen at random, gets each envelope."""

    def __init__(self, url: str, now: Callable[[], float], ack_seconds: float) -> None:
        self.url = url
        self.now = now
        self.ack_seconds = ack_seconds
        self.tickets: dict[str, float] = {}
        self.open: list[web.WebSocketResponse] = []
        self.waiting: dict[str, asyncio.Future[Json]] = {}

    def ticket(self) -> str:
        """An address that can be connected to once."""
        name = secret()
        self.tickets[name] = self.now() + TICKET_LIFE
        return f"{self.url.replace('http', 'ws', 1)}{PATH}/?ticket={name}&app_id={world.APP_ID}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The websocket itself."""
        until = self.tickets.pop(request.query.get("ticket", ""), 0.0)
        if self.now() > until:
            return web.Response(status=408, text="link_expired")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        if len(self.open) >= MOST:
            # assumed: the newcomer is the one that is sent away.
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.open.append(socket)
        await socket.send_json({
            "type": "hello", "num_connections": len(self.open), "connection_info": {"app_id": world.APP_ID},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        })  # fmt: skip
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acked(message.data)
        finally:
            self.leave(socket)
        return socket

    def leave(self, socket: web.WebSocketResponse) -> None:
        """Takes a connection out of use."""
        if socket in self.open:
            self.open.remove(socket)

    def _acked(self, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            log.warning("the app sent something that isn't JSON: %.200s", data)
            return
        if not isinstance(ack, dict) or "envelope_id" not in ack:
            log.warning("the app sent something that isn't an ack: %.200s", data)
            return
        waiting = self.waiting.get(str(ack["envelope_id"]))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)

    async def carry(self, kind: str, payload: Json, attempt: int, reason: str) -> Reply:
        """Sends one envelope and waits for its ack."""
        envelope: dict[str, Any] = {
            "envelope_id": f"{secret()[:8]}-{secret()[:4]}-4{secret()[:3]}-a{secret()[:3]}-{secret()[:12]}",
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != EVENT,
        }
        if kind == EVENT:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        start = time.monotonic()
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.waiting[envelope["envelope_id"]] = waiting
        try:
            if not await self._sent(envelope):
                return Reply(False, _ms(start), reason="connection_failed")
            async with asyncio.timeout(self.ack_seconds):
                ack = await waiting
        except TimeoutError:
            return Reply(False, _ms(start), reason="timeout")
        finally:
            del self.waiting[envelope["envelope_id"]]
        body = ack.get("payload")
        return Reply(True, _ms(start), body if isinstance(body, dict) and kind != EVENT else None)

    async def _sent(self, envelope: Json) -> bool:
        while self.open:
            socket = random.choice(self.open)
            try:
                if not socket.closed:
                    await socket.send_json(envelope)
                    return True
            except ConnectionError as error:
                log.info("a connection of the app broke: %s", error)
            self.leave(socket)
        return False

    async def disconnect(self, reason: str = "refresh_requested") -> int:
        """Asks every connection to come back, as Slack does from time to time; says how many there were."""
        sockets = list(self.open)
        for socket in sockets:
            self.leave(socket)
            await socket.send_json(_disconnect(reason))
            await socket.close()
        return len(sockets)

    async def close(self) -> None:
        """Ends every connection."""
        for socket in list(self.open):
            self.leave(socket)
            await socket.close(code=1001)


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def _ms(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
