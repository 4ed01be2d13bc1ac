"""What a card or a form shows, read together; and whether somebody may open a form, before they type into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import posts, threads, variants
from bot.domain.brands import Account, Brand, Role, Standing, Stop
from bot.domain.checks import Finding
from bot.domain.corrections import Correction
from bot.domain.deliveries import Delivery, State
from bot.domain.facts import Fact
from bot.domain.posts import Act, Post, PostStatus
from bot.domain.records import MemberId
from bot.domain.reviewing import Progress
from bot.domain.splitting import CannotSplit, split
from bot.errors import NotAllowed, UserError
from bot.network import Capability

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class Length:
    """How long a text is on a network, of how many; both as that network counts."""

    title: str
    count: int
    limit: int


@dataclass(frozen=True)
class Written:
    """What is being typed, as it stands on one account: its texts, and the longest of them. threaded: whether it may
    go on in a thread there."""

    account: Account
    texts: threads.Texts
    length: Length
    threaded: bool

    @property
    def splittable(self) -> bool:
        """Whether it is too long for one post and could be a thread."""
        return self.threaded and len(self.texts) == 1 and self.length.count > self.length.limit


@dataclass(frozen=True)
class PostPage:
    """A post with all that its card shows. accounts: by id, also those of the revision before; titles: of networks.

    lengths: by a thread's texts, of each of them on each of its networks; none for a single post. removable: the
    deliveries that stand there and can be taken down. corrections: of what was public already, oldest first. leans: the
    facts that it leans on.
    """

    post: Post
    brand: Brand
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    deliveries: Sequence[Delivery]
    findings: Sequence[Finding]
    approvers: Sequence[MemberId]
    stop: Stop | None
    now: datetime
    review: Progress = field(default_factory=Progress)
    lengths: Mapping[threads.Texts, Sequence[Sequence[Length]]] = field(default_factory=dict)
    removable: frozenset[str] = frozenset()
    corrections: Sequence[Correction] = ()
    leans: Sequence[Fact] = ()

    @property
    def version(self) -> int:
        """Grows with every change of the post, of a delivery or a correction, none of which ever goes away."""
        return self.post.version + sum(each.version for each in (*self.deliveries, *self.corrections))

    @property
    def shown(self) -> list[Delivery]:
        """One delivery for each account, the newest; an older one only if it is, or may be, public."""
        newest = {delivery.account: delivery.id for delivery in self.deliveries}
        gone = [d.id for d in self.deliveries if d.state is State.WITHDRAWN and not d.may_be_public]
        return [d for d in self.deliveries if d.id == newest[d.account] or d.id not in gone]

    @property
    def out(self) -> bool:
        """Whether any of it may be public, so that its content can't change any more."""
        return any(d.may_be_public for d in self.deliveries)


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
        team = await desk.duty.team()
        review = posts.review_of(post, brand, team)
        return PostPage(
            post=post,
            brand=brand,
            accounts={account.id: account for account in accounts},
            titles=self.titles(),
            deliveries=deliveries,
            findings=await desk.posts.findings(post, brand),
            approvers=review.asked,
            review=review,
            stop=await desk.stopped(brand.id),
            now=now,
            removable=frozenset(each.id for each in deliveries if desk.proposing.removable(each)),
            lengths=self._lengths(post, accounts),
            corrections=await desk.corrections.of(id_) if deliveries else (),
            leans=await desk.facts.leaned(post.current, brand.id),
        )

    async def seen(self, id_: str, who: Standing) -> PostPage:
        """The same for somebody who asks for it; raises NotAllowed outside one's brands, and for another's draft."""
        post = await self._desk.posts.get(id_)
        posts.may_see(post, who, await self._desk.brand(post.brand))
        return await self.post(id_)

    def _lengths(self, post: Post, accounts: Sequence[Account]) -> Mapping[threads.Texts, Sequence[Sequence[Length]]]:
        found = {}
        for texts, ids in variants.groups(post.current):
            here = [account for account in accounts if account.id in ids]
            networks = [self._desk.providers[name] for name in dict.fromkeys(each.network for each in here)]
            if len(texts) > 1:
                found[texts] = [
                    [Length(each.title, each.length(text), each.limits.max_length) for each in networks]
                    for text in texts
                ]
        return found

    def written(
        self, accounts: Sequence[Account], segments: threads.Texts, own: Mapping[str, threads.Texts]
    ) -> Sequence[Written]:
        """What is being typed, as it stands on each account."""
        return [self._one_written(account, own.get(account.id, segments)) for account in accounts]

    def _one_written(self, account: Account, texts: threads.Texts) -> Written:
        network = self._desk.providers[account.network]
        threaded = Capability.THREAD in network.capabilities
        texts = texts if threaded or len(texts) == 1 else (variants.as_one(texts),)
        longest = max(map(network.length, texts))
        return Written(account, texts, Length(network.title, longest, network.limits.max_length), threaded)

    def commenting(self, accounts: Sequence[Account]) -> str:
        """The networks among theirs that take our first comment, for people; "" for none."""
        networks = [self._desk.providers[name] for name in dict.fromkeys(each.network for each in accounts)]
        return ", ".join(each.title for each in networks if Capability.FIRST_COMMENT in each.capabilities)

    def in_parts(self, written: Written, *, numbered: bool) -> threads.Texts:
        """A text that is too long for one post, as a thread; raises UserError where it can't be cut."""
        network = self._desk.providers[written.account.network]
        (text,) = written.texts
        try:
            return tuple(split(text, network.limits.max_length, network.length, numbered=numbered))
        except CannotSplit as error:
            raise UserError("error.cannot_split") from error

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
        if post is None:
            raise UserError("error.nothing_to_continue")
        if post.author != who.id or not who.within:
            raise NotAllowed("error.not_your_draft")
        if post.status is not PostStatus.DRAFT:
            raise UserError("error.draft_submitted")
        return post

    async def to_edit(self, id_: str, who: Standing) -> Post:
        """A post that somebody may change now; raises what submitting it would raise."""
        post = await self._desk.posts.get(id_)
        posts.may_edit(post, who, await self._desk.brand(post.brand))
        if (post.status, Act.SUBMIT) not in posts.LIFE:
            raise posts.decided(post)
        if any(d.may_be_public for d in await self._desk.posts.deliveries(id_)):
            raise UserError("error.already_out")
        return post

    async def to_sign(self, id_: str, who: Standing) -> PostPage:
        """The page of a post about which somebody may decide; raises NotAllowed."""
        post = await self._desk.posts.get(id_)
        posts.may_decide(post, who, await self._desk.brand(post.brand))
        return await self.post(id_)

    async def to_decide(self, id_: str, who: Standing, *, revision: int) -> Post:
        """A post that somebody may send back or reject now; raises what doing it would raise."""
        post = await self._desk.posts.get(id_)
        brand = await self._desk.brand(post.brand)
        posts.request_changes(post, who, brand, revision, self._desk.now(), "")
        return post
