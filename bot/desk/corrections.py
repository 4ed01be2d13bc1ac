"""Corrections: other words for what is public, approved like any other, and done where a network lets us edit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from bot.desk.checking import answer_findings, refuse_unfit
from bot.desk.posts import Content
from bot.domain import corrections as rules
from bot.domain import errands, posts
from bot.domain.brands import Account, AccountState, Brand, Role, Standing
from bot.domain.checks import Finding
from bot.domain.corrections import Correction, Step
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import Errand, Facet
from bot.domain.events import PostChanged
from bot.domain.posts import Post, PostStatus
from bot.domain.records import MemberId
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.network import Capability
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class Correcting:
    """What the form shows. said: what the post says there now; able: the network lets us edit; signs: writing it
    approves it."""

    delivery: Delivery
    post: Post
    brand: Brand
    account: Account
    title: str
    said: str
    limit: int
    able: bool
    signs: bool


@dataclass(frozen=True)
class CorrectionPage:
    """A correction with what its card shows. approvers: who is asked."""

    correction: Correction
    post: Post
    brand: Brand
    account: Account
    title: str
    approvers: Sequence[MemberId]
    findings: Sequence[Finding]


class Corrections:
    """The verbs of corrections, and what the engine reports of them."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Correction:
        """One by id; raises UserError when there is none."""
        found = await self._store.find(Correction, id_)
        if found is None:
            raise UserError("error.no_such_correction")
        return found

    async def of(self, post: str) -> Sequence[Correction]:
        """All of a post, oldest first."""
        return await self._store.listed(Correction, f"corrections:{post}")

    async def page(self, id_: str) -> CorrectionPage:
        """For its card."""
        correction = await self.get(id_)
        post, brand = await self._desk.posts.get(correction.post), await self._desk.brand(correction.brand)
        account = await self._store.get(Account, correction.account)
        team = await self._desk.duty.team()
        return CorrectionPage(
            correction=correction,
            post=post,
            brand=brand,
            account=account,
            title=self._desk.providers[account.network].title,
            approvers=rules.review_of(correction, post, brand, team).asked,
            findings=await answer_findings(
                self._desk, brand, account, correction.text, disclosure=post.current.disclosure
            ),
        )

    async def to_correct(self, delivery_id: str, who: Standing) -> Correcting:
        """A post as it stands on one account, for whoever may change it. Raises UserError for what isn't public, and
        AlreadyDone while another correction of it is on its way."""
        delivery = await self._desk.deliveries.get(delivery_id)
        if not delivery.post:
            raise UserError("error.not_public_now")
        post, brand = await self._desk.posts.get(delivery.post), await self._desk.brand(delivery.brand)
        posts.may_edit(post, who, brand)
        if delivery.state is not State.LIVE or not delivery.ref:
            raise UserError("error.not_public_now")
        if delivery.correcting:
            waits = await self.get(delivery.correcting)
            raise AlreadyDone("error.correction_waits", who=waits.by, at=waits.at)
        provider = self._desk.providers[delivery.network]
        return Correcting(
            delivery=delivery,
            post=post,
            brand=brand,
            account=await self._store.get(Account, delivery.account),
            title=provider.title,
            said=rules.said_by(delivery, post),
            limit=provider.limits.max_length,
            able=Capability.EDIT in provider.capabilities,
            signs=rules.signs_itself(who, delivery.account, brand),
        )

    async def said(self, delivery: Delivery) -> str:
        """What a post's own words are on one account now."""
        return rules.said_by(delivery, await self._desk.posts.get(delivery.post))

    def length(self, page: Correcting, text: str) -> int:
        """How long a text is, as the network counts."""
        return self._desk.providers[page.account.network].length(text)

    async def propose(self, id_: str, delivery: str, before: str, text: str, who: Standing) -> Correction:
        """Other words for a post where it stands. `id_` was made with the form, so that one that comes twice is one;
        `before` is the digest of what it said when the form opened.

        It waits for an approver, unless writing it approves it. Raises FieldErrors for what may not be said there, for
        the same words, and where somebody corrected it meanwhile.
        """

        async def attempt() -> Correction:
            if (known := await self._store.find(Correction, id_)) is not None:
                if known.by != who.id:
                    raise NotAllowed("error.button_old")
                return known
            page = await self.to_correct(delivery, who)
            await self._refuse(page, before, text)
            now = self._desk.now()
            new = Correction(
                id=id_,
                brand=page.brand.id,
                account=page.account.id,
                network=page.account.network,
                post=page.post.id,
                delivery=delivery,
                before=page.said,
                text=text,
                by=who.id,
                at=now,
                correlation=correlation.get(),
            )
            change = self._store.begin()
            self._tell(change, new, who.id, "")
            if page.signs:
                asked = rules.sign(new, page.post, who, page.brand, now)
                await self._ask(change, asked, page.delivery)
                self._tell(change, asked, who.id, ".approve")
                new = asked
            change.put(new)
            change.put(page.delivery.model_copy(update={"correcting": id_}), page.delivery)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _refuse(self, page: Correcting, before: str, text: str) -> None:
        if not page.able:
            raise UserError("error.no_correcting_there", network=page.title)
        if page.account.state is not AccountState.ACTIVE:
            raise UserError("error.account_not_active", account=page.account.name)
        await self._refuse_silenced(page.brand)
        if not text.strip():
            raise FieldErrors({"text": UserError("error.field_required")})
        revision = page.post.revision(page.delivery.revision)
        await refuse_unfit(self._desk, page.brand, page.account, text, post=revision)
        if errands.digest(page.said) != before:
            raise FieldErrors({"text": UserError("error.edited_meanwhile")})
        if text == page.said:
            raise FieldErrors({"text": UserError("error.edit_same")})

    async def _refuse_silenced(self, brand: Brand) -> None:
        stop = await self._desk.stopped(brand.id)
        if stop is not None and stop.reach == "silence":
            raise UserError("error.brand_silenced")

    async def approve(self, id_: str, who: Standing) -> Correction:
        """One more signature; with the last one it goes out. Raises AlreadyDone when it was decided, NotAllowed for
        those who wrote it where another has to look, UserError when the post is no longer there."""

        async def attempt() -> Correction:
            old = await self.get(id_)
            post, brand = await self._desk.posts.get(old.post), await self._desk.brand(old.brand)
            new = rules.sign(old, post, who, brand, self._desk.now(), await self._desk.duty.team())
            delivery = await self._desk.deliveries.get(old.delivery)
            account = await self._store.get(Account, old.account)
            if delivery.state is not State.LIVE:
                raise UserError("error.not_public_now")
            if account.state is not AccountState.ACTIVE:
                raise UserError("error.account_not_active", account=account.name)
            await self._refuse_silenced(brand)
            await refuse_unfit(self._desk, brand, account, old.text, post=post.revision(delivery.revision))
            change = self._store.begin()
            if new.state is rules.CorrectionState.ASKED:
                await self._ask(change, new, delivery)
            change.put(new, old)
            self._tell(change, new, who.id, ".approve")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def drop(self, id_: str, who: Standing) -> Correction:
        """The post stays as it is: whoever wrote the correction takes it back, or an approver says no."""

        async def attempt() -> Correction:
            old = await self.get(id_)
            rules.may_drop(old, who, await self._desk.brand(old.brand))
            state, now = old.step(Step.DROP), self._desk.now()
            new = old.model_copy(update={"state": state, "settled_by": who.id, "settled_at": now, "ended_at": now})
            change = self._store.begin()
            change.put(new, old)
            self._tell(change, new, who.id, ".drop")
            await self._free(change, new)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def write(self, delivery_id: str, text: str, who: Standing) -> Post:
        """A draft of one's own that puts right, or apologises for, what a post said: a post of its own on that account,
        which begins with `text` and goes to review as any. While it is still a draft it is that one again."""
        delivery = await self._desk.deliveries.get(delivery_id)
        brand = await self._desk.brand(delivery.brand)
        who.require(brand, Role.AUTHOR, Role.TRAINEE)
        if not delivery.post:
            raise UserError("error.not_public_now")
        for number in count():
            new = "e" + hashlib.sha256(f"{delivery_id} {who.id} {number}".encode()).hexdigest()[:19]
            known = await self._store.find(Post, new)
            if known is not None and known.status is PostStatus.DRAFT:
                return known
            if known is None:
                break
        account = await self._store.find(Account, delivery.account)
        here = (account.id,) if account is not None and account.brand == brand.id else ()
        channel = (await self._desk.posts.get(delivery.post)).channel
        return await self._desk.posts.save(new, Content(brand=brand.id, text=text, accounts=here, channel=channel), who)

    # --- what the engine reports

    async def ended(self, change: Transaction, errand: Errand) -> None:
        """Part of a change: what the network said to it. Only then the post is known to say something else."""
        old = await self.get(errand.correction)
        if old.state is not rules.CorrectionState.ASKED:
            return
        new = rules.ended(old, errand.state, errand.problem, self._desk.now())
        change.put(new, old)
        done = errand.state is errands.ErrandState.DONE
        self._tell(change, new, "engine", ".done" if done else ".refused", detail=errand.detail)
        await self._free(change, new, **({"corrected": new.text} if done else {}))

    async def _free(self, change: Transaction, correction: Correction, **more: str) -> None:
        delivery = await self._desk.deliveries.get(correction.delivery)
        change.put(delivery.model_copy(update={"correcting": "", **more}), delivery)

    async def _ask(self, change: Transaction, correction: Correction, delivery: Delivery) -> None:
        """The errand, which the engine does once."""
        id_ = errands.id_of(delivery.account, delivery.ref, Facet.EDIT)
        old, now = await self._store.find(Errand, id_), self._desk.now()
        errand = Errand(
            id=id_,
            version=old.version if old else 0,
            facet=Facet.EDIT,
            brand=correction.brand,
            account=correction.account,
            network=correction.network,
            post=correction.post,
            correction=correction.id,
            ref=delivery.ref,
            text=correction.text,
            before=correction.before,
            delivery=delivery.id,
            by=correction.settled_by,
            at=now,
            attention=now,
            correlation=correlation.get(),
        )
        change.put(errand, old)

    def _tell(self, change: Transaction, new: Correction, who: MemberId, suffix: str, *, detail: str = "") -> None:
        """The post's cards are drawn anew, and the record says what it said and what it says."""
        change.emit(PostChanged(post=new.post, act="corrected", by=who, correlation=new.correlation))
        about = {"brand": new.brand, "subject": new.post, "detail": detail, "delivery": new.delivery}
        entry = self._desk.entry(who, f"post.correct{suffix}", **about)
        evidence = {"before": new.before, "after": new.text, "correction": new.id}
        change.audit(entry.model_copy(update={"evidence": evidence}))
