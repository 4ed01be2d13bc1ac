"""What a brand knows of the people outside: read as a page, written as tags, notes and what they are to us."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import people as rules
from bot.domain.brands import Brand, Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.events import ConversationChanged
from bot.domain.finding import folded
from bot.domain.people import History, Person, Relationship
from bot.domain.records import MemberId
from bot.errors import NotAllowed, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

READ = 200
"""Of somebody's conversations, how many of the newest are read for the page."""
FOUND = 20
"""People that one search shows."""
RELATED = 500
"""People of a brand with a relationship who are looked for in a post."""
_LOOKED_AT = 400


@dataclass(frozen=True)
class PersonPage:
    """A person with all that their page shows. talks: newest first; linked: other records of the same human."""

    person: Person
    brand: Brand
    titles: Mapping[str, str]
    talks: Sequence[Conversation]
    linked: Sequence[Person]
    history: History
    now: datetime

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name the page says."""
        held = self.person.hold.by if self.person.hold else ""
        noted = [each.by for each in self.person.notes] + [each.by for each in self.person.consents]
        return [who for who in (self.person.advocate_by, held, *noted) if who]


@dataclass(frozen=True)
class FoundPeople:
    """What a search found, the newest first; `more` says that there were others."""

    brands: Mapping[str, Brand]
    people: Sequence[Person]
    words: str
    more: bool


class People:
    """The verbs of the people outside."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Person:
        """A person by id; raises UserError when nobody is known by it."""
        person = await self._store.find(Person, id_)
        if person is None:
            raise UserError("error.no_such_person")
        return person

    async def related(self, brand: str) -> Sequence[Person]:
        """Those of a brand who are something to it, whoever spoke last first."""
        return await self._store.listed(Person, f"people:{brand}:related", limit=RELATED)

    async def note_met(self, change: Transaction, talks: Sequence[Conversation]) -> None:
        """Part of the change that stores what they said: whoever is new gets a record, a new name is taken over."""
        newest: dict[str, Conversation] = {}
        for talk in talks:
            known = newest.get(talk.who)
            if known is None or talk.latest.at > known.latest.at:
                newest[talk.who] = talk
        found = {each.id: each for each in await self._store.find_many(Person, newest)}
        for id_, talk in newest.items():
            old = found.get(id_)
            if old is None:
                change.put(rules.met(talk.person, talk.brand, talk.network, talk.latest.at))
                continue
            new = rules.met_again(old, talk.person, talk.latest.at)
            if new is not old:
                change.put(new, old)

    async def page(self, id_: str, who: Standing) -> PersonPage:
        """All that is known of somebody, for those who answer people. Raises NotAllowed and UserError."""
        person = await self.get(id_)
        brand = await self._desk.brand(person.brand)
        who.require(brand, Role.MODERATOR)
        linked = await self._store.find_many(Person, person.linked)
        talks = [talk for each in (person, *linked) for talk in await self._talks(each.id)]
        talks.sort(key=lambda talk: talk.latest.at, reverse=True)
        now = self._desk.now()
        return PersonPage(
            person=person,
            brand=brand,
            titles=self._desk.pages.titles(),
            talks=talks[:READ],
            linked=linked,
            history=rules.history(talks, now),
            now=now,
        )

    async def _talks(self, id_: str) -> list[Conversation]:
        ids = await self._store.client.zrange(self._store.key("index", f"said:{id_}"), 0, READ - 1, desc=True)
        return await self._store.find_many(Conversation, [str(each) for each in ids])

    async def find(self, words: str, who: Standing) -> FoundPeople:
        """People whose names or tags hold every word, or whoever spoke last; in the brands where one answers people.

        Raises NotAllowed for somebody who answers nobody.
        """
        brands = {each.id: each for each in await self._desk.brands.mine(who, Role.MODERATOR)}
        if not brands:
            raise NotAllowed("error.no_moderator_role" if await self._desk.brands.mine(who) else "error.no_brand")
        keys = [folded(word) for word in words.replace("@", " ").replace("#", " ").split()]
        found: dict[str, Person] = {}
        for brand in brands:
            for index in self._indexes(brand, keys):
                key = self._store.key("index", index)
                ids = await self._store.client.zrange(key, 0, _LOOKED_AT - 1, desc=True)
                people = await self._store.find_many(Person, [str(each) for each in ids])
                found |= {each.id: each for each in people if self._fits(each, keys)}
        newest = sorted(found.values(), key=lambda each: each.seen_at, reverse=True)
        return FoundPeople(brands, newest[:FOUND], words.strip(), more=len(newest) > FOUND)

    @staticmethod
    def _indexes(brand: str, keys: Sequence[str]) -> list[str]:
        if not keys:
            return [f"people:{brand}"]
        longest = max(keys, key=len)
        named = f"people:{brand}:named:{longest[:3] if len(longest) > 3 else longest}"
        return [named, f"people:{brand}:tagged:{longest}"]

    @staticmethod
    def _fits(person: Person, keys: Sequence[str]) -> bool:
        words = folded(" ".join((person.outsider.name, person.outsider.handle, *person.tags)))
        return all(key in words for key in keys)

    async def advocates(self, brand: Brand) -> list[Person]:
        """The confirmed ones of a brand, whoever spoke last first."""
        ids = await self._store.client.zrange(self._store.key("index", f"advocates:{brand.id}"), 0, 99, desc=True)
        return await self._store.find_many(Person, [str(each) for each in ids])

    async def _change(
        self, id_: str, who: Standing, act: str, change_it: Callable[[Person], Person], detail: str = ""
    ) -> Person:
        async def attempt() -> Person:
            old = await self.get(id_)
            who.require(await self._desk.brand(old.brand), Role.MODERATOR)
            new = change_it(old)
            if new == old:
                return old
            change = self._store.begin()
            change.put(new, old)
            await self._tell(change, [new], who, act, detail)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _tell(self, change: Transaction, people: Iterable[Person], who: Standing, act: str, detail: str) -> None:
        """On record, and every open card of theirs follows."""
        for person in people:
            change.audit(
                self._desk.entry(who.id, f"person.{act}", brand=person.brand, subject=person.id, detail=detail)
            )
            for talk in await self._talks(person.id):
                if talk.open:
                    event = ConversationChanged(
                        conversation=talk.id, act="person", by=who.id, correlation=correlation.get()
                    )
                    change.emit(event)

    async def describe(
        self, id_: str, who: Standing, tags: Iterable[str], text: str, relationship: Relationship
    ) -> Person:
        """These tags and no others, one more note unless it is empty, what they are to the brand. A note's words stay
        out of the audit, so that they can be forgotten. Raises FieldErrors for what doesn't fit."""
        wanted, now = tuple(tags), self._desk.now()

        def described(old: Person) -> Person:
            new = rules.relate(rules.tag(old, wanted), relationship)
            return rules.note(new, text, who.id, now) if text.strip() else new

        return await self._change(id_, who, "describe", described)

    async def confirm(self, id_: str, who: Standing) -> Person:
        """They are an advocate, somebody says. Raises AlreadyDone."""
        now = self._desk.now()
        return await self._change(id_, who, "advocate", lambda old: rules.confirm(old, who.id, now))

    async def unconfirm(self, id_: str, who: Standing) -> Person:
        """They are none any more."""
        return await self._change(id_, who, "no_advocate", rules.unconfirm)

    async def link(self, id_: str, other: str, who: Standing, *, apart: bool = False) -> Person:
        """Both records are one human, or two after all. Raises UserError for another brand's."""

        async def attempt() -> Person:
            mine, theirs = await self.get(id_), await self.get(other)
            for each in (mine, theirs):
                who.require(await self._desk.brand(each.brand), Role.MODERATOR)
            new, new_other = (rules.unlink if apart else rules.link)(mine, theirs)
            if (new, new_other) == (mine, theirs):
                return mine
            change = self._store.begin()
            change.put(new, mine)
            change.put(new_other, theirs)
            await self._tell(change, [new, new_other], who, "unlink" if apart else "link", "")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def forget(self, id_: str, who: Standing) -> int:
        """What they said goes from every record and card, what we noted from the store; answers of how many
        conversations. The audit keeps that it happened, and the evidence of comments that two people deleted. Doing it
        again ends what a crash cut short. Raises NotAllowed for anybody but the brand's admins, UserError where
        something is kept for legal reasons."""
        person = await self.get(id_)
        who.require(await self._desk.brand(person.brand), Role.ADMIN)
        await self._desk.holds.refuse_held(person)
        count = 0
        while talks := await self._talks(id_):
            for talk in talks:
                await self._forget_talk(talk.id, who)
                count += 1
        for other in await self._store.find_many(Person, person.linked):
            await self.link(id_, other.id, who, apart=True)

        async def attempt() -> None:
            last = await self.get(id_)
            change = self._store.begin()
            change.remove(last)
            change.audit(self._desk.entry(who.id, "person.forget", brand=last.brand, subject=id_, detail=str(count)))
            await change.commit()

        await self._desk.again(attempt)
        return count

    async def _forget_talk(self, id_: str, who: Standing) -> None:
        async def attempt() -> None:
            old = await self._desk.conversations.get(id_)
            if old.forgotten_at is not None:
                return
            change = self._store.begin()
            await self._desk.retention.empty(change, old, who.id)
            await change.commit()

        await self._desk.again(attempt)
