"""A person's hold: one planned post stays where it is and doesn't go out until somebody releases it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain import posts
from bot.domain.brands import Brand, Standing
from bot.domain.deliveries import PAUSED, Delivery, State, Step, Trouble
from bot.domain.posts import Post
from bot.errors import AlreadyDone, NotAllowed, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk

HOLDABLE = frozenset({State.PLANNED, State.CLAIMED, State.BY_HAND})
"""Nothing of it left yet, so it can be kept back: also what is being prepared in this very moment, and what somebody
was asked to publish by hand, who hears of it."""


class Pausing:
    """The verbs of holding one post. Each account's part can be released, or withdrawn, by itself as well."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def held(self, post: str) -> list[Delivery]:
        """What somebody holds of a post."""
        return [each for each in await self._desk.posts.deliveries(post) if each.paused]

    async def hold(self, id_: str, who: Standing) -> Sequence[Delivery]:
        """Keep back all of it that didn't leave. Raises NotAllowed for whoever neither wrote it nor may approve it,
        AlreadyDone where it is held, UserError where nothing is planned."""

        async def attempt() -> Sequence[Delivery]:
            post = await self._desk.posts.get(id_)
            self._may_hold(post, who, await self._desk.brand(post.brand))
            known = await self._desk.posts.deliveries(id_)
            waiting = [each for each in known if each.state in HOLDABLE]
            if not waiting:
                raise _nothing(known)
            now, change = self._desk.now(), self._store.begin()
            held = []
            for old in waiting:
                new = old.move(Step.HOLD, trouble=Trouble(kind=PAUSED), settled_by=who.id, settled_at=now)
                self._desk.deliveries.record(change, new, old, who=who.id, act="pause")
                held.append(new)
            await change.commit()
            return held

        return await self._desk.again(attempt)

    async def to_release(self, id_: str, who: Standing) -> Sequence[Delivery]:
        """What of a post somebody may release now. Raises NotAllowed, UserError where nothing is held."""
        post = await self._desk.posts.get(id_)
        posts.may_edit(post, who, await self._desk.brand(post.brand))
        held = await self.held(id_)
        if not held:
            raise UserError("pausing.not_held")
        return held

    def _may_hold(self, post: Post, who: Standing, brand: Brand) -> None:
        try:
            posts.may_edit(post, who, brand)
        except NotAllowed:
            posts.may_decide(post, who, brand)


def _nothing(known: Sequence[Delivery]) -> UserError:
    held = next((each for each in known if each.paused and each.settled_at), None)
    if held is not None and held.settled_at is not None:
        return AlreadyDone("pausing.already", who=held.settled_by, at=held.settled_at)
    return UserError("pausing.nothing_planned")
