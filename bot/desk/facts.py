"""Facts: asked about by the team, decided by somebody else, and opened again when a verdict has had its time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.domain import facts as rules
from bot.domain.brands import Brand, Standing
from bot.domain.checks import statements
from bot.domain.deliveries import WAITING, Delivery, State, Step, Trouble
from bot.domain.events import FactChanged
from bot.domain.facts import ASKERS, EXPIRING, STATEMENT, Fact, FactState, TypedSource
from bot.domain.finding import folded
from bot.domain.posts import Post, Revision
from bot.domain.records import MemberId, score
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

PAGE = 8
"""Facts on a page of the list."""
SEARCHED = 500
"""Facts of a brand that are looked through, the ones that changed last."""
COMPARED = 200
"""Facts of a brand that a text is compared with."""
BATCH = 100
OFFERED = 100
"""Facts that a form offers: what Slack's menu holds."""
LEANING = 50
"""Posts whose cards follow a fact on which they lean."""
PLANNED = 10_000
"""Deliveries of a brand that are looked at when a fact falls."""
CHECK = "facts"
"""The check that a brand may switch off; then nothing is held for a fact either."""


@dataclass(frozen=True)
class FactsPage:
    """A page of what fits `words`, the newest change first. number: of the page, from 0; total: of the facts."""

    words: str
    number: int
    total: int
    facts: Sequence[Fact]
    brands: Mapping[str, Brand]
    now: datetime

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(0, (self.total - 1) // PAGE)

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name it says."""
        return [each.verdict.by if each.verdict else each.by for each in self.facts]


def because(fact: Fact, standing: FactState) -> Trouble:
    """Why a delivery waits."""
    return Trouble(kind=f"fact_{standing}", detail=fact.statement)


def _hold(delivery: Delivery, *, trouble: Trouble) -> Delivery:
    return delivery.move(Step.HOLD, trouble=trouble) if delivery.state in WAITING else delivery


class Facts:
    """The verbs of facts. Nobody's address is opened here: what a source says is for people to read."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Fact:
        """One by id; raises UserError when there is none."""
        found = await self._store.find(Fact, id_)
        if found is None:
            raise UserError("error.no_such_fact")
        return found

    async def brands_of(self, who: Standing) -> Sequence[Brand]:
        """The brands in which somebody may ask. Raises NotAllowed where there are none."""
        found = await self._desk.brands.mine(who, *ASKERS)
        if not found:
            raise NotAllowed("error.no_facts")
        return found

    async def doubted(self, brand: str) -> Sequence[Fact]:
        """What nothing may lean on, as records have it or because a verdict is over."""
        now = score(self._desk.now())
        over = await self._store.listed(Fact, f"{EXPIRING}:{brand}", high=now, limit=COMPARED)
        listed = await self._store.listed(Fact, f"facts_doubted:{brand}", limit=COMPARED)
        return list({each.id: each for each in (*over, *listed)}.values())

    async def offered(self, brand: str, chosen: Sequence[str]) -> Sequence[Fact]:
        """A brand's facts for a form: those that were chosen first, then the ones that changed last."""
        mine = [each for each in await self._store.find_many(Fact, chosen) if each.brand == brand]
        newest = await self._store.listed(Fact, f"facts:{brand}", limit=OFFERED)
        return list({each.id: each for each in (*mine, *newest)}.values())[:OFFERED]

    async def leaned(self, revision: Revision, brand: str) -> Sequence[Fact]:
        """Those of a brand that a post leans on; another brand's are none of it."""
        return [each for each in await self._store.find_many(Fact, revision.leans) if each.brand == brand]

    async def leaning(self, id_: str) -> Sequence[Post]:
        """The posts in review or approved that lean on a fact, the ones that changed last."""
        return await self._store.listed(Post, f"leans:{id_}", limit=LEANING)

    async def fell(self, post: Post, brand: Brand, delivery: Delivery) -> Fact | None:
        """The fact for which what is approved can't go out on one account; None for most."""
        if CHECK in brand.rules.off:
            return None
        revision = post.revision(delivery.revision)
        texts, doubted = revision.texts(delivery.account), await self.doubted(brand.id)
        return statements.fell(texts, await self.leaned(revision, brand.id), doubted, self._desk.now())

    async def recall(self, id_: str) -> int:
        """A fact fell: what is planned, and leans on it or says it, waits for a person. Answers how many deliveries do;
        doing it again changes nothing."""
        fact = await self.get(id_)
        brand, standing = await self._desk.brand(fact.brand), fact.standing(self._desk.now())
        if standing is FactState.TRUE or not fact.verdicts or CHECK in brand.rules.off:
            return 0
        planned = await self._store.listed(Delivery, f"planned:{brand.id}", limit=PLANNED)
        planned = [each for each in planned if each.state in WAITING and each.post]
        posts = {each.id: each for each in await self._store.find_many(Post, {each.post for each in planned})}
        hold, count = partial(_hold, trouble=because(fact, standing)), 0
        for each in planned:
            revision = posts[each.post].revision(each.revision)
            leans = [fact] if fact.id in revision.leans else []
            if statements.fell(revision.texts(each.account), leans, [fact], self._desk.now()) is not None:
                held = await self._desk.deliveries.settle(each.id, hold, "hold")
                count += held.state is State.HELD
        return count

    async def page(self, words: str, number: int, who: Standing) -> FactsPage:
        """The facts of somebody's brands whose statement holds all of these words; practice alone, or not at all."""
        mine = await self.brands_of(who)
        brands = {each.id: each for each in mine if not each.practice} or {each.id: each for each in mine}
        wanted = folded(words).split()
        found: list[Fact] = []
        for brand in brands:
            listed = await self._store.listed(Fact, f"facts:{brand}", limit=SEARCHED)
            found += [each for each in listed if all(word in folded(each.statement) for word in wanted)]
        found.sort(key=lambda fact: fact.changed_at, reverse=True)
        number = min(max(0, number), max(0, (len(found) - 1) // PAGE))
        shown = found[number * PAGE :][:PAGE]
        return FactsPage(words, number, len(found), shown, brands, self._desk.now())

    async def ask(
        self,
        id_: str,
        brand_id: str,
        statement: str,
        own: bool,
        sources: Sequence[TypedSource],
        official: str,
        expires: str,
        who: Standing,
    ) -> Fact:
        """Ask about a statement; `id_` was made with the form, so that one that comes twice is one. Raises FieldErrors
        for what was typed, on its field."""

        async def attempt() -> Fact:
            brand = await self._desk.brand(brand_id)
            who.require(brand, *ASKERS)
            known = await self._store.find(Fact, id_)
            if known is not None:
                if (known.brand, known.by) != (brand.id, who.id):
                    raise NotAllowed("error.button_old")
                return known
            said, now = " ".join(statement.split())[:STATEMENT], self._desk.now()
            if not said:
                raise FieldErrors({"statement": UserError("error.field_required")})
            today = now.astimezone(brand.clock).date()
            new = Fact(
                id=id_,
                brand=brand.id,
                statement=said,
                own=own,
                sources=rules.read_sources(sources, official, today),
                expires=rules.read_expiry(expires, brand.clock, today),
                by=who.id,
                at=now,
                changed_at=now,
            )
            return await self._put(new, None, "ask", who.id)

        return await self._desk.again(attempt)

    async def to_verify(self, id_: str, who: Standing) -> tuple[Fact, Brand]:
        """A fact and its brand, for whoever may decide; raises what deciding would raise."""
        fact = await self.get(id_)
        brand = await self._desk.brand(fact.brand)
        rules.may_verify(fact, who, brand)
        return fact, brand

    async def verify(
        self,
        id_: str,
        seen: int,
        verdict: str,
        sources: Sequence[TypedSource],
        official: str,
        expires: str,
        who: Standing,
    ) -> Fact:
        """Give the verdict. Raises NotAllowed for whoever asked, AlreadyDone where somebody was faster, and FieldErrors
        for what was typed or what the sources lack."""

        async def attempt() -> Fact:
            old, now = await self.get(id_), self._desk.now()
            brand = await self._desk.brand(old.brand)
            today = now.astimezone(brand.clock).date()
            rules.may_verify(old, who, brand)
            if verdict not in set(FactState):
                raise FieldErrors({"verdict": UserError("error.field_required")})
            new = rules.verified(
                old,
                FactState(verdict),
                who,
                brand,
                now,
                seen=seen,
                sources=rules.read_sources(sources, official, today),
                expires=rules.read_expiry(expires, brand.clock, today),
            )
            return await self._put(new, old, "verify", who.id)

        return await self._desk.again(attempt)

    async def reopen_due(self) -> int:
        """Open again whatever verdict has had its time; answers how many were."""
        due = await self._store.listed(Fact, EXPIRING, high=score(self._desk.now()), limit=BATCH)
        for each in due:

            async def attempt(id_: str = each.id) -> None:
                old = await self.get(id_)
                new = rules.expired(old, self._desk.now())
                if new is not old:  # otherwise somebody was faster
                    await self._put(new, old, "expire", "engine")

            await self._desk.again(attempt)
        return len(due)

    async def _put(self, new: Fact, old: Fact | None, act: str, by: MemberId) -> Fact:
        change = self._store.begin()
        change.put(new, old)
        about = {"brand": new.brand, "subject": new.id, "detail": f"{new.state}: {new.statement}"}
        change.audit(self._desk.entry(by, f"fact.{act}", **about))
        change.emit(FactChanged(fact=new.id, act=act, by=by, correlation=correlation.get()))
        await change.commit()
        return new
