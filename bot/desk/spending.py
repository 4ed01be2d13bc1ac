"""What reading an account costs, as far as we can know it, and the monthly budget that an admin set."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.brands import Account, Role, Standing
from bot.domain.events import AccountChanged
from bot.domain.pace import day_of, month_of
from bot.journal import correlation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.desk import Desk

MILLS = 10_000
"""Kept in ten-thousandths of a dollar: the cheapest read costs ten of them."""
DAY, MONTHS = 2 * 86_400, 70 * 86_400


@dataclass(frozen=True)
class Spent:
    """Dollars of this month, and the budget; None for none."""

    dollars: float
    budget: float | None


class Spending:
    """Counts each thing once a day, as networks charge; kept for two months."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def note(self, account: Account, reads: "Mapping[str, float]") -> None:
        """What was read, with its price in dollars. What was paid for today already costs nothing more."""
        if not reads:
            return
        now = self._desk.now()
        seen, month = self._store.key("paid", account.id, day_of(now)), self._month(account, now)
        async with self._store.client.pipeline(transaction=True) as pipe:
            for thing in reads:
                pipe.sadd(seen, thing)
            pipe.expire(seen, DAY)
            fresh = await pipe.execute()
        dollars = sum(price for price, is_new in zip(reads.values(), fresh, strict=False) if is_new)
        if dollars:
            async with self._store.client.pipeline(transaction=True) as pipe:
                pipe.incrby(month, round(dollars * MILLS))
                pipe.expire(month, MONTHS)
                await pipe.execute()

    async def of(self, account: Account) -> Spent:
        """This month's."""
        found = await self._store.client.get(self._month(account, self._desk.now()))
        return Spent(int(found or 0) / MILLS, account.budget)

    async def set_budget(self, id_: str, dollars: float | None, who: Standing) -> Account:
        """Limit what reading an account may cost a month, in dollars; None lifts it. Raises NotAllowed."""

        async def attempt() -> Account:
            old = await self._desk.accounts.get(id_)
            who.require(await self._desk.brand(old.brand), Role.ADMIN)
            change = self._store.begin()
            new = old.model_copy(update={"budget": dollars})
            change.put(new, old)
            change.emit(AccountChanged(account=id_, act="budget", correlation=correlation.get()))
            said = "" if dollars is None else f"{dollars:g}"
            change.audit(self._desk.entry(who.id, "account.budget", brand=old.brand, subject=id_, detail=said))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    def _month(self, account: Account, now: datetime) -> str:
        return self._store.key("spent", account.id, month_of(now))
