"""Duplicating a post: a draft of one's own with the same content, for another time."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from bot.desk.posts import Content
from bot.domain import posts
from bot.domain.brands import Account, Role, Standing
from bot.domain.posts import Post, PostStatus
from bot.domain.records import MemberId

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Duplicating:
    """One verb: the copy is a draft like any other, and its original stays as it is."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def duplicate(self, id_: str, who: Standing) -> Post:
        """A draft with what a post says now; its time is the next free slot where there are slots, else it is chosen.

        While somebody's copy of that content is still a draft it is that one again, so two presses are one draft.
        Raises NotAllowed for whoever may not write for the brand.
        """
        desk = self._desk
        post = await desk.posts.get(id_)
        brand = await desk.brand(post.brand)
        who.require(brand, Role.AUTHOR, Role.TRAINEE)
        posts.may_see(post, who, brand)
        for number in count():
            new = copy_id(post, who.id, number)
            known = await desk.store.find(Post, new)
            if known is not None and known.status is PostStatus.DRAFT:
                return known
            if known is None:
                break
        accounts = [
            each for each in await desk.store.find_many(Account, post.current.accounts) if each.brand == brand.id
        ]
        queued = await desk.slots.next_free(brand, accounts, new) is not None
        content = content_of(post, accounts, queued=queued)
        return await desk.posts.save(new, content, who)


def content_of(
    post: Post, accounts: Sequence[Account], *, due: datetime | None = None, queued: bool = False
) -> Content:
    """What a post says now, as it was typed, on those of its accounts that are still there."""
    now = post.current
    return Content(
        brand=post.brand,
        text=now.text,
        thread=now.thread,
        own=now.own,
        comment=now.comment,
        accounts=tuple(account.id for account in accounts),
        pictures=now.pictures,
        kind=now.kind,
        disclosure=now.disclosure,
        leans=now.leans,
        due=due,
        queued=queued,
        channel=post.channel,
    )


def copy_id(post: Post, who: MemberId, number: int) -> str:
    """The id of somebody's copies of a revision, one after the other."""
    said = f"{post.id} {post.current.number} {who} {number}"
    return f"c{hashlib.sha256(said.encode()).hexdigest()[:19]}"
