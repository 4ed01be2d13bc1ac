"""Looks after reviews that nobody answers, by the workers' own clock; and asks again for what missed its review."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.domain import posts
from bot.domain import reminding as rules
from bot.domain.brands import Brand, Standing
from bot.domain.events import PostChanged
from bot.domain.posts import Post, PostStatus
from bot.domain.records import MemberId
from bot.domain.reminding import Rung, Step
from bot.domain.urgency import offered
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

BATCH = 200
"""Posts of one step through a brand's reviews."""


class Reminding:
    """What happens by itself while somebody is asked to approve."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def tick(self) -> int:
        """Remind whoever is due, end what missed its review, and tell authors of what is urgent what they may do;
        answers how many posts that were.

        Each step is one commit on the post's version, with the event that draws the messages: two workers never remind
        twice, and after a crash a message is drawn again in its place.
        """
        done = 0
        for brand in await self._desk.brands.all():
            async for post in self._in_review(brand):
                if rules.due_step(post, brand, self._desk.now()) is not None:
                    done += await self._desk.again(partial(self._step, post.id))
                elif offered(post, brand, self._desk.now()):
                    done += await self._desk.again(partial(self._desk.urgency.offer, post.id))
        return done

    async def _in_review(self, brand: Brand) -> AsyncIterator[Post]:
        key = self._store.key("index", f"posts:{brand.id}:{PostStatus.IN_REVIEW}")
        ids = [str(each) for each in await self._store.client.zrange(key, 0, -1)]
        for start in range(0, len(ids), BATCH):
            for post in await self._store.find_many(Post, ids[start : start + BATCH]):
                yield post

    async def _step(self, id_: str) -> bool:
        old, now = await self._desk.posts.get(id_), self._desk.now()
        brand = await self._desk.brand(old.brand)
        step = rules.due_step(old, brand, now)
        if step is None:
            return False  # somebody was faster
        new = posts.expire(old, now) if step is Step.EXPIRE else rules.reminded(old, now)
        detail = "" if step is Step.EXPIRE else rules.rung_of(new).name.lower()
        change = self._store.begin()
        change.put(new, old)
        self._desk.slots.hold(change, new, old)
        change.emit(PostChanged(post=id_, act=step.value, correlation=old.correlation))
        about = {"brand": old.brand, "subject": id_, "revision": old.current.hash, "detail": detail}
        change.audit(self._desk.entry("engine", f"post.{step}", **about))
        await change.commit()
        return True

    async def told(self, post: Post, brand: Brand, rung: Rung) -> Sequence[MemberId]:
        """Whom a reminder of that rung goes to, with the people who are there now."""
        return rules.told(post, brand, await self._desk.duty.team(), rung)

    async def again(self, id_: str, who: Standing) -> Post:
        """*Send to review again*: what missed its review, to go out as soon as it is approved. Raises NotAllowed for
        whoever may not edit it, UserError where it missed none."""

        async def attempt() -> Post:
            old = await self._desk.posts.get(id_)
            brand = await self._desk.brand(old.brand)
            new = posts.ask_again(old, who, brand, self._desk.now())
            change = self._store.begin()
            change.put(new, old)
            self._desk.slots.hold(change, new, old)
            change.emit(PostChanged(post=id_, act="again", by=who.id, correlation=correlation.get()))
            self._desk.posts.record(change, new, who, "post.again")
            await change.commit()
            return new

        return await self._desk.again(attempt)
