"""What the forms of sensitive acts show, read together; and whether somebody may open them, before they type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import corrections
from bot.domain import proposals as rules
from bot.domain.brands import Account, AccountState, Brand, Standing
from bot.domain.conversations import Conversation, Words
from bot.domain.deliveries import Delivery
from bot.domain.posts import Post
from bot.domain.proposals import Act, Proposal, State
from bot.domain.records import MemberId
from bot.domain.threads import joined
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class SensitivePage:
    """A sensitive act about to be proposed. asked: who could second it; alone: nobody has to, this is practice.

    hurry: one person may do it as an emergency. text is what would be taken down. waits: what was proposed about it
    and waits for a second person already.
    """

    brand: Brand
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    asked: Sequence[MemberId]
    alone: bool
    text: str = ""
    deliveries: Sequence[Delivery] = ()
    hurry: bool = False
    talk: Conversation | None = None
    comments: Sequence[Words] = ()
    waiting: int = 0
    waits: Sequence[Proposal] = ()
    now: datetime | None = None


class Sensitive:
    """Reads, and permission to open a form."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def _page(
        self, act: Act, brand: Brand, who: Standing, accounts: Sequence[str], subject: str
    ) -> SensitivePage:
        rules.may_propose(act, brand, who)
        about = await self._desk.proposals.of(subject)
        found = await self._store.find_many(Account, dict.fromkeys(accounts))
        return SensitivePage(
            brand=brand,
            accounts={account.id: account for account in found},
            titles=self._desk.pages.titles(),
            asked=await self.asked(act, brand, who),
            alone=brand.practice,
            waits=[each for each in about if each.act is act and each.state is State.OPEN],
            now=self._desk.now(),
        )

    async def asked(self, act: Act, brand: Brand, who: Standing) -> Sequence[MemberId]:
        """Who could second what somebody proposes."""
        team = await self._desk.duty.team()
        return rules.seconders(act, brand, team.admins, who.id, team.gone)

    async def to_unpublish(self, delivery_id: str, who: Standing) -> SensitivePage:
        """A post, or an answer, with all the accounts where it stands; raises what proposing would raise."""
        first = await self._desk.deliveries.get(delivery_id)
        brand = await self._desk.brand(first.brand)
        subject = first.reply.conversation if first.reply else first.post
        others = await self._desk.posts.deliveries(first.post) if first.post else [first]
        live = [each for each in others if self._desk.proposing.removable(each)]
        page = await self._page(Act.UNPUBLISH, brand, who, [each.account for each in live], subject)
        if delivery_id not in {each.id for each in live}:
            raise UserError("error.not_public_now")
        stopped = await self._desk.stopped(brand.id) is not None
        now = self._desk.now()
        text = first.reply.text if first.reply else await self._text(first)
        hurry = any(rules.emergency(each, now, stopped=stopped) for each in live)
        return SensitivePage(**vars(page) | {"deliveries": live, "text": text, "hurry": hurry and not page.alone})

    async def _text(self, delivery: Delivery) -> str:
        post = await self._store.get(Post, delivery.post)
        return joined(corrections.whole(delivery, post))

    async def to_delete(self, conversation: str, who: Standing) -> SensitivePage:
        """What of a conversation can be deleted; raises what proposing would raise."""
        talk = await self._desk.conversations.get(conversation)
        brand = await self._desk.brand(talk.brand)
        page = await self._page(Act.DELETE_COMMENT, brand, who, [talk.account], talk.id)
        comments = self._desk.proposing.deletable(talk)
        if not comments:
            raise UserError("error.comment_not_deletable")
        return SensitivePage(**vars(page) | {"talk": talk, "comments": comments})

    async def to_disconnect(self, account_id: str, who: Standing) -> SensitivePage:
        """An account and how much waits for it; raises what proposing would raise."""
        account = await self._desk.accounts.get(account_id)
        brand = await self._desk.brand(account.brand)
        page = await self._page(Act.DISCONNECT, brand, who, [account.id], account.id)
        if account.state is AccountState.DISCONNECTED:
            raise UserError("error.already_disconnected", account=account.name)
        waiting = len(await self._desk.accounts.waiting(account))
        return SensitivePage(**vars(page) | {"waiting": waiting})
