"""How payloads reach the app: one attempt for what a person does, Slack's retries for events.

assumed: at once, after one and after five minutes, as others quote Slack's page.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox import world
from bot.sandbox.slack.terms import Json, new_id, secret

log = logging.getLogger(__name__)

COMMAND = "slash_commands"
INTERACTIVE = "interactive"
EVENT = "events_api"


@dataclass
class Reply:
    """What came back for one attempt.

    ms: from sending to the ack. body: what rode on the ack. reason: Slack's word for a failure. final: the app
    asked for no retry.
    """

    acked: bool
    ms: int
    body: Json | None = None
    reason: str = ""
    final: bool = False


class Carrier(Protocol):
    """Socket Mode or HTTP."""

    async def carry(self, kind: str, payload: Json, attempt: int, reason: str) -> Reply:
        """Delivers once and waits for the ack, three seconds at most."""


class Delivery:
    """Sends through a carrier; keeps the retries of events running in the background."""

    def __init__(
        self,
        carrier: Carrier,
        now: Callable[[], float],
        retry_after: Sequence[float],
        subscribed: frozenset[str] | None,
    ) -> None:
        self.carrier = carrier
        self.now = now
        self.retry_after = retry_after
        self.subscribed = subscribed
        self.tasks: set[asyncio.Task[None]] = set()

    async def ask(self, kind: str, payload: Json) -> Reply:
        """A command or an interaction: never retried."""
        return await self.carrier.carry(kind, payload, 0, "")

    def event(self, event: Json, name: str | None = None) -> asyncio.Future[Reply] | None:
        """Delivers an event; the future is the first attempt's reply. None when the app isn't subscribed.

        name: as app manifests name the subscription (`message.im`), when it isn't the event's type.
        """
        if self.subscribed is not None and (name or event["type"]) not in self.subscribed:
            return None
        first: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._until_acked(self.wrapped(event), first))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return first

    async def _until_acked(self, payload: Json, first: asyncio.Future[Reply]) -> None:
        attempt, reason = 0, ""
        while True:
            reply = await self.carrier.carry(EVENT, payload, attempt, reason)
            if not first.done():
                first.set_result(reply)
            if reply.acked or reply.final or attempt >= len(self.retry_after):
                if not reply.acked:
                    log.info("event %s given up: %s", payload["event"]["type"], reply.reason)
                return
            await asyncio.sleep(self.retry_after[attempt])
            attempt, reason = attempt + 1, reply.reason

    def wrapped(self, event: Json) -> Json:
        """The `event_callback` around an event."""
        return {
            "token": world.APP_ID, "team_id": world.TEAM_ID, "context_team_id": world.TEAM_ID,
            "context_enterprise_id": None, "api_app_id": world.APP_ID, "event": event, "type": "event_callback",
            "event_id": new_id("Ev"), "event_time": int(self.now()),
            "authorizations": [{
                "enterprise_id": None, "team_id": world.TEAM_ID, "user_id": world.BOT_USER_ID, "is_bot": True,
                "is_enterprise_install": False,
            }],
            "is_ext_shared_channel": False, "event_context": f"4-{secret()}",
        }  # fmt: skip

    async def close(self) -> None:
        """Ends what is under way."""
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
