"""The inbox as a list, over one brand or all of somebody's: a page at a time whatever its size, and the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.brands import Account, Brand, Standing
from bot.domain.conversations import Conversation
from bot.domain.inbox_views import View, Wanted, indexes, main_index
from bot.domain.records import MemberId, score
from bot.domain.suggestions import needs_approval
from bot.store.listing import Listing

if TYPE_CHECKING:
    from bot.desk.desk import Desk

PAGE = 8
"""Conversations on a page."""
DEEPEST = 125
"""Pages that can be turned to; beyond, filters find faster."""
COUNTED = (View.MINE, View.UNOWNED, View.LATE, View.ALL)


@dataclass(frozen=True)
class InboxPage:
    """A page. total: how many there are in all, by `counted` brands; counts: of the lists that lead to others; learns:
    brands in which what the reader writes needs approval."""

    wanted: Wanted
    number: int
    talks: Sequence[Conversation]
    total: int
    counts: Mapping[View, int]
    brands: Mapping[str, Brand]
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    now: datetime
    learns: frozenset[str] = frozenset()

    @property
    def last(self) -> int:
        """The number of the last page, from 0."""
        return min(max(0, (self.total - 1) // PAGE), DEEPEST)

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name it says."""
        return [talk.owner for talk in self.talks if talk.owner]


class InboxList:
    """Reads; who acts moderates somewhere."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._listing = Listing(desk.store)

    async def page(self, wanted: Wanted, number: int, who: Standing) -> InboxPage:
        """A page of a list. Without a brand it is over all of somebody's real ones; practice is asked for by name."""
        mine = list(await self._desk.inbox.brands_of(who))
        real = [brand for brand in mine if not brand.practice]
        shown = [brand for brand in mine if brand.id == wanted.brand] or real or mine
        accounts = {each.id: each for each in await self._desk.accounts.all()}
        here = {brand.id for brand in shown}
        if wanted.account and (wanted.account not in accounts or accounts[wanted.account].brand not in here):
            wanted = wanted.model_copy(update={"account": ""})
        now = self._desk.now()
        high = score(now) if wanted.view is View.LATE else None
        number = min(max(0, number), DEEPEST)
        alone = len(shown) == 1
        found: list[tuple[float, str]] = []
        total = 0
        for brand in shown:
            start, length = (number * PAGE, PAGE) if alone else (0, (number + 1) * PAGE)
            listed = await self._listing.page(indexes(wanted, brand.id, who.id), high=high, start=start, length=length)
            found += [(at, id_) for id_, at in listed.ids]
            total += listed.total
        ids = [id_ for _, id_ in sorted(found)] if alone else [id_ for _, id_ in sorted(found)][number * PAGE :][:PAGE]
        return InboxPage(
            wanted=wanted,
            number=number,
            talks=await self._desk.store.find_many(Conversation, ids),
            total=total,
            counts=await self.counts(shown, who),
            brands={brand.id: brand for brand in mine},
            accounts={id_: account for id_, account in accounts.items() if account.brand in here},
            titles=self._desk.pages.titles(),
            now=now,
            learns=frozenset(brand.id for brand in mine if needs_approval(brand, who)),
        )

    async def counts(self, brands: Sequence[Brand], who: Standing) -> Mapping[View, int]:
        """How many conversations of these brands are mine, nobody's, late and open."""
        now = score(self._desk.now())
        asked = [
            (main_index(view, brand.id, who.id), now if view is View.LATE else None)
            for view in COUNTED
            for brand in brands
        ]
        found = await self._listing.counts(asked)
        size = len(brands)
        return {view: sum(found[n * size : (n + 1) * size]) for n, view in enumerate(COUNTED)}
