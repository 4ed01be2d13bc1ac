"""Drafting and review: save, submit, approve, send back, reject, withdraw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from bot.desk.checking import findings
from bot.desk.deliveries import planned
from bot.domain import checks, posts, variants
from bot.domain.brands import Account, Brand, Role, Standing, Stop
from bot.domain.checks import Finding
from bot.domain.deliveries import Delivery, State, Step
from bot.domain.events import DeliveryChanged, PostChanged
from bot.domain.people import Relationship
from bot.domain.posts import Act, Concern, Kind, Picture, Post, PostStatus, Revision
from bot.domain.records import Value
from bot.domain.reviewing import Via
from bot.domain.threads import Texts
from bot.errors import AlreadyDone, Conflict, FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.network import Capability
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk


TYPING = 7 * 24 * 3600
"""Seconds that the order of a draft's changes is remembered; a payload arrives within hours."""


class Content(Value):
    """What the form holds: exactly as typed. `due` None is now; `channel` is where the form was opened.
    queued: the next free slot is wanted, whatever `due` says.

    Only a draft may lack its brand, while its author hasn't chosen one.
    """

    brand: str
    text: str = ""
    thread: tuple[str, ...] = ()
    own: Mapping[str, Texts] = Field(default_factory=dict)
    comment: str = ""
    accounts: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    kind: Kind | None = None
    disclosure: Relationship = Relationship.NONE
    leans: tuple[str, ...] = ()
    due: datetime | None = None
    queued: bool = False
    channel: str = ""

    @property
    def blank(self) -> bool:
        """Whether nobody put anything into it yet; the brand's usual accounts don't count."""
        chosen = self.kind or self.due or self.leans or self.disclosure is not Relationship.NONE
        return not (self.text or self.thread or self.own or self.comment or self.pictures or chosen)


