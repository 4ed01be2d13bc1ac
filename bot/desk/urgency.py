"""Urgent: who is told, and what an author may do when nobody answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.desk.pages import PostPage
from bot.domain import checks
from bot.domain import urgency as rules
from bot.domain.brands import Standing
from bot.domain.events import PostChanged
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.errors import FieldErrors, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

REASON = 500
"""Characters of a reason."""


class Urgency:
    """The verbs of what can't wait."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def mark(self, id_: str, who: Standing) -> Post:
        """*Urgent*: whoever is asked and their deputy hear of it now. Raises what the rule raises."""

        async def attempt() -> Post:
            old = await self._desk.posts.get(id_)
            brand = await self._desk.brand(old.brand)
            new = rules.mark(old, who, brand, self._desk.now())
            change = self._store.begin()
            change.put(new, old)
            change.emit(PostChanged(post=id_, act="urgent", by=who.id, correlation=correlation.get()))
            self._desk.posts.record(change, new, who, "post.urgent")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def whom(self, post: Post) -> Sequence[MemberId]:
        """Who is told that it is urgent."""
        return rules.whom(post, await self._desk.brand(post.brand), await self._desk.duty.team())

    async def everyone(self, post: Post) -> Sequence[MemberId]:
        """Who is told that it was sent without them."""
        return rules.everyone(post, await self._desk.brand(post.brand), await self._desk.duty.team())

    async def offer(self, id_: str) -> bool:
        """Its author is told, once, that they may send it alone; answers whether that was due."""
        old = await self._desk.posts.get(id_)
        if old.urgent is None or not rules.offered(old, await self._desk.brand(old.brand), self._desk.now()):
            return False  # somebody was faster
        change = self._store.begin()
        change.put(old.model_copy(update={"urgent": old.urgent.model_copy(update={"offered": True})}), old)
        change.emit(PostChanged(post=id_, act="urgent_offer", correlation=old.correlation))
        await change.commit()
        return True

    async def to_send(self, id_: str, who: Standing, *, revision: int) -> PostPage:
        """The page of a post that its author may send alone now; raises what `send` raises."""
        post = await self._desk.posts.get(id_)
        rules.may_send_alone(post, who, await self._desk.brand(post.brand), revision, self._desk.now())
        return await self._desk.pages.post(id_)

    async def send(self, id_: str, reason: str, who: Standing, *, revision: int, content: str) -> Post:
        """Let out what was shown (`content` is its hash), without an approval and with a reason. Raises NotAllowed,
        UserError for anything that came between and while publishing is stopped, FieldErrors without a reason."""
        reason = reason.strip()[:REASON]

        async def attempt() -> Post:
            old = await self._desk.posts.get(id_)
            brand = await self._desk.brand(old.brand)
            now = self._desk.now()
            blocked = checks.blocked(await self._desk.posts.findings(old, brand))
            new = rules.send_alone(old, who, brand, revision, now, reason, blocked=blocked)
            if content != old.current.hash:
                raise UserError("error.newer_revision")
            if not reason:
                raise FieldErrors({"reason": UserError("error.reason_missing")})
            if await self._desk.stopped(brand.id) is not None:
                raise UserError("error.brand_stopped")
            change = self._store.begin()
            change.put(new, old)
            await self._desk.posts.plan(change, new, brand, who)
            change.emit(PostChanged(post=id_, act="send_alone", by=who.id, correlation=correlation.get()))
            self._desk.posts.record(change, new, who, "post.send_alone", detail=reason)
            await change.commit()
            return new

        return await self._desk.again(attempt)
