"""Storms and crowds by the clock: cards that follow what is said, and batches of what was asked for all.

Where a batch was is stored with what it did, so whoever takes over goes on from there: see `bot.domain.bulk`.
"""

import logging
from datetime import timedelta

from bot.desk.desk import Desk
from bot.domain.bulk import LEASE
from bot.engine.failpoints import Failpoints
from bot.errors import Conflict
from bot.journal import correlation

log = logging.getLogger(__name__)

LOOKS_EVERY = timedelta(seconds=8)
"""A card that counts is drawn so often at most: Slack lets us edit fifty messages a minute, wherever they are."""
BATCHES_EVERY = timedelta(seconds=1)


class StormEngine:
    """Looks, and carries on."""

    def __init__(self, desk: Desk, failpoints: Failpoints, *, lease: timedelta = LEASE) -> None:
        self._desk = desk
        self._fail = failpoints
        self._lease = lease

    async def look(self) -> None:
        """What is behind is drawn, what is over ends."""
        await self._desk.storms.look()

    async def tick(self) -> int:
        """A batch of each act that is due; answers how many there were."""
        due = await self._desk.crowds.for_many.due()
        for each in due:
            bulk = await self._desk.crowds.for_many.take(each.id, self._lease)
            if bulk is None:
                continue
            correlation.set(bulk.correlation)
            self._fail.reach("bulk.before_batch")
            try:
                new = await self._desk.crowds.for_many.batch(bulk)
                self._fail.reach("bulk.after_batch")
                await self._desk.crowds.for_many.settle(new, bulk)
            except Conflict:
                log.warning("act %s: somebody came between, it goes on at the next look", bulk.id)
                continue
            if new.over:
                log.info("act %s for all: %s, done %d, passed over %d", bulk.id, new.state, new.done, new.passed)
        return len(due)
