"""Listening: asks each account what people said, and stores the page and its cursor together."""

import asyncio
import logging
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.engine.failpoints import Failpoints
from bot.errors import Conflict
from bot.network import AuthFailed, Capability, NetworkError, RateLimited

log = logging.getLogger(__name__)

AT_ONCE = 8
PAGES = 200
"""Pages read in one go at the most; the rest follows with the next poll, from the stored cursor."""


class Poller:
    """Reads every active account that can be read; one worker at a time per account."""

    def __init__(self, desk: Desk, failpoints: Failpoints, *, every: timedelta) -> None:
        self._desk = desk
        self._fail = failpoints
        self._every = every
        self._failing: set[str] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def tick(self) -> None:
        """Poll every account whose turn it is."""
        await asyncio.gather(*(self._turn(account) for account in await self._desk.accounts.all()))

    async def _turn(self, account: Account) -> None:
        provider = self._desk.providers.get(account.network)
        if provider is None or Capability.FETCH not in provider.capabilities:
            return
        async with self._slots:  # a network that hangs holds up its own account only
            if account.state is AccountState.ACTIVE and await self._take_turn(account):
                await self._guarded(account)

    async def _take_turn(self, account: Account) -> bool:
        """Claim this account's next poll; the claim itself paces the polls over all workers."""
        client, key = self._desk.store.client, self._desk.store.key("poll", account.id)
        ms = int(self._every.total_seconds() * 1000)
        return bool(await client.set(key, "1", nx=True, px=max(ms - 200, 100)))

    async def _guarded(self, account: Account) -> None:
        try:
            await self._poll(account)
        except AuthFailed as error:
            await self._desk.accounts.died(account.id, error.detail)
        except RateLimited as error:
            log.warning("poll %s: rate limited until %s", account.id, error.until)
            await self._slow_down(account, error)
        except NetworkError as error:
            self._say_once(account, f"{type(error).__name__}: {error.detail}")
        except Conflict:
            log.info("poll %s: another worker read it in this moment", account.id)
        except Exception:
            log.exception("poll %s", account.id)  # one account's error never stops another
        else:
            self._failing.discard(account.id)

    def _say_once(self, account: Account, what: str) -> None:
        if account.id not in self._failing:
            self._failing.add(account.id)
            log.warning("poll %s: %s", account.id, what)

    async def _slow_down(self, account: Account, error: RateLimited) -> None:
        until = error.until or self._desk.now() + timedelta(minutes=15)
        ms = max(1000, int((until - self._desk.now()).total_seconds() * 1000))
        await self._desk.store.client.set(self._desk.store.key("poll", account.id), "1", px=min(ms, 86_400_000))

    async def _poll(self, account: Account) -> None:
        connector = self._desk.accounts.open(account)
        try:
            for _ in range(PAGES):
                before = await self._desk.conversations.cursor(account.id)
                page = await connector.fetch(before.text if before else None)
                self._fail.reach("poll.after_fetch", account.network)
                new = await self._desk.conversations.receive(account, page, before)
                self._fail.reach("poll.after_items", account.network)
                if new:
                    log.info("poll %s: %d new", account.id, new)
                if not page.more:
                    return
        finally:
            await connector.aclose()
