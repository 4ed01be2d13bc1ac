"""A digest with all that its lines show: the posts, the answers and the accounts behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.desk.agenda import Week
from bot.desk.inbox import ConversationPage
from bot.desk.pages import PostPage
from bot.domain.alarms import Alarm
from bot.domain.brands import WRITING, Account, Brand, Member, Role, Standing
from bot.domain.digests import Day
from bot.domain.inbox_views import View
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.domain.suggestions import WRITERS
from bot.domain.watch import Watch

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LINES = 10
"""Posts and answers of one kind that are read in full; a digest shows fewer."""


@dataclass(frozen=True)
class DayPage:
    """A digest ready to be drawn. posts and talks: by id, for lines with buttons; me: None for a channel's. alarms:
    what is open in its brands, and for a person in the whole workspace; watches: who is on duty there.
    """

    day: Day
    me: Standing | None
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    posts: Mapping[str, PostPage]
    talks: Mapping[str, ConversationPage]
    alarms: Sequence[tuple[Brand | None, Alarm]] = ()
    watches: Sequence[tuple[Brand, Watch]] = ()

    def may(self, brand: Brand, *roles: Role) -> bool:
        """Whether the reader holds one of these roles; a channel's readers may press anything, the press is checked."""
        return self.me is None or bool(brand.roles_of(self.me) & set(roles))

    def may_settle(self, brand: Brand, post: Post) -> bool:
        """Whether the reader may decide what becomes of a post's deliveries."""
        return self.me is None or post.author == self.me.id or self.may(brand, Role.APPROVER, Role.ADMIN)

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name it may say."""
        stops = [part.stop.by for part in self.day.brands if part.stop]
        authors = [post.author for part in self.day.brands for post in (*part.to_approve, *part.sent_back)]
        editors = [page.post.current.by for page in self.posts.values()]
        deciders = [post.decision.by for part in self.day.brands for post in part.sent_back if post.decision]
        owners = [talk.owner for part in self.day.brands for talk in part.waiting]
        answered = [who for page in self.talks.values() for who in page.people]
        settled = [d.settled_by for page in self.posts.values() for d in page.deliveries]
        settled += [ask.to for page in self.posts.values() for d in page.deliveries for ask in d.asks]
        duty = [who for _, watch in self.watches for who in (*watch.members, *watch.deputies, *watch.skipped)]
        taken = [alarm.taken_by for _, alarm in self.alarms]
        named = (*duty, *taken, *stops, *authors, *editors, *deciders, *owners, *answered, *settled)
        return [who for who in named if who]


@dataclass(frozen=True)
class HomePage:
    """One person's Home. brands: those that they administer; practice: whether a practice brand exists.

    welcomed: the reader became the first admin just now. inbox: how many conversations are theirs, nobody's, late.
    weeks: this week in each of the reader's brands.
    """

    day: DayPage
    member: Member
    brands: Sequence[Brand]
    admins: Sequence[MemberId]
    admin: bool
    practice: bool
    writes: bool
    moderates: bool
    may_stop: bool
    welcomed: bool = False
    inbox: Mapping[View, int] = field(default_factory=dict)
    weeks: Sequence[Week] = ()

    @property
    def outside(self) -> bool:
        """Whether the reader has no role anywhere."""
        return not self.day.day.brands and not self.admin


class Days:
    """Digests and Home, ready to be drawn."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def today(self, who: Standing, *, zone: str) -> DayPage:
        """One person's page over every brand where they hold a role."""
        return await self._page(await self._desk.digests.today(who, zone=zone), who)

    async def of_brand(self, brand: Brand) -> DayPage:
        """A brand's own page, for its digest channel."""
        return await self._page(await self._desk.digests.brand_today(brand), None)

    async def home(self, who: Standing, member: Member, *, zone: str) -> HomePage:
        """One person's Home. The workspace's owner who looks first becomes its admin, where nobody is yet."""
        desk = self._desk
        welcomed = await desk.brands.first_admin(member)
        if welcomed:
            who = await desk.standing(who.id)
        brands = await desk.brands.all()
        roles = frozenset(role for brand in brands for role in brand.roles_of(who))
        here = [each for each in brands if each.roles_of(who) & set(WRITERS)]
        real = [each for each in here if not each.practice] or here
        return HomePage(
            inbox=await desk.inbox_list.counts(real, who) if real else {},
            day=await self.today(who, zone=zone),
            member=await desk.member(member.id),
            brands=[brand for brand in brands if Role.ADMIN in brand.roles_of(who)],
            admins=sorted((await desk.workspace()).admins),
            admin=who.admin,
            practice=any(brand.practice for brand in brands),
            writes=bool(roles & {Role.AUTHOR, Role.TRAINEE}),
            moderates=bool(roles & set(WRITERS)),
            may_stop=bool(roles & WRITING),
            welcomed=welcomed,
            weeks=await desk.agenda.week(who) if roles else (),
        )

    async def _page(self, day: Day, me: Standing | None) -> DayPage:
        desk = self._desk
        approve = [post.id for part in day.brands for post in part.to_approve][:LINES]
        trouble = [delivery for part in day.brands for delivery in part.trouble][: LINES * 2]
        posts = _once([*approve, *(d.post for d in trouble if d.post)])
        talks = _once([d.reply.conversation for d in trouble if d.reply])
        brands = {part.brand.id: part.brand for part in day.brands}
        here = {*brands, *([""] if me is not None and (brands or me.admin) else [])}
        alarms = [each for each in await desk.alarms.open() if each.brand in here]
        return DayPage(
            day=day,
            me=me,
            accounts={account.id: account for account in await desk.accounts.all()},
            titles=desk.pages.titles(),
            posts={id_: await desk.pages.post(id_) for id_ in posts},
            talks={id_: await desk.inbox.page(id_) for id_ in talks},
            alarms=[(brands.get(alarm.brand), alarm) for alarm in alarms],
            watches=await desk.duty.watches(list(brands.values())),
        )


def _once(ids: Sequence[str]) -> Sequence[str]:
    return list(dict.fromkeys(ids))
