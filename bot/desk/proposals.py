"""Two people for sensitive acts: confirm, decline, withdraw, try again; and what lapses by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import proposals as rules
from bot.domain.brands import Account, Brand, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.events import ProposalChanged
from bot.domain.posts import Post
from bot.domain.proposals import Act, Proposal, State, Step
from bot.domain.records import MemberId, score
from bot.errors import UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

ENGINE = "engine"


@dataclass(frozen=True)
class ProposalPage:
    """A proposal with all that its card shows. asked: who may second it; accounts: by id, those that it touches."""

    proposal: Proposal
    brand: Brand
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    asked: Sequence[MemberId]
    now: datetime

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name the card says."""
        member = str(self.proposal.change.get("member", ""))
        return [who for who in (self.proposal.by, self.proposal.decided_by, member) if who]


class Proposals:
    """The verbs of the second person, and of the first who takes it back."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Proposal:
        """A proposal by id; raises UserError when there is none."""
        proposal = await self._store.find(Proposal, id_)
        if proposal is None:
            raise UserError("error.no_such_proposal")
        return proposal

    async def of(self, subject: str) -> list[Proposal]:
        """All that was proposed about a thing, oldest first."""
        return await self._store.listed(Proposal, f"proposals:{subject}")

    async def open(self, brand: str) -> list[Proposal]:
        """What waits for a second person in a brand."""
        return await self._store.listed(Proposal, f"proposals_of:{brand}")

    async def page(self, id_: str) -> ProposalPage:
        """All that a proposal's card shows; raises UserError."""
        proposal = await self.get(id_)
        brand = await self._desk.brand(proposal.brand)
        wanted = [target.account for target in proposal.targets]
        wanted += [proposal.subject] if proposal.act is Act.DISCONNECT else []
        accounts = await self._store.find_many(Account, dict.fromkeys(wanted))
        return ProposalPage(
            proposal=proposal,
            brand=brand,
            accounts={account.id: account for account in accounts},
            titles=self._desk.pages.titles(),
            asked=await self.asked(proposal, brand),
            now=self._desk.now(),
        )

    async def asked(self, proposal: Proposal, brand: Brand) -> Sequence[MemberId]:
        """Who may second it, as roles are now."""
        team = await self._desk.duty.team()
        return rules.seconders(proposal.act, brand, team.admins, proposal.by, team.gone)

    async def writers(self, proposal: Proposal) -> Sequence[MemberId]:
        """Who wrote what it took down of ours, except whoever proposed that."""
        deliveries = await self._store.find_many(Delivery, [t.delivery for t in proposal.targets if t.delivery])
        posts = await self._store.find_many(Post, dict.fromkeys(each.post for each in deliveries if each.post))
        found = [post.author for post in posts] + [each.reply.by for each in deliveries if each.reply]
        return [who for who in dict.fromkeys(found) if who != proposal.by]

    async def evidence(self, id_: str, who: Standing) -> ProposalPage:
        """What was kept of something that was taken down; raises NotAllowed for whom it isn't meant."""
        page = await self.page(id_)
        who.require(page.brand, *sorted(rules.SECONDERS))
        return page

    # --- the second press

    async def confirm(self, id_: str, who: Standing) -> Proposal:
        """The second person says yes: it is done in this commit, or the engine does it next.

        Raises NotAllowed, AlreadyDone, and UserError where what was shown has changed since: then it lapses.
        """

        async def attempt() -> Proposal:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            await self._may_second(old, brand, who)
            old.step(Step.SECOND)
            now = self._desk.now()
            lapsed = rules.changed(old, await self.shown(old)).partition(":")[0] or await self._unbacked(old, brand)
            if lapsed or now >= old.expires_at:
                await self._end(rules.expire(old, now, lapsed), old, ENGINE)
                raise UserError(f"error.proposal_lapsed_{lapsed}" if lapsed else "error.proposal_too_late")
            new = rules.second(old, who.id, now)
            change = self._store.begin()
            if new.attention is None:
                await self._desk.proposing.carry_out(change, new, brand)
                new = rules.finish(new)
            self.put(change, new, old, who.id, "second", evidence=new.copy_)
            await change.commit()
            return new

        done = await self._desk.again(attempt)
        if done.act is Act.DISCONNECT:
            await self._desk.accounts.hold_planned(done.subject)
        return done

    async def _may_second(self, proposal: Proposal, brand: Brand, who: Standing) -> None:
        team = await self._desk.duty.team()
        rules.may_second(proposal, brand, team.admins, who, team.gone)

    async def _unbacked(self, proposal: Proposal, brand: Brand) -> str:
        """The name of what lapsed, where whoever proposed it may not propose it any more; else ""."""
        team = await self._desk.duty.team()
        return "" if rules.still_stands(proposal, brand, team.admins, team.gone) else "proposer"

    async def decline(self, id_: str, who: Standing) -> Proposal:
        """The second person says no."""

        async def attempt() -> Proposal:
            old = await self.get(id_)
            await self._may_second(old, await self._desk.brand(old.brand), who)
            return await self._end(rules.decline(old, who.id, self._desk.now()), old, who.id)

        return await self._desk.again(attempt)

    async def withdraw(self, id_: str, who: Standing) -> Proposal:
        """Whoever proposed it takes it back."""

        async def attempt() -> Proposal:
            old = await self.get(id_)
            who.require(await self._desk.brand(old.brand), *sorted(rules.SECONDERS))
            return await self._end(rules.withdraw(old, who.id, self._desk.now()), old, who.id)

        return await self._desk.again(attempt)

    async def retry(self, id_: str, who: Standing) -> Proposal:
        """*Try again*: two people wanted it already, so anyone of those who may is enough to ask the network again."""

        async def attempt() -> Proposal:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            who.require(brand, *sorted(rules.SECONDERS))
            new = rules.retry(old, self._desk.now())
            change = self._store.begin()
            self.put(change, new, old, who.id, "retry")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def give_way(self, old: Proposal) -> None:
        """What waits for a second person lapses, because one person does the same as an emergency."""
        await self._end(rules.expire(old, self._desk.now(), "emergency"), old, ENGINE)

    async def expire_due(self) -> int:
        """End what nobody seconded in time; answers how many."""
        late = await self._store.listed(Proposal, "proposals", high=score(self._desk.now()))
        for each in late:

            async def attempt(id_: str = each.id) -> None:
                old = await self.get(id_)
                if old.state is State.OPEN:
                    await self._end(rules.expire(old, self._desk.now()), old, ENGINE)

            await self._desk.again(attempt)
        return len(late)

    async def _end(self, new: Proposal, old: Proposal, who: str) -> Proposal:
        change = self._store.begin()
        self.put(change, new, old, who, new.state.value)
        await change.commit()
        return new

    # --- what every change of a proposal needs

    async def shown(self, proposal: Proposal) -> Mapping[str, str]:
        """What was bound, as it is now; what is gone is missing."""
        now: dict[str, str] = {}
        accounts = {target.account for target in proposal.targets}
        accounts |= {proposal.subject} if proposal.act is Act.DISCONNECT else set()
        for account in await self._store.find_many(Account, accounts):
            now[f"account:{account.id}"] = f"{account.state}:{account.generation}"
        for delivery in await self._store.find_many(Delivery, [t.delivery for t in proposal.targets if t.delivery]):
            now[f"post:{delivery.id}"] = ",".join(delivery.public_refs)
        if proposal.act is Act.DELETE_COMMENT:
            talk = await self._store.get(Conversation, proposal.subject)
            now |= {f"text:{heard.ref}": heard.digest for heard in talk.heard if not heard.removed_by}
        if proposal.act in {Act.POLICIES, Act.ROLES}:
            brand = await self._desk.brand(proposal.brand)
            held = brand.roles.get(str(proposal.change.get("member", "")), frozenset())
            now |= {f"policies:{name}": value for name, value in rules.policies_shown(brand.policies).items()}
            now["roles"] = ",".join(sorted(held))
        return now

    def put(
        self,
        change: Transaction,
        new: Proposal,
        old: Proposal | None,
        who: str,
        step: str,
        *,
        evidence: Mapping[str, str] | None = None,
    ) -> None:
        """Put a proposal into a change, with its event and its line in the record; its name is free once it is over."""
        change.put(new, old)
        if new.over:
            change.do("DEL", self._store.key(*self.name(new)))
        event = ProposalChanged(
            proposal=new.id, act=step, by=who if who != ENGINE else "", correlation=correlation.get()
        )
        change.emit(event)
        detail = (
            new.reason if step in {"open", "alone"} else " ".join(filter(None, (new.lapsed, new.problem, new.detail)))
        )
        deliveries = ",".join(target.delivery for target in new.targets if target.delivery)
        about = {"brand": new.brand, "subject": new.subject, "delivery": deliveries, "detail": detail}
        entry = self._desk.entry(who, f"proposal.{new.act}.{step}", **about)
        change.audit(entry.model_copy(update={"evidence": dict(evidence)}) if evidence else entry)

    def name(self, proposal: Proposal) -> tuple[str, ...]:
        """What makes it the only open one about these very things, as the parts of a key."""
        things = [f"{target.account}:{'+'.join(target.refs)}" for target in proposal.targets]
        member = str(proposal.change.get("member", ""))
        return ("proposal-open", proposal.act, proposal.subject, member, *sorted(things))
