"""Kept promises: whom to warn of what waits too long, when; and every clock counted anew when the hours change."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.brands import Brand, Role
from bot.domain.conversations import WARN, Conversation
from bot.domain.events import ConversationChanged, LateWarned
from bot.domain.hours import is_open, opens
from bot.domain.promises import LateNotice, Rung, next_rung, notice_id, warned, with_targets
from bot.domain.records import score
from bot.errors import UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

BATCH = 200
"""Conversations of one look, or of one step of counting anew."""
KEPT = timedelta(days=30)
"""How long a notice can be drawn again."""


class Promises:
    """What happens by itself when somebody outside waits."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> LateNotice:
        """A notice by id; raises UserError when it is gone."""
        found = await self._store.find(LateNotice, id_)
        if found is None:
            raise UserError("error.no_such_notice")
        return found

    async def warn_due(self) -> int:
        """Warn whoever is next of each conversation whose moment has come; answers how many were looked at."""
        now = self._desk.now()
        due = await self._store.listed(Conversation, WARN, high=score(now), limit=BATCH)
        for talk in due:
            await self._desk.again(partial(self._warn, talk.id))
        return len(due)

    async def _warn(self, id_: str) -> None:
        old, now = await self._desk.conversations.get(id_), self._desk.now()
        if old.targets.warn is None or old.targets.warn > now:
            return  # somebody was faster
        brand = await self._desk.brand(old.brand)
        change = self._store.begin()
        if not is_open(brand.hours, brand.clock, now):  # we were away when its moment came
            targets = old.targets.model_copy(update={"warn": opens(brand.hours, brand.clock, now)})
            change.put(old.model_copy(update={"targets": targets}), old)
            await change.commit()
            return
        rung, new = next_rung(old), warned(old, brand.hours, brand.clock)
        change.put(new, old)
        if rung is not None:
            for to in await self._whom(old, brand, rung):
                notice = await self._notice(brand, rung, to)
                change.put(notice.joined_by(id_), notice if notice.version else None)
                change.emit(LateWarned(notice=notice.id, conversation=id_, correlation=correlation.get()))
            change.audit(
                self._desk.entry("engine", f"conversation.late.{rung.name.lower()}", brand=brand.id, subject=id_)
            )
        await change.commit()

    async def _whom(self, talk: Conversation, brand: Brand, rung: Rung) -> Sequence[str]:
        if rung is Rung.OWNER:
            return [talk.owner]
        if rung is Rung.ROLE:
            return await self._desk.handling.holders(brand, Role.MODERATOR)
        return [brand.channel("alerts")]

    async def _notice(self, brand: Brand, rung: Rung, to: str) -> LateNotice:
        now = self._desk.now()
        id_ = notice_id(brand.id, rung, to, now)
        found = await self._store.find(LateNotice, id_)
        return found or LateNotice(id=id_, brand=brand.id, rung=rung, to=to, at=now)

    async def forget_notices(self) -> int:
        """Those that nobody looks at any more; answers how many."""
        until = score(self._desk.now() - KEPT)
        old = await self._store.listed(LateNotice, "late_notices", high=until, limit=BATCH)
        for notice in old:
            change = self._store.begin()
            change.remove(notice)
            await change.commit()
        return len(old)

    async def count_anew(self, brand_id: str) -> int:
        """Give every open conversation of a brand the targets that its hours promise now; answers how many changed."""
        changed, start = 0, 0
        key = self._store.key("index", f"open:{brand_id}")
        while True:
            ids = [str(id_) for id_ in await self._store.client.zrange(key, start, start + BATCH - 1)]
            if not ids:
                return changed
            for id_ in ids:
                changed += await self._desk.again(partial(self._anew, id_))
            start += BATCH

    async def _anew(self, id_: str) -> bool:
        old = await self._desk.conversations.get(id_)
        brand = await self._desk.brand(old.brand)
        new = with_targets(old, brand.hours, brand.clock)
        if new is old:
            return False
        change = self._store.begin()
        change.put(new, old)
        change.emit(ConversationChanged(conversation=id_, act="targets", correlation=correlation.get()))
        await change.commit()
        return True
