"""The ways a proposal begins: take a post down, delete a comment, disconnect an account, change who may do what."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.domain import corrections
from bot.domain import proposals as rules
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account, AccountState, Brand, Policies, Role, Standing
from bot.domain.conversations import PRIVATE, Conversation, Words
from bot.domain.deliveries import Delivery
from bot.domain.events import AccountChanged, BrandChanged
from bot.domain.posts import Post
from bot.domain.proposals import OPEN_FOR, Act, Proposal, State, Target
from bot.domain.records import MemberId
from bot.domain.reviewing import refuse_wrong
from bot.domain.threads import joined
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.network import Capability
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Proposing:
    """The verbs of the first person. `id_` was made when the form was opened: a form that arrives twice is one."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    def removable(self, delivery: Delivery) -> bool:
        """Whether it stands there, and its network lets us take it down."""
        provider = self._desk.providers.get(delivery.network)
        private = delivery.reply is not None and bool(delivery.reply.to)
        able = provider is not None and Capability.DELETE in provider.capabilities and not private
        return able and bool(delivery.public_refs)

    def deletable(self, conversation: Conversation) -> Sequence[Words]:
        """What of a conversation the network lets us delete: comments under our posts, where it can at all."""
        provider = self._desk.providers.get(conversation.network)
        if provider is None or Capability.DELETE_COMMENT not in provider.capabilities:
            return ()
        return tuple(h for h in conversation.heard if h.kind not in {"mention", PRIVATE} and not h.removed_by)

    # --- on a network

    async def unpublish(
        self, id_: str, deliveries: Sequence[str], reason: str, who: Standing, *, alone: bool = False
    ) -> Proposal:
        """Take a post (or our answers) down on these accounts.

        alone: as an emergency, without a second person; every approver is told and one must acknowledge. Raises
        NotAllowed, UserError for what isn't public or can't be taken down, FieldErrors without a reason.
        """

        async def attempt() -> Proposal:
            if (known := await self._store.find(Proposal, id_)) is not None:
                return self._again(known, who)  # by now it may be gone from the network
            found = await self._store.find_many(Delivery, dict.fromkeys(deliveries))
            live = [delivery for delivery in found if self.removable(delivery)]
            if not found or len(live) < len(found):
                raise UserError("error.not_public_now")
            first, now = found[0], self._desk.now()
            brand = await self._desk.brand(first.brand)
            rules.may_propose(Act.UNPUBLISH, brand, who)
            subject = first.reply.conversation if first.reply else first.post
            if any((d.brand, d.reply.conversation if d.reply else d.post) != (brand.id, subject) for d in live):
                raise UserError("error.not_public_now")
            stopped = await self._desk.stopped(brand.id) is not None
            if alone and not all(rules.emergency(delivery, now, stopped=stopped) for delivery in live):
                raise UserError("error.no_emergency")
            targets = tuple(Target(account=d.account, refs=d.public_refs, delivery=d.id) for d in live)
            bound = {f"post:{d.id}": ",".join(d.public_refs) for d in live} | await self._accounts(targets)
            proposal = self._new(id_, Act.UNPUBLISH, brand, subject, who, reason)
            update = {"targets": targets, "bound": bound, "copy_": await self._copy(live), "emergency": alone}
            return await self._open(proposal.model_copy(update=update), brand, who, alone=alone)

        return await self._desk.again(attempt)

    async def _alarmed(self, change: Transaction, made: Proposal) -> None:
        """Nothing is taken down by one person alone without the alarm that every approver gets of it."""
        accounts = await self._store.find_many(Account, [target.account for target in made.targets])
        titles = self._desk.pages.titles()
        named = [(titles[each.network], f"@{each.handle}" if each.handle else each.name) for each in accounts]
        detail = {
            "account": ", ".join(" ".join(each) for each in named),
            "by": made.by,
            "reason": made.reason,
            "proposal": made.id,
            "post": made.subject,
        }
        await self._desk.alarms.add(change, AlarmKind.REMOVED, subject=made.id, brand=made.brand, detail=detail)

    async def _accounts(self, targets: Sequence[Target]) -> dict[str, str]:
        found = await self._store.find_many(Account, dict.fromkeys(target.account for target in targets))
        return {f"account:{account.id}": f"{account.state}:{account.generation}" for account in found}

    async def _copy(self, deliveries: Sequence[Delivery]) -> Mapping[str, str]:
        """What stands there: its words, its pictures by their hashes, and where."""
        first = deliveries[0]
        where = {f"ref:{d.account}": " ".join(filter(None, (*d.public_refs, d.url))) for d in deliveries}
        if first.reply:
            return {"text": first.reply.text, "answers": first.reply.answers, **where}
        post = await self._store.get(Post, first.post)
        revision = post.revision(first.revision)
        pictures = " ".join(picture.blob for picture in revision.pictures)
        said = dict.fromkeys(joined(corrections.whole(each, post)) for each in deliveries)
        return {"text": "\n\n".join(said), "pictures": pictures, "revision": str(first.revision), **where}

    async def delete_comment(self, id_: str, conversation: str, ref: str, reason: str, who: Standing) -> Proposal:
        """Delete what an outside person wrote; its words, its author and its pictures' addresses are kept."""

        async def attempt() -> Proposal:
            talk = await self._desk.conversations.get(conversation)
            brand = await self._desk.brand(talk.brand)
            rules.may_propose(Act.DELETE_COMMENT, brand, who)
            heard = next((each for each in self.deletable(talk) if each.ref == ref), None)
            if heard is None:
                raise UserError("error.comment_not_deletable")
            targets = (Target(account=talk.account, refs=(ref,)),)
            bound = {f"text:{ref}": heard.digest} | await self._accounts(targets)
            at = f"@{talk.person.handle}" if talk.person.handle else ""
            kept = {
                "text": heard.text,
                "author": " ".join(filter(None, (talk.person.name, at, f"({talk.person.id})"))),
                "pictures": " ".join(heard.media),
                "url": heard.url,
                "at": heard.at.isoformat(),
            }
            proposal = self._new(id_, Act.DELETE_COMMENT, brand, talk.id, who, reason)
            update = {"targets": targets, "bound": bound, "copy_": kept}
            return await self._open(proposal.model_copy(update=update), brand, who)

        return await self._desk.again(attempt)

    # --- here

    async def disconnect(self, id_: str, account_id: str, reason: str, who: Standing) -> Proposal:
        """Take an account's credentials away for good."""

        async def attempt() -> Proposal:
            account = await self._desk.accounts.get(account_id)
            brand = await self._desk.brand(account.brand)
            rules.may_propose(Act.DISCONNECT, brand, who)
            if account.state is AccountState.DISCONNECTED:
                raise UserError("error.already_disconnected", account=account.name)
            bound = {f"account:{account.id}": f"{account.state}:{account.generation}"}
            proposal = self._new(id_, Act.DISCONNECT, brand, account.id, who, reason)
            return await self._open(proposal.model_copy(update={"bound": bound}), brand, who)

        made = await self._desk.again(attempt)
        if made.over:
            await self._desk.accounts.hold_planned(account_id)
        return made

    async def policies(self, id_: str, brand_id: str, wanted: Policies, reason: str, who: Standing) -> Proposal | None:
        """What of these policies needs two people; None when nothing does."""

        async def attempt() -> Proposal | None:
            brand = await self._desk.brand(brand_id)
            changed = rules.sensitive(brand.policies, wanted)
            if not changed:
                return None
            if changed.keys() & {"stages", "account_stages"}:
                await self._refuse_stages(brand, wanted)
            shown = rules.policies_shown(brand.policies)
            bound = {f"policies:{name}": shown[name] for name in changed}
            proposal = self._new(id_, Act.POLICIES, brand, brand.id, who, reason)
            update = {"bound": bound, "change": dict(changed)}
            return await self._open(proposal.model_copy(update=update), brand, who)

        return await self._desk.again(attempt)

    async def _refuse_stages(self, brand: Brand, wanted: Policies) -> None:
        """Raises UserError for stages that can't work with the people who are there now."""
        team = await self._desk.duty.team()
        for stages in (wanted.stages, *wanted.account_stages.values()):
            refuse_wrong(stages, brand, team)

    async def roles(
        self, id_: str, brand_id: str, member: MemberId, roles: frozenset[Role], reason: str, who: Standing
    ) -> Proposal | None:
        """Give a member exactly these roles: at once (None), or with a second person where approver or admin is given
        or taken. Where there is no second person yet, a role is given at once: that is how there comes to be one."""
        brand = await self._desk.brand(brand_id)
        rules.may_propose(Act.ROLES, brand, who)
        held = brand.roles.get(member, frozenset())
        alone = not rules.gives_power(held, roles)
        if not alone and held <= roles and not brand.practice:
            alone = not await self._desk.sensitive.asked(Act.ROLES, brand, who)
        if alone:
            await self._desk.brands.set_roles(brand_id, member, roles, who)
            return None

        async def attempt() -> Proposal:
            now = await self._desk.brand(brand_id)
            bound = {"roles": ",".join(sorted(now.roles.get(member, frozenset())))}
            proposal = self._new(id_, Act.ROLES, now, now.id, who, reason)
            change: dict[str, Any] = {"member": member, "roles": sorted(role.value for role in roles)}
            return await self._open(proposal.model_copy(update={"bound": bound, "change": change}), now, who)

        return await self._desk.again(attempt)

    # --- common to all

    def _new(self, id_: str, act: Act, brand: Brand, subject: str, who: Standing, reason: str) -> Proposal:
        now = self._desk.now()
        return Proposal(
            id=id_,
            act=act,
            brand=brand.id,
            subject=subject,
            reason=reason.strip(),
            by=who.id,
            at=now,
            expires_at=now + OPEN_FOR,
            correlation=correlation.get(),
        )

    def _again(self, known: Proposal, who: Standing) -> Proposal:
        """The same form has arrived once more."""
        if known.by != who.id:
            raise NotAllowed("error.not_your_proposal")
        return known

    async def _open(self, proposal: Proposal, brand: Brand, who: Standing, *, alone: bool = False) -> Proposal:
        """Ask a second person; in practice, and in an emergency, one is enough."""
        rules.may_propose(proposal.act, brand, who)
        known = await self._store.find(Proposal, proposal.id)
        if known is not None:
            return self._again(known, who)
        if not proposal.reason and proposal.act not in {Act.POLICIES, Act.ROLES}:
            raise FieldErrors({"reason": UserError("error.reason_missing")})
        alone = alone or brand.practice
        if not alone and not await self._desk.sensitive.asked(proposal.act, brand, who):
            raise UserError("error.nobody_seconds", brand=brand.name)
        desk, change, now = self._desk.proposals, self._store.begin(), self._desk.now()
        other = await self._store.client.get(self._store.key(*desk.name(proposal)))
        if other and (found := await self._store.find(Proposal, str(other))) is not None and not found.over:
            if not proposal.emergency or found.state is not State.OPEN:
                raise AlreadyDone("error.already_proposed", who=found.by, at=found.at)
            await desk.give_way(found)
        made = proposal
        if alone:
            made = rules.second(proposal.model_copy(update={"alone": True}), "", now)
            if made.attention is None:
                await self.carry_out(change, made, brand)
                made = rules.finish(made)
        if not made.over:
            change.unique(*desk.name(proposal), value=proposal.id)
        if made.emergency:
            await self._alarmed(change, made)
        desk.put(change, made, None, who.id, "alone" if alone else "open", evidence=made.copy_ if alone else None)
        await change.commit()
        return made

    async def carry_out(self, change: Transaction, proposal: Proposal, brand: Brand) -> None:
        """Add to a change what the second press does at once."""
        who = proposal.decided_by or proposal.by
        if proposal.act is Act.DISCONNECT:
            old = await self._desk.accounts.get(proposal.subject)
            update = {"state": AccountState.DISCONNECTED, "sealed": "", "generation": old.generation + 1}
            change.put(old.model_copy(update=update | {"dead_since": self._desk.now(), "dead_reason": ""}), old)
            change.emit(AccountChanged(account=old.id, act="disconnect", correlation=correlation.get()))
            change.audit(self._desk.entry(who, "account.disconnect", brand=brand.id, subject=old.id))
            return
        if proposal.act is Act.POLICIES:
            policies = Policies.model_validate(brand.policies.model_dump() | dict(proposal.change))
            new = brand.model_copy(update={"policies": policies})
            detail = ", ".join(f"{name}={value}" for name, value in proposal.change.items())
        else:
            member, roles = str(proposal.change["member"]), frozenset(Role(r) for r in proposal.change["roles"])
            held = {m: r for m, r in brand.roles.items() if m != member} | ({member: roles} if roles else {})
            new = brand.model_copy(update={"roles": held})
            detail = f"{member}: {', '.join(sorted(roles)) or 'none'}"
        change.put(new, brand)
        change.emit(BrandChanged(brand=brand.id, by=who, correlation=correlation.get()))
        change.audit(self._desk.entry(who, f"brand.{proposal.act}", brand=brand.id, subject=brand.id, detail=detail))
