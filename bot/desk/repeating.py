"""Repeating a post: ordinary posts ahead, each of them reviewed like any other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.duplicating import content_of
from bot.domain import posts
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.posts import Post
from bot.domain.recurrence import MOST, Every, repeats
from bot.errors import FieldErrors, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class Repeated:
    """made: the times of what went to review. before: how many were there already, whatever became of them. left: the
    times that were left out, each with the reason."""

    brand: Brand
    made: Sequence[datetime]
    before: int
    left: Sequence[tuple[datetime, UserError]]


class Repeating:
    """One verb."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def repeat(self, id_: str, every: Every, times: int, who: Standing, *, revision: int) -> Repeated:
        """Sends the same content to review for each of the next times; one that was made before isn't made again, also
        when it was withdrawn since. Days without posts are left out.

        Raises NotAllowed for whoever may not write there, UserError for a post without a time or one that changed since
        `revision`, FieldErrors for too many times.
        """
        desk = self._desk
        post = await desk.posts.get(id_)
        brand = await desk.brand(post.brand)
        who.require(brand, Role.AUTHOR, Role.TRAINEE)
        posts.may_see(post, who, brand)
        if post.due is None:
            raise UserError("repeat.no_time")
        if post.current.number != revision:
            raise UserError("error.newer_revision")
        if not 1 <= times <= MOST:
            raise FieldErrors({"times": UserError("error.field")})
        accounts = [e for e in await desk.store.find_many(Account, post.current.accounts) if e.brand == brand.id]
        made: list[datetime] = []
        left: list[tuple[datetime, UserError]] = []
        before = 0
        for at in repeats(post.due, every, times, brand.clock):
            new = repeat_id(post, at.astimezone(brand.clock).date().isoformat())
            if await desk.store.find(Post, new) is not None:
                before += 1
                continue
            try:
                await desk.posts.submit(new, content_of(post, accounts, due=at), who)
                made.append(at)
            except FieldErrors as error:
                left.append((at, next(iter(error.fields.values()))))
        return Repeated(brand, made, before, left)


def repeat_id(post: Post, day: str) -> str:
    """The id of a post's repetition on a day of the brand's calendar."""
    return f"r{hashlib.sha256(f'{post.id} {day}'.encode()).hexdigest()[:19]}"
