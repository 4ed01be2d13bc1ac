"""Another time for a post: what is planned moves along while the approval covers it."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import posts
from bot.domain.brands import Account, Brand, Standing
from bot.domain.deliveries import WAITING, State, Step
from bot.domain.events import DeliveryChanged, PostChanged
from bot.domain.posts import Post, PostStatus
from bot.errors import FieldErrors, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Moving:
    """The verbs of the queue."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    def may(self, post: Post, who: Standing, brand: Brand) -> None:
        """Raise NotAllowed unless somebody may move a post."""
        posts.may_edit(post, who, brand)

    async def move(self, id_: str, due: datetime | None, who: Standing) -> Post:
        """Another time, None for the next free slot. What is planned moves along as long as the approval covers the new
        time; otherwise it waits for approval again. Raises FieldErrors for a time that can't be."""

        desk = self._desk

        async def attempt() -> Post:
            old = await desk.posts.get(id_)
            brand = await desk.brand(old.brand)
            posts.may_edit(old, who, brand)
            accounts = await self._store.find_many(Account, old.current.accounts)
            at = due or await desk.slots.next_free(brand, accounts, id_)
            now = desk.now()
            if at is None:
                raise FieldErrors({"when": UserError("slots.none_free")})
            if at <= now:
                raise FieldErrors({"phrase": UserError("check.past_time")})
            new = await desk.slots.claiming(posts.move(old, who, brand, at, now), brand, "phrase")
            if new.due == old.due:
                return old
            change = self._store.begin()
            if new.status is PostStatus.APPROVED:
                await self._refuse_closed(new, brand)
                await self._move_planned(change, new)
            elif old.status is PostStatus.APPROVED:
                await desk.posts.withdraw_planned(change, old, who)
            change.put(new, old)
            desk.slots.hold(change, new, old)
            act = "again" if old.status is PostStatus.EXPIRED else "move"
            change.emit(PostChanged(post=id_, act=act, by=who.id, correlation=correlation.get()))
            was = old.due.isoformat() if old.due else "as soon as approved"
            desk.posts.record(change, new, who, "post.move", detail=f"{was} -> {at.isoformat()}")
            await change.commit()
            return new

        return await desk.again(attempt)

    async def _refuse_closed(self, post: Post, brand: Brand) -> None:
        """Nobody approves it once more, so what prevents a post at its new time is told now."""
        asked = post.model_copy(update={"status": PostStatus.IN_REVIEW})
        found = [each for each in await self._desk.posts.findings(asked, brand) if each.blocks and each.field == "at"]
        if found:
            raise FieldErrors({"phrase": UserError(found[0].key, **found[0].args)})

    async def _move_planned(self, change: Transaction, post: Post) -> None:
        for delivery in await self._desk.posts.deliveries(post.id):
            if delivery.state is State.WITHDRAWN:
                continue
            coming = delivery.state in WAITING or delivery.paused
            if not coming or delivery.may_be_public or post.due is None:
                raise UserError("error.not_possible_now", status=f"delivery_status.{delivery.state}")
            looked_at = None if delivery.paused else post.due  # what a person holds stays held at its new time
            if delivery.state is State.BY_HAND:  # whoever was asked hears that it isn't now
                moved = delivery.asking(moved=True).move(Step.RELEASE, due=post.due, attention=looked_at)
            else:
                moved = delivery.model_copy(update={"due": post.due, "attention": looked_at})
            change.put(moved, delivery)
            change.emit(
                DeliveryChanged(delivery=delivery.id, state=moved.state, post=post.id, correlation=correlation.get())
            )
