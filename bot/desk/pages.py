"""What a card or a form shows, read together; and whether somebody may open a form, before they type into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import posts
from bot.domain.brands import Account, Brand, Role, Standing, Stop
from bot.domain.checks import Finding
from bot.domain.deliveries import BEFORE_WIRE, Delivery, State
from bot.domain.posts import Act, Post, PostStatus
from bot.domain.records import MemberId
from bot.errors import NotAllowed, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class PostPage:
    """A post with all that its card shows. accounts: by id, also those of the revision before; titles: of networks."""

    post: Post
    brand: Brand
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    deliveries: Sequence[Delivery]
    findings: Sequence[Finding]
    approvers: Sequence[MemberId]
    stop: Stop | None
    now: datetime

    @property
    def version(self) -> int:
        """Grows with every change of the post or of a delivery, neither of which ever goes away."""
        return self.post.version + sum(delivery.version for delivery in self.deliveries)

    @property
    def shown(self) -> list[Delivery]:
        """One delivery for each account, the newest; an older one only if it is, or may be, public."""
        newest = {delivery.account: delivery.id for delivery in self.deliveries}
        return [d for d in self.deliveries if d.id == newest[d.account] or d.state is not State.WITHDRAWN]

    @property
    def out(self) -> bool:
        """Whether any of it may be public, so that its content can't change any more."""
        return any(d.state not in BEFORE_WIRE | {State.WITHDRAWN} for d in self.deliveries)


@dataclass(frozen=True)
class ComposePage:
    """What a new form offers: the brands to write for (practice last), the channel's brand, the brand to begin with."""

    brands: Sequence[Brand]
    here: Brand | None
    brand: Brand | None


class Pages:
    """Reads, and permissions to open a form."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def post(self, id_: str) -> PostPage:
        """All that a post's card shows; raises UserError when there is no such post."""
        desk, now = self._desk, self._desk.now()
        post = await desk.posts.get(id_)
        brand = await desk.brand(post.brand)
        before = post.previous.accounts if post.previous else ()
        wanted = dict.fromkeys((*post.current.accounts, *before))
        deliveries = await desk.posts.deliveries(id_)
        wanted |= dict.fromkeys(delivery.account for delivery in deliveries)
        accounts = await desk.store.find_many(Account, wanted)
        admins = (await desk.workspace()).admins
        return PostPage(
            post=post,
            brand=brand,
            accounts={account.id: account for account in accounts},
            titles=self.titles(),
            deliveries=deliveries,
            findings=await desk.posts.findings(post, brand),
            approvers=posts.whom_to_ask(post, brand, admins),
            stop=await desk.stopped(brand.id),
            now=now,
        )

    def titles(self) -> Mapping[str, str]:
        """The networks' names for people, by ours."""
        return {name: provider.title for name, provider in self._desk.providers.items()}

    async def compose(self, who: Standing, channel: str) -> ComposePage:
        """What somebody's new form offers: the brand of the channel, else their only one; practice doesn't count there.

        Raises NotAllowed for somebody who writes nowhere.
        """
        brands = await self._desk.brands.mine(who, Role.AUTHOR, Role.TRAINEE)
        if not brands:
            raise NotAllowed("error.no_author_role" if await self._desk.brands.mine(who) else "error.no_brand")
        here = await self._desk.brands.of_channel(channel)
        real = [brand for brand in brands if not brand.practice] or brands
        mine = next((brand for brand in brands if here and brand.id == here.id), None)
        only = real[0] if len(real) == 1 else None
        return ComposePage(sorted(brands, key=lambda brand: brand.practice), here, mine or only)

    async def draft(self, id_: str, who: Standing) -> Post:
        """A draft of one's own, to go on with; raises UserError when it was submitted or thrown away."""
        post = await self._desk.store.find(Post, id_)
        if post is None or post.author != who.id:
            raise UserError("error.nothing_to_continue")
        if post.status is not PostStatus.DRAFT:
            raise UserError("error.draft_submitted")
        return post

    async def to_edit(self, id_: str, who: Standing) -> Post:
        """A post that somebody may change now; raises what submitting it would raise."""
        post = await self._desk.posts.get(id_)
        posts.may_edit(post, who, await self._desk.brand(post.brand))
        if (post.status, Act.SUBMIT) not in posts.LIFE:
            raise posts.decided(post)
        if any(d.state not in BEFORE_WIRE | {State.WITHDRAWN} for d in await self._desk.posts.deliveries(id_)):
            raise UserError("error.already_out")
        return post

    async def to_decide(self, id_: str, who: Standing, *, revision: int) -> Post:
        """A post that somebody may send back or reject now; raises what doing it would raise."""
        post = await self._desk.posts.get(id_)
        brand = await self._desk.brand(post.brand)
        posts.request_changes(post, who, brand, revision, self._desk.now(), "")
        return post
