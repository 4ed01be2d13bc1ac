"""What was asked to be done on a network: put on record, taken by the engine one by one, and what came of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import errands as rules
from bot.domain import heard
from bot.domain.errands import Errand, Facet
from bot.domain.events import ConversationChanged
from bot.domain.records import score
from bot.errors import Conflict
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

ACTS = {
    (Facet.HIDE, True): "hide",
    (Facet.HIDE, False): "unhide",
    (Facet.LIKE, True): "like",
    (Facet.LIKE, False): "unlike",
    (Facet.PRIVATE, True): "reply_privately",
    (Facet.EDIT, True): "edit_reply",
}
"""What the record calls each wish."""


class Errands:
    """The verbs of errands. Who may ask for one is checked where they ask (`bot.desk.moderation`)."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    def record(self, change: Transaction, new: Errand, old: Errand | None, who: str, suffix: str = "") -> None:
        """Part of a change: a wish, or with a `suffix` what came of it, stored, told and on record. What it says of a
        post is told and recorded with its correction (`bot.desk.corrections`)."""
        change.put(new, old)
        if new.correction:
            return
        change.emit(
            ConversationChanged(
                conversation=new.conversation,
                act="moderated",
                by=new.by,
                edits=new.facet is Facet.EDIT and not suffix,
                correlation=new.correlation,
            )
        )
        act = f"conversation.{ACTS[new.facet, new.wanted]}{suffix}"
        evidence = {"before": new.before, "after": new.text} if new.facet is Facet.EDIT else {}
        if new.facet is Facet.PRIVATE and not suffix:
            evidence = {"text": new.text}
        entry = self._desk.entry(
            who, act, brand=new.brand, subject=new.conversation, detail=new.detail, delivery=new.delivery
        )
        change.audit(entry.model_copy(update={"evidence": evidence}))

    # --- what the engine reports

    async def due(self) -> list[Errand]:
        """What is to be done now."""
        return await self._store.listed(Errand, "errands", high=score(self._desk.now()), limit=50)

    async def take(self, id_: str, lease: timedelta) -> Errand | None:
        """One attempt: nobody else tries before the lease is over. None when it isn't due."""
        old, now = await self._store.find(Errand, id_), self._desk.now()
        if old is None or not old.asked or old.attention is None or old.attention > now:
            return None
        change = self._store.begin()
        change.put(old.model_copy(update={"attempts": old.attempts + 1, "attention": now + lease}), old)
        try:
            await change.commit()
        except Conflict:
            return None
        return old.model_copy(update={"attempts": old.attempts + 1, "version": old.version + 1})

    async def done(self, errand: Errand) -> None:
        """The network did it: the card and the record say so. A newer wish is left alone."""

        async def attempt() -> None:
            old = await self._same(errand)
            if old is None:
                return
            now = self._desk.now()
            change = self._store.begin()
            new = rules.settle(old, now)
            if old.facet is Facet.HIDE:
                talk = await self._desk.conversations.get(old.conversation)
                change.put(heard.hide(talk, old.ref, old.wanted, old.by, now), talk)
            if old.correction:
                await self._desk.corrections.ended(change, new)
            elif old.facet is Facet.EDIT:
                delivery = await self._desk.deliveries.get(old.delivery)
                assert delivery.reply is not None
                change.put(
                    delivery.model_copy(update={"reply": delivery.reply.model_copy(update={"text": old.text})}),
                    delivery,
                )
            self.record(change, new, old, "engine", ".done")
            await change.commit()

        await self._desk.again(attempt)

    async def not_done(self, errand: Errand, problem: str, detail: str, again: datetime | None) -> None:
        """The network didn't: once more at `again`, or not any more, and the card says why."""

        async def attempt() -> None:
            old = await self._same(errand)
            if old is None:
                return
            change = self._store.begin()
            if again is not None:
                change.put(old.model_copy(update={"attention": again, "problem": problem, "detail": detail}), old)
            else:
                new = rules.refuse(old, problem, detail, self._desk.now())
                if old.correction:
                    await self._desk.corrections.ended(change, new)
                self.record(change, new, old, "engine", ".refused")
                if old.rule and old.wanted:
                    talk = await self._desk.conversations.get(old.conversation)
                    change.put(heard.flag_instead(talk, old.ref), talk)  # it is public still: people have to look
            await change.commit()

        await self._desk.again(attempt)

    async def _same(self, errand: Errand) -> Errand | None:
        now = await self._store.find(Errand, errand.id)
        same = (
            now is not None and now.asked and (now.at, now.wanted, now.text) == (errand.at, errand.wanted, errand.text)
        )
        return now if same else None
