"""The inbox: receive what people say, once each; claim, answer in public, close, reopen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain import conversations as rules
from bot.domain.brands import Account, Role, Standing
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus, Outsider, Words
from bot.domain.deliveries import UNDO, Delivery, Reply, State
from bot.domain.events import ConversationChanged
from bot.domain.records import Record
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.network import Item, MediaFacts, Page
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

CHUNK = 50
"""Items stored in one script; the cursor moves with the last of a page, so a crash repeats and never skips."""


class Cursor(Record):
    """How far an account was read; `text` is the connector's own. `id` is the account's."""

    KIND = "cursor"

    text: str


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

    async def cursor(self, account: str) -> Cursor | None:
        """How far the account was read, None before the first time."""
        return await self._store.find(Cursor, account)

    # --- from outside

    async def receive(self, account: Account, page: Page, before: Cursor | None) -> int:
        """Store what is new of a page, in order, once each, and the cursor with it; answers how many were new.

        An empty cursor is no news, the good one stays. Raises Conflict when somebody else moved it: fetch again.
        """
        fresh = [item for item in page.items if not item.own]
        new = 0
        for start in range(0, len(fresh), CHUNK):
            new += await self._receive_some(account, fresh[start : start + CHUNK])
        if page.cursor and (before is None or before.text != page.cursor):
            change = self._store.begin()
            cursor = before or Cursor(id=account.id, text="")
            change.put(cursor.model_copy(update={"text": page.cursor}), before)
            await change.commit()
        return new

    async def _receive_some(self, account: Account, items: Sequence[Item]) -> int:
        async def attempt() -> int:
            change = self._store.begin()
            pending: dict[str, tuple[Conversation, Conversation | None]] = {}
            names: dict[str, str] = {}
            for item in items:
                name = self._name(account, item.ref.id)
                if item.ref.id in names or await self._store.client.exists(name):
                    continue
                old, base = await self._place(account, item, names, pending)
                now = self._desk.now()
                words = Words(
                    ref=item.ref.id,
                    kind=item.kind.value,
                    text=item.text,
                    at=item.at,
                    url=item.ref.url or "",
                    media=tuple(item.media),
                )
                new = rules.hear(base, words, now) if base else self._opened(account, item, words)
                pending[new.id] = (new, old)
                names[item.ref.id] = new.id
                change.unique("item", account.id, item.ref.id, value=new.id)
            for new, old in pending.values():
                change.put(new, old)
                act = "heard" if old else "new"
                change.emit(ConversationChanged(conversation=new.id, act=act, correlation=new.correlation))
            if names:
                await change.commit()
            return len(names)

        return await self._desk.again(attempt)

    def _name(self, account: Account, ref: str) -> str:
        return self._store.key("item", account.id, ref)

    async def _place(
        self,
        account: Account,
        item: Item,
        names: dict[str, str],
        pending: dict[str, tuple[Conversation, Conversation | None]],
    ) -> tuple[Conversation | None, Conversation | None]:
        """The conversation that an item goes on with (as stored, as it is now), or neither for a new one."""
        if item.parent is None:
            return None, None
        known = names.get(item.parent.id) or await self._store.client.get(self._name(account, item.parent.id))
        if not known:
            return None, None
        new, old = pending.get(str(known), (None, None))
        if new is None:
            new = old = await self._store.find(Conversation, str(known))
        if new is None or new.person.id != item.author.id:
            return None, None
        return old, new

    def _opened(self, account: Account, item: Item, words: Words) -> Conversation:
        now = self._desk.now()
        return Conversation(
            id=self._desk.new_id(),
            brand=account.brand,
            account=account.id,
            network=account.network,
            person=Outsider(
                id=item.author.id,
                handle=item.author.handle,
                name=item.author.name,
                picture=item.author.picture,
                followers=item.author.followers,
            ),
            heard=(words,),
            root=item.root.id if item.root else "",
            root_url=(item.root.url or "") if item.root else "",
            changed_at=now,
            created_at=now,
            correlation=self._desk.new_id(),
        )

    # --- from inside

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
            self._put(change, new, old, who.id, act)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    def _put(self, change: Transaction, new: Conversation, old: Conversation, who: str, act: str) -> None:
        change.put(new, old)
        event = ConversationChanged(conversation=new.id, act=act, by=who, correlation=correlation.get())
        change.emit(event)
        detail = new.closed_as.value if new.closed_as else ""
        entry = self._desk.entry(who, f"conversation.{act}", brand=new.brand, subject=new.id, detail=detail)
        change.audit(entry)

    async def claim(self, id_: str, who: Standing) -> Conversation:
        """Take it."""
        return await self._change(id_, who, "claim")

    async def release(self, id_: str, who: Standing) -> Conversation:
        """Give it back."""
        return await self._change(id_, who, "release")

    async def close(self, id_: str, who: Standing, reason: ClosedAs) -> Conversation:
        """Done, with a reason."""
        return await self._change(id_, who, "close", reason)

    async def reopen(self, id_: str, who: Standing) -> Conversation:
        """Open it again."""
        return await self._change(id_, who, "reopen")

    async def reply(self, id_: str, reply_id: str, text: str, who: Standing) -> Delivery:
        """Answer in public: claims the conversation and plans the reply, which waits for *Undo* first.

        `reply_id` was made when the form was opened, so that a form that arrives twice is one reply. Raises
        FieldErrors for what the network would refuse.
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
            account = await self._store.get(Account, old.account)
            self._check(account, text)
            stop = await self._desk.stopped(brand.id)
            if stop is not None and stop.reach == "silence":
                raise UserError("error.brand_silenced")
            now = self._desk.now()
            new = rules.answer(old, who.id, now)
            delivery = Delivery(
                id=reply_id,
                brand=old.brand,
                account=account.id,
                network=account.network,
                generation=account.generation,
                reply=Reply(conversation=id_, text=text, answers=old.latest.ref, root=old.root, by=who.id),
                due=now + UNDO,
                attention=now + UNDO,
                created_at=now,
                approved_by=who.id,
                during_stop=stop is not None,
                correlation=correlation.get(),
            )
            change = self._store.begin()
            change.put(delivery)
            self._put(change, new, old, who.id, "answer")
            await change.commit()
            return delivery

        return await self._desk.again(attempt)

    def _check(self, account: Account, text: str) -> None:
        media: list[MediaFacts] = []
        for problem in self._desk.providers[account.network].check(text, media, is_reply=True):
            if problem.blocks:
                raise FieldErrors(
                    {"text": UserError(f"check.{problem.kind.value}", account=account.name, **problem.args)}
                )

    # --- what a reply's fate does to its conversation; part of the delivery's own change

    async def reply_settled(self, change: Transaction, delivery: Delivery) -> None:
        """Live: known as ours, and closed as answered unless the brand keeps it open. Refused: stays open."""
        if delivery.reply is None:
            return
        old = await self.get(delivery.reply.conversation)
        if delivery.state is State.LIVE and delivery.ref:
            account = await self._store.get(Account, delivery.account)
            change.do("SET", self._name(account, delivery.ref), old.id)
        brand = await self._desk.brand(old.brand)
        closes = delivery.state is State.LIVE and brand.policies.close_on_answer
        if closes and old.status is not ConversationStatus.CLOSED and old.latest.ref == delivery.reply.answers:
            new = rules.close(old, delivery.reply.by, self._desk.now(), ClosedAs.ANSWERED)
            self._put(change, new, old, delivery.reply.by, "close")

    async def reply_withdrawn(self, change: Transaction, delivery: Delivery, who: Standing) -> None:
        """*Undo*: the answer never went out; the conversation stays with whoever wrote it."""
        if delivery.reply is None:
            return
        change.emit(
            ConversationChanged(
                conversation=delivery.reply.conversation, act="undo", by=who.id, correlation=correlation.get()
            )
        )
