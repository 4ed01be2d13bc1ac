"""Keeps what the team says in a post's thread with the revision that it was about, and forgets it in time."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.brands import Brand, Role, Standing
from bot.domain.posts import Post, PostStatus
from bot.domain.records import score
from bot.domain.remarks import LONGEST, Remark

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LISTED = 60
"""Remarks of one post that are shown, the newest."""
BATCH = 100


class Remarks:
    """The verbs of private talk about a post. Nothing of it ever leaves for a network or a client."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def keep(self, id_: str, post: str, text: str, at: datetime, who: Standing) -> Remark | None:
        """What somebody said in a post's thread, with the revision that stands there now; a message twice is one.

        None for no words. Raises NotAllowed for whoever has no role in its brand.
        """

        async def attempt() -> Remark | None:
            about = await self._desk.posts.get(post)
            who.require(await self._desk.brand(about.brand), *Role)
            known = await self._store.find(Remark, id_)
            if known is not None or not text.strip():
                return known
            new = Remark(
                id=id_,
                brand=about.brand,
                post=post,
                revision=about.current.number,
                by=who.id,
                at=at,
                text=text[:LONGEST],
            )
            change = self._store.begin()
            change.put(new)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def of(self, post: Post, who: Standing) -> Sequence[Remark]:
        """What was said about a post, oldest first, for whoever is of its team; a client never reads what they say."""
        brand = await self._desk.brand(post.brand)
        if post.status is PostStatus.DRAFT or not brand.roles_of(who) - {Role.CLIENT}:
            return ()
        key = self._store.key("index", f"remarks:{post.id}")
        ids = [str(each) for each in await self._store.client.zrange(key, -LISTED, -1)]
        return await self._store.find_many(Remark, ids)

    async def forget(self, brand: Brand, until: datetime) -> int:
        """Those from before; answers how many went, a bounded number at a time."""
        old = await self._store.listed(Remark, f"remarks_aged:{brand.id}", high=score(until), limit=BATCH)
        for each in old:
            change = self._store.begin()
            change.remove(each)
            await change.commit()
        return len(old)