class Posts:
    """The verbs of drafting and review."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Post:
        """A post by id; raises UserError when there is none."""
        post = await self._store.find(Post, id_)
        if post is None:
            raise UserError("error.no_such_post")
        return post

    async def deliveries(self, post: str) -> list[Delivery]:
        """The deliveries of a post, in the order they were made."""
        return await self._store.listed(Delivery, f"deliveries:{post}")

    async def drafts(self, who: Standing) -> list[Post]:
        """My unfinished drafts, the newest last."""
        return await self._store.listed(Post, f"drafts:{who.id}")

    async def save(self, id_: str, content: Content, who: Standing, *, typed: str = "", form: str = "") -> Post:
        """Keep what was typed; a form in which nothing was is not a draft. A post that was submitted meanwhile is left
        as it is. Raises NotAllowed for somebody else's.

        typed: the moment of a change while typing (seconds, by Slack's clock), empty for saving on purpose; form: the
        open window that it comes from. What was typed before something that is kept already, or in a window that was
        saved on purpose since, changes nothing: changes may arrive in any order.
        """
        order = self._store.key("typing", id_)

        async def attempt() -> Post:
            old = await self._store.find(Post, id_)
            if old is not None and old.author != who.id:
                raise NotAllowed("error.not_your_draft")
            if old is not None and old.status is not PostStatus.DRAFT:
                return old
            if content.brand:
                who.require(await self._desk.brand(content.brand), Role.AUTHOR, Role.TRAINEE)
            elif not await self._desk.brands.mine(who, Role.AUTHOR, Role.TRAINEE):
                raise NotAllowed("error.no_brand")
            new = self._written(old, id_, content, who, Act.SAVE)
            newest, saved = (str(each or "") for each in await self._store.client.hmget(order, ["newest", "saved"]))
            if typed and (float(typed) <= float(newest or "0") or (form and form == saved)):
                return old or new
            change = self._store.begin()
            change.holds(order, "newest", newest)
            change.holds(order, "saved", saved)
            if typed or form:
                change.do("HSET", order, *(("newest", typed) if typed else ("saved", form)))
                change.do("EXPIRE", order, str(TYPING))
            if old is not None or not content.blank:
                change.put(new, old)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def discard(self, id_: str, who: Standing) -> None:
        """Throw a draft away; only its author can."""
        post = await self.get(id_)
        if post.author != who.id or not who.within:
            raise NotAllowed("error.not_your_draft")
        if post.status is not PostStatus.DRAFT:
            raise UserError("error.not_possible_now", status=f"post_status.{post.status}")
        change = self._store.begin()
        change.remove(post)
        change.audit(self._desk.entry(who.id, "post.discard", brand=post.brand, subject=post.id))
        await change.commit()

    async def submit(self, id_: str, content: Content, who: Standing, *, revision: int = 0) -> Post:
        """Send it to review, or change what is in review or approved.

        Raises FieldErrors for blockers. A change voids the approval and withdraws what was planned; once anything of
        it may be public, it can't be changed any more. The same form twice is one revision. `revision` is the one
        that the form began with: what somebody else wrote meanwhile is never written over unseen.
        """

        async def attempt() -> Post:
            old, brand = await self._to_write(id_, content, who)
            accounts = await self._store.find_many(Account, content.accounts)
            queued = await self._in_queue(content, brand, accounts, id_)
            new = self._written(old, id_, queued, who, Act.SUBMIT, accounts)
            if old is not None and new == old:
                return old
            if old is not None and revision and old.current.number > revision:
                raise FieldErrors({"text": AlreadyDone("error.already_edited", who=old.current.by, at=old.current.at)})
            await self._refuse_blockers(new, brand, content.channel)
            new = await self._claiming(new, brand, queued=content.queued)
            change = self._store.begin()
            change.put(new, old)
            self._desk.slots.hold(change, new, old)
            if old is not None and old.status is PostStatus.APPROVED:
                await self.withdraw_planned(change, old, who)
            change.emit(PostChanged(post=id_, act="submit", by=who.id, correlation=correlation.get()))
            self.record(change, new, who, "post.submit")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def unsent(self, id_: str, content: Content, who: Standing) -> tuple[Post, Brand]:
        """What submitting it now would make, and of which brand; nothing is kept. Raises what submitting raises, but
        for blockers and for want of a slot."""
        old, brand = await self._to_write(id_, content, who)
        accounts = await self._store.find_many(Account, content.accounts)
        due = await self._desk.slots.next_free(brand, accounts, id_) if content.queued else content.due
        return self._written(old, id_, content.model_copy(update={"due": due}), who, Act.SUBMIT, accounts), brand

    async def _to_write(self, id_: str, content: Content, who: Standing) -> tuple[Post | None, Brand]:
        """The post as it is, None while it is new, and its brand, for somebody who may write it."""
        old = await self._store.find(Post, id_)
        brand = await self._desk.brand(content.brand)
        if old is None:
            who.require(brand, Role.AUTHOR, Role.TRAINEE)
        else:
            posts.may_edit(old, who, brand)
            if old.status is not PostStatus.DRAFT and old.brand != brand.id:
                raise FieldErrors({"brand": UserError("error.brand_fixed")})
        return old, brand

    async def _in_queue(self, content: Content, brand: Brand, accounts: Sequence[Account], id_: str) -> Content:
        """With the next free slot as its time, where that is wanted. Raises FieldErrors where there is none."""
        if not content.queued:
            return content
        due = await self._desk.slots.next_free(brand, accounts, id_)
        if due is None and accounts:
            raise FieldErrors({"when": UserError("slots.none_free")})
        return content.model_copy(update={"due": due})

    async def _claiming(self, post: Post, brand: Brand, *, queued: bool) -> Post:
        """With its slots. Raises Conflict where somebody took the free one meanwhile: then there is another."""
        try:
            return await self._desk.slots.claiming(post, brand, "at")
        except FieldErrors as error:
            if queued:
                raise Conflict("slot") from error
            raise

    def _written(
        self, old: Post | None, id_: str, content: Content, who: Standing, act: Act, accounts: Sequence[Account] = ()
    ) -> Post:
        """With what is typed; and, once it is submitted, what of it goes out on each of its accounts."""
        now = self._desk.now()
        known = {p.file: p for p in old.current.pictures} if old else {}
        kept = tuple(
            known[p.file].model_copy(update={"alt": p.alt}) if p.file in known else p for p in content.pictures
        )
        revision = Revision(
            number=1,
            text=content.text,
            thread=content.thread,
            own=content.own,
            comment=content.comment,
            pictures=kept,
            accounts=content.accounts,
            kind=content.kind,
            disclosure=content.disclosure,
            leans=content.leans,
            by=who.id,
            at=now,
        )
        if act is Act.SUBMIT:
            revision = revision.model_copy(update={"adapted": self.adapted(revision, accounts)})
        if old is None:
            fresh = Post(
                id=id_,
                brand=content.brand,
                author=who.id,
                revisions=(revision,),
                due=content.due,
                queued=content.queued,
                created_at=now,
                changed_at=now,
                channel=content.channel,
                correlation=correlation.get(),
            )
            return posts.write(fresh, revision, act, due=content.due)
        if old.status is PostStatus.DRAFT:
            old = old.model_copy(update={"brand": content.brand, "queued": content.queued})
        return posts.write(old, revision, act, due=content.due)

    def adapted(self, revision: Revision, accounts: Sequence[Account]) -> dict[str, Texts]:
        """What goes out on these accounts where that isn't the revision's own text."""
        can = {account.id: self._desk.providers[account.network].capabilities for account in accounts}
        threaded = {id_: Capability.THREAD in each for id_, each in can.items()}
        commented = {id_: Capability.FIRST_COMMENT in each for id_, each in can.items()}
        return variants.adapted(revision, threaded, commented)

    async def _refuse_blockers(self, post: Post, brand: Brand, channel: str) -> None:
        found = await self.findings(post, brand, channel=channel, approving=False)
        wrong = {f.field: UserError(f.key, **f.args) for f in reversed(found) if f.blocks}
        if wrong:
            raise FieldErrors(wrong)

    async def findings(
        self, post: Post, brand: Brand, *, channel: str = "", approving: bool = True
    ) -> Sequence[Finding]:
        """What the checks say about the current revision, blockers first."""
        return await findings(self._desk, post, brand, channel=channel, approving=approving)

    async def approve(
        self,
        id_: str,
        who: Standing,
        *,
        revision: int,
        seen: datetime | None = None,
        content: str = "",
        despite: str = "",
        via: Via = Via.PRESSED,
    ) -> Post:
        """Sign one revision for the open stage; with the last one, plan a delivery for each of its accounts.

        `seen` is when the post that the person looked at was changed last: a time that moved since isn't approved.
        `content` is the hash of what they read, where they read that of many.
        `despite` is the note of the stop that they saw: a statement goes out in spite of it, unless it silences all.
        """

        async def attempt() -> Post:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            found = await self.findings(old, brand)
            now, team = self._desk.now(), await self._desk.duty.team()
            blocked = checks.blocked(found)
            new = posts.approve(old, who, brand, revision, now, blocked=blocked, via=via, team=team)
            if (seen is not None and seen != old.changed_at) or (content and content != old.current.hash):
                raise UserError("error.newer_revision")
            change = self._store.begin()
            change.put(new, old)
            await self.plan(change, new, brand, who, despite)
            change.emit(PostChanged(post=id_, act="approve", by=who.id, correlation=correlation.get()))
            now_signed = posts.review_of(new, brand, team)
            stage = "" if now_signed.simple else f"stages complete: {now_signed.done} of {len(now_signed.stages)}"
            how = "" if via is Via.PRESSED else f"via {via}"
            self.record(change, new, who, "post.approve", detail=", ".join(filter(None, (stage, how))))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def plan(self, change: Transaction, post: Post, brand: Brand, who: Standing, despite: str = "") -> None:
        """In a change: a delivery for each account of what was approved with it; nothing while a stage is missing."""
        if post.status is not PostStatus.APPROVED:
            return
        accounts = await self._store.find_many(Account, post.current.accounts)
        stops = await self._store.find_many(Stop, [brand.id, "all"]) if despite else []
        stops = stops if despite in {stop.note for stop in stops} else []
        for stop in stops:
            change.unchanged(stop)
        notes = tuple(stop.note for stop in stops)
        for account in accounts:
            change.put(planned(post, account, brand, who, self._desk.now(), notes))

    async def request_changes(
        self,
        id_: str,
        who: Standing,
        *,
        revision: int,
        reason: str,
        via: Via = Via.PRESSED,
        concern: Concern | None = None,
    ) -> Post:
        """Send it back to the author with a reason, and what it is about."""
        return await self._decide(id_, who, Act.REQUEST_CHANGES, revision, reason, via, concern)

    async def reject(self, id_: str, who: Standing, *, revision: int, reason: str, via: Via = Via.PRESSED) -> Post:
        """Say no for good, with a reason."""
        return await self._decide(id_, who, Act.REJECT, revision, reason, via)

    async def _decide(
        self,
        id_: str,
        who: Standing,
        act: Act,
        revision: int,
        reason: str,
        via: Via,
        concern: Concern | None = None,
    ) -> Post:
        async def attempt() -> Post:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            now = self._desk.now()
            if act is Act.REJECT:
                new = posts.reject(old, who, brand, revision, now, reason, via=via)
            else:
                new = posts.request_changes(old, who, brand, revision, now, reason, via=via, concern=concern)
            if not reason.strip():
                raise FieldErrors({"reason": UserError("error.reason_missing")})
            change = self._store.begin()
            change.put(new, old)
            self._desk.slots.hold(change, new, old)
            change.emit(PostChanged(post=id_, act=act.value, by=who.id, correlation=correlation.get()))
            self.record(change, new, who, f"post.{act}", detail=f"{concern}: {reason}" if concern else reason)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def withdraw(self, id_: str, who: Standing) -> Post:
        """Take it back; only while nothing of it can be public."""

        async def attempt() -> Post:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            new = posts.withdraw(old, who, brand, self._desk.now())
            change = self._store.begin()
            change.put(new, old)
            self._desk.slots.hold(change, new, old)
            await self.withdraw_planned(change, old, who)
            change.emit(PostChanged(post=id_, act="withdraw", by=who.id, correlation=correlation.get()))
            self.record(change, new, who, "post.withdraw")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def withdraw_planned(self, change: Transaction, post: Post, who: Standing) -> None:
        """In a change: nothing that was planned of a post goes out. Raises UserError once any of it may be public."""
        for delivery in await self.deliveries(post.id):
            if delivery.may_be_public:
                raise UserError("error.already_out")
            if delivery.state is State.WITHDRAWN:
                continue
            now = self._desk.now()
            gone = delivery.move(Step.WITHDRAW, settled_by=who.id, settled_at=now)
            change.put(gone, delivery)
            change.emit(
                DeliveryChanged(delivery=delivery.id, state=gone.state, post=post.id, correlation=correlation.get())
            )

    async def measured(self, id_: str, number: int, pictures: tuple[Picture, ...]) -> Post:
        """The pictures of a revision were fetched: their facts join the post, and the card can be approved."""

        async def attempt() -> Post:
            old = await self.get(id_)
            new = posts.measured(old, number, pictures)
            if new is not old:
                change = self._store.begin()
                change.put(new, old)
                change.emit(PostChanged(post=id_, act="measured", correlation=old.correlation))
                await change.commit()
            return new

        return await self._desk.again(attempt)

    def record(self, change: Transaction, post: Post, who: Standing, act: str, detail: str = "") -> None:
        """In a change: a line for the record."""
        about = {"brand": post.brand, "subject": post.id, "revision": post.current.hash, "detail": detail}
        change.audit(self._desk.entry(who.id, act, **about))
