"""What people said isn't kept longer than their brand wants: what they deleted, and what is long past."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.brands import Brand, Role, Standing
from bot.domain.conversations import Conversation, ConversationStatus
from bot.domain.errands import Errand
from bot.domain.events import ConversationChanged
from bot.domain.heard import erase_old, forget_person
from bot.domain.people import Person
from bot.domain.proposals import Proposal
from bot.domain.records import score
from bot.domain.rulebook import Rulebook, keeping
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

ENGINE = "engine"
BATCH = 100
"""Conversations in one go; the rest follows with the next."""
LOOKED_AT = 2_000
"""Among so many those are sought that nobody keeps, in one go."""


class Retention:
    """The verbs of forgetting."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self._people: dict[str, int] = {}  # by brand, how far this process looked among those who were long silent

    # --- what people deleted

    async def erase_due(self) -> int:
        """Erase what was deleted by its author long enough ago, in every brand; answers in how many conversations.

        The card says that something was there and when it was deleted; the record, that we erased it.
        """
        count = 0
        for brand in await self._store.listed(Brand, "brands"):
            until = self._desk.now() - timedelta(days=brand.policies.deleted_days)
            for talk in await self._store.listed(Conversation, f"gone:{brand.id}", high=score(until), limit=BATCH):
                count += await self._erase(talk.id, brand)
        return count

    async def _erase(self, id_: str, brand: Brand) -> int:
        async def attempt() -> int:
            old = await self._desk.conversations.get(id_)
            now = self._desk.now()
            new = erase_old(old, now - timedelta(days=brand.policies.deleted_days), now)
            if new is old or await self._held(old):
                return 0
            change = self._store.begin()
            change.put(new, old)
            change.emit(ConversationChanged(conversation=id_, act="erased", correlation=old.correlation))
            change.audit(self._desk.entry(ENGINE, "conversation.erase", brand=old.brand, subject=id_))
            await change.commit()
            return 1

        return await self._desk.again(attempt)

    # --- what is long past

    async def set_days(self, brand: str, days: int, who: Standing) -> Rulebook:
        """For how long a brand keeps what people said; 0: until they ask. Admins only. Raises UserError for too few."""
        now = self._desk.now()
        return await self._desk.rulebooks.change(brand, who, "keep", lambda old: keeping(old, days, now), str(days))

    async def would_forget(self, brand: str, days: int, who: Standing) -> tuple[int, int]:
        """How many conversations and people are older than so many days, at most; nothing happens to them here."""
        who.require(await self._desk.brand(brand), Role.ADMIN)
        until = score(self._desk.now() - timedelta(days=days))
        found = [
            int(await self._store.client.zcount(self._store.key("index", f"{name}:{brand}"), "-inf", until))
            for name in ("aged", "people")
        ]
        return (found[0], found[1]) if days else (0, 0)

    async def forget_due(self) -> int:
        """Forget what is older than each brand keeps it, a bounded number at a time; answers how many conversations,
        people and remarks of the team. Open ones stay, and what somebody keeps for legal reasons, or proposed to delete
        and nobody confirmed. What two people deleted stays as evidence in their proposal."""
        count = 0
        for brand in await self._store.listed(Brand, "brands"):
            book, now = await self._desk.rulebooks.of(brand.id), self._desk.now()
            if book.keep_days and (book.keep_from is None or book.keep_from <= now):
                until = now - timedelta(days=book.keep_days)
                count += await self._forget_talks(brand, until)
                count += await self._forget_people(brand, until)
                count += await self._desk.remarks.forget(brand, until)
        return count

    async def _forget_talks(self, brand: Brand, until: datetime) -> int:
        key, count, start = self._store.key("index", f"aged:{brand.id}"), 0, 0
        while start < LOOKED_AT and count < BATCH:
            ids = await self._store.client.zrangebyscore(key, "-inf", score(until), start=start, num=BATCH)
            if not ids:
                break
            done = 0
            for id_ in ids:
                done += await self._forget(str(id_), until)
            count += done
            start += len(ids) - done  # those that were forgotten left the index
        return count

    async def _forget_people(self, brand: Brand, until: datetime) -> int:
        """Whoever wasn't heard for so long, with all that is left of them; also what an earlier version stored, which
        stands in no index by its age."""
        key, count, looked = self._store.key("index", f"people:{brand.id}"), 0, 0
        start = self._people.get(brand.id, 0)  # whoever has an open conversation stays, so the next look goes on behind
        while looked < LOOKED_AT and count < BATCH:
            ids = await self._store.client.zrangebyscore(key, "-inf", score(until), start=start, num=BATCH)
            if not ids:
                start = 0
                break
            looked, done = looked + len(ids), 0
            for id_ in ids:
                done += await self._forget_person(str(id_), until)
            count += done
            start += len(ids) - done
        self._people[brand.id] = start
        return count

    async def _forget_person(self, id_: str, until: datetime) -> int:
        said = self._store.key("index", f"said:{id_}")
        for talk in await self._store.client.zrange(said, 0, BATCH - 1):
            await self._forget(str(talk), until)
        if await self._store.client.zcard(said):
            return 0

        async def attempt() -> int:
            old = await self._store.find(Person, id_)
            if old is None or old.hold is not None or old.seen_at > until:
                return 0
            change = self._store.begin()
            change.remove(old)
            for other in await self._store.find_many(Person, old.linked):
                left = tuple(each for each in other.linked if each != id_)
                change.put(other.model_copy(update={"linked": left}), other)
            change.audit(self._desk.entry(ENGINE, "person.retention", brand=old.brand, subject=id_))
            await change.commit()
            return 1

        return await self._desk.again(attempt)

    async def _forget(self, id_: str, until: datetime) -> int:
        async def attempt() -> int:
            old = await self._store.find(Conversation, id_)
            if old is None or old.forgotten_at is not None or old.status is not ConversationStatus.CLOSED:
                return 0
            if max(old.latest.at, old.changed_at) > until or await self._held(old):
                return 0
            change = self._store.begin()
            await self.empty(change, old, ENGINE)
            change.audit(self._desk.entry(ENGINE, "conversation.retention", brand=old.brand, subject=id_))
            await change.commit()
            return 1

        return await self._desk.again(attempt)

    async def _held(self, talk: Conversation) -> bool:
        """Whether somebody keeps it, its person, or waits for a second one about it."""
        if talk.hold is not None:
            return True
        person = await self._store.find(Person, talk.who)
        if person is not None and person.hold is not None:
            return True
        return any(not each.over for each in await self._store.listed(Proposal, f"proposals:{talk.id}"))

    async def empty(self, change: Transaction, talk: Conversation, who: str) -> None:
        """Part of a change: a conversation without its person and their words, and without our private replies."""
        change.put(forget_person(talk, who, self._desk.now()), talk)
        for errand in await self._store.listed(Errand, f"errands:{talk.id}"):
            if errand.text and not errand.asked:
                change.put(errand.model_copy(update={"text": "", "before": ""}), errand)
        change.emit(ConversationChanged(conversation=talk.id, act="forgotten", by=who, correlation=correlation.get()))
