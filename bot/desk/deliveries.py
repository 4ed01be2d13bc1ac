"""What happens to a delivery: the engine reports facts, people decide what only they can know."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import threads
from bot.domain.brands import WRITING, Account, AccountState, Brand, Role, Standing
from bot.domain.checks.statements import SHOWN
from bot.domain.deliveries import LEASE, LIFE, Delivery, State, Step
from bot.domain.events import DeliveryChanged
from bot.domain.posts import Post
from bot.domain.reviewing import Via
from bot.errors import UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

ENGINE = "engine"


class Deliveries:
    """The verbs of publishing that are decided outside the network."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Delivery:
        """A delivery by id; raises UserError when there is none."""
        delivery = await self._store.find(Delivery, id_)
        if delivery is None:
            raise UserError("error.no_such_delivery")
        return delivery

    async def post_at(self, account: str, ref: str) -> Post | None:
        """Our post that the network knows by `ref` on an account, None when it is none of ours."""
        found = await self._store.client.get(self._store.key("out", account, ref)) if ref else None
        return await self._store.find(Post, str(found)) if found else None

    def record(
        self,
        change: Transaction,
        new: Delivery,
        old: Delivery,
        *,
        who: str = ENGINE,
        act: str,
        detail: str = "",
    ) -> None:
        """Put a moved delivery into a change, with its event and its line in the record."""
        change.put(new, old)
        for ref in dict.fromkeys((new.ref, *new.refs)):
            if not ref or ref in {old.ref, *old.refs}:
                continue
            change.do("SET", self._store.key("sent", new.account, ref), new.id)  # answers too: it is ours
            if new.post:
                change.do("SET", self._store.key("out", new.account, ref), new.post)
        conversation = new.reply.conversation if new.reply else ""
        change.emit(
            DeliveryChanged(
                delivery=new.id,
                state=new.state,
                post=new.post,
                conversation=conversation,
                correlation=new.correlation or correlation.get(),
            )
        )
        why = ": ".join(filter(None, (new.trouble.kind, new.trouble.detail))) if new.trouble else ""
        detail = detail or why or new.ref or new.url
        if len(new.refs) > len(old.refs):
            detail = f"{old.part} {new.refs[-1]}".strip()
        about = {"brand": new.brand, "subject": new.post or conversation, "revision": new.hash, "detail": detail}
        change.audit(self._desk.entry(who, f"delivery.{act}", delivery=new.id, **about))

    async def settle(
        self, id_: str, change_of: Callable[[Delivery], Delivery], act: str, *, known: Delivery | None = None
    ) -> Delivery:
        """Commit what the engine found out, deciding again from the newest record when somebody came between.

        `change_of` returns the same delivery to say that there is nothing to do. `known`: the record as it was loaded
        or stored last, which spares a look at it where nobody came between.
        """

        async def attempt() -> Delivery:
            nonlocal known
            loaded, known = known, None
            old = loaded or await self.get(id_)
            new = change_of(old)
            if new is old and loaded is not None:  # only the newest record says that there is nothing to do
                old = await self.get(id_)
                new = change_of(old)
            if new is not old:
                change = self._store.begin()
                self.record(change, new, old, act=act)
                if new.reply and new.state in {State.LIVE, State.REFUSED}:
                    await self._desk.conversations.reply_settled(change, new)
                await change.commit()
            return new

        return await self._desk.again(attempt)

    async def live(self, id_: str, ref: str, url: str, *, known: Delivery | None = None) -> Delivery:
        """A fact, accepted from any fence, the first wins: the network has it, of a thread the last segment. `known` as
        in `settle`."""

        def fact(old: Delivery) -> Delivery:
            if (old.state, Step.LIVE) not in LIFE or len(old.refs) != old.segments - 1:
                return old
            first, refs = (old.ref or ref, old.url or url), (*old.refs, ref)
            now = self._desk.now()
            return old.move(Step.LIVE, ref=first[0], url=first[1], refs=refs, trouble=None, settled_at=now)

        return await self.settle(id_, fact, Step.LIVE.value, known=known)

    async def segment_out(
        self, id_: str, number: int, ref: str, url: str, *, fence: int, lease: timedelta = LEASE
    ) -> Delivery:
        """A fact like `live`: segment `number` of a thread, from 0, is out, and more are to follow. The first wins, and
        only the one that is next counts. `fence` is that of whoever found out; if they still hold it, they go on."""

        def fact(old: Delivery) -> Delivery:
            if (old.state, Step.SEGMENT) not in LIFE or len(old.refs) != number:
                return old
            return threads.segment_out(old, ref, url, self._desk.now(), fence=fence, lease=lease)

        return await self.settle(id_, fact, Step.SEGMENT.value)

    # --- what people decide

    async def confirm_live(self, id_: str, who: Standing, *, asked: int | None = None) -> Delivery:
        """*It's live*: a person saw it on the account, of a thread all the rest too. `asked` as in `send_again`."""

        def step(old: Delivery) -> Delivery:
            _same_question(old, asked)
            if old.state not in {State.UNKNOWN, State.LEFT}:
                old.step(Step.LEAVE)  # nobody is asked any more: say what became of it
            return old.move(Step.LIVE, settled_by=who.id, settled_at=self._desk.now())

        return await self._by_person(id_, who, "confirm_live", step)

    async def leave(self, id_: str, who: Standing, *, asked: int | None = None) -> Delivery:
        """*Leave it*: nobody looks any more, and nothing more of a thread goes out. `asked` as in `send_again`."""

        def step(old: Delivery) -> Delivery:
            _same_question(old, asked)
            return old.move(Step.LEAVE, settled_by=who.id, settled_at=self._desk.now())

        return await self._by_person(id_, who, "leave", step)

    async def send_again(
        self, id_: str, who: Standing, *, due: datetime | None = None, asked: int | None = None
    ) -> Delivery:
        """*Send again*, *Retry here*, *Send now*, *Keep*: plan it once more, for now unless its time is still to come.

        Only that account's delivery moves. Refused while the account is dead, so that nothing is promised in vain.
        A thread goes on with the first segment that isn't known to be out. `asked` is the question that the person
        saw: an answer to an older one never sends anything.
        """

        async def attempt() -> Delivery:
            old = await self.get(id_)
            await self.permit(old, who)
            _same_question(old, asked)
            account = await self._store.get(Account, old.account)
            if account.state is not AccountState.ACTIVE:
                raise UserError("error.account_dead", account=account.name)
            if await self._desk.stopped(old.brand) and old.reply is None:
                raise UserError("error.brand_stopped")
            await self._desk.custody.require()
            now = self._desk.now()
            when = max(due or old.due, now)
            new = old.move(
                Step.RESUME,
                attention=when,
                due=when,
                generation=account.generation,
                trouble=None,
                finds=0,
                refusals=0,
                settled_by="",
                settled_at=None,
            )
            change = self._store.begin()
            if old.post:
                post = await self._store.get(Post, old.post)
                if post.approved != old.hash:
                    raise UserError("error.approval_gone")
                if fact := await self._desk.facts.fell(post, await self._desk.brand(old.brand), old):
                    status = f"fact_status.{fact.standing(now)}"
                    raise UserError("error.fact_fell", statement=fact.statement[:SHOWN], status=status)
                change.unchanged(post)
            self.record(change, new, old, who=who.id, act="unpause" if old.paused else "send_again")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def withdraw(self, id_: str, who: Standing) -> Delivery:
        """*Withdraw*: this account's delivery, or the rest of a thread, will not go out; for a reply, *Undo*."""

        async def attempt() -> Delivery:
            old = await self.get(id_)
            await self.permit(old, who, takes_back=True)
            new = old.move(Step.WITHDRAW, settled_by=who.id, settled_at=self._desk.now())
            change = self._store.begin()
            self.record(change, new, old, who=who.id, act="withdraw")
            if old.reply:
                await self._desk.conversations.reply_withdrawn(change, old, who)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _by_person(self, id_: str, who: Standing, act: str, step: Callable[[Delivery], Delivery]) -> Delivery:
        async def attempt() -> Delivery:
            old = await self.get(id_)
            await self.permit(old, who)
            new = step(old)
            change = self._store.begin()
            self.record(change, new, old, who=who.id, act=act)
            if new.reply and new.state is State.LIVE:
                await self._desk.conversations.reply_settled(change, new)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def permit(self, delivery: Delivery, who: Standing, *, takes_back: bool = False) -> None:
        """Raise NotAllowed unless somebody may decide what becomes of it: of a post, its author or an approver; of an
        answer, whoever moderates or let it out, and its writer where it is taken back; while it waits for *Undo*,
        everybody in the team who writes."""
        brand: Brand = await self._desk.brand(delivery.brand)
        if delivery.reply:
            if takes_back and delivery.can_be_undone and brand.roles_of(who) & WRITING:
                return
            theirs = {delivery.approved_by: Role.APPROVER} | ({delivery.reply.by: Role.TRAINEE} if takes_back else {})
            who.require(brand, Role.MODERATOR, *([theirs[who.id]] if who.id in theirs else []))
            return
        post = await self._store.get(Post, delivery.post)
        if post.author != who.id:
            who.require(brand, Role.APPROVER, Role.ADMIN)
        else:
            who.require(brand, Role.AUTHOR, Role.APPROVER, Role.TRAINEE, Role.ADMIN)


def _same_question(delivery: Delivery, asked: int | None) -> None:
    if asked is not None and asked != delivery.asked:
        raise UserError("error.delivery_moved_on", status=f"delivery_status.{delivery.state}")


def planned(
    post: Post, account: Account, brand: Brand, who: Standing, now: datetime, despite: tuple[str, ...] = ()
) -> Delivery:
    """A post's delivery on one account, at its time, or now where that is over; approved by `who`, in spite of the
    stops `despite`. Where that is nobody of the team, it is whoever of it signed last who hears what becomes of it."""
    due = max(post.due or now, now)
    ours = [each.by for each in post.signatures if each.via in {Via.PRESSED, Via.RECORDED}]
    return Delivery(
        id=f"{post.id}-{post.current.number}-{len(post.decisions)}-{account.id}",
        brand=post.brand,
        account=account.id,
        network=account.network,
        generation=account.generation,
        post=post.id,
        revision=post.current.number,
        hash=post.current.hash,
        segments=len(post.current.texts(account.id)),
        due=due,
        attention=due,
        late_minutes=brand.policies.late_minutes,
        created_at=now,
        approved_by=who.id if who.within else next(reversed(ours), ""),
        despite=despite,
        correlation=correlation.get(),
    )
