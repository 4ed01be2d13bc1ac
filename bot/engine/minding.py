"""Minds what waits: brings back what was put off, warns of what waits too long, forgets forms without a sign, opens
facts again whose verdict is over, and reminds of reviews."""

import logging
from datetime import datetime, timedelta

from bot.desk.desk import Desk

EVERY = timedelta(seconds=2)
"""How often it is looked. What is due stands in an index, so a look that finds nothing costs a request or two."""

REVIEWS_EVERY = timedelta(seconds=20)
"""How often reviews are looked at, which takes reading all that wait: nothing there is due to the second."""

log = logging.getLogger(__name__)


class Minding:
    """One look at a time; two workers that look at once do everything once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reviewed: datetime | None = None

    async def tick(self) -> None:
        """Everything that is due by now."""
        back = await self._desk.handling.wake_due()
        if back:
            log.info("snoozed conversations that are back: %d", back)
        late = await self._desk.promises.warn_due()
        if late:
            log.info("conversations that wait too long: %d warned of", late)
        await self._desk.handling.look_after_forms()
        await self._desk.promises.forget_notices()
        again = await self._desk.facts.reopen_due()
        if again:
            log.info("facts whose verdict is over: %d open again", again)
        await self._reviews()

    async def _reviews(self) -> None:
        now = self._desk.now()
        if self._reviewed is not None and timedelta() <= now - self._reviewed < REVIEWS_EVERY:
            return
        self._reviewed = now
        late = await self._desk.reminding.tick()
        if late:
            log.info("reviews that nobody answered: %d reminded of, or over", late)

    async def count_anew(self, brand: str) -> None:
        """The brand's hours may have changed: every clock of what is open is counted anew."""
        changed = await self._desk.promises.count_anew(brand)
        log.info("clocks that were counted anew: %d", changed)
