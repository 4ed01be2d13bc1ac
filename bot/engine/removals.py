"""Takes down on the networks what two people, or one in an emergency, wanted taken down: also while a stop is in force.

The intent is durable before the first request. Deleting twice is harmless, so after a crash, a time-out or an unknown
answer it is simply asked again; what the network refuses, and what ten attempts didn't do, is told to people.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.domain.proposals import TRIES, Proposal, Target, backoff
from bot.engine.failpoints import Failpoints
from bot.errors import Conflict
from bot.journal import correlation
from bot.network import AuthFailed, NetworkError, RateLimited, Ref, Rejected

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=2)
LEASE = timedelta(seconds=90)
"""How long one attempt may take, all accounts and segments together."""


class Removals:
    """Also ends proposals that nobody seconded in time."""

    def __init__(self, desk: Desk, failpoints: Failpoints, *, lease: timedelta = LEASE) -> None:
        self._desk = desk
        self._fail = failpoints
        self._lease = lease

    async def tick(self) -> None:
        """Everything that is due; one that fails stops no other."""
        await self._desk.proposals.expire_due()
        due = await self._desk.removals.due()
        ended = await asyncio.gather(*(self.carry_out(proposal.id) for proposal in due), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error

    async def carry_out(self, id_: str) -> None:
        """One attempt at one proposal, if it is due."""
        proposal = await self._desk.removals.take(id_, self._lease)
        if proposal is None:
            return
        correlation.set(proposal.correlation)
        if proposal.attempts > TRIES:  # attempts that never came to an answer, as where the process died in each
            await self._desk.removals.not_gone(proposal.id, "outage", "no attempt came to an end", None)
            return
        try:
            async with asyncio.timeout(self._lease.total_seconds() * 0.8):
                for target in proposal.targets:
                    if not target.done and not await self._removed(proposal, target):
                        return
        except TimeoutError:
            log.warning("proposal %s: not done in time", id_)
            await self._later(proposal, "outage", "timed out")
        except Conflict:
            log.warning("proposal %s: others changed it all the time, asked again later", id_)

    async def _removed(self, proposal: Proposal, target: Target) -> bool:
        """Whether nothing of it stands on this account any more."""
        account = await self._desk.store.find(Account, target.account)
        if account is None or account.state is not AccountState.ACTIVE:
            await self._desk.removals.not_gone(proposal.id, "access", "", None)
            return False
        self._fail.reach("removal.before_delete", account.network)
        connector = self._desk.accounts.open(account)
        try:
            for ref in target.refs:
                await connector.delete(Ref(ref))
        except NetworkError as error:
            await self._not_gone(proposal, account, error)
            return False
        finally:
            await connector.aclose()
        self._fail.reach("removal.after_delete", account.network)
        await self._desk.removals.gone(proposal.id, account.id)
        return True

    async def _not_gone(self, proposal: Proposal, account: Account, error: NetworkError) -> None:
        log.warning("proposal %s: %s: %s", proposal.id, type(error).__name__, error.detail)
        if isinstance(error, AuthFailed):
            await self._desk.accounts.died(account.id, error.detail)
            await self._desk.removals.not_gone(proposal.id, "access", error.detail, None)
        elif isinstance(error, Rejected):
            await self._desk.removals.not_gone(proposal.id, "refused", error.detail, None)
        elif isinstance(error, RateLimited):
            await self._later(proposal, "rate_limited", error.detail, until=error.until)
        else:
            await self._later(proposal, "outage", error.detail)

    async def _later(self, proposal: Proposal, problem: str, detail: str, *, until: datetime | None = None) -> None:
        """Once more after a while, not before `until`; after the last attempt people are told."""
        now = self._desk.now()
        again = None if proposal.attempts >= TRIES else max(backoff(proposal.attempts, now), until or now)
        await self._desk.removals.not_gone(proposal.id, problem, detail, again)
