"""All that is needed to begin on a batch of claimed deliveries, read together in two ways to the store and back.

Only a start: whatever decides whether something may leave is checked again by the script that grants the wire.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.desk.desk import Desk
from bot.desk.facts import CHECK
from bot.domain.brands import Account, Brand, Stop
from bot.domain.checks import statements
from bot.domain.deliveries import Delivery, held_by
from bot.domain.facts import Fact
from bot.domain.posts import Post
from bot.domain.records import Record
from bot.engine.outcomes import Outcomes
from bot.errors import StoreUnavailable
from bot.store.due import Claim

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)
FRESH = 1.0
"""Seconds for which it may be acted on; who waited longer for a turn reads again."""


@dataclass(frozen=True)
class Briefing:
    """One delivery with what belongs to it, as the store had it. `stop` is the one in force that keeps it back,
    `paused` until when its account's network asked us to wait, `fell` the fact for which it may not go out, `leans`
    those that it leans on."""

    delivery: Delivery
    account: Account | None
    post: Post | None
    stop: Stop | None
    paused: datetime | None
    read_at: float
    fell: Fact | None = None
    leans: Sequence[Fact] = ()

    @property
    def fresh(self) -> bool:
        """Whether it is still as good as one that is read now."""
        return time.monotonic() - self.read_at < FRESH


class Briefer:
    """Reads them."""

    def __init__(self, desk: Desk, outcomes: Outcomes) -> None:
        self._desk = desk
        self._store = desk.store
        self._outcomes = outcomes

    async def batch(self, claims: Sequence[Claim]) -> Mapping[str, Briefing]:
        """By the delivery's id. Empty when they can't be read together: then each is read by itself, so that one broken
        record holds up only its own delivery."""
        try:
            deliveries = await self._store.find_many(Delivery, [claim.id for claim in claims])
            return {briefing.delivery.id: briefing for briefing in await self._around(deliveries)}
        except StoreUnavailable as error:
            log.warning("%d deliveries are read one by one: %s", len(claims), error)
        except Exception:
            log.exception("%d deliveries can't be read together", len(claims))
        return {}

    async def one(self, id_: str) -> Briefing:
        """Of one delivery, read now; raises StoreError when there is none."""
        (briefing,) = await self._around([await self._store.get(Delivery, id_)])
        return briefing

    async def _around(self, deliveries: Sequence[Delivery]) -> list[Briefing]:
        read_at = time.monotonic()
        accounts, posts, stops, paused = await asyncio.gather(
            self._by_id(Account, {delivery.account for delivery in deliveries}),
            self._by_id(Post, {delivery.post for delivery in deliveries if delivery.post}),
            self._by_id(Stop, {"all", *(delivery.brand for delivery in deliveries)}),
            self._outcomes.pauses({self._outcomes.queue(delivery) for delivery in deliveries}),
        )
        facts = await self._facts(deliveries, posts)
        return [
            Briefing(
                delivery,
                accounts.get(delivery.account),
                posts.get(delivery.post),
                held_by(delivery, filter(None, (stops.get(delivery.brand), stops.get("all")))),
                paused.get(self._outcomes.queue(delivery)),
                read_at,
                *facts.get(delivery.id, (None, ())),
            )
            for delivery in deliveries
        ]

    async def _facts(
        self, deliveries: Sequence[Delivery], posts: Mapping[str, Post]
    ) -> Mapping[str, tuple[Fact | None, Sequence[Fact]]]:
        """Of each delivery of a post: the fact that keeps it back, and those that it leans on."""
        desk, now = self._desk, self._desk.now()
        brands = await self._by_id(Brand, {each.brand for each in deliveries if each.post in posts})
        watched = [id_ for id_, brand in brands.items() if CHECK not in brand.rules.off]
        doubted = dict(zip(watched, await asyncio.gather(*map(desk.facts.doubted, watched)), strict=True))
        known = await self._by_id(
            Fact, {fact for post in posts.values() for each in post.revisions for fact in each.leans}
        )
        found: dict[str, tuple[Fact | None, Sequence[Fact]]] = {}
        for delivery in deliveries:
            if delivery.post not in posts or delivery.brand not in doubted:
                continue
            revision = posts[delivery.post].revision(delivery.revision)
            leans = [known[id_] for id_ in revision.leans if id_ in known]
            texts = revision.texts(delivery.account)
            found[delivery.id] = statements.fell(texts, leans, doubted[delivery.brand], now), leans
        return found

    async def _by_id(self, kind: type[R], ids: Collection[str]) -> Mapping[str, R]:
        return {record.id: record for record in await self._store.find_many(kind, ids)}
