"""Approve the week: every post that waits for one person, and one press that signs exactly what was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.pages import PostPage
from bot.domain.brands import Brand, Standing
from bot.domain.deliveries import soon
from bot.domain.posts import Post, PostStatus, waits_for
from bot.domain.week import Choice, Shown, choice_of, place, this_week
from bot.errors import Conflict, NotAllowed, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk

MOST = 20
"""Posts that one form may show: with each rides along what exactly was read."""


@dataclass(frozen=True)
class Waiting:
    """A post that waits for the reader, and how it stands in the list."""

    page: PostPage
    choice: Choice


@dataclass(frozen=True)
class WeekPage:
    """A part of the list, the soonest first. total: of the whole list; before: how many of it stand on earlier
    pages."""

    posts: Sequence[Waiting]
    total: int
    before: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of one press: the posts that were signed, and why each of the others was not (None: it is gone)."""

    signed: Sequence[Post]
    refused: Sequence[tuple[PostPage | None, UserError]]


class ApprovingWeek:
    """The verbs of signing many posts, each checked as if it were the only one."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def count(self, who: Standing, *, practice: bool = False) -> int:
        """How many posts of this week wait for somebody."""
        return len(await self._waiting(who, practice))

    async def page(self, who: Standing, *, practice: bool = False, after: str = "") -> WeekPage:
        """The list from a place on. Practice never stands in it beside the real thing. Raises NotAllowed for somebody
        with no role anywhere."""
        found = await self._waiting(who, practice)
        left = [post for post in found if place(post) > after]
        posts = [await self._one(post) for post in left[:MOST]]
        return WeekPage(posts, total=len(found), before=len(found) - len(left))

    async def now_public(self, shown: Sequence[Shown], who: Standing) -> Sequence[PostPage]:
        """Which of them an approval would make public within ten minutes: that is asked once."""
        pages = []
        for each in shown:
            post = await self._desk.store.find(Post, each.post)
            if post is None or post.status is not PostStatus.IN_REVIEW or not soon(post.due, self._desk.now()):
                continue
            page = await self._desk.pages.to_sign(post.id, who)
            if page.stop is None:
                pages.append(page)
        return pages

    async def sign(self, shown: Sequence[Shown], who: Standing) -> Outcome:
        """Sign what was read, one by one; what changed since is left alone and told. Raises UserError where nothing was
        ticked, NotAllowed where somebody may sign none of it."""
        if not shown:
            raise UserError("week.nothing_ticked")
        signed: list[Post] = []
        refused: list[tuple[PostPage | None, UserError]] = []
        for each in shown[:MOST]:
            try:
                signed.append(await self._sign(each, who))
            except UserError as error:
                refused.append((await self._told(each.post, who), error))
        denied = [error for _, error in refused if isinstance(error, NotAllowed)]
        if len(denied) == len(shown[:MOST]):
            raise denied[0]
        return Outcome(signed, refused)

    async def _told(self, id_: str, who: Standing) -> PostPage | None:
        """A post as whoever may look at it is told of it."""
        try:
            return await self._desk.pages.seen(id_, who)
        except UserError:
            return None

    async def _sign(self, shown: Shown, who: Standing) -> Post:
        try:
            return await self._desk.posts.approve(
                shown.post, who, revision=shown.revision, seen=shown.seen_at, content=shown.hash
            )
        except Conflict as error:
            raise UserError("error.newer_revision") from error

    async def _one(self, post: Post) -> Waiting:
        page = await self._desk.pages.post(post.id)
        return Waiting(page, choice_of(page.post, page.findings, stopped=page.stop is not None))

    async def _waiting(self, who: Standing, practice: bool) -> Sequence[Post]:
        brands: Sequence[Brand] = await self._desk.brands.mine(who)
        if not brands:
            raise NotAllowed("error.no_brand")
        now, team = self._desk.now(), await self._desk.duty.team()
        found: list[Post] = []
        for brand in brands:
            if brand.practice is not practice:
                continue
            review = await self._desk.store.listed(Post, f"posts:{brand.id}:{PostStatus.IN_REVIEW}")
            found += [post for post in review if this_week(post, now) and waits_for(post, who, brand, team)]
        return sorted(found, key=place)
