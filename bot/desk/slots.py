"""The queue's slots: who has which, which is free next, and that no two posts are ever in one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bot.domain import slots as rules
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.events import AccountChanged
from bot.domain.posts import Post, PostStatus
from bot.domain.records import score
from bot.domain.slots import Slot
from bot.errors import FieldErrors, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

CHUNK = 20
"""Slots that are looked at in one go."""
KEPT = timedelta(days=2)
"""How long a claim outlives its slot."""
HOLDS = frozenset({PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED, PostStatus.APPROVED})


class Slots:
    """A claim is a key `slot:<account>:<ms>` with the post's id, taken in the script that commits the post."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    def grid(self, brand: Brand, accounts: Sequence[Account]) -> tuple[Slot, ...]:
        """The slots that all of these accounts have: each its own, or the brand's."""
        return rules.common([account.slots or brand.slots for account in accounts])

    async def next_free(self, brand: Brand, accounts: Sequence[Account], post: str) -> datetime | None:
        """The next slot that is free on all of these accounts, or held by this very post; None when there is none."""

        def closed(day: date) -> bool:
            return "days" not in brand.rules.off and any(each.blackout for each in brand.rules.on(day))

        after = self._desk.now() + rules.LEAD
        coming = rules.occurrences(self.grid(brand, accounts), after, brand.clock, closed)
        while some := list(islice(coming, CHUNK)):
            for instant, holders in zip(some, await self.holders(some, accounts), strict=True):
                if not holders - {post}:
                    return instant
        return None

    async def holders(self, instants: Sequence[datetime], accounts: Sequence[Account]) -> Sequence[set[str]]:
        """Who claims each instant, or is planned for it without a claim, on any of the accounts."""
        async with self._store.client.pipeline(transaction=False) as pipe:
            for instant in instants:
                for account in accounts:
                    pipe.get(self._store.key("slot", self.claim(account.id, instant)))
                    ms = score(instant)
                    pipe.zrangebyscore(self._store.key("index", f"plan:{account.id}"), ms, ms, start=0, num=2)
            rows = await pipe.execute()
        width = 2 * len(accounts)
        parts = [rows[n * width : (n + 1) * width] for n in range(len(instants))]
        return [{str(e) for row in part for e in (row if isinstance(row, list) else [row]) if e} for part in parts]

    @staticmethod
    def claim(account: str, instant: datetime) -> str:
        """The name of a slot of an account."""
        return f"{account}:{round(score(instant))}"

    async def claiming(self, post: Post, brand: Brand, field: str) -> Post:
        """The post with the slots that it falls on, whoever chose its time. Raises FieldErrors where another has one of
        them."""
        due, accounts = post.due, await self._store.find_many(Account, post.current.accounts)
        on = [each for each in accounts if due and rules.falls_on(each.slots or brand.slots, due, brand.clock)]
        if due is None or not on:
            return post.model_copy(update={"claims": ()})
        (holders,) = await self.holders([due], on)
        if holders - {post.id}:
            raise FieldErrors({field: UserError("slots.taken", when=due)})
        return post.model_copy(update={"claims": tuple(self.claim(account.id, due) for account in on)})

    def hold(self, change: Transaction, new: Post, old: Post | None) -> None:
        """Take what the post claims now and give back what it doesn't any more."""
        before = set(old.claims) if old is not None and old.status in HOLDS else set()
        after = set(new.claims) if new.status in HOLDS else set()
        for claim in sorted(before - after):
            change.do("DEL", self._store.key("slot", claim))
        for claim in sorted(after - before):
            change.unique("slot", claim, value=new.id)
            left = int(claim.rpartition(":")[2]) - score(self._desk.now()) + KEPT.total_seconds() * 1000
            change.do("PEXPIRE", self._store.key("slot", claim), str(max(1, round(left))))

    async def set_slots(self, brand_id: str, account_id: str, slots: Sequence[Slot], who: Standing) -> Brand:
        """The slots of a brand, or of one of its accounts (none: the brand's); its admins may. What is planned stays
        where it is."""
        if not account_id:
            return await self._desk.brands.change(brand_id, who, slots=tuple(slots))

        async def attempt() -> Brand:
            brand = await self._desk.brand(brand_id)
            who.require(brand, Role.ADMIN)
            old = await self._desk.accounts.get(account_id)
            if old.brand != brand.id:
                raise UserError("error.no_such_account")
            change = self._store.begin()
            change.put(old.model_copy(update={"slots": tuple(slots)}), old)
            change.emit(AccountChanged(account=old.id, act="slots", correlation=correlation.get()))
            about = {"brand": brand.id, "subject": old.id, "detail": f"{len(slots)} slots"}
            change.audit(self._desk.entry(who.id, "account.slots", **about))
            await change.commit()
            return brand

        return await self._desk.again(attempt)
