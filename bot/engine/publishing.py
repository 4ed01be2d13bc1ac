"""The publishing protocol: claim, mark the wire, send once, keep the fact; look before anything is ever sent again.

Per delivery: planned -> claimed (fence, lease) -> wire (durable before the request leaves) -> live. Provably not sent:
planned again at the network's own time, or refused. Anything else after the wire mark: look on the account at 5, 20
and 45 s; found is live; not found is the same key again on an idempotent network, else unknown, and a person is asked.

A thread goes through this segment by segment: each is prepared, granted, sent and known to be out before the next.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from bot.desk.desk import Desk
from bot.desk.facts import because
from bot.domain.brands import Account, AccountState
from bot.domain.deliveries import (
    LEASE,
    RECONCILE_AFTER,
    Delivery,
    State,
    Step,
    Trouble,
)
from bot.engine.briefing import Briefer, Briefing
from bot.engine.by_hand import ByHand
from bot.engine.failpoints import Failpoints
from bot.engine.granting import Wire
from bot.engine.keeping import kept
from bot.engine.outcomes import Outcomes
from bot.engine.rush import Rush
from bot.engine.sending import Sending
from bot.errors import ConfigurationError, Conflict, StoreUnavailable
from bot.journal import correlation
from bot.network import (
    Capability,
    Connector,
    NetworkError,
    Prepared,
    Ref,
)
from bot.store.blobs import Blobs
from bot.store.due import BATCH, Claim, DueIndex

log = logging.getLogger(__name__)

CONCURRENCY = 96

Answer = Callable[[], Awaitable[None]]
"""Writes down that the network said yes."""


class Publisher:
    """Takes what is due and brings every delivery to an end state that people see."""

    def __init__(
        self,
        desk: Desk,
        blobs: Blobs,
        failpoints: Failpoints,
        *,
        lease: timedelta = LEASE,
        waits: Sequence[timedelta] = RECONCILE_AFTER,
        on_room: Callable[[], None] = lambda: None,
    ) -> None:
        self._outcomes = Outcomes(desk, failpoints, waits, lease=lease)
        self._sending = Sending(desk, blobs, self._outcomes, failpoints)
        self._due = DueIndex(desk.store)
        self._wire = Wire(desk, self._outcomes, self._due, lease=lease)
        self._by_hand = ByHand(desk, self._wire, self._outcomes, failpoints)
        self._desk = desk
        self._store = desk.store
        self._fail = failpoints
        self._lease = lease
        self._on_room = on_room
        self._briefer = Briefer(desk, self._outcomes)
        self._rush = Rush()
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._running: set[asyncio.Task[None]] = set()
        self._unsent = 0
        self._more = False
        self._leaving = False

    async def tick(self) -> int:
        """Claim one batch and start on it; answers how many. Does nothing while every slot is busy."""
        if self.busy:
            return 0
        limit = min(CONCURRENCY * 4 - self._unsent, BATCH)
        self._fail.reach("publish.before_claim")
        claimed = await self._due.claim(limit=limit, lease=self._lease)
        self._more = len(claimed) >= limit
        briefings = await self._briefer.batch(claimed) if claimed else {}
        for claim in claimed:
            self._unsent += 1
            task = asyncio.create_task(self._guarded(claim, briefings.get(claim.id)), name=f"publish {claim.id}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        self._rush.on(self.rushing)
        return len(claimed)

    @property
    def busy(self) -> bool:
        """Whether every slot is taken, and somebody waits for one: `on_room` is called when that ends."""
        return self._unsent > CONCURRENCY

    @property
    def rushing(self) -> bool:
        """Whether more is due than can leave at once."""
        return self._more or self.busy

    def leave(self) -> None:
        """Nothing more is begun: what was claimed and not begun is given back, for another worker to take at once."""
        self._leaving = True
        self._rush.end()

    async def drain(self, patience: float | None = None) -> None:
        """Wait for what is under way, for `patience` seconds at most; the rest is looked for by whoever follows."""
        if patience is None:
            while self._running:
                await asyncio.gather(*self._running)
        elif self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                log.warning("%s did not end in time", task.get_name())

    async def _give_back(self, claim: Claim) -> None:
        delivery = await self._store.get(Delivery, claim.id)
        if delivery.fence == claim.fence:
            await self._due.renew(delivery, lease=timedelta())

    async def _guarded(self, claim: Claim, briefing: Briefing | None) -> None:
        try:
            answer = await self._sent(claim, briefing)
            if answer is not None:
                await self._rush.after(answer)
        except Conflict as error:
            log.info("delivery %s was taken over: %s", claim.id, error)
        except StoreUnavailable as error:
            log.warning("delivery %s waits for the store: %s", claim.id, error)
        except ConfigurationError as error:
            log.error("delivery %s: its account can't be opened: %s", claim.id, error)
            await self._unopened(claim)
        except Exception:
            # the lease runs out and the delivery is looked at again; a bug costs time, never a post
            log.exception("delivery %s", claim.id)

    async def _sent(self, claim: Claim, briefing: Briefing | None) -> Answer | None:
        """All up to the network's answer, in a slot; what is to be written down of it needs none."""
        try:
            async with self._slots:
                if self._leaving:
                    await self._give_back(claim)
                    return None
                known = [briefing] if briefing is not None and briefing.fresh else []
                return await kept(lambda: self._handle(claim, known), f"delivery {claim.id}")
        finally:
            self._unsent -= 1
            self._rush.on(self.rushing)
            if not self.busy:
                self._on_room()  # more may be due: no need to wait for the next tick

    async def _unopened(self, claim: Claim) -> None:
        """Nobody can send or look without the account's credentials: held, or a person says what became of it."""
        delivery = await self._store.get(Delivery, claim.id)
        if delivery.fence == claim.fence and delivery.state is State.CLAIMED:
            await self._outcomes.move(delivery, Step.HOLD, trouble=Trouble(kind="key_missing"))
        elif delivery.fence == claim.fence and delivery.state is State.WIRE:
            await self._outcomes.move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))

    async def _handle(self, claim: Claim, known: list[Briefing]) -> Answer | None:
        """`known` serves once: who has to begin again, reads again."""
        briefing = known.pop() if known else await self._briefer.one(claim.id)
        correlation.set(briefing.delivery.correlation)
        self._fail.reach("publish.after_claim", briefing.delivery.network)
        if briefing.delivery.fence != claim.fence:
            log.info("delivery %s: the lease ran out before its turn came", claim.id)
            return None
        if briefing.delivery.state is State.WIRE and claim.found is not State.WIRE:
            return None  # the store went away after the mark: looked for when the lease is over, never sent again here
        while True:
            delivery, answer = briefing.delivery, await self._act(briefing)
            if delivery.segments - len(delivery.refs) == 1:
                return answer
            if answer is not None:
                await answer()
            briefing = await self._briefer.one(claim.id)
            ours = briefing.delivery.fence == claim.fence and briefing.delivery.state is State.CLAIMED
            if not ours or len(briefing.delivery.refs) == len(delivery.refs):
                return None
            if self._leaving:
                await self._give_back(claim)
                return None
            self._fail.reach("publish.between_segments", delivery.network)

    async def _act(self, briefing: Briefing) -> Answer | None:
        """One step: send the post or the next segment, or look for what may have been sent."""
        delivery, account = briefing.delivery, briefing.account
        if account is None or account.brand != delivery.brand:
            step, kind = (Step.LOSE, "unknown") if delivery.state is State.WIRE else (Step.HOLD, "account_changed")
            await self._outcomes.move(delivery, step, trouble=Trouble(kind=kind))
        elif delivery.state is State.WIRE:
            return await self._reconcile(delivery, account)
        elif delivery.state is State.CLAIMED:
            return await self._send(briefing, account)
        elif delivery.state is State.BY_HAND:
            await self._by_hand.look(delivery)
        return None

    def _answered(self, delivery: Delivery, ref: Ref | None) -> Answer | None:
        """What is to be written down when the network said yes."""
        if ref is None:
            return None
        return partial(self._outcomes.live, delivery, ref, since=self._desk.now())

    # --- sending

    async def _send(self, briefing: Briefing, account: Account) -> Answer | None:
        delivery = briefing.delivery
        if await self._kept_back(briefing, account):
            return None
        if account.by_hand is not None:
            await self._by_hand.ask(briefing, account)
            return None
        async with self._opened(account) as connector:
            draft = await self._sending.draft(delivery, briefing.post)
            try:
                self._fail.reach("publish.before_prepare", delivery.network)
                async with self._wire.holding(delivery):
                    prepared = await connector.prepare(draft)
                    await self._desk.spending.note(account, prepared.reads)
                if draft.media:
                    self._fail.reach("publish.after_media", delivery.network)
                self._fail.reach("publish.after_prepare", delivery.network)
            except NetworkError as error:
                await self._outcomes.not_sent(delivery, account, error)
                return None
            self._fail.reach("publish.before_wire", delivery.network)
            granted = await self._wire.grant(delivery, account, prepared, leans=briefing.leans)
            if granted is None:
                return None
            self._fail.reach("publish.after_wire", delivery.network)
            earlier = delivery.prepared
            ref = await self._sending.publish(granted, account, connector, draft, prepared, earlier=earlier)
        return self._answered(granted, ref)

    async def _kept_back(self, briefing: Briefing, account: Account) -> bool:
        """Stop here before anything is uploaded; every one of these is checked again when the wire is granted."""
        delivery, stop, until, now = briefing.delivery, briefing.stop, briefing.paused, self._desk.now()
        if stop is not None:
            await self._outcomes.move(delivery, Step.HOLD, trouble=Trouble(kind="stopped"))
        elif account.state is not AccountState.ACTIVE:
            kind = "auth" if account.state is AccountState.DEAD else "disconnected"
            await self._outcomes.move(delivery, Step.HOLD, trouble=Trouble(kind=kind))
        elif (fact := briefing.fell) is not None:
            await self._outcomes.move(delivery, Step.HOLD, trouble=because(fact, fact.standing(now)))
        elif delivery.late(now):
            await self._outcomes.move(delivery, Step.MISS)
        elif until is not None and until > now:
            await self._outcomes.wait(delivery, until, Trouble(kind="rate_limited", until=until))
        else:
            return False
        return True

    # --- looking for what may have been sent

    async def _reconcile(self, delivery: Delivery, account: Account) -> Answer | None:
        provider = self._desk.providers[account.network]
        if account.state is not AccountState.ACTIVE:
            await self._outcomes.move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))
            return None
        async with self._opened(account) as connector:
            draft = await self._sending.draft(delivery)
            prepared = Prepared(key=delivery.key, notes=delivery.prepared)
            self._fail.reach("publish.before_find", delivery.network)
            try:
                ref = await connector.find(draft, prepared)
            except NetworkError as error:
                log.warning("delivery %s: cannot look: %s", delivery.id, error.detail)
                self._fail.reach("reconcile.before_commit", delivery.network)
                await self._outcomes.looked_in_vain(delivery)
                return None
            self._fail.reach("publish.after_find", delivery.network)
            if ref is not None:
                self._fail.reach("reconcile.before_commit", delivery.network)
                await self._outcomes.live(delivery, ref)
            elif Capability.IDEMPOTENT in provider.capabilities and self._outcomes.repeatable(delivery):
                granted = await self._wire.again(delivery, account)
                if granted is not None:
                    ref = await self._sending.publish(granted, account, connector, draft, prepared, repeats=True)
                    return self._answered(granted, ref)
            else:
                self._fail.reach("reconcile.before_commit", delivery.network)
                await self._outcomes.looked_in_vain(delivery)
        return None

    @asynccontextmanager
    async def _opened(self, account: Account) -> AsyncIterator[Connector]:
        connector = self._desk.accounts.open(account)
        try:
            yield connector
        finally:
            try:
                await connector.aclose()
            except Exception:
                log.exception("account %s could not be closed", account.id)  # what it answered counts all the same
