"""What a brand keeps of somebody, gathered for whoever asks for it."""

from typing import TYPE_CHECKING

from bot.domain.brands import Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.errands import Errand
from bot.domain.exporting import export_of, text_of

if TYPE_CHECKING:
    from bot.desk.desk import Desk

BATCH = 200
"""Conversations that are read at a time."""


class Exporting:
    """The verb of giving out."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def person(self, id_: str, who: Standing) -> str:
        """All of it, as JSON; that it was given out is on record. Raises NotAllowed for anybody but the brand's admins,
        UserError when nobody is known by that id."""
        person = await self._desk.people.get(id_)
        brand = await self._desk.brand(person.brand)
        who.require(brand, Role.ADMIN)
        talks = await self._talks(id_)
        answers = {talk.id: await self._desk.conversations.replies(talk.id) for talk in talks}
        private = {talk.id: await self._store.listed(Errand, f"errands:{talk.id}") for talk in talks}
        export = export_of(person, brand.name, talks, answers, private, self._desk.now())
        change = self._store.begin()
        change.audit(self._desk.entry(who.id, "person.export", brand=brand.id, subject=id_, detail=str(len(talks))))
        await change.commit()
        return text_of(export)

    async def _talks(self, id_: str) -> list[Conversation]:
        """Every one, the oldest first."""
        found: list[Conversation] = []
        key = self._store.key("index", f"said:{id_}")
        while True:
            ids = await self._store.client.zrange(key, len(found), len(found) + BATCH - 1)
            talks = await self._store.find_many(Conversation, [str(each) for each in ids])
            found += talks
            if len(talks) < BATCH:
                return found
