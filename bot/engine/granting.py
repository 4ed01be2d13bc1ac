"""The wire: the durable mark before a request leaves, granted by one script or not at all, for each segment anew."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.desk.facts import because
from bot.domain import custody
from bot.domain.brands import Account, AccountState, Stop
from bot.domain.deliveries import LEASE, Delivery, State, Step, Trouble, held_by
from bot.domain.events import DeliveryChanged
from bot.domain.facts import Fact
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.engine.keeping import kept
from bot.engine.outcomes import Outcomes, about
from bot.errors import Conflict, StoreSilent, StoreUnavailable
from bot.network import Prepared
from bot.store.due import DueIndex
from bot.store.records import Transaction

log = logging.getLogger(__name__)

MARGIN = timedelta(seconds=5)
"""What must be left of the lease beyond the request's time-out when the wire is granted."""

DEADLINE = "deadline"
"""What a change that came too late conflicts with: the name that the store's script has for it."""


class Wire:
    """Grants the wire for a claimed delivery."""

    def __init__(self, desk: Desk, outcomes: Outcomes, due: DueIndex, *, lease: timedelta = LEASE) -> None:
        self._desk = desk
        self._store = desk.store
        self._outcomes = outcomes
        self._due = due
        self._lease = lease

    def until(self, now: datetime, account: Account) -> datetime:
        """When a lease that is granted now ends: the request's time-out fits into it, with a margin."""
        timeout = timedelta(seconds=self._desk.endpoints[account.network].timeout)
        return now + max(self._lease, timeout + MARGIN)

    @asynccontextmanager
    async def holding(self, delivery: Delivery) -> AsyncIterator[None]:
        """Keeps a claim for as long as this takes, an upload for instance; what is done at once costs nothing."""
        loop, every = asyncio.get_running_loop(), self._lease.total_seconds() / 3
        renewing: list[asyncio.Task[None]] = []
        first = loop.call_later(every, lambda: renewing.append(loop.create_task(self._renew(delivery, every))))
        try:
            yield
        finally:
            first.cancel()
            for task in renewing:
                task.cancel()

    async def _renew(self, delivery: Delivery, every: float) -> None:
        while True:
            try:
                if not await self._due.renew(delivery, lease=self._lease):
                    return
            except StoreUnavailable as error:  # once more soon; a lease that is over grants nothing
                log.warning("delivery %s: its lease waits for the store: %s", delivery.id, error)
            await asyncio.sleep(every)

    async def grant(
        self, delivery: Delivery, account: Account, prepared: Prepared, *, leans: Sequence[Fact] = ()
    ) -> Delivery | None:
        """The durable mark. One script checks lease, fence, stop, approval, revision, account and the facts that it
        leans on, or grants nothing."""
        now, began = self._desk.now(), time.monotonic()
        current = delivery if self._fresh(delivery, now) else await self._store.get(Delivery, delivery.id)
        if current.fence != delivery.fence or current.state is not State.CLAIMED or current.refs != delivery.refs:
            log.info("delivery %s: another worker has it, or this segment is out by now", delivery.id)
            return None
        stops = await self._stops(delivery)
        if held_by(delivery, stops.values()):
            await self._outcomes.move(current, Step.HOLD, trouble=Trouble(kind="stopped"))
            return None
        marked = current.move(
            Step.GRANT,
            attention=self.until(now, account),
            wire_at=now,
            attempts=current.attempts + 1,
            finds=0,
            prepared=dict(prepared.notes),
        )
        change = self._marking(marked, current, stops, "delivery.wire", leans)
        try:
            await change.commit()
        except Conflict as conflict:
            await self._why_not(delivery, conflict)
            return None
        except StoreSilent:
            await kept(lambda: self._unused(marked), f"delivery {delivery.id}")
            return None
        granted = marked.model_copy(update={"version": marked.version + 1})
        if time.monotonic() - began > MARGIN.total_seconds():
            # the store's answer took long, so the request could outlive the lease: nothing was sent, so once more
            log.warning("delivery %s: the mark took too long, so it is not used", delivery.id)
            await self._outcomes.wait(granted, now, None)
            return None
        return granted

    async def again(self, delivery: Delivery, account: Account) -> Delivery | None:
        """A new mark for a request that may be there already, under the same key: what the first one needed must still
        be so. Otherwise None, and a person says what became of the first."""
        now, stops = self._desk.now(), await self._stops(delivery)
        paused = await self._outcomes.paused(delivery)
        if paused is not None and paused > now:
            await self._outcomes.looked_in_vain(delivery)
            return None
        update = {"wire_at": now, "attempts": delivery.attempts + 1, "finds": delivery.finds + 1}
        marked = delivery.move(Step.GRANT, attention=self.until(now, account), **update)
        try:
            if held_by(delivery, stops.values()):
                raise Conflict(Stop.KIND)
            post = await self._store.find(Post, delivery.post) if delivery.post else None
            if await self._fell(post, delivery) is not None:
                raise Conflict(Fact.KIND)
            await self._marking(marked, delivery, stops, "delivery.wire_again").commit()
        except Conflict as conflict:
            log.info("delivery %s: not sent again: %s", delivery.id, conflict)
            await self._desk.custody.doubted(conflict)
            if conflict.key != DEADLINE:  # of a lease that is over: whoever has the next one looks again
                await self._outcomes.move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"))
            return None
        return marked.model_copy(update={"version": marked.version + 1})

    async def ask(self, delivery: Delivery, to: MemberId, *, pictures: bool, leans: Sequence[Fact] = ()) -> bool:
        """In place of the wire, where a person publishes by hand: they are asked, once, under all that the wire needs.
        Answers whether they were."""
        current = await self._store.get(Delivery, delivery.id)
        if current.fence != delivery.fence or current.state is not State.CLAIMED:
            log.info("delivery %s: another worker has it", delivery.id)
            return False
        stops = await self._stops(delivery)
        if held_by(delivery, stops.values()):
            await self._outcomes.move(current, Step.HOLD, trouble=Trouble(kind="stopped"))
            return False
        asked = current.ask(to, self._desk.now(), pictures=pictures)
        change = self._marking(asked, current, stops, "delivery.ask", leans, detail=to)
        told = DeliveryChanged(delivery=asked.id, state=asked.state, post=asked.post, correlation=asked.correlation)
        change.emit(told)
        try:
            await change.commit()
        except Conflict as conflict:
            await self._why_not(delivery, conflict)
            return False
        return True

    def _marking(
        self,
        marked: Delivery,
        current: Delivery,
        stops: Mapping[str, Stop],
        act: str,
        leans: Sequence[Fact] = (),
        *,
        detail: str = "",
    ) -> Transaction:
        """The change that grants the wire, with everything that must be so at that very moment."""
        change = self._store.begin()
        change.put(marked, current)
        for fact in leans:
            change.unchanged(fact)
        if current.attention is not None:
            change.before(current.attention)
        change.holds(self._store.key(Account.KIND, marked.account), "state", AccountState.ACTIVE)
        change.holds(self._store.key(Account.KIND, marked.account), "generation", marked.generation)
        if marked.reply is None:
            change.holds(self._store.key(Post.KIND, marked.post), "approved", marked.hash)
        for scope in (marked.brand, "all"):
            if scope in stops and marked.reply is None:
                change.unchanged(stops[scope])  # approved in spite of this very stop, of no later one
            else:
                reach = stops[scope].reach if scope in stops else ""
                change.holds(self._store.key(Stop.KIND, scope), "reach", reach)
        self._desk.custody.guard(change)
        change.audit(self._desk.entry("engine", act, **about(marked) | ({"detail": detail} if detail else {})))
        return change

    def _fresh(self, delivery: Delivery, now: datetime) -> bool:
        """Whether it was loaded so shortly ago that its lease can't have been renewed since. Only spares a look: the
        script grants nothing on a record, or a lease, that is another by then."""
        return delivery.attention is not None and delivery.attention - now > self._lease * (2 / 3)

    async def _unused(self, marked: Delivery) -> None:
        """Nobody knows whether the mark was made, and we sent nothing: if it was, it is taken back; then once more."""
        current = await self._store.get(Delivery, marked.id)
        unmarked = current.state is State.CLAIMED and current.attempts < marked.attempts
        ours = current.state is State.WIRE and current.attempts == marked.attempts
        if current.fence == marked.fence and (unmarked or ours):
            await self._outcomes.wait(current, self._desk.now(), None)

    async def _fell(self, post: Post | None, delivery: Delivery) -> Fact | None:
        """The fact for which a post may not go out."""
        if post is None:
            return None
        return await self._desk.facts.fell(post, await self._desk.brand(post.brand), delivery)

    async def _stops(self, delivery: Delivery) -> Mapping[str, Stop]:
        """The stops in force that reach it, by what they stop."""
        scopes = (delivery.brand, "all")
        return {stop.id: stop for stop in await self._store.find_many(Stop, scopes)}

    async def _why_not(self, delivery: Delivery, conflict: Conflict) -> None:
        """The wire was not granted: put the delivery where a person sees why."""
        current = await self._store.get(Delivery, delivery.id)
        if current.fence != delivery.fence or current.state is not State.CLAIMED:
            log.info("delivery %s: not granted, moved on: %s", delivery.id, conflict)
            return
        account = await self._store.find(Account, delivery.account)
        post = await self._store.find(Post, delivery.post) if delivery.post else None
        if await self._desk.custody.doubted(conflict):
            await self._outcomes.move(current, Step.HOLD, trouble=Trouble(kind=custody.HELD))
        elif post is not None and post.approved != delivery.hash:
            await self._outcomes.move(current, Step.WITHDRAW, trouble=Trouble(kind="approval_gone"))
        elif held_by(delivery, (await self._stops(delivery)).values()):
            await self._outcomes.move(current, Step.HOLD, trouble=Trouble(kind="stopped"))
        elif account is None or account.generation != delivery.generation:
            await self._outcomes.move(current, Step.HOLD, trouble=Trouble(kind="account_changed"))
        elif account.state is not AccountState.ACTIVE:
            kind = "auth" if account.state is AccountState.DEAD else "disconnected"
            await self._outcomes.move(current, Step.HOLD, trouble=Trouble(kind=kind))
        elif (fact := await self._fell(post, delivery)) is not None:
            standing = fact.standing(self._desk.now())
            await self._outcomes.move(current, Step.HOLD, trouble=because(fact, standing))
        else:
            await self._outcomes.wait(current, self._desk.now(), None)
