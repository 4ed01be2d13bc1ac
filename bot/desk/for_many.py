"""What is done for many at once, batch by batch; asked by a person in `bot.desk.crowds`, gone on with by the engine."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.desk.answers import answered
from bot.domain import bulk as rules
from bot.domain import handling
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.bulk import Bulk, BulkAct, BulkState
from bot.domain.conversations import Conversation
from bot.domain.conversing import claim, close
from bot.domain.deliveries import SENDING, Delivery, State
from bot.domain.errands import Errand, Facet, id_of
from bot.domain.events import ConversationChanged, CrowdChanged
from bot.domain.people import Person
from bot.domain.promises import with_targets
from bot.domain.records import AuditEntry, MemberId, score
from bot.domain.storms import Crowd
from bot.errors import Conflict, FieldErrors, NotAllowed, UserError
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

AT_A_TIME = 200
"""Answers that are looked at together."""
STOPS = frozenset({"error.brand_silenced", "error.account_not_active"})
"""What keeps an answer back keeps all of them back."""


class ForMany:
    """The engine's verbs; nothing of it is asked by a person."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def due(self) -> list[Bulk]:
        """What is to be gone on with now."""
        return await self._store.listed(Bulk, "bulks", high=score(self._desk.now()), limit=20)

    async def take(self, id_: str, lease: timedelta = rules.LEASE) -> Bulk | None:
        """One batch: nobody else goes on before the lease is over. None when it isn't due."""
        old, now = await self._store.find(Bulk, id_), self._desk.now()
        if old is None or old.attention is None or old.attention > now:
            return None
        change = self._store.begin()
        change.put(old.model_copy(update={"attention": now + lease}), old)
        try:
            await change.commit()
        except Conflict:
            return None
        return old.model_copy(update={"attention": now + lease, "version": old.version + 1})

    async def batch(self, bulk: Bulk) -> Bulk:
        """Does one batch of what was taken; answers how it stands then, for `settle`."""
        size = rules.BATCH[bulk.act]
        name = self._store.key("index", f"crowd:{bulk.crowd}")
        ids = await self._store.client.zrangebyscore(name, "-inf", bulk.until, start=bulk.place, num=size)
        talks = await self._store.find_many(Conversation, (str(id_) for id_ in ids))
        now = self._desk.now()
        if bulk.state is BulkState.UNDOING:
            return rules.taken_back(bulk, len(ids), await self._take_back(bulk, talks), now)
        if not ids:
            return rules.all_done(bulk, now, unsent=await self._unsent(bulk))
        limits = self._desk.providers[talks[0].network].limits if talks else None
        every = 0.0 if limits is None else limits.hides_every if bulk.act is BulkAct.HIDE else limits.answers_every
        try:
            return rules.batch_done(bulk, len(ids), await self._do_all(bulk, talks), now, every=every)
        except UserError as error:
            return rules.stop(bulk, error.key)

    async def settle(self, new: Bulk, old: Bulk) -> None:
        """A batch was done. Raises Conflict when it was taken back meanwhile: that goes first."""
        await self._desk.again(lambda: self.keep(new, old, "engine", "done" if new.over else ""))

    async def _do_all(self, bulk: Bulk, talks: Sequence[Conversation]) -> int:
        """For how many it was done. Raises UserError for what keeps all of them from being done."""
        who = await self._desk.standing(bulk.by)
        brand, account = await self._desk.brand(bulk.brand), await self._desk.accounts.get(bulk.account)
        who.require(brand, Role.MODERATOR)
        done = 0
        for number, talk in enumerate(talks, start=bulk.place):
            try:
                match bulk.act:
                    case BulkAct.HIDE:
                        done += await self._hide(bulk, talk, who)
                    case BulkAct.ANSWER:
                        text = bulk.text_of(number)
                        if not await self._hides(brand, account, text, talk):
                            done += await self._answer(bulk, talk, text, who)
                    case _:
                        done += await self._desk.again(partial(self._move, bulk, talk.id, brand))
            except NotAllowed:
                raise
            except FieldErrors as error:  # the brand's rules have changed since: no other would be let out either
                raise next(iter(error.fields.values()), error) from error
            except UserError as error:
                if error.key in STOPS:
                    raise
        return done

    async def _move(self, bulk: Bulk, id_: str, brand: Brand) -> bool:
        old = await self._desk.conversations.get(id_)
        if rules.already(bulk, old):
            return True
        if not rules.wanted(bulk, old):
            return False
        now, change = self._desk.now(), self._store.begin()
        new = close(old, bulk.by, now, bulk.reason) if bulk.reason is not None else claim(old, bulk.by, now)
        self._put(change, with_targets(new, brand.hours, brand.clock), old, bulk)
        await change.commit()
        return True

    def _put(self, change: Transaction, new: Conversation, old: Conversation, bulk: Bulk) -> None:
        """In the record it is what the person did, with the act for all that it was part of; a card is drawn only
        where there is one."""
        change.put(new, old)
        change.emit(ConversationChanged(conversation=new.id, act="for_all", by=bulk.by, correlation=bulk.correlation))
        about = {"brand": new.brand, "subject": new.id, "detail": bulk.reason.value if bulk.reason else ""}
        entry = self._desk.entry(bulk.by, f"conversation.{bulk.act}", **about)
        change.audit(entry.model_copy(update={"evidence": {"for all of": bulk.crowd, "act": bulk.id}}))

    async def _hide(self, bulk: Bulk, talk: Conversation, who: Standing) -> bool:
        known = await self._store.find(Errand, id_of(talk.account, talk.latest.ref, Facet.HIDE))
        if known is not None and known.by == bulk.by and known.at >= bulk.at and known.wanted:
            return True
        if not rules.wanted(bulk, talk):
            return False
        await self._desk.moderation.hide(talk.id, talk.latest.ref, True, who)
        return True

    async def _hides(self, brand: Brand, account: Account, text: str, talk: Conversation) -> bool:
        """Whether it thanks somebody who is paid, or the like, without saying so: a person has to see that first."""
        known = await self._store.find(Person, talk.who)
        return self._desk.disclosing.hides(brand, account, text, answered(talk, known))

    async def _answer(self, bulk: Bulk, talk: Conversation, text: str, who: Standing) -> bool:
        """One answer, by the way that every answer goes; none where a colleague is at it or has answered."""
        id_ = bulk.answer_id(talk.id)
        replies = await self._desk.conversations.replies(talk.id)
        if any(each.id == id_ for each in replies):
            return True
        stored = await self._store.find(Bulk, bulk.id)
        if stored is None or stored.state is not BulkState.RUNNING:
            return False  # taken back in this moment
        crossed = handling.collision(talk, replies, bulk.by, self._desk.now())
        if not rules.wanted(bulk, talk) or crossed.marks:
            return False
        await self._desk.conversations.reply(talk.id, id_, text, who)
        return True

    async def _unsent(self, bulk: Bulk) -> bool:
        """Whether an answer hasn't left yet, as where the network has us wait; the last ones are looked at first."""
        if bulk.act is not BulkAct.ANSWER:
            return False
        name, end = self._store.key("index", f"crowd:{bulk.crowd}"), bulk.place
        while end > 0:
            start = max(end - AT_A_TIME, 0)
            ids = await self._store.client.zrangebyscore(name, "-inf", bulk.until, start=start, num=end - start)
            answers = await self._store.find_many(Delivery, [bulk.answer_id(str(id_)) for id_ in ids])
            if any(answer.state in {State.PLANNED, *SENDING} for answer in answers):
                return True
            end = start
        return False

    async def _take_back(self, bulk: Bulk, talks: Sequence[Conversation]) -> int:
        who, taken = await self._desk.standing(bulk.undone_by), 0
        for answer in await self._store.find_many(Delivery, [bulk.answer_id(talk.id) for talk in talks]):
            if answer.state is not State.PLANNED:
                continue
            try:
                await self._desk.deliveries.withdraw(answer.id, who)
            except UserError:
                continue  # on its way in this very moment: its own card says what became of it
            taken += 1
        return taken

    # --- how it is kept

    async def keep(self, new: Bulk, old: Bulk | None, by: MemberId, said: str, crowd: Crowd | None = None) -> None:
        """Stores it with the crowd that it keeps busy, which is free again when it is over; told and on record when
        people act and when it ends. How far it comes meanwhile is drawn with the next look at storms."""
        change = self._store.begin()
        change.put(new, old)
        crowd = crowd or await self._store.find(Crowd, new.crowd)
        busy = "" if new.over else new.id
        if crowd is not None and crowd.busy != busy and (busy or crowd.busy == new.id):
            change.put(crowd.model_copy(update={"busy": busy}), crowd)
        if said:
            change.emit(CrowdChanged(crowd=new.crowd, act=said, by=new.by, correlation=new.correlation))
            change.audit(self._entry(new, by, said))
        await change.commit()

    def _entry(self, bulk: Bulk, by: MemberId, said: str) -> AuditEntry:
        detail = [f"seen {bulk.seen}"] if said == "asked" else [f"done {bulk.done}", f"passed {bulk.passed}"]
        detail += [bulk.reason.value] if bulk.reason else []
        detail += [f"undone {bulk.undone}"] if bulk.undone else []
        detail += [bulk.problem] if bulk.problem else []
        entry = self._desk.entry(
            by, f"crowd.{bulk.act}.{said}", brand=bulk.brand, subject=bulk.crowd, detail=", ".join(detail)
        )
        texts = {f"text {n}": text for n, text in enumerate(bulk.texts, start=1)} if said == "asked" else {}
        return entry.model_copy(update={"evidence": texts})
