"""Asking a colleague to look at an answer before it is sent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.brands import Role, Standing
from bot.domain.events import LookAsked
from bot.domain.looks import TEXT, Look
from bot.domain.records import MemberId
from bot.domain.suggestions import WRITERS
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Looks:
    """Who was asked, and the verb that asks."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Look:
        """One by id; raises UserError when there is none."""
        found = await self._store.find(Look, id_)
        if found is None:
            raise UserError("error.no_such_look")
        return found

    async def of(self, conversation: str) -> Sequence[Look]:
        """All that was asked in a conversation, oldest first."""
        return await self._store.listed(Look, f"looks:{conversation}")

    async def ask(self, id_: str, conversation: str, to: MemberId, text: str, who: Standing) -> Look:
        """Show `to` what would be said; nothing is sent. `id_` was made with the form: one that comes twice asks once.
        Raises FieldErrors for nobody, for oneself, for somebody without a say in the brand, and for no text."""

        async def attempt() -> Look:
            talk = await self._desk.conversations.get(conversation)
            brand = await self._desk.brand(talk.brand)
            who.require(brand, *WRITERS)
            known = await self._store.find(Look, id_)
            if known is not None:
                if (known.conversation, known.by) != (conversation, who.id):
                    raise NotAllowed("error.button_old")
                return known
            if talk.forgotten_at is not None:
                raise UserError("error.forgotten")
            said = text.strip()[:TEXT]
            if not said:
                raise FieldErrors({"text": UserError("error.field_required")})
            if not to or to == who.id:
                raise FieldErrors({"person": UserError("error.look_nobody")})
            if not brand.roles_of(await self._desk.standing(to)) - {Role.CLIENT}:
                raise FieldErrors({"person": UserError("error.escalate_person", brand=brand.name)})
            new = Look(
                id=id_, brand=brand.id, conversation=conversation, by=who.id, to=to, text=said, at=self._desk.now()
            )
            change = self._store.begin()
            change.put(new)
            change.emit(LookAsked(look=id_, correlation=correlation.get()))
            about = {"brand": brand.id, "subject": conversation, "detail": to}
            entry = self._desk.entry(who.id, "conversation.ask_look", **about)
            change.audit(entry.model_copy(update={"evidence": {"text": said}}))
            await change.commit()
            return new

        return await self._desk.again(attempt)
