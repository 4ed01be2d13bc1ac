"""What follows from a network's answer: each puts the delivery where a person sees it, or where it is tried again."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.domain.brands import Account
from bot.domain.deliveries import (
    LEASE,
    LIFE,
    OUTAGE,
    RECONCILE_AFTER,
    Delivery,
    State,
    Step,
    Trouble,
    backoff,
    looked,
    next_look,
    repeatable,
)
from bot.engine.failpoints import Failpoints
from bot.engine.keeping import kept
from bot.metrics import PUBLISH_LAG, UNKNOWN
from bot.network import (
    AuthFailed,
    Duplicate,
    NetworkError,
    RateLimited,
    Ref,
    Rejected,
    Transient,
    UnknownOutcome,
)
from bot.network.waits import bounded
from bot.store.turns import Turns

log = logging.getLogger(__name__)

DEFAULT_LIMIT_WAIT = timedelta(minutes=15)
"""How long to wait when a network says too many requests and not until when."""


class Outcomes:
    """Moves deliveries on; steps are fenced, facts are not. `waits`: when to look for what may have been sent."""

    def __init__(
        self,
        desk: Desk,
        failpoints: Failpoints,
        waits: Sequence[timedelta] = RECONCILE_AFTER,
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self._desk = desk
        self._store = desk.store
        self._turns = Turns(desk.store)
        self._fail = failpoints
        self._waits = waits
        self._lease = lease

    async def live(self, delivery: Delivery, ref: Ref, *, since: datetime | None = None) -> None:
        """The network has it, or the next segment of it; `since` is when it said so, if that isn't now."""
        self._fail.reach("publish.before_commit", delivery.network)
        desk, number, url = self._desk.deliveries, len(delivery.refs), ref.url or ""

        async def fact() -> None:
            if number + 1 < delivery.segments:
                await desk.segment_out(delivery.id, number, ref.id, url, fence=delivery.fence, lease=self._lease)
            else:
                await desk.live(delivery.id, ref.id, url, known=delivery)

        log.info("the network has it", extra={"delivery": delivery.id, "network": delivery.network, "ref": ref.id})
        await kept(fact, f"delivery {delivery.id}: {ref.id}")
        if number + 1 >= delivery.segments:
            lag = ((since or self._desk.now()) - delivery.due).total_seconds()
            PUBLISH_LAG.labels(delivery.network).observe(max(lag, 0.0))
        self._fail.reach("publish.after_commit", delivery.network)

    async def not_sent(self, delivery: Delivery, account: Account, error: NetworkError) -> None:
        """Nothing was written: again later at the network's time, or refused, or held until somebody reconnects."""
        now = self._desk.now()
        log.warning("delivery %s: %s: %s", delivery.id, type(error).__name__, error.detail)
        if isinstance(error, AuthFailed):
            await self._desk.accounts.died(account.id, error.detail)
            await self.move(delivery, Step.HOLD, trouble=Trouble(kind="auth", detail=error.detail))
        elif isinstance(error, RateLimited):
            until = bounded(error.until, now) or now + DEFAULT_LIMIT_WAIT
            await self.pause(delivery, until)
            await self.wait(delivery, until, Trouble(kind="rate_limited", detail=error.detail, until=until))
        elif isinstance(error, Rejected):
            await self.move(delivery, Step.REFUSE, trouble=Trouble(kind=error.kind.value, detail=error.detail))
        elif isinstance(error, Transient | UnknownOutcome | Duplicate):
            # in prepare nothing is visible, so even a lost answer there is only a reason to try again
            if delivery.given_up(now):
                await self.move(delivery, Step.REFUSE, trouble=Trouble(kind=OUTAGE, detail=error.detail))
            else:
                await self.wait(delivery, backoff(delivery, now), Trouble(kind=OUTAGE, detail=error.detail))
        else:
            raise error

    async def wait(self, delivery: Delivery, until: datetime, trouble: Trouble | None) -> None:
        """Planned again for `until`, or for the moment it counts as missed, whichever comes first."""
        late_at = delivery.late_at
        when = until if late_at is None else min(until, max(late_at + timedelta(seconds=1), self._desk.now()))
        await self.move(
            delivery, Step.RELEASE, attention=when, trouble=trouble, refusals=delivery.refusals + 1, wire_at=None
        )

    async def move(
        self,
        delivery: Delivery,
        step: Step,
        *,
        attention: datetime | None = None,
        **changes: object,
    ) -> None:
        """A fenced step: dropped when another worker took over in the meantime."""

        def moved(old: Delivery) -> Delivery:
            if old.fence != delivery.fence or (old.state, step) not in LIFE:
                log.info("delivery %s: step %s came too late", delivery.id, step)
                return old
            return old.move(step, attention=attention, **changes)

        settled = await kept(
            lambda: self._desk.deliveries.settle(delivery.id, moved, step.value), f"delivery {delivery.id}: {step}"
        )
        if step is Step.LOSE and (settled.fence, settled.state) == (delivery.fence, State.UNKNOWN):
            UNKNOWN.labels(delivery.network).inc()

    async def look_later(self, delivery: Delivery) -> None:
        """Nobody knows: the account will be looked at, and if that was done often enough a person is asked."""
        current = await self._store.get(Delivery, delivery.id)
        if current.fence != delivery.fence or current.state is not State.WIRE or current.refs != delivery.refs:
            log.info("delivery %s: taken over, or answered, while nobody knew", delivery.id)
            return
        when = next_look(current, self._desk.now(), self._waits)
        if when is None:
            await self.move(current, Step.LOSE, trouble=Trouble(kind="unknown"))
            return
        change = self._store.begin()
        change.put(current.model_copy(update={"attention": when}), current)
        await change.commit()

    async def looked_in_vain(self, delivery: Delivery) -> None:
        """It was not there, or the network didn't say: once more later, or a person is asked."""
        now = self._desk.now()
        counted = looked(delivery, now, self._waits)
        when = next_look(counted, now, self._waits)
        if when is None:
            await self.move(delivery, Step.LOSE, trouble=Trouble(kind="unknown"), finds=counted.finds)
            return
        change = self._store.begin()
        change.put(counted.model_copy(update={"attention": when}), delivery)
        await change.commit()

    def repeatable(self, delivery: Delivery) -> bool:
        """Whether the same request may go out once more under the same key."""
        return repeatable(delivery, self._desk.now(), self._waits)

    async def not_repeated(self, delivery: Delivery, account: Account, error: NetworkError) -> None:
        """The same request under the same key wrote nothing; the one before may have, so that is still looked for."""
        log.warning("delivery %s: repeated, %s: %s", delivery.id, type(error).__name__, error.detail)
        if isinstance(error, AuthFailed):
            await self._desk.accounts.died(account.id, error.detail)
        elif isinstance(error, RateLimited):
            now = self._desk.now()
            await self.pause(delivery, bounded(error.until, now) or now + DEFAULT_LIMIT_WAIT)
        await self.look_later(delivery)

    def queue(self, delivery: Delivery) -> str:
        """What waits together: all that leaves for an account; private answers by themselves, where the network limits
        each kind of request by itself, so that a few of them hold back no post."""
        private = delivery.reply is not None and bool(delivery.reply.to)
        apart = private and self._desk.providers[delivery.network].limits.windows_apart
        return f"{delivery.account}:private" if apart else delivery.account

    async def pause(self, delivery: Delivery, until: datetime) -> None:
        """Nothing of its queue leaves before `until`: every delivery obeys one 429."""
        await self._turns.pause("pause", self.queue(delivery), until=until)

    async def paused(self, delivery: Delivery) -> datetime | None:
        """Until when the network asked us to wait, None when it didn't."""
        return await self._turns.paused("pause", self.queue(delivery))

    async def pauses(self, queues: Collection[str]) -> Mapping[str, datetime]:
        """The same for many queues, only those that have to wait."""
        return await self._turns.paused_among("pause", names=queues)


def about(delivery: Delivery) -> dict[str, str]:
    """What a line of the record says of a delivery and, of a thread, of the segment that is next."""
    subject = delivery.reply.conversation if delivery.reply else delivery.post
    known = {"brand": delivery.brand, "subject": subject, "revision": delivery.hash, "delivery": delivery.id}
    return known | ({"detail": delivery.part} if delivery.part else {})
