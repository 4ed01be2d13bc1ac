"""A crowd, the many who say nearly the same, and what a person asks for all of them; `bot.desk.for_many` does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.checking import refuse_unfit
from bot.desk.for_many import ForMany
from bot.desk.links import to_many
from bot.domain import bulk as rules
from bot.domain.brands import Account, AccountState, Brand, Role, Standing, Stop
from bot.domain.bulk import Bulk, BulkAct
from bot.domain.checks import Finding
from bot.domain.conversations import BY_HAND, ClosedAs, Conversation, Words
from bot.domain.people import Person
from bot.domain.records import MemberId, score
from bot.domain.storms import Crowd
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.network import Capability

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LOOKED = 20
"""Members among which something is looked for: words to show, where the first one took them back; early cards."""
SHOWN = 3
"""The last acts for all that the card tells of."""


@dataclass(frozen=True)
class CrowdPage:
    """A crowd with all that its card and its form show. first: whoever said it first; sample: words that still stand.
    people: different ones; waiting: conversations that nobody has; taken: that somebody has. until: up to whom it was
    read, in ms. hides: whether the network can hide comments. price: dollars that it charges for
    an answer, linked_price for one with a link; 0 for nothing. links: what is wrong with those of an answer to all that
    is on its way, by the act's id. related: those of them who are something to the brand, read for the form alone."""

    crowd: Crowd
    brand: Brand
    account: Account
    titles: Mapping[str, str]
    first: Conversation | None
    sample: Words | None
    people: int
    waiting: int
    taken: int
    bulks: Sequence[Bulk]
    until: int
    hides: bool
    limit: int
    stop: Stop | None
    now: datetime
    price: float = 0.0
    linked_price: float = 0.0
    links: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    related: Sequence[Person] = ()

    @property
    def version(self) -> int:
        """Grows with all that it shows but the counts, which are drawn as they are."""
        return self.crowd.version + sum(each.version for each in self.bulks)

    @property
    def closed(self) -> int:
        """Conversations that are over."""
        return max(self.crowd.count - self.waiting - self.taken, 0)

    @property
    def running(self) -> Bulk | None:
        """The act that is under way."""
        return next((each for each in self.bulks if each.id == self.crowd.busy and not each.over), None)

    @property
    def names(self) -> list[MemberId]:
        """Everyone whose name the card says."""
        return [who for each in self.bulks[-SHOWN:] for who in (each.by, each.undone_by) if who]


