"""Socket Mode: two connections, each with a successor before it goes; every envelope goes to the gate.

https://docs.slack.dev/apis/events-api/using-socket-mode
slack_sdk's client reads and answers. When to connect again is decided here, because that client tries one address for
ever, though each is good for one use and half a minute.
"""

import asyncio
import logging
import time
from typing import Any, Self

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigurationError
from bot.slack.asking import Asking, SlackError, SlackLimited
from bot.slack.gate import Gate

CONNECTIONS = 2
PING = 3.0
"""Seconds between pings; a connection that doesn't answer for half as long is given up."""
OPENING = 10.0
"""Seconds from asking for an address to Slack's hello."""
HELLO = 5.0
"""Seconds that an open connection waits for the hello: one that stays open without it is as good, and its pings will
tell when it isn't."""
PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a connection is tried again, the last again and again."""
STEADY = 30.0
"""Seconds after which a connection was a good one, so that the next one is tried at once."""
LINGER = 10.0
"""Seconds that a connection stays open beside its successor, for what Slack still sends there."""
REFUSED = frozenset(
    {
        "account_inactive",
        "forbidden_team",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
REST = 3.0
"""Seconds for acknowledgements that are under way when we end; Slack waits no longer for them."""
_READ = 0.05
_POLITE = frozenset({"refresh_requested", "warning"})
_SAID = {
    "link_disabled": "Socket Mode was switched off in the app's settings",
    "too_many_websockets": "the app has more connections than Slack allows (10)",
}

log = logging.getLogger(__name__)
_quiet = logging.getLogger("slack_sdk.vocero")
_quiet.setLevel(logging.CRITICAL)  # what goes wrong is said here, once and with what follows


class Link(SocketModeClient):
    """slack_sdk's client, which says that it goes instead of looking for another address."""

    def __init__(self, token: str, base_url: str) -> None:
        web = AsyncWebClient(token, base_url, timeout=round(OPENING), retry_handlers=[])
        super().__init__(token, web_client=web, ping_interval=PING, logger=_quiet)
        self.hello = asyncio.Event()
        self.going = asyncio.Event()
        self.reason = ""

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Slack's own messages to the connection; everything else is an envelope, which says hello as well."""
        match message.get("type"):
            case "hello":
                self.hello.set()
            case "disconnect":
                self.reason = str(message.get("reason", ""))
                self.going.set()
            case _:
                self.hello.set()
                await super().run_message_listeners(message, raw_message)

    async def receive_messages(self) -> None:
        """Reads until the connection ends, and says so at once; slack_sdk's own loop sees it a ping later."""
        session = self.current_session
        try:
            while session is not None:
                message = await session.receive()
                match message.type:
                    case aiohttp.WSMsgType.TEXT:
                        await self.enqueue_message(message.data)
                    case aiohttp.WSMsgType.BINARY:
                        await self.enqueue_message(message.data.decode("utf-8", "replace"))
                    case aiohttp.WSMsgType.PING:
                        await session.pong(message.data)
                    case aiohttp.WSMsgType.PONG:
                        self.last_ping_pong_time = time.time()
                    case _:
                        break
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            log.info("a connection to Slack broke while it was read: %s", type(error).__name__)
        await self.connect_to_new_endpoint()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Called when the connection closed, broke or stays silent; what Slack said before that is read first."""
        await asyncio.sleep(_READ)
        self.going.set()

    async def open(self) -> None:
        """Connects, and returns when Slack has said hello. Raises SlackError, or what a connection raises."""
        async with asyncio.timeout(OPENING):
            ask = Asking(self.web_client, self.aiohttp_client_session).once
            self.wss_uri = (await ask("apps.connections.open", {})).at(str, "url")
            await self.connect()  # type: ignore[no-untyped-call]
            waits = [asyncio.create_task(event.wait()) for event in (self.hello, self.going)]
            try:
                await asyncio.wait(waits, timeout=HELLO, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
        if self.going.is_set() and not self.hello.is_set():
            raise ConnectionError(self.reason or "closed")
        if not self.hello.is_set():
            log.warning("a connection is open, though Slack said no hello")
            self.hello.set()


class Listener(AsyncSocketModeHandler):
    """One connection. What the gate can't store it doesn't acknowledge, so Slack sends it again."""

    def __init__(self, gate: Gate, app_token: str, base_url: str) -> None:
        self.app, self.app_token = gate.bolt.app, app_token
        self.client: Link = Link(app_token, base_url)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]
        self._gate = gate
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Takes one envelope and acknowledges it where it came from."""
        self._busy += 1
        self._idle.clear()
        try:
            headers = {"x-slack-retry-num": str(req.retry_attempt)} if req.retry_attempt else {}
            payload: Any = req.payload
            ack = await self._gate.take(payload if isinstance(payload, dict) else {}, headers)
            if ack.status < 500:
                await client.send_socket_mode_response(SocketModeResponse(req.envelope_id, dict(ack.body) or None))
        except ConnectionError as error:  # it is stored, so Slack's next try finds it done
            log.info("an acknowledgement had no connection left: %s", type(error).__name__)
        except Exception:  # not acknowledged, so Slack tries again; slack_sdk would say nothing
            log.exception("an envelope could not be taken")
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def retire(self) -> None:
        """Ends it when nothing comes any more and what came is acknowledged."""
        await asyncio.sleep(LINGER)
        try:
            async with asyncio.timeout(LINGER):
                await self._idle.wait()
        except TimeoutError:
            log.warning("a connection ended before its envelopes were acknowledged")
        await self.close()

    async def rest(self) -> None:
        """Returns when what came is acknowledged, after a moment at the latest."""
        try:
            async with asyncio.timeout(REST):
                await self._idle.wait()
        except TimeoutError:
            log.warning("a connection ends before its envelopes are acknowledged")

    async def close(self) -> None:
        """Ends it at once, also when nobody answers at the other end."""
        for _ in range(2):
            try:
                async with asyncio.timeout(1):
                    await self.client.close()  # type: ignore[no-untyped-call]
                return
            except TimeoutError:  # Slack doesn't say goodbye; the second time there is nobody to wait for
                continue


