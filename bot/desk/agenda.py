"""What is on when: the queue of posts to come, and a week day by day, in every brand where somebody has a role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain import slots as rules
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.deliveries import Delivery, State
from bot.domain.house_rules import SpecialDay
from bot.domain.posts import Post, PostStatus
from bot.domain.records import score
from bot.errors import NotAllowed

if TYPE_CHECKING:
    from bot.desk.desk import Desk

MOST = 100
"""Posts of one account that are read."""
WAITING = frozenset({PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED})
COMING = frozenset({State.PLANNED, State.BY_HAND, State.HELD})


@dataclass(frozen=True)
class Entry:
    """A post in its place. at: None while it only waits for approval, without a time of its own."""

    post: Post
    at: datetime | None
    deliveries: Sequence[Delivery] = ()

    @property
    def coming(self) -> bool:
        """Whether any of it is still to go out."""
        return self.post.status in WAITING or any(each.state in COMING for each in self.deliveries)


@dataclass(frozen=True)
class Queue:
    """One brand's posts to come, the soonest first; those without a time last. may: the posts that the reader may
    move."""

    brand: Brand
    accounts: Mapping[str, Account]
    entries: Sequence[Entry]
    slots: bool
    may: frozenset[str]


@dataclass(frozen=True)
class WeekDay:
    """A day on the brand's wall: what is on, which slots are free (with their accounts' ids), which special day it is.
    A free slot that is over isn't listed."""

    on: date
    entries: Sequence[Entry] = ()
    free: Sequence[tuple[datetime, Sequence[str]]] = ()
    special: Sequence[SpecialDay] = ()


@dataclass(frozen=True)
class Week:
    """One brand's week, Monday first; `today` on the brand's wall. roles: the reader's in this brand."""

    brand: Brand
    accounts: Mapping[str, Account]
    today: date
    days: Sequence[WeekDay] = field(default_factory=tuple)
    roles: frozenset[Role] = frozenset()


class Agenda:
    """Reads of the queue and of the calendar."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def queue(self, who: Standing) -> Sequence[Queue]:
        """What is still to go out, brand by brand, practice last. Raises NotAllowed for somebody with no role."""
        now, found = self._desk.now(), []
        for brand, accounts in await self._mine(who):
            waiting = await self._waiting(brand)
            entries = await self.between(accounts, now - timedelta(days=1), None)
            entries += [Entry(post, None) for post in waiting if post.due is None or post.due < now - timedelta(days=1)]
            unique = {entry.post.id: entry for entry in entries if entry.coming}
            queue = sorted(unique.values(), key=lambda e: (e.at is None, e.at or e.post.changed_at))
            slots = bool(self._desk.slots.grid(brand, list(accounts.values())))
            may = frozenset(entry.post.id for entry in queue if self._may_move(entry.post, who, brand))
            found.append(Queue(brand, accounts, queue, slots, may))
        return found

    async def week(self, who: Standing, monday: date | None = None) -> Sequence[Week]:
        """A week of every brand, this one where no Monday is named. Raises NotAllowed for somebody with no role."""
        weeks = [await self._week(brand, accounts, monday) for brand, accounts in await self._mine(who)]
        return [replace(week, roles=week.brand.roles_of(who)) for week in weeks]

    async def _week(self, brand: Brand, accounts: Mapping[str, Account], monday: date | None) -> Week:
        zone, now = brand.clock, self._desk.now()
        today = now.astimezone(zone).date()
        first = monday or today
        first -= timedelta(days=first.weekday())
        begin = datetime.combine(first, time(), tzinfo=zone).astimezone(UTC)
        end = datetime.combine(first + timedelta(days=7), time(), tzinfo=zone).astimezone(UTC)
        entries = await self.between(accounts, begin, end)
        free = await self._free(brand, accounts, max(begin, now), end)
        days = []
        for ahead in range(7):
            day = first + timedelta(days=ahead)
            mine = [e for e in entries if e.at and e.at.astimezone(zone).date() == day]
            open_ = [(at, ids) for at, ids in free if at.astimezone(zone).date() == day]
            days.append(WeekDay(day, mine, open_, tuple(brand.rules.on(day))))
        return Week(brand, accounts, today, days)

    async def _mine(self, who: Standing) -> Sequence[tuple[Brand, Mapping[str, Account]]]:
        brands = sorted(await self._desk.brands.mine(who), key=lambda brand: brand.practice)
        if not brands:
            raise NotAllowed("error.no_brand")
        return [(b, {each.id: each for each in await self._desk.accounts.of(b.id)}) for b in brands]

    async def _waiting(self, brand: Brand) -> Sequence[Post]:
        return [
            post
            for status in WAITING
            for post in await self._store.listed(Post, f"posts:{brand.id}:{status}", limit=MOST)
        ]

    async def between(
        self, accounts: Mapping[str, Account], low: datetime, high: datetime | None, *, most: int = MOST
    ) -> list[Entry]:
        """The posts with a time in a span, in order; approved ones with what became of them."""
        top = f"({score(high)}" if high is not None else "+inf"
        ids: dict[str, None] = {}
        for account in accounts:
            index = self._store.key("index", f"plan:{account}")
            rows = await self._store.client.zrangebyscore(index, score(low), top, start=0, num=most)
            ids |= dict.fromkeys(str(row) for row in rows)
        posts = [post for post in await self._store.find_many(Post, ids) if post.due or post.status not in WAITING]
        entries = []
        for post in posts:
            known = await self._desk.posts.deliveries(post.id) if post.status is PostStatus.APPROVED else []
            entries.append(Entry(post, post.due or post.changed_at, [each for each in known if not each.reply]))
        return sorted(entries, key=lambda entry: entry.at or low)

    async def _free(
        self, brand: Brand, accounts: Mapping[str, Account], low: datetime, high: datetime
    ) -> list[tuple[datetime, Sequence[str]]]:
        """The slots in a span that nobody has, with their accounts."""
        free: dict[datetime, list[str]] = {}
        for account in accounts.values():
            coming = rules.occurrences(account.slots or brand.slots, low, brand.clock, lambda _: False, weeks=1)
            instants = [instant for instant in coming if instant < high]
            holders = await self._desk.slots.holders(instants, [account]) if instants else []
            for instant, held in zip(instants, holders, strict=True):
                if not held:
                    free.setdefault(instant, []).append(account.id)
        return sorted(free.items())

    def _may_move(self, post: Post, who: Standing, brand: Brand) -> bool:
        try:
            self._desk.moving.may(post, who, brand)
        except NotAllowed:
            return False
        return True
