"""Sends what nobody answered to the outgoing webhook: signed, through the guarded fetcher, for an hour at most."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.desk.desk import Desk
from bot.desk.hooks import HookCall, payload, signed
from bot.domain.alarms import AlarmState
from bot.errors import ConfigurationError, Conflict, UserError, VoceroError
from bot.text.alarms import headline
from bot.text.words import words_for

log = logging.getLogger(__name__)

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body with headers to an address that a person typed; answers the status, raises VoceroError for none."""
Link = Callable[[str], Awaitable[str]]
"""The address of an alarm's card, empty where it has none."""


class Caller:
    """Makes the calls that are due; one worker at a time for each, because an attempt is claimed first."""

    def __init__(self, desk: Desk, post: Post, link: Link) -> None:
        self._desk = desk
        self._post = post
        self._link = link

    async def tick(self) -> None:
        """Every call that is due, once."""
        for call in await self._desk.hooks.due():
            if await self._settled(call):
                await self._desk.hooks.drop(call)
                continue
            try:
                claimed = await self._desk.hooks.claim(call)
            except Conflict:
                continue  # another worker's
            try:
                problem = await self._attempt(claimed)
            except (UserError, ConfigurationError) as error:
                log.exception("webhook %s can't be made", call.id)  # it is tried again, and people see that it fails
                problem = type(error).__name__
            log.info("webhook %s, attempt %d: %s", call.id, claimed.attempts, problem or "taken")
            await self._desk.hooks.ended(claimed, problem)

    async def _settled(self, call: HookCall) -> bool:
        """Whether somebody took the alarm, or it is over, before the receiver took the message."""
        return bool(call.alarm) and (await self._desk.alarms.get(call.alarm)).state is not AlarmState.RINGING

    async def _attempt(self, call: HookCall) -> str:
        """Empty when the receiver took it, else what went wrong: `HTTP 500` or the kind of error, never an address."""
        hook = await self._desk.hooks.hook()
        if hook is None:
            return "removed"
        where = self._desk.hooks.open(hook)
        body = payload(await self._fields(call))
        timestamp = f"{self._desk.now().timestamp():.0f}"
        headers = {
            "Content-Type": "application/json",
            "X-Vocero-Timestamp": timestamp,
            "X-Vocero-Signature": signed(where.secret, timestamp, body),
        }
        try:
            status = await self._post(where.url, body, headers)
        except VoceroError as error:
            return type(error).__name__
        return "" if 200 <= status < 300 else f"HTTP {status}"

    async def _fields(self, call: HookCall) -> Mapping[str, object]:
        raised_at = call.created_at
        if not call.alarm:
            test = words_for("en")("hook.test_text")
            about = {"kind": "test", "brand": "", "text": test, "url": ""}
        else:
            alarm = await self._desk.alarms.get(call.alarm)
            brand = await self._desk.brand(alarm.brand) if alarm.brand else None
            name, raised_at = brand.name if brand else "", alarm.raised_at
            text = headline(alarm, name, words_for(brand.language if brand else "en"))
            about = {"kind": alarm.kind.value, "brand": name, "text": text, "url": await self._link(alarm.id)}
        return {"id": call.id, **about, "raised_at": raised_at.isoformat(), "attempt": call.attempts}
