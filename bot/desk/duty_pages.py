"""What a hand over shows, read together: somebody's open work, brand by brand, with the texts behind the ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.alarms import Alarm
from bot.domain.brands import Account, Brand, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.handovers import Handover, HandoverState, Work
from bot.domain.posts import Post
from bot.text.alarms import headline
from bot.text.words import Words

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class OpenWork:
    """One brand's part; `alarms` as sentences in the reader's language."""

    brand: Brand
    conversations: Sequence[Conversation]
    questions: Sequence[Delivery]
    approvals: Sequence[Post]
    alarms: Sequence[str]
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]

    @property
    def size(self) -> int:
        """How many things."""
        return len(self.conversations) + len(self.questions) + len(self.approvals) + len(self.alarms)


@dataclass(frozen=True)
class HandoverPage:
    """A hand over with the work that it names, as it stands now. ends: of the brands where whoever takes it is on duty
    then, until when; None until it is handed on."""

    handover: Handover
    works: Sequence[OpenWork]
    now: datetime
    ends: Mapping[str, datetime | None] = field(default_factory=dict)


class DutyPages:
    """Reads."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def offer(self, who: Standing, words: Words) -> list[OpenWork]:
        """What somebody would hand over, in every brand where they may; raises NotAllowed where there is none."""
        brands = await self._desk.duty.may_give(who)
        return [await self._open(await self._desk.duty.work(who, brand), words) for brand in brands]

    async def handover(self, id_: str, words: Words) -> HandoverPage:
        """A hand over; raises UserError when there is none."""
        handover = await self._desk.duty.get(id_)
        works = [await self._open(work, words) for work in handover.work]
        ends = {brand: handover.until.get(brand) for brand in handover.covered}
        if handover.state is HandoverState.OFFERED:
            watches = await self._desk.duty.watches([each.brand for each in works])
            ends = {brand.id: watch.until for brand, watch in watches if handover.giver in watch.members}
        return HandoverPage(handover, works, self._desk.now(), ends)

    async def _open(self, work: Work, words: Words) -> OpenWork:
        store, brand = self._desk.store, await self._desk.brand(work.brand)
        alarms = await store.find_many(Alarm, work.alarms)
        return OpenWork(
            brand=brand,
            conversations=await store.find_many(Conversation, work.conversations),
            questions=await store.find_many(Delivery, work.questions),
            approvals=await store.find_many(Post, work.approvals),
            alarms=[headline(alarm, brand.name if alarm.brand else "", words) for alarm in alarms],
            accounts={account.id: account for account in await self._desk.accounts.of(brand.id)},
            titles=self._desk.pages.titles(),
        )
