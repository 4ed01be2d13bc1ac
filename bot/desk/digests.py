"""Today, across my brands: what waits for me, what is out, what failed. And the once-a-day promise."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.conversations import Conversation, ConversationStatus
from bot.domain.deliveries import Delivery, State
from bot.domain.digests import BrandDay, Day, day_of, due_day, next_day, on_day
from bot.domain.events import DigestDue
from bot.domain.inbox_views import View
from bot.domain.posts import Post, PostStatus, waits_for
from bot.domain.records import score
from bot.errors import Conflict

if TYPE_CHECKING:
    from bot.desk.desk import Desk

HISTORY = 86_400_000.0
"""A day in index units (ms): how far back live posts are read for *out today*, plus the zones' spread."""


LISTED = 20
"""Conversations of one kind that are read for a digest or for Home; the others are counted."""


class Digests:
    """The verbs of the digest."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def today(self, who: Standing, *, zone: str) -> Day:
        """One person's page over every brand where they hold a role."""
        brands = await self._desk.brands.mine(who)
        parts = [await self.brand_day(brand, brand.roles_of(who), who=who) for brand in brands]
        drafts = tuple(reversed(await self._desk.posts.drafts(who)))
        return Day(at=self._desk.now(), zone=zone, brands=tuple(parts), drafts=drafts)

    async def brand_today(self, brand: Brand) -> Day:
        """The brand's own page, for its digest channel: everything, and nobody's drafts."""
        part = await self.brand_day(brand, frozenset(Role))
        return Day(at=self._desk.now(), zone=brand.zone, brands=(part,))

    async def brand_day(self, brand: Brand, roles: frozenset[Role], who: Standing | None = None) -> BrandDay:
        """What one brand shows to somebody with these roles."""
        store, now, zone = self._store, self._desk.now(), brand.clock
        review = await store.listed(Post, f"posts:{brand.id}:{PostStatus.IN_REVIEW}")
        back = await store.listed(Post, f"posts:{brand.id}:{PostStatus.CHANGES_REQUESTED}")
        back += await store.listed(Post, f"posts:{brand.id}:{PostStatus.EXPIRED}")
        asks = await store.listed(Delivery, f"asks:{brand.id}")
        planned = await store.listed(Delivery, f"planned:{brand.id}")
        live: list[Delivery] = []
        for account in await store.listed(Account, f"accounts:{brand.id}"):
            live += await store.listed(Delivery, f"live:{account.id}", low=score(now) - 2 * HISTORY)
        moderates = bool(roles & {Role.MODERATOR, Role.ADMIN})
        waiting, waiting_total = await self._waiting(brand, who) if moderates else ([], 0)
        own = who.id if who else ""
        team = await self._desk.duty.team()
        to_approve = [post for post in review if who is None or waits_for(post, who, brand, team)]
        today, tomorrow = day_of(now, zone), next_day(now, zone)
        shown = [*on_day(live, zone, today), *on_day([d for d in planned if d.state is not State.HELD], zone, today)]
        later = on_day(planned, zone, tomorrow)
        posts = await store.find_many(Post, {d.post for d in [*asks, *shown, *later] if d.post})
        return BrandDay(
            brand=brand,
            stop=await self._desk.stopped(brand.id),
            to_approve=tuple(to_approve),
            sent_back=tuple(p for p in back if p.author == own or who is None),
            trouble=(*(d for d in planned if d.by_hand_of(own)), *asks),
            out_today=tuple(shown),
            tomorrow=tuple(later),
            waiting=tuple(waiting),
            waiting_total=waiting_total,
            outside=tuple(await self._desk.foreign.quiet_since(brand.id, hours=24)),
            ruled=await self._desk.ruling.counts(brand.id) if moderates else {},
            posts=tuple(posts),
        )

    async def _waiting(self, brand: Brand, who: Standing | None) -> tuple[list[Conversation], int]:
        """Who waits longest for somebody, or for the brand, without what was put off; and how many wait in all."""
        store = self._store
        if who is None:
            found = await store.listed(Conversation, f"open:{brand.id}", limit=LISTED)
            asleep = await store.client.zcard(store.key("index", f"state:{brand.id}:{ConversationStatus.SNOOZED}"))
            total = int(await store.client.zcard(store.key("index", f"open:{brand.id}"))) - int(asleep)
            return [talk for talk in found if talk.status is not ConversationStatus.SNOOZED], total
        counts = await self._desk.inbox_list.counts([brand], who)
        mine = await store.listed(Conversation, f"mine:{brand.id}:{who.id}", limit=LISTED)
        free = await store.listed(Conversation, f"unowned:{brand.id}", limit=LISTED)
        return [*mine, *free], counts[View.MINE] + counts[View.UNOWNED]

    async def due_members(self) -> int:
        """Announce every personal digest whose hour has come and that did not go out today; answers how many."""
        told = 0
        now = self._desk.now()
        held = {member for brand in await self._desk.brands.all() for member in brand.roles}
        held |= (await self._desk.workspace()).admins
        for id_ in sorted(held):
            member = await self._desk.member(id_)
            wanted = member.digest_on and bool(member.within)
            day = due_day(now, ZoneInfo(member.zone), member.digest_hour) if wanted else None
            if day is not None:
                event = DigestDue(day=day, member=id_)
                told += await self._once(event, "digest", "member", id_, event.day)
        return told

    async def due_brands(self) -> int:
        """The same for the brands' digest channels."""
        told = 0
        now = self._desk.now()
        for brand in await self._desk.brands.all():
            day = due_day(now, brand.clock, brand.digest_hour) if brand.policies.digest_channel else None
            if day is not None:
                event = DigestDue(day=day, brand=brand.id)
                told += await self._once(event, "digest", "brand", brand.id, event.day)
        return told

    async def _once(self, event: DigestDue, *name: str) -> bool:
        if await self._store.client.exists(self._store.key(*name)):
            return False
        change = self._store.begin()
        change.unique(*name, value=self._desk.now().isoformat())
        change.do("EXPIRE", self._store.key(*name), "259200")
        change.emit(event)
        try:
            await change.commit()
        except Conflict:
            return False  # another worker announced it in this very moment
        return True
