"""Keep for legal: a conversation, or a person and all that they said, until an admin ends it."""

from typing import TYPE_CHECKING

from bot.domain.brands import Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.events import ConversationChanged
from bot.domain.holds import hold
from bot.domain.people import Person
from bot.errors import UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Holds:
    """The verbs of keeping; a brand's admins only, each with a reason, all on record."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def keep(self, conversation: str, reason: str, who: Standing) -> Conversation:
        """A conversation is kept. Raises AlreadyDone, and UserError without a reason or where it was forgotten."""

        async def attempt() -> Conversation:
            old = await self._talk(conversation, who)
            if old.forgotten_at is not None:
                raise UserError("error.forgotten")
            new = old.model_copy(update={"hold": hold(old.hold, who.id, self._desk.now(), reason)})
            await self._put(new, old, "hold", who)
            return new

        return await self._desk.again(attempt)

    async def end(self, conversation: str, who: Standing) -> Conversation:
        """It is kept no longer than others; twice is once."""

        async def attempt() -> Conversation:
            old = await self._talk(conversation, who)
            new = old.model_copy(update={"hold": None})
            if old.hold is not None:
                await self._put(new, old, "hold_end", who)
            return new

        return await self._desk.again(attempt)

    async def keep_person(self, id_: str, reason: str, who: Standing) -> Person:
        """Somebody and all that they said, and will say, is kept. Raises what `keep` raises."""

        async def attempt() -> Person:
            old = await self._person(id_, who)
            new = old.model_copy(update={"hold": hold(old.hold, who.id, self._desk.now(), reason)})
            await self._put_person(new, old, "hold", who)
            return new

        return await self._desk.again(attempt)

    async def end_person(self, id_: str, who: Standing) -> Person:
        """They are kept no longer than others; conversations that are kept by themselves stay so."""

        async def attempt() -> Person:
            old = await self._person(id_, who)
            new = old.model_copy(update={"hold": None})
            if old.hold is not None:
                await self._put_person(new, old, "hold_end", who)
            return new

        return await self._desk.again(attempt)

    async def refuse_held(self, person: Person) -> None:
        """Raises UserError where somebody, or anything that they said, is kept."""
        key, start = self._store.key("index", f"said:{person.id}"), 0
        held = person.hold
        while held is None:
            ids = await self._store.client.zrange(key, start, start + 199)
            talks = await self._store.find_many(Conversation, [str(each) for each in ids])
            held = next((talk.hold for talk in talks if talk.hold), None)
            start += 200
            if len(ids) < 200:
                break
        if held is not None:
            raise UserError("error.held_for_legal", who=held.by, at=held.at)

    async def _talk(self, id_: str, who: Standing) -> Conversation:
        talk = await self._desk.conversations.get(id_)
        who.require(await self._desk.brand(talk.brand), Role.ADMIN)
        return talk

    async def _person(self, id_: str, who: Standing) -> Person:
        person = await self._desk.people.get(id_)
        who.require(await self._desk.brand(person.brand), Role.ADMIN)
        return person

    async def _put(self, new: Conversation, old: Conversation, act: str, who: Standing) -> None:
        held = new.hold or old.hold
        change = self._store.begin()
        change.put(new, old)
        change.emit(ConversationChanged(conversation=new.id, act="held", by=who.id, correlation=correlation.get()))
        about = {"brand": new.brand, "subject": new.id, "detail": held.reason if held else ""}
        change.audit(self._desk.entry(who.id, f"conversation.{act}", **about))
        await change.commit()

    async def _put_person(self, new: Person, old: Person, act: str, who: Standing) -> None:
        held = new.hold or old.hold
        change = self._store.begin()
        change.put(new, old)
        about = {"brand": new.brand, "subject": new.id, "detail": held.reason if held else ""}
        change.audit(self._desk.entry(who.id, f"person.{act}", **about))
        await change.commit()
