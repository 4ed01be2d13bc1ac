"""Listening: asks each account what people said, and stores the page and its cursor together."""

import asyncio
import logging
from collections import Counter
from datetime import timedelta

from bot.desk.desk import Desk
from bot.desk.hearing import Part
from bot.domain.brands import Account, AccountState
from bot.engine.failpoints import Failpoints
from bot.engine.watching import Watcher
from bot.errors import Conflict, StoreUnavailable
from bot.network import AuthFailed, Capability, Connector, NetworkError, RateLimited, Rejected
from bot.network.waits import bounded
from bot.store.turns import Turns

log = logging.getLogger(__name__)

AT_ONCE = 8
SLACK = timedelta(seconds=0.1)
"""A tick that comes a moment early takes its turn all the same."""
PAGES = 200
"""Pages read in one go at the most; the rest follows with the next poll, from the stored cursor."""


class Poller:
    """Reads every active account that can be read; one worker at a time per account."""

    def __init__(self, desk: Desk, failpoints: Failpoints, *, every: timedelta) -> None:
        self._desk = desk
        self._fail = failpoints
        self._every = every
        self._turns = Turns(desk.store)
        self._watcher = Watcher(desk, failpoints)
        self._failing: set[str] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def tick(self) -> None:
        """Poll every account whose turn it is."""
        accounts = [each for each in await self._desk.accounts.all() if each.state is AccountState.ACTIVE]
        number = Counter(each.network for each in accounts)
        await asyncio.gather(*(self._turn(account, number[account.network]) for account in accounts))

    async def _turn(self, account: Account, number: int) -> None:
        """`number`: how many accounts share the operator's app on this network, and its limits."""
        provider = self._desk.providers.get(account.network)
        if provider is None or Capability.FETCH not in provider.capabilities:
            return
        async with self._slots:  # a network that hangs holds up its own account only
            pace = timedelta(seconds=provider.limits.pace(self._every.total_seconds(), number))
            if await self._turns.take("poll", account.id, every=max(pace - SLACK, SLACK)):
                await self._guarded(account, apart=provider.limits.windows_apart)

    async def _guarded(self, account: Account, *, apart: bool) -> None:
        try:
            await self._poll(account, apart=apart)
        except AuthFailed as error:
            await self._desk.accounts.died(account.id, error.detail)
        except RateLimited as error:
            log.warning("poll %s: rate limited until %s", account.id, error.until)
        except NetworkError as error:
            self._say_once(account, f"{type(error).__name__}: {error.detail}")
        except Conflict:
            log.info("poll %s: another worker read it in this moment", account.id)
        except StoreUnavailable as error:
            log.warning("poll %s waits for the store: %s", account.id, error)
        except Exception:
            log.exception("poll %s", account.id)  # one account's error never stops another
        else:
            self._failing.discard(account.id)

    def _say_once(self, account: Account, what: str) -> None:
        if account.id not in self._failing:
            self._failing.add(account.id)
            log.warning("poll %s: %s", account.id, what)

    async def _slow_down(self, account: Account, error: RateLimited, *part: str) -> None:
        """Nothing is asked for this account before the network's time, or this part of it isn't."""
        now = self._desk.now()
        until = bounded(error.until, now) or now + timedelta(minutes=15)
        await self._turns.pause("poll", account.id, *part, until=until)

    async def _poll(self, account: Account, *, apart: bool) -> None:
        """What people said, then what was published there; the second though the first can't be read. `apart`: the
        network limits each by itself."""
        connector = self._desk.accounts.open(account)
        failed: Exception | None = None
        try:
            for name, part in ((Part.READ, self._read), (Part.LOOK, self._watcher.look)):
                if await self._turns.paused("poll", account.id, name):
                    continue
                try:
                    await part(account, connector)
                except (AuthFailed, Conflict, StoreUnavailable):
                    raise
                except Exception as error:  # noqa: BLE001 - raised below, once the other part was tried
                    failed = failed or error
                    if isinstance(error, RateLimited):
                        await self._slow_down(account, error, *([name] if apart else []))
                    await self._desk.hearing.failed(account, name, refused=isinstance(error, Rejected))
                else:
                    await self._desk.hearing.heard(account, name)
        finally:
            await connector.aclose()
        if failed is not None:
            raise failed

    async def _read(self, account: Account, connector: Connector) -> None:
        for _ in range(PAGES):
            before = await self._desk.conversations.cursor(account.id)
            page = await connector.fetch(before.text if before else None)
            self._fail.reach("poll.after_fetch", account.network)
            await self._watcher.heard(account, page.items)
            new = await self._desk.conversations.receive(account, page, before)
            self._fail.reach("poll.after_items", account.network)
            if new:
                log.info("poll %s: %d new", account.id, new)
            if not page.more or (before is not None and page.cursor == before.text):
                return
