"""Saved replies: whoever answers uses them, a brand's admins write them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain import saved_replies as rules
from bot.domain.brands import Brand, Role, Standing
from bot.domain.saved_replies import SavedReply
from bot.domain.signing import first_name
from bot.domain.suggestions import WRITERS
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.text.language import SPOKEN

if TYPE_CHECKING:
    from bot.desk.desk import Desk
    from bot.desk.inbox import ConversationPage


class SavedReplies:
    """The verbs of saved replies."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> SavedReply:
        """One by id; raises UserError when there is none."""
        found = await self._store.find(SavedReply, id_)
        if found is None:
            raise UserError("error.no_such_saved_reply")
        return found

    async def of(self, brand: str, language: str = "") -> Sequence[SavedReply]:
        """All of a brand, those in a language first."""
        return rules.ordered(await self._store.listed(SavedReply, f"saved_replies:{brand}"), language)

    async def page(self, brand_id: str, who: Standing) -> tuple[Brand, Sequence[SavedReply]]:
        """A brand and its saved replies, for whoever answers there."""
        brand = await self._desk.brand(brand_id)
        who.require(brand, *WRITERS)
        return brand, await self.of(brand.id)

    async def filled(self, id_: str, page: "ConversationPage", who: Standing) -> str:
        """Its text for a conversation, with all that is known filled in. Raises UserError for another brand's."""
        who.require(page.brand, *WRITERS)
        reply = await self.get(id_)
        if reply.brand != page.brand.id:
            raise UserError("error.no_such_saved_reply")
        return rules.filled(reply.text, await self._values(page, who))

    async def _values(self, page: "ConversationPage", who: Standing) -> Mapping[str, str]:
        person, member = page.conversation.person, await self._desk.member(who.id)
        handle = rules.speakable(person.handle)
        return {
            "name": rules.speakable(person.name),
            "handle": f"@{handle}" if handle and " " not in handle else "",
            "brand": page.brand.name,
            "agent": member.signature or first_name(member.name),
        }

    async def save(self, id_: str, brand_id: str, title: str, text: str, language: str, who: Standing) -> SavedReply:
        """Write one, new or changed; `id_` was made with the form, so that one that comes twice is one. Raises
        FieldErrors for what can't be kept, for a title that is there, and for one too many."""
        title, text = " ".join(title.split())[: rules.TITLE], text.strip()[: rules.TEXT]

        async def attempt() -> SavedReply:
            brand = await self._desk.brand(brand_id)
            who.require(brand, Role.ADMIN)
            rules.refuse_unclear(title, text)
            if language and language not in SPOKEN:
                raise FieldErrors({"language": UserError("error.field")})
            old = await self._store.find(SavedReply, id_)
            if old is not None and old.brand != brand.id:
                raise NotAllowed("error.button_old")
            others = [each for each in await self.of(brand.id) if each.id != id_]
            if any((each.title.casefold(), each.language) == (title.casefold(), language) for each in others):
                raise FieldErrors({"title": UserError("error.saved_taken", name=title)})
            if old is None and len(others) >= rules.MOST:
                raise FieldErrors({"title": UserError("error.saved_full", count=rules.MOST)})
            new = SavedReply(
                id=id_,
                version=old.version if old else 0,
                brand=brand.id,
                title=title,
                text=text,
                language=language,
                by=who.id,
                at=self._desk.now(),
            )
            change = self._store.begin()
            change.put(new, old)
            entry = self._desk.entry(who.id, "saved_reply.save", brand=brand.id, subject=brand.id, detail=title)
            change.audit(entry.model_copy(update={"evidence": {"before": old.text if old else "", "after": text}}))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def remove(self, id_: str, who: Standing) -> SavedReply:
        """Forget one; what was answered with it stays as it was. Raises UserError when somebody was faster."""

        async def attempt() -> SavedReply:
            old = await self.get(id_)
            who.require(await self._desk.brand(old.brand), Role.ADMIN)
            change = self._store.begin()
            change.remove(old)
            about = {"brand": old.brand, "subject": old.brand, "detail": old.title}
            entry = self._desk.entry(who.id, "saved_reply.remove", **about)
            change.audit(entry.model_copy(update={"evidence": {"before": old.text}}))
            await change.commit()
            return old

        return await self._desk.again(attempt)
