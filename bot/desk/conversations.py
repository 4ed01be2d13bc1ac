"""The inbox: claim, answer in public, close, reopen."""

from typing import TYPE_CHECKING

from bot.desk.checking import refuse_unfit
from bot.domain import conversing as rules
from bot.domain.brands import Account, Role, Standing
from bot.domain.conversations import BY_HAND, ClosedAs, Conversation, ConversationStatus
from bot.domain.courtesy import ask, undo
from bot.domain.deliveries import UNDO, Delivery, Reply, State
from bot.domain.events import ConversationChanged
from bot.domain.promises import with_targets
from bot.domain.records import MemberId
from bot.domain.signing import signed
from bot.errors import NotAllowed, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Conversations:
    """The verbs of the inbox."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Conversation:
        """A conversation by id; raises UserError when there is none."""
        conversation = await self._store.find(Conversation, id_)
        if conversation is None:
            raise UserError("error.no_such_conversation")
        return conversation

    async def replies(self, conversation: str) -> list[Delivery]:
        """Our public answers in a conversation, oldest first."""
        return await self._store.listed(Delivery, f"deliveries:{conversation}")

    async def _change(self, id_: str, who: Standing, act: str, reason: ClosedAs | None = None) -> Conversation:
        async def attempt() -> Conversation:
            old = await self.get(id_)
            who.require(await self._desk.brand(old.brand), Role.MODERATOR)
            now = self._desk.now()
            if reason is not None:
                new = rules.close(old, who.id, now, reason)
            elif act == "claim":
                new = rules.claim(old, who.id, now)
            elif act == "release":
                new = rules.release(old, now)
            else:
                new = rules.reopen(old, who.id, now)
            change = self._store.begin()
            await self.put(change, new, old, who.id, act)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def put(
        self, change: Transaction, new: Conversation, old: Conversation, who: str, act: str, detail: str = ""
    ) -> None:
        """Part of a change: the conversation with its targets as they are now, its event and its line in the record."""
        brand = await self._desk.brand(new.brand)
        change.put(with_targets(new, brand.hours, brand.clock), old)
        at = round(self._desk.now().timestamp() * 1000)
        change.emit(ConversationChanged(conversation=new.id, act=act, by=who, at=at, correlation=correlation.get()))
        detail = detail or (new.closed_as.value if new.closed_as else "")
        change.audit(self._desk.entry(who, f"conversation.{act}", brand=new.brand, subject=new.id, detail=detail))

    async def claim(self, id_: str, who: Standing) -> Conversation:
        """Take it."""
        return await self._change(id_, who, "claim")

    async def release(self, id_: str, who: Standing) -> Conversation:
        """Give it back."""
        return await self._change(id_, who, "release")

    async def close(self, id_: str, who: Standing, reason: ClosedAs) -> Conversation:
        """Done, with a reason that a person may choose."""
        if reason not in BY_HAND:
            raise NotAllowed("error.two_people")
        return await self._change(id_, who, "close", reason)

    async def reopen(self, id_: str, who: Standing) -> Conversation:
        """Open it again."""
        return await self._change(id_, who, "reopen")

    async def reply(
        self, id_: str, reply_id: str, text: str, who: Standing, *, shown: str | None = None, asks: bool = False
    ) -> Delivery:
        """Answer in public, or a private message in private: claims the conversation and plans the reply, which waits
        for *Undo* first.

        `asks`: it is the question whether we may use what they showed; raises AlreadyDone for a second one.

        `reply_id` was made when the form was opened, so that a form that arrives twice is one reply. `shown` is the
        signature that they saw; None where nothing was shown. Raises FieldErrors for what the network would refuse, and
        where it would be signed otherwise by now.
        """

        async def attempt() -> Delivery:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            who.require(brand, Role.MODERATOR)
            known = await self._store.find(Delivery, reply_id)
            if known is not None:
                if known.reply is None or known.reply.conversation != id_:
                    raise NotAllowed("error.button_old")
                return known
            if not old.latest.there:
                raise UserError("error.comment_gone")
            sign = await self._desk.answers.shown(brand, who.id, shown)
            said = Reply(conversation=id_, text=text, signature=sign, answers=old.latest.ref, root=old.root, by=who.id)
            about = {"use": ask(old.use, old.latest.ref, reply_id, who.id, self._desk.now())} if asks else {}
            change = self._store.begin()
            act = "ask_use" if asks else "answer"
            delivery = await self.planned(change, reply_id, said, old, who.id, act=act, **about)
            await change.commit()
            return delivery

        return await self._desk.again(attempt)

    async def planned(
        self,
        change: Transaction,
        reply_id: str,
        said: Reply,
        old: Conversation,
        by: MemberId,
        *,
        act: str = "answer",
        **about: object,
    ) -> Delivery:
        """Part of a change: an answer that `by` lets out, whose `text` is still without its signature; to a private
        message it is private. It waits for *Undo* first. `about` are further values of the conversation. Raises
        FieldErrors for what may not be said, and UserError where everything is silenced, or it is too late."""
        brand = await self._desk.brand(old.brand)
        account = await self._store.get(Account, old.account)
        self._desk.private.refuse_late(old)
        await refuse_unfit(self._desk, brand, account, said.text, sign=said.signature, private=old.private)
        stop = await self._desk.stopped(brand.id)
        if stop is not None and stop.reach == "silence":
            raise UserError("error.brand_silenced")
        now, to = self._desk.now(), {"to": old.person.id if old.private else ""}
        delivery = Delivery(
            id=reply_id,
            brand=old.brand,
            account=account.id,
            network=account.network,
            generation=account.generation,
            reply=said.model_copy(update=to | {"text": signed(said.text, said.signature)}),
            due=now + UNDO,
            attention=now + UNDO,
            created_at=now,
            approved_by=by,
            during_stop=stop is not None,
            correlation=correlation.get(),
        )
        change.put(delivery)
        await self.put(change, rules.answer(old, by, now).model_copy(update=about), old, by, act)
        return delivery

    # --- what a reply's fate does to its conversation; part of the delivery's own change

    async def reply_settled(self, change: Transaction, delivery: Delivery) -> None:
        """Live: known as ours, and closed as answered unless the brand keeps it open. Refused: stays open."""
        if delivery.reply is None:
            return
        old = await self.get(delivery.reply.conversation)
        if delivery.state is not State.LIVE:
            return
        if delivery.ref:
            account = await self._store.get(Account, delivery.account)
            change.do("SET", self._desk.receiving.name(account, delivery.ref), old.id)
        brand = await self._desk.brand(old.brand)
        new = rules.answered(old, delivery.reply.answers)
        open_ = old.status is not ConversationStatus.CLOSED
        if brand.policies.close_on_answer and open_ and old.latest.ref == delivery.reply.answers:
            by = delivery.approved_by or delivery.reply.by
            closed = rules.close(new, by, self._desk.now(), ClosedAs.ANSWERED)
            await self.put(change, closed, old, by, "close")
        else:
            change.put(with_targets(new, brand.hours, brand.clock), old)

    async def reply_withdrawn(self, change: Transaction, delivery: Delivery, who: Standing) -> None:
        """*Undo*: the answer never went out; the conversation stays with whoever wrote it."""
        if delivery.reply is None:
            return
        talk = await self.get(delivery.reply.conversation)
        if (use := undo(talk.use, delivery.id)) != talk.use:
            change.put(talk.model_copy(update={"use": use}), talk)
        change.emit(
            ConversationChanged(
                conversation=delivery.reply.conversation, act="undo", by=who.id, correlation=correlation.get()
            )
        )
