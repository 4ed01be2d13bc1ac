"""Socket Mode: one-use tickets, up to ten connections, envelopes and their acks; and how connections fail."""

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
        self.requests: dict[web.WebSocketResponse, web.Request] = {}
        self.silent: set[web.WebSocketResponse] = set()
        # Acks count only on a connection that the envelope went out on (assumed).
        self.waiting: dict[str, tuple[list[web.WebSocketResponse], asyncio.Future[Json]]] = {}
        self.cuts: list[str] = []
        self.most = MOST

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
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, autoping=False)
        await socket.prepare(request)
        if len(self.open) >= self.most:
            # assumed: the newcomer is the one that is sent away.
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.open.append(socket)
        self.requests[socket] = request
        await socket.send_json({
            "type": "hello", "num_connections": len(self.open), "connection_info": {"app_id": world.APP_ID},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        })  # fmt: skip
        try:
            async for message in socket:
                if socket in self.silent:
                    continue
                if message.type == WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type == WSMsgType.TEXT:
                    self._acked(socket, message.data)
        finally:
            self.leave(socket)
            self.requests.pop(socket, None)
            self.silent.discard(socket)
        return socket

    def leave(self, socket: web.WebSocketResponse) -> None:
        """Takes a connection out of use."""
        if socket in self.open:
            self.open.remove(socket)

    def _acked(self, socket: web.WebSocketResponse, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            log.warning("the app sent something that isn't JSON: %.200s", data)
            return
        if not isinstance(ack, dict) or "envelope_id" not in ack:
            log.warning("the app sent something that isn't an ack: %.200s", data)
            return
        sent, waiting = self.waiting.get(str(ack["envelope_id"]), ([], None))
        if socket not in sent:
            log.warning("an ack on a connection that its envelope didn't go out on")
        elif waiting is not None and not waiting.done():
            waiting.set_result(ack)

    async def carry(self, kind: str, payload: Json, attempt: int, reason: str, *, everywhere: bool = False) -> Reply:
        """Sends one envelope, on one connection or `everywhere`, and waits for its first ack."""
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
        sent: list[web.WebSocketResponse] = []
        self.waiting[envelope["envelope_id"]] = (sent, waiting)
        try:
            if not await self._sent(envelope, sent, everywhere=everywhere):
                return Reply(False, _ms(start), reason="connection_failed")
            async with asyncio.timeout(self.ack_seconds):
                ack = await waiting
        except TimeoutError:
            return Reply(False, _ms(start), reason="timeout")
        finally:
            del self.waiting[envelope["envelope_id"]]
        body = ack.get("payload")
        return Reply(True, _ms(start), body if isinstance(body, dict) and kind != EVENT else None)

    async def _sent(self, envelope: Json, sent: list[web.WebSocketResponse], *, everywhere: bool) -> bool:
        while self.open:
            for socket in list(self.open) if everywhere else [random.choice(self.open)]:
                sent.append(socket)
                if not await self._out(socket, envelope):
                    sent.remove(socket)
                    self.leave(socket)
            if sent:
                return True
        return False

    async def _out(self, socket: web.WebSocketResponse, envelope: Json) -> bool:
        """One envelope on one connection, which may be cut in the middle of it or right after it."""
        cut = self.cuts.pop(0) if self.cuts else ""
        try:
            if socket.closed:
                return False
            if cut == "half":
                self._half(socket, json.dumps(envelope).encode())
            else:
                await socket.send_json(envelope)
        except ConnectionError as error:
            log.info("a connection of the app broke: %s", error)
            return False
        if cut:
            self.abort(socket)
        return True

    def _half(self, socket: web.WebSocketResponse, data: bytes) -> None:
        """The first half of a text frame, https://www.rfc-editor.org/rfc/rfc6455#section-5.2."""
        transport = self.requests[socket].transport
        if transport is not None:
            transport.write(b"\x81\x7f" + len(data).to_bytes(8, "big") + data[: len(data) // 2])

    def abort(self, socket: web.WebSocketResponse) -> None:
        """Ends a connection without a word."""
        self.leave(socket)
        transport = self.requests[socket].transport if socket in self.requests else None
        if transport is not None:
            transport.abort()

    async def disconnect(self, reason: str = "refresh_requested") -> int:
        """Asks every connection to come back, as Slack does from time to time; says how many there were. After a
        `warning` they stay in use for now; otherwise they end at once (assumed: Slack gives them a moment)."""
        sockets = list(self.open)
        for socket in sockets:
            await socket.send_json(_disconnect(reason))
            if reason != "warning":
                self.leave(socket)
                await socket.close()
        return len(sockets)

    def hush(self) -> int:
        """From now on the open connections neither answer nor hear anything, though they look open."""
        self.silent |= set(self.open)
        return len(self.open)

    async def close(self) -> None:
        """Ends every connection."""
        for socket in list(self.open):
            self.leave(socket)
            await socket.close(code=1001)


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def _ms(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
