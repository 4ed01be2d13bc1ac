"""What networks told us by themselves becomes part of conversations, as if it had been read; polling goes on."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.engine.failpoints import Failpoints
from bot.engine.leaving import leaving
from bot.engine.letters import Letters
from bot.engine.watching import Watcher
from bot.errors import Conflict, StoreUnavailable
from bot.network import AuthFailed, NetworkError, Page, Ref
from bot.network.hooks import Notice
from bot.store.arrivals import Arrival, Arrivals

log = logging.getLogger(__name__)

GRACE = 5.0
"""Seconds for what was taken when we end; later another worker takes it over."""
AT_ONCE = 20
"""Comments that are looked at in one go."""


class Arriving:
    """Takes what web processes stored. What a network or the store keeps us from handling is taken again later."""

    def __init__(self, desk: Desk, me: str, failpoints: Failpoints) -> None:
        self._desk = desk
        self._arrivals = Arrivals(desk.store, desk.vault, me)
        self._watcher = Watcher(desk, failpoints)
        self._letters = Letters(desk)
        self._fail = failpoints
        self._leaving = False

    async def run(self) -> None:
        """Until cancelled."""
        await leaving(self._run(), self._leave, GRACE)

    def _leave(self) -> None:
        self._leaving = True

    async def _run(self) -> None:
        await self._arrivals.prepare()
        while not self._leaving:
            await self.step(block_ms=1000)

    async def step(self, *, block_ms: int | None = None, idle_ms: int | None = None) -> int:
        """What is new, then what was left; answers how many were handled."""
        done = await self._handled(await self._arrivals.take(block_ms=block_ms))
        left = self._arrivals.take_over() if idle_ms is None else self._arrivals.take_over(idle_ms=idle_ms)
        return done + await self._handled(await left)

    async def _handled(self, arrivals: list[Arrival]) -> int:
        done = []
        for arrival in arrivals:
            try:
                await self._handle(arrival)
            except (NetworkError, Conflict, StoreUnavailable) as error:
                log.warning("a webhook of %s is tried again: %s: %s", arrival.network, type(error).__name__, error)
            except Exception:
                log.exception("a webhook of %s can't be handled now", arrival.network)  # set aside after some tries
            else:
                done.append(arrival)
        if done:
            await self._arrivals.done(done)
        return len(done)

    async def _handle(self, arrival: Arrival) -> None:
        provider = self._desk.providers.get(arrival.network)
        endpoint = self._desk.endpoints.get(arrival.network)
        if provider is None or provider.hook is None or endpoint is None:
            log.warning("a webhook of %s, which isn't here any more, is dropped", arrival.network)
            return
        accounts = {one.remote_id: one for one in await self._desk.accounts.all() if one.network == arrival.network}
        for notice in provider.hook.read(endpoint, arrival.body):
            await self._tell(notice, accounts)
        self._fail.reach("arrival.after_items", arrival.network)

    async def _tell(self, notice: Notice, accounts: Mapping[str, Account]) -> None:
        account = accounts.get(notice.account)
        if account is None or account.state is AccountState.DISCONNECTED:
            return
        await self._watcher.heard(account, notice.items)
        page = Page(notice.items, "", changes=notice.changes)
        new = await self._desk.receiving.receive(account, page, None)
        if new:
            log.info("webhook %s: %d new", account.id, new)
        if notice.messages:
            await self._read_messages(account)
        for start in range(0, len(notice.look), AT_ONCE):
            await self._look(account, notice.look[start : start + AT_ONCE], notice.mentions)

    async def _read_messages(self, account: Account) -> None:
        """The network says that there are private ones; whose they are it tells only when it is asked."""
        if account.state is not AccountState.ACTIVE or not await self._desk.private.readable(account):
            return
        connector = self._desk.accounts.open(account)
        try:
            await self._letters.read(account, connector)
        except AuthFailed as error:
            await self._desk.accounts.died(account.id, error.detail)
        finally:
            await connector.aclose()

    async def _look(self, account: Account, refs: Sequence[Ref], mentions: Collection[str]) -> None:
        """How they stand now; an account that can't be read any more is told of, and looks after it is reconnected."""
        if account.state is not AccountState.ACTIVE:
            return
        connector = self._desk.accounts.open(account)
        try:
            changes = await connector.look(refs, mentions)
        except AuthFailed as error:
            await self._desk.accounts.died(account.id, error.detail)
            return
        finally:
            await connector.aclose()
        told = [replace(change, edited=True) for change in changes]
        await self._desk.receiving.receive(account, Page((), "", changes=told), None)