class SocketMode:
    """All connections of this process, from entering to leaving. `base_url` is the Web API's, ending in a slash."""

    def __init__(self, gate: Gate, app_token: str, base_url: str, *, connections: int = CONNECTIONS) -> None:
        self._gate = gate
        self._token = app_token
        self._base_url = base_url
        self._connections = connections
        self._listeners: list[Listener] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._retiring: dict[asyncio.Task[None], Listener] = {}

    async def __aenter__(self) -> Self:
        """Connects, or goes on trying where Slack is out of reach. Raises ConfigurationError for a refused token."""
        try:
            for _ in range(self._connections):
                self._listeners.append(listener := self._listener())
                try:
                    await listener.client.open()
                except _TROUBLE as error:
                    self._refuse(error)
                    log.warning("no connection to Slack yet: %s", _told(error))
                    listener.client.going.set()
        except BaseException:
            await self._close_all()
            raise
        places = range(self._connections)
        self._keepers = [asyncio.create_task(self._keep(place), name=f"socket {place}") for place in places]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends every connection."""
        for task in self._keepers:
            task.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        retiring = dict(self._retiring)
        for task in retiring:
            task.cancel()
        await asyncio.gather(*retiring, return_exceptions=True)
        self._listeners += retiring.values()
        await asyncio.gather(*(listener.rest() for listener in self._listeners))
        await self._close_all()

    @property
    def connected(self) -> int:
        """How many connections Slack can reach us by."""
        return sum(
            link.hello.is_set() and not link.going.is_set() for link in (each.client for each in self._listeners)
        )

    async def _keep(self, place: int) -> None:
        """One of the connections: when it goes, a successor is there first, if Slack gives one."""
        clock, tries = asyncio.get_running_loop().time, 0
        while True:
            current, since = self._listeners[place], clock()
            await current.client.going.wait()
            reason = current.client.reason
            level = logging.ERROR if reason in _SAID else logging.INFO
            log.log(level, "a connection to Slack goes: %s", _SAID.get(reason, reason or "it broke"))
            polite = current.client.hello.is_set() and reason in _POLITE
            tries = 0 if polite or clock() - since > STEADY else tries + 1
            self._listeners[place], tries = await self._successor(tries if reason not in _SAID else len(PAUSES))
            retiring = asyncio.create_task(current.retire())
            self._retiring[retiring] = current
            retiring.add_done_callback(lambda task: self._retiring.pop(task, None))

    async def _successor(self, tries: int) -> tuple[Listener, int]:
        """A connection that works, however long it takes, and how many tries it took."""
        pause = 0.0
        while True:
            await asyncio.sleep(max(pause, PAUSES[min(tries, len(PAUSES) - 1)]))
            fresh, pause = self._listener(), 0.0
            try:
                await fresh.client.open()
            except _TROUBLE as error:
                log.warning("no connection to Slack, trying again: %s", _told(error))
                pause = error.seconds if isinstance(error, SlackLimited) else 0.0
                tries += 1
                await fresh.close()
            except Exception:  # whatever it is, a bot that nobody reaches is worse
                log.exception("a connection could not be made, trying again")
                tries += 1
                await fresh.close()
            except BaseException:
                await fresh.close()
                raise
            else:
                return fresh, tries

    def _refuse(self, error: Exception) -> None:
        if _told(error) in REFUSED:
            raise ConfigurationError(f"Slack doesn't accept SLACK_APP_TOKEN: {_told(error)}.") from error

    def _listener(self) -> Listener:
        return Listener(self._gate, self._token, self._base_url)

    async def _close_all(self) -> None:
        listeners, self._listeners = self._listeners, []
        await asyncio.gather(*(listener.close() for listener in listeners))


_TROUBLE = (SlackError, aiohttp.ClientError, OSError, TimeoutError)


def _told(error: Exception) -> str:
    """Slack's word for what went wrong, else what kind of thing it was."""
    if isinstance(error, SlackError):
        return error.error
    return str(error) if isinstance(error, ConnectionError) and str(error) in _SAID else type(error).__name__
