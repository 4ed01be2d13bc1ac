"""What the engine reports of things that two people wanted taken down; deleting twice is harmless, so it may repeat."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import heard
from bot.domain import proposals as rules
from bot.domain.deliveries import Step
from bot.domain.events import ConversationChanged
from bot.domain.proposals import Act, Proposal, State
from bot.domain.records import score
from bot.errors import Conflict
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Removals:
    """Load, decide, commit, for the engine."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def due(self) -> list[Proposal]:
        """What is to be taken down now."""
        return await self._store.listed(Proposal, "removals", high=score(self._desk.now()), limit=50)

    async def take(self, id_: str, lease: timedelta) -> Proposal | None:
        """The durable intent of one attempt: nobody else tries before the lease is over. None when it isn't due."""
        old = await self._store.find(Proposal, id_)
        now = self._desk.now()
        if old is None or old.state is not State.SECONDED or old.attention is None or old.attention > now:
            return None
        change = self._store.begin()
        taken = old.model_copy(update={"attempts": old.attempts + 1, "attention": now + lease})
        change.put(taken, old)
        try:
            await change.commit()
        except Conflict:
            return None
        return taken.model_copy(update={"version": old.version + 1})

    async def gone(self, id_: str, account: str) -> Proposal:
        """The network has nothing of it on this account any more; when that is so everywhere, the act is done."""

        async def attempt() -> Proposal:
            old = await self._desk.proposals.get(id_)
            here = next((target for target in old.targets if target.account == account and not target.done), None)
            if old.state is not State.SECONDED or here is None:
                return old
            targets = tuple(t.model_copy(update={"gone": t.refs}) if t is here else t for t in old.targets)
            new = old.model_copy(update={"targets": targets})
            change = self._store.begin()
            now = self._desk.now()
            if here.delivery:
                delivery = await self._desk.deliveries.get(here.delivery)
                moved = delivery.move(Step.UNPUBLISH, settled_by=old.by, settled_at=now, trouble=None)
                self._desk.deliveries.record(change, moved, delivery, act="unpublish")
            if old.act is Act.DELETE_COMMENT:
                talk = await self._desk.conversations.get(old.subject)
                left = heard.remove(talk, here.refs, old.by, old.id, now)
                change.put(left, talk)
                change.emit(ConversationChanged(conversation=talk.id, act="removed", correlation=correlation.get()))
            if all(target.done for target in targets):
                new = rules.finish(new)
            self._desk.proposals.put(change, new, old, "engine", "done" if new.over else "gone")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def not_gone(self, id_: str, problem: str, detail: str, again: datetime | None) -> Proposal:
        """The network didn't: once more at `again`, or never by itself, and people are told."""

        async def attempt() -> Proposal:
            old = await self._desk.proposals.get(id_)
            if old.state is not State.SECONDED:
                return old
            change = self._store.begin()
            if again is not None:
                new = old.model_copy(update={"attention": again, "problem": problem, "detail": detail})
                change.put(new, old)
            else:
                new = rules.fail(old, problem, detail)
                self._desk.proposals.put(change, new, old, "engine", "fail")
            await change.commit()
            return new

        return await self._desk.again(attempt)
