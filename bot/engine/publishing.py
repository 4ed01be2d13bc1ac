"""The publishing protocol: claim, mark the wire, send once, keep the fact; look before anything is ever sent again.

Per delivery: planned -> claimed (fence, lease) -> wire (durable before the request leaves) -> live. Provably not sent:
planned again at the network's own time, or refused. Anything else after the wire mark: look on the account at 5, 20
and 45 s; found is live; not found is the same key again on an idempotent network, else unknown, and a person is asked.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState, Stop
from bot.domain.deliveries import (
    LEASE,
    RECONCILE_AFTER,
    Delivery,
    State,
    Step,
    Trouble,
    backoff,
    looked,
    next_look,
)
from bot.domain.posts import Post
from bot.engine.failpoints import Failpoints
from bot.errors import Conflict
from bot.journal import correlation
from bot.network import (
    AuthFailed,
    Capability,
    Connector,
    Draft,
    Duplicate,
    Media,
    NetworkError,
    Prepared,
    RateLimited,
    Ref,
    Rejected,
    Transient,
    UnknownOutcome,
)
from bot.store.blobs import Blobs
from bot.store.due import DueIndex

log = logging.getLogger(__name__)

CONCURRENCY = 32
MARGIN = timedelta(seconds=5)
"""What must be left of the lease beyond the request's time-out when the wire is granted."""
DEFAULT_LIMIT_WAIT = timedelta(minutes=15)
"""How long to wait when a network says too many requests and not until when."""
GIVE_UP_REPLY = timedelta(minutes=30)
"""A reply that could provably not be sent for this long is refused, so that a person hears of it."""


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
    ) -> None:
        self._waits = waits
        self._desk = desk
        self._store = desk.store
        self._blobs = blobs
        self._fail = failpoints
        self._lease = lease
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
        for id_, found in claimed:
            task = asyncio.create_task(self._guarded(id_, found), name=f"publish {id_}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(claimed)

    async def drain(self) -> None:
        """Wait for what is under way."""
        while self._running:
            await asyncio.gather(*self._running)

    async def _guarded(self, id_: str, found: State) -> None:
        async with self._slots:
            try:
                await self._handle(id_, found)
            except Conflict as error:
                log.info("delivery %s was taken over: %s", id_, error)
            except Exception:
                # the lease runs out and the delivery is looked at again; a bug costs time, never a post
                log.exception("delivery %s", id_)

    async def _handle(self, id_: str, found: State) -> None:
        delivery = await self._store.get(Delivery, id_)
        correlation.set(delivery.correlation)
        self._fail.reach("publish.after_claim", delivery.network)
        account = await self._store.find(Account, delivery.account)
        if account is None or account.brand != delivery.brand:
            await self._move(delivery, Step.HOLD, trouble=Trouble(kind="account_changed"))
            return
        if delivery.state is State.WIRE:
            await self._reconcile(delivery, account)
        elif delivery.state is State.CLAIMED:
            await self._send(delivery, account)
        else:
            log.warning("delivery %s was claimed as %s and is %s", id_, found, delivery.state)

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
                await self._not_sent(delivery, account, error)
                return
            self._fail.reach("publish.before_wire", delivery.network)
            granted = await self._grant(delivery, account, prepared)
            if granted is None:
                return
            self._fail.reach("publish.after_wire", delivery.network)
            await self._publish(granted, account, connector, draft, prepared)

    async def _kept_back(self, delivery: Delivery, account: Account, now: datetime) -> bool:
        """Stop here before anything is uploaded; every one of these is checked again when the wire is granted."""
        stop = await self._desk.stopped(delivery.brand)
        if stop is not None and (delivery.reply is None or stop.reach == "silence"):
            await self._move(delivery, Step.HOLD, trouble=Trouble(kind="stopped"))
        elif account.state is AccountState.DEAD:
            await self._move(delivery, Step.HOLD, trouble=Trouble(kind="auth"))
        elif delivery.late(now):
            await self._move(delivery, Step.MISS)
        elif (until := await self._paused(account)) is not None and until > now:
            await self._wait(delivery, until, Trouble(kind="rate_limited", until=until))
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

    async def _grant(self, delivery: Delivery, account: Account, prepared: Prepared) -> Delivery | None:
        """The durable mark. One script checks lease, fence, stop, approval, revision and account, or grants nothing."""
        now = self._desk.now()
        current = await self._store.get(Delivery, delivery.id)
        if current.fence != delivery.fence or current.state is not State.CLAIMED:
            log.info("delivery %s: another worker has it", delivery.id)
            return None
        timeout = timedelta(seconds=self._desk.endpoints[account.network].timeout)
        marked = current.move(
            Step.GRANT,
            attention=now + max(self._lease, timeout + MARGIN),
            wire_at=now,
            attempts=current.attempts + 1,
            finds=0,
            prepared=dict(prepared.notes),
        )
        change = self._store.begin()
        change.put(marked, current)
        if current.attention is not None:
            change.before(current.attention)
        change.holds(self._store.key(Account.KIND, account.id), "state", AccountState.ACTIVE)
        change.holds(self._store.key(Account.KIND, account.id), "generation", delivery.generation)
        if delivery.reply is None:
            change.holds(self._store.key(Post.KIND, delivery.post), "approved", delivery.hash)
        for scope in (delivery.brand, "all"):
            if delivery.reply is None:
                change.holds(self._store.key(Stop.KIND, scope), "reach", "")
        change.audit(self._desk.entry("engine", "delivery.wire", **self._about(marked)))
        try:
            await change.commit()
        except Conflict as conflict:
            await self._why_not(delivery, conflict)
            return None
        return await self._store.get(Delivery, delivery.id)

    async def _why_not(self, delivery: Delivery, conflict: Conflict) -> None:
        """The wire was not granted: put the delivery where a person sees why."""
        current = await self._store.get(Delivery, delivery.id)
        if current.fence != delivery.fence or current.state is not State.CLAIMED:
            log.info("delivery %s: not granted, moved on: %s", delivery.id, conflict)
            return
        account = await self._store.find(Account, delivery.account)
        post = await self._store.find(Post, delivery.post) if delivery.post else None
        if post is not None and post.approved != delivery.hash:
            await self._move(current, Step.WITHDRAW, trouble=Trouble(kind="approval_gone"))
        elif await self._desk.stopped(delivery.brand):
            await self._move(current, Step.HOLD, trouble=Trouble(kind="stopped"))
        elif account is None or account.generation != delivery.generation:
            await self._move(current, Step.HOLD, trouble=Trouble(kind="account_changed"))
        elif account.state is AccountState.DEAD:
            await self._move(current, Step.HOLD, trouble=Trouble(kind="auth"))
        else:
            await self._wait(current, self._desk.now(), None)

    async def _publish(
        self, delivery: Delivery, account: Account, connector: Connector, draft: Draft, prepared: Prepared
    ) -> None:
        try:
            ref = await connector.publish(draft, prepared)
        except Duplicate as error:
            await self._duplicate(delivery, connector, draft, prepared, error)
        except UnknownOutcome as error:
            log.warning("delivery %s: outcome unknown: %s", delivery.id, error.detail)
            await self._look_later(delivery)
        except NetworkError as error:
            await self._not_sent(delivery, account, error)
        else:
            self._fail.reach("publish.after_answer", delivery.network)
            await self._live(delivery, ref)

    async def _live(self, delivery: Delivery, ref: Ref) -> None:
        self._fail.reach("publish.before_commit", delivery.network)
        await self._desk.deliveries.live(delivery.id, ref.id, ref.url or "")
        self._fail.reach("publish.after_commit", delivery.network)

    async def _duplicate(
        self, delivery: Delivery, connector: Connector, draft: Draft, prepared: Prepared, error: Duplicate
    ) -> None:
        """The network has this text: it is ours if it came after the mark, else an older post stands in the way."""
        ref = error.existing
        try:
            ref = ref or await connector.find(draft, prepared)
        except NetworkError as trouble:
            log.warning("delivery %s: duplicate, and cannot look: %s", delivery.id, trouble.detail)
            await self._look_later(delivery)
            return
        if ref is not None:
            await self._live(delivery, ref)
        elif delivery.attempts > 1:
            await self._look_later(delivery)
        else:
            await self._move(delivery, Step.REFUSE, trouble=Trouble(kind="duplicate", detail=error.detail))

    # --- what follows from a network's answer

    async def _not_sent(self, delivery: Delivery, account: Account, error: NetworkError) -> None:
        """Nothing was written: again later at the network's time, or refused, or held until somebody reconnects."""
        now = self._desk.now()
        log.warning("delivery %s: %s: %s", delivery.id, type(error).__name__, error.detail)
        if isinstance(error, AuthFailed):
            await self._desk.accounts.died(account.id, error.detail)
            await self._move(delivery, Step.HOLD, trouble=Trouble(kind="auth", detail=error.detail))
        elif isinstance(error, RateLimited):
            until = max(error.until or now + DEFAULT_LIMIT_WAIT, now + timedelta(seconds=1))
            await self.pause(account, until)
            await self._wait(delivery, until, Trouble(kind="rate_limited", detail=error.detail, until=until))
        elif isinstance(error, Rejected):
            await self._move(delivery, Step.REFUSE, trouble=Trouble(kind=error.kind.value, detail=error.detail))
        elif isinstance(error, Transient | UnknownOutcome | Duplicate):
            # in prepare nothing is visible, so even a lost answer there is only a reason to try again
            if delivery.reply is not None and now - delivery.due > GIVE_UP_REPLY:
                await self._move(delivery, Step.REFUSE, trouble=Trouble(kind="outage", detail=error.detail))
            else:
                await self._wait(delivery, backoff(delivery, now), Trouble(kind="outage", detail=error.detail))
        else:
            raise error

    async def _wait(self, delivery: Delivery, until: datetime, trouble: Trouble | None) -> None:
        late_at = delivery.due + timedelta(minutes=delivery.late_minutes, seconds=1)
        when = until if delivery.reply is not None else min(until, max(late_at, self._desk.now()))
        await self._move(
            delivery, Step.RELEASE, attention=when, trouble=trouble, refusals=delivery.refusals + 1, wire_at=None
        )

    async def _move(
        self,
        delivery: Delivery,
        step: Step,
        *,
        attention: datetime | None = None,
        **changes: object,
    ) -> None:
        """A fenced step: dropped when another worker took over in the meantime."""

        def moved(old: Delivery) -> Delivery:
            if old.fence != delivery.fence:
                log.info("delivery %s: step %s came too late", delivery.id, step)
                return old
            return old.move(step, attention=attention, **changes)

        await self._desk.deliveries.settle(delivery.id, moved, step.value)

    # --- looking for what may have been sent

    async def _look_later(self, delivery: Delivery) -> None:
        current = await self._store.get(Delivery, delivery.id)
        when = next_look(current, self._desk.now(), self._waits)
        if when is None:
            await self._move(current, Step.LOSE, trouble=Trouble(kind="unknown"))
            return
        change = self._store.begin()
        change.put(current.model_copy(update={"attention": when}), current)
        await change.commit()

    async def _reconcile(self, delivery: Delivery, account: Account) -> None:
        provider = self._desk.providers[account.network]
        if account.state is AccountState.DEAD:
            await self._move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))
            return
        async with self._opened(account) as connector:
            draft = await self._draft(delivery)
            prepared = Prepared(key=delivery.id, notes=delivery.prepared)
            self._fail.reach("publish.before_find", delivery.network)
            try:
                ref = await connector.find(draft, prepared)
            except NetworkError as error:
                log.warning("delivery %s: cannot look: %s", delivery.id, error.detail)
                await self._counted_look(delivery)
                return
            self._fail.reach("publish.after_find", delivery.network)
            if ref is not None:
                await self._live(delivery, ref)
            elif Capability.IDEMPOTENT in provider.capabilities:
                await self._same_key_again(delivery, account, connector, draft, prepared)
            else:
                await self._counted_look(delivery)

    async def _counted_look(self, delivery: Delivery) -> None:
        now = self._desk.now()
        counted = looked(delivery, now, self._waits)
        when = next_look(counted, now, self._waits)
        if when is None:
            await self._move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"), finds=counted.finds)
            return
        change = self._store.begin()
        change.put(counted.model_copy(update={"attention": when}), delivery)
        await change.commit()

    async def _same_key_again(
        self, delivery: Delivery, account: Account, connector: Connector, draft: Draft, prepared: Prepared
    ) -> None:
        """An idempotent network: the same key twice is one post, so sending again is safe, under a new mark."""
        if delivery.reply is None and await self._desk.stopped(delivery.brand):
            await self._move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))
            return
        now = self._desk.now()
        marked = delivery.move(
            Step.GRANT, attention=now + self._lease, wire_at=now, attempts=delivery.attempts + 1, finds=0
        )
        change = self._store.begin()
        change.put(marked, delivery)
        change.audit(self._desk.entry("engine", "delivery.wire_again", **self._about(delivery)))
        await change.commit()
        granted = await self._store.get(Delivery, delivery.id)
        await self._publish(granted, account, connector, draft, prepared)

    # --- accounts

    async def pause(self, account: Account, until: datetime) -> None:
        """Nothing leaves for this account before `until`: every delivery obeys one 429."""
        seconds = max(1, int((until - self._desk.now()).total_seconds()) + 1)
        key = self._store.key("pause", account.id)
        await self._store.client.set(key, until.isoformat(), ex=min(seconds, 86_400))

    async def _paused(self, account: Account) -> datetime | None:
        text = await self._store.client.get(self._store.key("pause", account.id))
        return datetime.fromisoformat(str(text)) if text else None

    @asynccontextmanager
    async def _opened(self, account: Account) -> AsyncIterator[Connector]:
        connector = self._desk.accounts.open(account)
        try:
            yield connector
        finally:
            await connector.aclose()

    @staticmethod
    def _about(delivery: Delivery) -> dict[str, str]:
        subject = delivery.reply.conversation if delivery.reply else delivery.post
        return {
            "brand": delivery.brand,
            "subject": subject,
            "revision": delivery.hash,
            "delivery": delivery.id,
        }