class Crowds:
    """The verbs over a crowd; `for_many` is what the engine does of it."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self.for_many = ForMany(desk)

    async def get(self, id_: str) -> Crowd:
        """A crowd by id; raises UserError when there is none."""
        found = await self._store.find(Crowd, id_)
        if found is None:
            raise UserError("error.no_such_crowd")
        return found

    async def page(self, id_: str) -> CrowdPage:
        """All that its card shows."""
        desk, crowd = self._desk, await self.get(id_)
        account = await desk.accounts.get(crowd.account)
        provider = desk.providers[crowd.network]
        all_of, common = f"crowd:{id_}", desk.storms.common
        waiting = await common(all_of, f"unowned:{crowd.brand}")
        first = await self._store.find(Conversation, crowd.first)
        brand, bulks = await desk.brand(crowd.brand), await self._store.listed(Bulk, f"bulks:{id_}")
        return CrowdPage(
            crowd=crowd,
            brand=brand,
            account=account,
            titles=desk.pages.titles(),
            first=first,
            sample=await self._sample(crowd, first),
            people=int(await self._store.client.scard(desk.storms.people_key(id_))),
            waiting=waiting,
            taken=await common(all_of, f"open:{crowd.brand}") - waiting,
            bulks=bulks,
            until=int(score(crowd.joined_at)),
            hides=Capability.HIDE in provider.capabilities,
            limit=provider.limits.max_length,
            stop=await desk.stopped(crowd.brand),
            now=desk.now(),
            price=provider.limits.answer_price,
            linked_price=provider.limits.linked_price,
            links=await desk.links.in_answers(brand, to_many(bulks)),
        )

    async def _sample(self, crowd: Crowd, first: Conversation | None) -> Words | None:
        if first is not None and first.latest.kept and first.latest.there and first.forgotten_at is None:
            return first.latest
        found = await self._store.listed(Conversation, f"crowd:{crowd.id}", limit=LOOKED)
        return next((t.latest for t in found if t.latest.kept and t.latest.there and t.forgotten_at is None), None)

    async def with_cards(self, id_: str) -> Sequence[Conversation]:
        """Those that had a card of their own before the others came: the first few."""
        first = await self._store.listed(Conversation, f"crowd:{id_}", limit=LOOKED)
        return [talk for talk in first if not talk.gathered]

    # --- what people ask

    async def claim_all(self, id_: str, who: Standing, *, seen: int, until: int) -> Bulk:
        """Take all that nobody has."""
        return await self._ask(id_, BulkAct.CLAIM, who, seen=seen, until=until)

    async def close_all(self, id_: str, reason: ClosedAs, who: Standing, *, seen: int, until: int) -> Bulk:
        """Close all that no colleague has, with a reason that a person may choose."""
        if reason not in BY_HAND:
            raise NotAllowed("error.two_people")
        return await self._ask(id_, BulkAct.CLOSE, who, seen=seen, until=until, reason=reason)

    async def hide_all(self, id_: str, who: Standing, *, seen: int, until: int) -> Bulk:
        """Hide all on the network, where it can: each can be shown again. Raises UserError where it can't."""
        crowd = await self.get(id_)
        provider = self._desk.providers[crowd.network]
        who.require(await self._desk.brand(crowd.brand), Role.MODERATOR)
        if Capability.HIDE not in provider.capabilities:
            raise UserError("error.not_there", network=provider.title)
        return await self._ask(id_, BulkAct.HIDE, who, seen=seen, until=until)

    async def to_answer_all(self, id_: str, who: Standing) -> CrowdPage:
        """A crowd that somebody may answer now; raises what answering would raise."""
        page = await self.page(id_)
        who.require(page.brand, Role.MODERATOR)
        if page.stop is not None and page.stop.reach == "silence":
            raise UserError("error.brand_silenced")
        await self._refuse_busy(page.crowd, "")
        return replace(page, related=await self._related(page))

    async def _related(self, page: CrowdPage) -> Sequence[Person]:
        if "disclosure" in page.brand.rules.off:
            return []
        people = await self._desk.people.related(page.brand.id)
        if not people:
            return []
        name = self._desk.storms.people_key(page.crowd.id)
        among = await self._store.client.smismember(name, [each.id for each in people])
        return [each for each, there in zip(people, among, strict=True) if there]

    async def answer_all(
        self, id_: str, bulk: str, texts: Mapping[str, str], who: Standing, *, seen: int, until: int
    ) -> Bulk:
        """Answer each with one of these variations (by their fields), turn by turn; each is an answer of its own, with
        the same checks and the same *Undo*. `bulk` was made when the form was opened. Raises FieldErrors."""
        page = await self.page(id_)
        who.require(page.brand, Role.MODERATOR)
        known = await self._store.find(Bulk, bulk)
        if known is not None:
            if known.crowd != id_ or known.by != who.id:
                raise NotAllowed("error.button_old")
            return known
        await self.to_answer_all(id_, who)
        written = rules.variations(texts)
        for name, text in texts.items():
            if text.strip():
                try:
                    await refuse_unfit(self._desk, page.brand, page.account, text.strip())
                except FieldErrors as error:
                    raise FieldErrors({name: next(iter(error.fields.values()))}) from error
        return await self._ask(id_, BulkAct.ANSWER, who, seen=seen, until=until, texts=written, bulk=bulk)

    async def undo(self, id_: str, who: Standing) -> Bulk:
        """Take back every answer of an act for all that didn't go out yet, and plan no more."""

        async def attempt() -> Bulk:
            old = await self._store.find(Bulk, id_)
            if old is None:
                raise UserError("error.no_such_crowd")
            who.require(await self._desk.brand(old.brand), Role.MODERATOR)
            new = rules.undo(old, who.id, self._desk.now())
            await self.for_many.keep(new, old, who.id, "undo")
            return new

        return await self._desk.again(attempt)

    async def _refuse_busy(self, crowd: Crowd, bulk: str) -> None:
        if crowd.busy and crowd.busy != bulk:
            running = await self._store.find(Bulk, crowd.busy)
            if running is not None and not running.over:
                raise AlreadyDone("error.bulk_busy", who=running.by, at=running.at)

    async def _ask(
        self,
        id_: str,
        act: BulkAct,
        who: Standing,
        *,
        seen: int,
        until: int,
        reason: ClosedAs | None = None,
        texts: tuple[str, ...] = (),
        bulk: str = "",
    ) -> Bulk:
        async def attempt() -> Bulk:
            crowd = await self.get(id_)
            who.require(await self._desk.brand(crowd.brand), Role.MODERATOR)
            await self._refuse_busy(crowd, "")
            account = await self._desk.accounts.get(crowd.account)
            if act in {BulkAct.ANSWER, BulkAct.HIDE} and account.state is not AccountState.ACTIVE:
                raise UserError("error.account_not_active", account=account.name)
            now = self._desk.now()
            new = Bulk(
                id=bulk or self._desk.new_id(),
                brand=crowd.brand,
                account=crowd.account,
                crowd=id_,
                act=act,
                reason=reason,
                texts=texts,
                seen=min(max(seen, 0), crowd.count),
                until=min(float(until), score(crowd.joined_at)),
                by=who.id,
                at=now,
                attention=now,
                correlation=correlation.get(),
            )
            await self.for_many.keep(new, None, who.id, "asked", crowd)
            return new

        return await self._desk.again(attempt)
