"""What the hour brings where a person publishes by hand: they are asked, once; when their time is over, it's missed."""

import logging

from bot.desk.desk import Desk
from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, Step, Trouble
from bot.domain.posts import Post
from bot.engine.briefing import Briefing
from bot.engine.failpoints import Failpoints
from bot.engine.granting import Wire
from bot.engine.outcomes import Outcomes

log = logging.getLogger(__name__)


class ByHand:
    """Takes the way of a person where a connector would take that of the wire. What they are asked is drawn from the
    event of the change that asks, so it is told once whoever dies meanwhile."""

    def __init__(self, desk: Desk, wire: Wire, outcomes: Outcomes, failpoints: Failpoints) -> None:
        self._desk = desk
        self._wire = wire
        self._outcomes = outcomes
        self._fail = failpoints

    async def ask(self, briefing: Briefing, account: Account) -> None:
        """Ask whoever publishes there now; nobody at all is a refusal, which rings."""
        delivery, post = briefing.delivery, briefing.post
        to = await self._desk.by_hand.whom(account, delivery)
        if not to:
            await self._outcomes.move(delivery, Step.REFUSE, trouble=Trouble(kind="nobody"))
            return
        known = post or await self._desk.store.get(Post, delivery.post)
        self._fail.reach("by_hand.before_ask", delivery.network)
        pictures = bool(known.revision(delivery.revision).pictures)
        asked = await self._wire.ask(delivery, to, pictures=pictures, leans=briefing.leans)
        self._fail.reach("by_hand.after_ask", delivery.network)
        if asked:
            log.info("delivery %s: somebody is asked to publish it by hand", delivery.id)

    async def look(self, delivery: Delivery) -> None:
        """Nobody said that it is out: missed, once its time is over."""
        if delivery.late(self._desk.now()):
            await self._outcomes.move(delivery, Step.MISS)
            return
        await self._desk.by_hand.wait(delivery)
