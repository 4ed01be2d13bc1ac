"""The outgoing webhook: where alarms go that nobody answers, what is sent there, and how the receiver can trust it."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from pydantic import AwareDatetime, Field
from yarl import URL

from bot.domain.brands import Standing
from bot.domain.events import AlarmChanged
from bot.domain.records import MemberId, Record, Value, score
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation, register_secret
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

HOOK = "webhook"
"""The only one's id."""
BACKOFF = (10, 30, 60, 120, 300, 600, 900, 900)
"""Seconds until the next attempt, one after the other; the last goes on."""
GIVE_UP = timedelta(hours=1)
LEASE = timedelta(seconds=60)
"""How long an attempt belongs to the worker that makes it; longer than any request takes."""
FAR_AHEAD = timedelta(seconds=2 * max(BACKOFF))


class Hook(Record):
    """The address and its secret, sealed together: an address often is a secret too. `host` is all that is shown."""

    KIND: ClassVar[str] = "hook"

    host: str
    sealed: str = Field(repr=False)
    set_by: MemberId
    set_at: AwareDatetime


class Where(Value):
    """An opened hook."""

    url: str = Field(repr=False)
    secret: str = Field(repr=False)


class CallState(StrEnum):
    """What became of a call."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"  # somebody had the alarm before it was taken


class HookCall(Record):
    """One message to the webhook, repeated until it is taken or an hour has passed. `alarm` is empty for a test.

    tester: whoever pressed *Test* hears how it went. problem: the last answer in short, for people.
    """

    KIND: ClassVar[str] = "hook_call"

    alarm: str = ""
    tester: MemberId = ""
    state: CallState = CallState.SENDING
    attempts: int = 0
    attention: AwareDatetime | None = None
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    problem: str = ""

    def indexes(self) -> Mapping[str, float]:
        """What is to be sent."""
        return {"hooks:due": score(self.attention)} if self.attention is not None else {}


def signed(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Vocero-Signature`: `v1=` and the HMAC-SHA256 of `timestamp.body` in hex."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mac.hexdigest()}"


def payload(fields: Mapping[str, object]) -> bytes:
    """A call's body."""
    return json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":")).encode()


class Hooks:
    """The verbs of the webhook; only admins of the workspace."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def hook(self) -> Hook | None:
        """The one that is set."""
        return await self._store.find(Hook, HOOK)

    def open(self, hook: Hook) -> Where:
        """Its address and secret."""
        where = Where.model_validate_json(self._desk.vault.open(hook.sealed, HOOK))
        for secret in (where.secret, where.url):
            register_secret(secret)
        return where

    async def call(self, id_: str) -> HookCall | None:
        """A call by its id: an alarm's own."""
        return await self._store.find(HookCall, id_)

    async def set(self, url: str, who: Standing) -> str:
        """Set the address; answers its secret, which nobody sees again. Raises FieldErrors for what is no address."""
        self._admin(who)
        host = _host(url)
        secret = secrets.token_urlsafe(32)
        register_secret(secret)
        sealed = self._desk.vault.seal(Where(url=url.strip(), secret=secret).model_dump_json(), HOOK)

        async def attempt() -> None:
            old = await self.hook()
            new = Hook(
                id=HOOK,
                version=old.version if old else 0,
                host=host,
                sealed=sealed,
                set_by=who.id,
                set_at=self._desk.now(),
            )
            change = self._store.begin()
            change.put(new, old)
            change.audit(self._desk.entry(who.id, "webhook.set", subject=HOOK, detail=host))
            await change.commit()

        await self._desk.again(attempt)
        return secret

    async def remove(self, who: Standing) -> None:
        """Alarms end with the admins again."""
        self._admin(who)
        old = await self.hook()
        if old is None:
            return
        change = self._store.begin()
        change.remove(old)
        change.audit(self._desk.entry(who.id, "webhook.remove", subject=HOOK, detail=old.host))
        await change.commit()

    async def test(self, who: Standing) -> None:
        """Have a test sent; how it went is told by direct message."""
        self._admin(who)
        if await self.hook() is None:
            raise UserError("error.no_webhook")
        now = self._desk.now()
        change = self._store.begin()
        change.put(HookCall(id=self._desk.new_id(), tester=who.id, attention=now, created_at=now))
        change.audit(self._desk.entry(who.id, "webhook.test", subject=HOOK))
        await change.commit()

    @staticmethod
    def _admin(who: Standing) -> None:
        if not who.admin:
            raise NotAllowed("error.admins_only")

    # --- what the engine does

    def send(self, change: Transaction, call: str, alarm: str) -> None:
        """Part of an alarm's own change: its message goes out."""
        now = self._desk.now()
        change.put(HookCall(id=call, alarm=alarm, attention=now, created_at=now))

    async def due(self) -> list[HookCall]:
        """What is to be sent now; what was put off for longer than any attempt is was so by a clock put back since."""
        now = self._desk.now()
        found = await self._store.listed(HookCall, "hooks:due", high=score(now))
        return found + await self._store.listed(HookCall, "hooks:due", low=score(now + FAR_AHEAD))

    async def claim(self, call: HookCall) -> HookCall:
        """One attempt is ours; raises Conflict when another worker was first."""
        update = {"attempts": call.attempts + 1, "attention": self._desk.now() + LEASE}
        return await self._put(call.model_copy(update=update), call)

    async def ended(self, call: HookCall, problem: str) -> None:
        """How an attempt went; no problem: it was taken. After an hour in vain it is given up, and people see that."""
        now = self._desk.now()
        update: dict[str, object] = {"problem": problem, "attention": None, "ended_at": now}
        if not problem:
            update["state"] = CallState.SENT
        elif call.tester or now - call.created_at >= GIVE_UP:
            update["state"] = CallState.FAILED
        else:
            pause = BACKOFF[min(call.attempts, len(BACKOFF)) - 1]
            update |= {"attention": now + timedelta(seconds=pause), "ended_at": None}
        await self._put(call.model_copy(update=update), call)

    async def drop(self, call: HookCall) -> None:
        """It is not needed any more."""
        update = {"state": CallState.DROPPED, "attention": None, "ended_at": self._desk.now()}
        await self._put(call.model_copy(update=update), call)

    async def _put(self, new: HookCall, old: HookCall) -> HookCall:
        change = self._store.begin()
        change.put(new, old)
        if new.problem != old.problem or new.state is not old.state:
            act = "webhook" if new.alarm else "webhook_test"
            change.emit(AlarmChanged(alarm=new.alarm or new.id, act=act, by=new.tester, correlation=correlation.get()))
        await change.commit()
        return new.model_copy(update={"version": old.version + 1})


def _host(url: str) -> str:
    """The host of a typed address; raises FieldErrors."""
    try:
        parsed = URL(url.strip())
    except ValueError:
        parsed = URL()
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.user or len(url) > 2000:
        raise FieldErrors({"url": UserError("error.webhook_address")})
    return parsed.host
