"""*Pass to the company*: to a person or a channel, without personal data, and the answer's way back."""

from typing import TYPE_CHECKING

from bot.domain.brands import Brand, Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.events import PassChanged
from bot.domain.finding import topic_index
from bot.domain.handling import NOTE, talk_about
from bot.domain.passing import ANSWER, ANSWERS, SIMILAR, TEXT, Answer, Passed, without_person
from bot.domain.records import score
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Passing:
    """The verbs of what goes to the company and comes back."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Passed:
        """What was passed on, by id; raises UserError when there is none."""
        found = await self._store.find(Passed, id_)
        if found is None:
            raise UserError("error.no_such_passed")
        return found

    async def similar(self, brand: Brand, topic: str) -> int:
        """How many conversations were about a topic of late."""
        low = score(self._desk.now() - SIMILAR)
        key = self._store.key("index", topic_index(brand.id, topic))
        return int(await self._store.client.zcount(key, low, "+inf")) if topic else 0

    async def pass_on(
        self, id_: str, conversation: str, kind: str, to: str, *, text: str, topic: str, note: str, who: Standing
    ) -> Passed:
        """Send it to a member (`kind` "person") or to a channel. `id_` was made with the form, so that one that comes
        twice is passed on once. What leads to the person is taken out here too, whatever was typed. Raises FieldErrors
        for nobody, for somebody who is not of the team, and for another brand's channel."""

        async def attempt() -> Passed:
            talk = await self._desk.conversations.get(conversation)
            brand = await self._desk.brand(talk.brand)
            who.require(brand, Role.MODERATOR)
            if talk.private:
                raise UserError("error.private_stays")
            known = await self._store.find(Passed, id_)
            if known is not None:
                if known.conversation != conversation:
                    raise NotAllowed("error.button_old")
                return known
            await self._refuse(brand, kind, to)
            now = self._desk.now()
            about = talk_about(talk, [*talk.topics, topic], brand.topics, now) if topic else talk
            chosen = topic if topic in about.topics else ""
            more = 0 if topic in talk.topics else 1
            new = Passed(
                id=id_,
                brand=brand.id,
                conversation=conversation,
                kind=kind,
                to=to,
                by=who.id,
                at=now,
                text=self._clean(text, talk)[:TEXT],
                topic=chosen,
                count=await self.similar(brand, chosen) + more if chosen else 1,
                note=self._clean(note, talk)[:NOTE],
            )
            if not new.text:
                raise FieldErrors({"text": UserError("error.field_required")})
            change = self._store.begin()
            change.put(new)
            change.emit(PassChanged(passed=id_, act="passed", by=who.id, correlation=correlation.get()))
            await self._desk.conversations.put(change, about, talk, who.id, "pass_on_company", f"{kind} {to}")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def answer(self, id_: str, text: str, who: Standing) -> Passed:
        """Whoever was asked answers: the one person, in a channel anybody of the team, and always who moderates.
        Saying the same again changes nothing. Raises NotAllowed for others, FieldErrors for nothing, and for more than
        a card holds."""

        async def attempt() -> Passed:
            old = await self.get(id_)
            self._permit(old, await self._desk.brand(old.brand), who)
            said = text.strip()[:ANSWER]
            if not said:
                raise FieldErrors({"text": UserError("error.field_required")})
            if any((each.by, each.text) == (who.id, said) for each in old.answers):
                return old
            if len(old.answers) == ANSWERS:
                raise FieldErrors({"text": UserError("error.passed_full")})
            new = old.answered(Answer(by=who.id, at=self._desk.now(), text=said))
            change = self._store.begin()
            change.put(new, old)
            change.emit(PassChanged(passed=id_, act="answered", by=who.id, correlation=correlation.get()))
            entry = self._desk.entry(who.id, "conversation.company_answered", brand=old.brand, subject=old.conversation)
            change.audit(entry)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def to_answer(self, id_: str, who: Standing) -> Passed:
        """What somebody may answer; raises what answering would raise."""
        found = await self.get(id_)
        self._permit(found, await self._desk.brand(found.brand), who)
        return found

    @staticmethod
    def _permit(passed: Passed, brand: Brand, who: Standing) -> None:
        asked = passed.to == who.id if passed.kind == "person" else True
        if not who.within or not (asked or Role.MODERATOR in brand.roles_of(who)):
            raise NotAllowed("error.not_asked")

    @staticmethod
    def _clean(text: str, talk: Conversation) -> str:
        return without_person(text.strip(), talk.person)

    async def _refuse(self, brand: Brand, kind: str, to: str) -> None:
        if not to:
            raise FieldErrors({"person": UserError("error.pass_nobody")})
        if kind == "person" and not (await self._desk.standing(to)).within:
            raise FieldErrors({"person": UserError("error.not_of_team")})
        if kind == "channel":
            await self._desk.brands.refuse_channel(brand, to)
