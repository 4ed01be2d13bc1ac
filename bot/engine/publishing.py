"""The publishing protocol: claim, mark the wire, send once, keep the fact; look before anything is ever sent again.

Per delivery: planned -> claimed (fence, lease) -> wire (durable before the request leaves) -> live. Provably not sent:
planned again at the network's own time, or refused. Anything else after the wire mark: look on the account at 5, 20
and 45 s; found is live; not found is the same key again on an idempotent network, else unknown, and a person is asked.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.domain.deliveries import (
    LEASE,
    RECONCILE_AFTER,
    Delivery,
    State,
    Step,
    Trouble,
)
from bot.domain.posts import Post
from bot.engine.failpoints import Failpoints
from bot.engine.granting import Wire
from bot.engine.outcomes import Outcomes, about
from bot.errors import Conflict
from bot.journal import correlation
from bot.network import (
    Capability,
    Connector,
    Draft,
    Duplicate,
    Media,
    NetworkError,
    Prepared,
    Ref,
    UnknownOutcome,
)
from bot.store.blobs import Blobs
from bot.store.due import Claim, DueIndex

log = logging.getLogger(__name__)

CONCURRENCY = 32


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
        self._outcomes = Outcomes(desk, failpoints, waits)
        self._wire = Wire(desk, self._outcomes, lease=lease)
        self._desk = desk
        self._store = desk.store
        self._blobs = blobs
        self._fail = failpoints
        self._lease = lease
        self._on_room = on_room
        self._due = DueIndex(desk.store)
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._running: set[asyncio.Task[None]] = set()

    async def tick(self) -> int:
        """Claim one batch and start on it; answers how many. Does nothing while every slot is busy."""
        free = CONCURRENCY * 4 - len(self._running)
        if free <= 0:
            return 0
        self._fail.reach("publish.before_claim")
        claimed = await self._due.claim(limit=min(free, 100), lease=self._lease)
        for claim in claimed:
            task = asyncio.create_task(self._guarded(claim), name=f"publish {claim.id}")
            self._running.add(task)
            task.add_done_callback(self._ended)
        return len(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if len(self._running) <= CONCURRENCY:
            self._on_room()  # more may be due: no need to wait for the next tick

    async def drain(self) -> None:
        """Wait for what is under way."""
        while self._running:
            await asyncio.gather(*self._running)

    async def _guarded(self, claim: Claim) -> None:
        async with self._slots:
            try:
                await self._handle(claim)
            except Conflict as error:
                log.info("delivery %s was taken over: %s", claim.id, error)
            except Exception:
                # the lease runs out and the delivery is looked at again; a bug costs time, never a post
                log.exception("delivery %s", claim.id)

    async def _handle(self, claim: Claim) -> None:
        delivery = await self._store.get(Delivery, claim.id)
        correlation.set(delivery.correlation)
        self._fail.reach("publish.after_claim", delivery.network)
        if delivery.fence != claim.fence:
            log.info("delivery %s: the lease ran out before its turn came", claim.id)
            return
        account = await self._store.find(Account, delivery.account)
        if account is None or account.brand != delivery.brand:
            step, kind = (Step.LOSE, "unknown") if delivery.state is State.WIRE else (Step.HOLD, "account_changed")
            await self._outcomes.move(delivery, step, trouble=Trouble(kind=kind))
        elif delivery.state is State.WIRE:
            await self._reconcile(delivery, account)
        elif delivery.state is State.CLAIMED:
            await self._send(delivery, account)

    # --- sending

    async def _send(self, delivery: Delivery, account: Account) -> None:
        now = self._desk.now()
        if await self._kept_back(delivery, account, now):
            return
        async with self._opened(account) as connector:
            draft = await self._draft(delivery)
            try:
                self._fail.reach("publish.before_prepare", delivery.network)
                prepared = await self._prepare(delivery, connector, draft)
                self._fail.reach("publish.after_prepare", delivery.network)
            except NetworkError as error:
                await self._outcomes.not_sent(delivery, account, error)
                return
            self._fail.reach("publish.before_wire", delivery.network)
            granted = await self._wire.grant(delivery, account, prepared)
            if granted is None:
                return
            self._fail.reach("publish.after_wire", delivery.network)
            await self._publish(granted, account, connector, draft, prepared, earlier=delivery.prepared)

    async def _kept_back(self, delivery: Delivery, account: Account, now: datetime) -> bool:
        """Stop here before anything is uploaded; every one of these is checked again when the wire is granted."""
        stop = await self._desk.stopped(delivery.brand)
        if stop is not None and (delivery.reply is None or stop.reach == "silence"):
            await self._outcomes.move(delivery, Step.HOLD, trouble=Trouble(kind="stopped"))
        elif account.state is AccountState.DEAD:
            await self._outcomes.move(delivery, Step.HOLD, trouble=Trouble(kind="auth"))
        elif delivery.late(now):
            await self._outcomes.move(delivery, Step.MISS)
        elif (until := await self._outcomes.paused(account)) is not None and until > now:
            await self._outcomes.wait(delivery, until, Trouble(kind="rate_limited", until=until))
        else:
            return False
        return True

    async def _draft(self, delivery: Delivery) -> Draft:
        if delivery.reply is not None:
            reply = delivery.reply
            root = Ref(reply.root) if reply.root else None
            return Draft(key=delivery.id, text=reply.text, reply_to=Ref(reply.answers), root=root)
        post = await self._store.get(Post, delivery.post)
        revision = post.revision(delivery.revision)
        media = [
            Media(id=p.blob, name=p.name, type=p.type, alt=p.alt, content=await self._blobs.get(p.blob))
            for p in revision.pictures
        ]
        return Draft(key=delivery.id, text=revision.text, media=media)

    async def _prepare(self, delivery: Delivery, connector: Connector, draft: Draft) -> Prepared:
        async def keep() -> None:
            while True:
                await asyncio.sleep(self._lease.total_seconds() / 3)
                if not await self._due.renew(delivery, lease=self._lease):
                    return

        keeper = asyncio.create_task(keep())
        try:
            return await connector.prepare(draft)
        finally:
            keeper.cancel()

    async def _publish(
        self,
        delivery: Delivery,
        account: Account,
        connector: Connector,
        draft: Draft,
        prepared: Prepared,
        *,
        earlier: Mapping[str, Any] | None = None,
    ) -> None:
        try:
            ref = await connector.publish(draft, prepared)
        except Duplicate as error:
            known = [prepared, *([Prepared(prepared.key, earlier)] if earlier else [])]
            await self._duplicate(delivery, connector, draft, known, error)
        except UnknownOutcome as error:
            log.warning("delivery %s: outcome unknown: %s", delivery.id, error.detail)
            await self._outcomes.look_later(delivery)
        except NetworkError as error:
            await self._outcomes.not_sent(delivery, account, error)
        else:
            self._fail.reach("publish.after_answer", delivery.network)
            await self._outcomes.live(delivery, ref)

    async def _duplicate(
        self, delivery: Delivery, connector: Connector, draft: Draft, known: Sequence[Prepared], error: Duplicate
    ) -> None:
        """The network has this text: it is ours if it came after a mark of ours, else an older post is in the way.

        `known` is what was noted before this attempt and, after a person sent it again, before the attempt until then.
        """
        ref = error.existing
        try:
            for prepared in known:
                ref = ref or await connector.find(draft, prepared)
        except NetworkError as trouble:
            log.warning("delivery %s: duplicate, and cannot look: %s", delivery.id, trouble.detail)
            await self._outcomes.look_later(delivery)
            return
        if ref is not None:
            await self._outcomes.live(delivery, ref)
        elif delivery.attempts > 1:
            await self._outcomes.look_later(delivery)
        else:
            await self._outcomes.move(delivery, Step.REFUSE, trouble=Trouble(kind="duplicate", detail=error.detail))

    # --- looking for what may have been sent

    async def _reconcile(self, delivery: Delivery, account: Account) -> None:
        provider = self._desk.providers[account.network]
        if account.state is AccountState.DEAD:
            await self._outcomes.move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))
            return
        async with self._opened(account) as connector:
            draft = await self._draft(delivery)
            prepared = Prepared(key=delivery.id, notes=delivery.prepared)
            self._fail.reach("publish.before_find", delivery.network)
            try:
                ref = await connector.find(draft, prepared)
            except NetworkError as error:
                log.warning("delivery %s: cannot look: %s", delivery.id, error.detail)
                await self._outcomes.looked_in_vain(delivery)
                return
            self._fail.reach("publish.after_find", delivery.network)
            if ref is not None:
                await self._outcomes.live(delivery, ref)
            elif Capability.IDEMPOTENT in provider.capabilities:
                await self._same_key_again(delivery, account, connector, draft, prepared)
            else:
                await self._outcomes.looked_in_vain(delivery)

    async def _same_key_again(
        self, delivery: Delivery, account: Account, connector: Connector, draft: Draft, prepared: Prepared
    ) -> None:
        """An idempotent network: the same key twice is one post, so sending again is safe, under a new mark."""
        if delivery.reply is None and await self._desk.stopped(delivery.brand):
            await self._outcomes.move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))
            return
        now = self._desk.now()
        marked = delivery.move(
            Step.GRANT, attention=now + self._lease, wire_at=now, attempts=delivery.attempts + 1, finds=0
        )
        change = self._store.begin()
        change.put(marked, delivery)
        change.audit(self._desk.entry("engine", "delivery.wire_again", **about(delivery)))
        await change.commit()
        granted = await self._store.get(Delivery, delivery.id)
        await self._publish(granted, account, connector, draft, prepared)

    @asynccontextmanager
    async def _opened(self, account: Account) -> AsyncIterator[Connector]:
        connector = self._desk.accounts.open(account)
        try:
            yield connector
        finally:
            await connector.aclose()
