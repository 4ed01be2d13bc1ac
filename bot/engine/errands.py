"""Does on the networks what moderators asked for: hide, like, private replies, edits of our answers.

The intent is durable before the first request, and everything may be asked again: see `bot.domain.errands`.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.domain.errands import TRIES, Errand, Facet
from bot.domain.proposals import backoff
from bot.engine.failpoints import Failpoints
from bot.errors import Conflict
from bot.journal import correlation
from bot.network import AuthFailed, Connector, Duplicate, Gone, NetworkError, RateLimited, Ref, Rejected
from bot.network.waits import bounded

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=2)
LEASE = timedelta(seconds=60)


class Errands:
    """One attempt at a time for each; those of different comments side by side."""

    def __init__(self, desk: Desk, failpoints: Failpoints, *, lease: timedelta = LEASE) -> None:
        self._desk = desk
        self._fail = failpoints
        self._lease = lease

    async def tick(self) -> None:
        """Everything that is due; one that fails stops no other."""
        due = await self._desk.errands.due()
        ended = await asyncio.gather(*(self.carry_out(errand.id) for errand in due), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error

    async def carry_out(self, id_: str) -> None:
        """One attempt at one errand, if it is due."""
        errand = await self._desk.errands.take(id_, self._lease)
        if errand is None:
            return
        correlation.set(errand.correlation)
        if errand.attempts > TRIES:  # attempts that never came to an answer, as where the process died in each
            await self._desk.errands.not_done(errand, "outage", "no attempt came to an end", None)
            return
        try:
            async with asyncio.timeout(self._lease.total_seconds() * 0.8):
                await self._attempt(errand)
        except TimeoutError:
            log.warning("errand %s: not done in time", id_)
            await self._later(errand, "outage", "timed out")
        except Conflict:
            log.warning("errand %s: others changed it all the time, asked again later", id_)

    async def _attempt(self, errand: Errand) -> None:
        account = await self._desk.store.find(Account, errand.account)
        if account is None or account.state is not AccountState.ACTIVE:
            await self._desk.errands.not_done(errand, "access", "", None)
            return
        self._fail.reach("errand.before_write", account.network)
        connector = self._desk.accounts.open(account)
        try:
            await self._do(errand, connector)
        except NetworkError as error:
            await self._not_done(errand, account, error)
            return
        finally:
            await connector.aclose()
        self._fail.reach("errand.after_write", account.network)
        await self._desk.errands.done(errand)

    async def _do(self, errand: Errand, connector: Connector) -> None:
        ref = Ref(errand.ref)
        match errand.facet:
            case Facet.HIDE:
                await connector.hide(ref, errand.wanted)
            case Facet.LIKE:
                await connector.like(ref, errand.wanted)
            case Facet.EDIT:
                await connector.edit(ref, errand.text)
            case Facet.PRIVATE:
                try:
                    await connector.reply_privately(ref, errand.text)
                except Duplicate:
                    if errand.attempts == 1:  # not ours: nothing of ours had left before
                        raise

    async def _not_done(self, errand: Errand, account: Account, error: NetworkError) -> None:
        log.warning("errand %s: %s: %s", errand.id, type(error).__name__, error.detail)
        if isinstance(error, AuthFailed):
            await self._desk.accounts.died(account.id, error.detail)
            await self._desk.errands.not_done(errand, "access", error.detail, None)
        elif isinstance(error, Gone):
            await self._desk.errands.not_done(errand, "gone", error.detail, None)
        elif isinstance(error, Duplicate):
            await self._desk.errands.not_done(errand, "already", error.detail, None)
        elif isinstance(error, Rejected):
            await self._desk.errands.not_done(errand, "refused", error.detail, None)
        elif isinstance(error, RateLimited):
            await self._later(errand, "rate_limited", error.detail, until=error.until)
        else:
            await self._later(errand, "outage", error.detail)

    async def _later(self, errand: Errand, problem: str, detail: str, *, until: datetime | None = None) -> None:
        """Once more after a while, not before `until`; after the last attempt people are told."""
        now = self._desk.now()
        wait = bounded(until, now) if until else None
        again = None if errand.attempts >= TRIES else max(backoff(errand.attempts, now), wait or now)
        await self._desk.errands.not_done(errand, problem, detail, again)
