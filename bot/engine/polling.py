"""Listening: asks each account what people said, and stores the page and its cursor together."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.desk.desk import Desk
from bot.desk.hearing import Part
from bot.domain.brands import Account, AccountState
from bot.domain.pace import slowed, thrift
from bot.engine.failpoints import Failpoints
from bot.engine.letters import Letters
from bot.engine.watching import Watcher
from bot.errors import Conflict, StoreUnavailable
from bot.network import AuthFailed, Capability, Connector, ItemKind, NetworkError, RateLimited, Ref, Rejected
from bot.network.waits import bounded
from bot.store.turns import Turns

log = logging.getLogger(__name__)

Reading = Callable[[Account, Connector], Awaitable[None]]

AT_ONCE = 8
SLACK = timedelta(seconds=0.1)
"""A tick that comes a moment early takes its turn all the same."""
LETTERS = 4.0
"""Private messages are looked for so much less often than comments, or as seldom as the network's limits want: where
they matter a webhook tells of them."""
LOOKS = timedelta(minutes=10)
"""How often it is seen whether a comment wants another look."""
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
        self._letters = Letters(desk)
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
            thrift = await self._thrift(account)
            if thrift is None:
                return
            wanted = self._every.total_seconds() * slowed(await self._desk.receiving.quiet(account)) * thrift
            pace = timedelta(seconds=provider.limits.pace(wanted, number))
            letters = max(pace * LETTERS, timedelta(seconds=provider.limits.messages_every * thrift))
            if await self._turns.take("poll", account.id, every=max(pace - SLACK, SLACK)):
                await self._guarded(account, letters, apart=provider.limits.windows_apart)

    async def _thrift(self, account: Account) -> float | None:
        """By how much the account is read less for the money's sake; None where its budget is used up, which people
        hear of like of any other account that can't be read."""
        if account.budget is None:
            return 1.0
        spent = await self._desk.spending.of(account)
        factor = thrift(spent.dollars, spent.budget)
        if factor is None and await self._turns.take("poll", account.id, "broke", every=self._every):
            await self._desk.hearing.failed(account, Part.READ, broke=True)
        return factor

    async def _guarded(self, account: Account, letters: timedelta, *, apart: bool) -> None:
        try:
            await self._poll(account, letters, apart=apart)
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

    async def _parts(self, account: Account, letters: timedelta) -> Sequence[tuple[Part, Reading]]:
        """What is read now: private messages where we may, and only once in so long."""
        parts: list[tuple[Part, Reading]] = [(Part.READ, self._read), (Part.LOOK, self._watcher.look)]
        every = max(letters - SLACK, SLACK)
        if await self._desk.private.readable(account) and await self._turns.take("letters", account.id, every=every):
            parts.append((Part.MESSAGES, self._letters.read))
        return parts

    async def _poll(self, account: Account, letters: timedelta, *, apart: bool) -> None:
        """What people said, what was published there, what people wrote in private; each though another can't be read.
        `apart`: the network limits each by itself."""
        connector = self._desk.accounts.open(account)
        failed: Exception | None = None
        try:
            for name, part in await self._parts(account, letters):
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
            if failed is None:
                await self._look_again(account, connector)
        finally:
            await connector.aclose()
        if failed is not None:
            raise failed

    async def _look_again(self, account: Account, connector: Connector) -> None:
        """What became of open comments, where reading doesn't show it. Raises NetworkError."""
        limits = self._desk.providers[account.network].limits
        if limits.look_every is None:
            return
        every = timedelta(seconds=limits.look_every)
        if not await self._turns.take("look", account.id, every=min(every, LOOKS)):
            return
        comments = await self._desk.receiving.to_look_at(account, limits.look_at, every)
        if comments:
            await self._desk.receiving.looking(account, comments)
            mentions = {words.ref for words in comments if words.kind == ItemKind.MENTION.value}
            changes = await connector.look([Ref(words.ref) for words in comments], mentions)
            paid = {one.ref.id: limits.look_price for one in changes if limits.look_price and not one.gone}
            await self._desk.spending.note(account, paid)
            await self._desk.receiving.looked(account, changes)

    async def _read(self, account: Account, connector: Connector) -> None:
        for _ in range(PAGES):
            before = await self._desk.receiving.cursor(account.id)
            cursor = before.text if before else self._desk.receiving.begin(account, connector)
            page = await connector.fetch(cursor)
            self._fail.reach("poll.after_fetch", account.network)
            await self._desk.spending.note(account, page.reads)
            await self._watcher.heard(account, page.items)
            new = await self._desk.receiving.receive(account, page, before)
            self._fail.reach("poll.after_items", account.network)
            if new:
                log.info("poll %s: %d new", account.id, new)
            if not page.more or page.cursor == cursor:
                return
