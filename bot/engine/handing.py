"""Hands the pictures of a post to whoever publishes it by hand: each once, as a file, under what asked them.

A place in Slack is made for a picture and kept in the record before the picture is shown there. Slack shows a place
once, so whoever comes after a crash shows it again and learns from the answer whether it was.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from bot.desk.desk import Desk
from bot.domain.deliveries import Delivery, State
from bot.domain.posts import Picture, Post
from bot.engine.failpoints import Failpoints
from bot.errors import Conflict, StoreUnavailable, VoceroError
from bot.store.blobs import Blobs

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=2)
"""Seconds between two looks at what is still to be handed; what asks may not stand in Slack yet."""

Where = Callable[[str, int, str], Awaitable[tuple[str, str] | None]]
"""Of a delivery, the number of an ask and a member: the Slack channel and message that asks them, None: not yet."""


class Hands(Protocol):
    """Slack's files. Both raise VoceroError."""

    async def place(self, name: str, content: bytes, alt: str) -> str:
        """The id of a file that is with Slack and shown nowhere."""
        ...

    async def show(self, file: str, title: str, channel: str, thread: str) -> None:
        """Show it under a message; one that was shown before is done."""
        ...


class Handing:
    """One in each worker; whoever comes second finds it done, or a record that has moved on."""

    def __init__(self, desk: Desk, blobs: Blobs, hands: Hands, where: Where, failpoints: Failpoints) -> None:
        self._desk = desk
        self._blobs = blobs
        self._hands = hands
        self._where = where
        self._fail = failpoints

    async def tick(self) -> None:
        """All that is to be handed now; one's trouble never keeps the others from theirs."""
        for delivery in await self._desk.store.listed(Delivery, "handing"):
            try:
                await self._hand(delivery)
            except StoreUnavailable:
                raise
            except Conflict:
                log.info("delivery %s moved on while its pictures were handed over", delivery.id)
            except VoceroError as error:
                log.warning("delivery %s: its pictures can't be handed over now: %s", delivery.id, error)
            except Exception:
                log.exception("delivery %s: its pictures can't be handed over", delivery.id)

    async def _hand(self, delivery: Delivery) -> None:
        post = await self._desk.store.get(Post, delivery.post)
        pictures = [each for each in post.revision(delivery.revision).pictures if each.blob]
        number, ask = len(delivery.asks) - 1, delivery.asked_of
        place = await self._where(delivery.id, number, ask.to) if ask is not None else None
        if place is None:
            return
        for at, picture in enumerate(pictures):
            if not await self._handed(delivery.id, number, at, picture, place):
                return
        await self._desk.by_hand.handed(delivery.id, number)

    async def _handed(self, id_: str, number: int, at: int, picture: Picture, place: tuple[str, str]) -> bool:
        """One picture; False where nobody waits for it any more."""
        delivery = await self._desk.deliveries.get(id_)
        ask = delivery.asked_of
        if delivery.state is not State.BY_HAND or ask is None or len(delivery.asks) - 1 != number:
            return False
        if at < ask.shared:
            return True
        if at >= len(ask.files):
            content = await self._blobs.get(picture.blob)
            file = await self._hands.place(picture.name, content, picture.alt)
            self._fail.reach("by_hand.after_place", delivery.network)
            delivery = await self._desk.by_hand.placed(id_, number, at, file)
            ask = delivery.asks[number]
            if at >= len(ask.files):
                return False
        self._fail.reach("by_hand.before_share", delivery.network)
        await self._hands.show(ask.files[at], picture.name, *place)
        self._fail.reach("by_hand.after_share", delivery.network)
        await self._desk.by_hand.shared(id_, number, at)
        return True
