"""What the inbox shows, read together: one conversation with all that its card needs, and the open ones of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.brands import Account, Brand, Role, Standing, Stop
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.errors import NotAllowed, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class ConversationPage:
    """A conversation with all that its card and its form show. post: ours, under which it hangs, if it is ours.

    limit: how many characters the network takes. removable: our answers that can be taken down; deletable: whether
    any of the person's words can be deleted.
    """

    conversation: Conversation
    brand: Brand
    account: Account
    titles: Mapping[str, str]
    replies: Sequence[Delivery]
    post: Post | None
    stop: Stop | None
    now: datetime
    limit: int
    removable: frozenset[str] = frozenset()
    deletable: bool = False

    @property
    def version(self) -> int:
        """Grows with everything that the card shows."""
        return self.conversation.version + sum(reply.version for reply in self.replies)

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name the card says."""
        talk = self.conversation
        answered = [who for reply in self.replies for who in (reply.approved_by, reply.settled_by)]
        removed = [heard.removed_by for heard in talk.heard]
        return [who for who in (talk.owner, talk.closed_by, *answered, *removed) if who]


@dataclass(frozen=True)
class OpenInbox:
    """One brand's open conversations as a person sees them, the oldest first; `others` counts other people's."""

    brand: Brand
    mine: Sequence[Conversation]
    new: Sequence[Conversation]
    others: int


class Inbox:
    """Reads, and permission to open a form."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def page(self, id_: str) -> ConversationPage:
        """All that a conversation's card shows; raises UserError when there is no such conversation."""
        desk = self._desk
        conversation = await desk.conversations.get(id_)
        provider = desk.providers[conversation.network]
        replies = await desk.conversations.replies(id_)
        return ConversationPage(
            removable=frozenset(each.id for each in replies if desk.proposing.removable(each)),
            deletable=bool(desk.proposing.deletable(conversation)),
            conversation=conversation,
            brand=await desk.brand(conversation.brand),
            account=await desk.accounts.get(conversation.account),
            titles=desk.pages.titles(),
            replies=replies,
            post=await desk.deliveries.post_at(conversation.account, conversation.root),
            stop=await desk.stopped(conversation.brand),
            now=desk.now(),
            limit=provider.limits.max_length,
        )

    async def to_answer(self, id_: str, who: Standing) -> ConversationPage:
        """A conversation that somebody may answer in public now; raises what answering would raise."""
        page = await self.page(id_)
        who.require(page.brand, Role.MODERATOR)
        if page.stop is not None and page.stop.reach == "silence":
            raise UserError("error.brand_silenced")
        return page

    def length(self, page: ConversationPage, text: str) -> int:
        """A text's length as the conversation's network counts it."""
        return self._desk.providers[page.conversation.network].length(text)

    async def open(self, who: Standing) -> Sequence[OpenInbox]:
        """What is open in every brand where somebody moderates; empty inboxes too. Practice comes last.

        Raises NotAllowed for somebody who moderates nowhere.
        """
        brands = await self._desk.brands.mine(who, Role.MODERATOR)
        if not brands:
            anywhere = await self._desk.brands.mine(who)
            raise NotAllowed("error.no_moderator_role" if anywhere else "error.no_brand")
        return [await self._open(brand, who) for brand in sorted(brands, key=lambda brand: brand.practice)]

    async def _open(self, brand: Brand, who: Standing) -> OpenInbox:
        talks = await self._store.listed(Conversation, f"open:{brand.id}")
        mine = [talk for talk in talks if talk.owner == who.id]
        new = [talk for talk in talks if not talk.owner]
        return OpenInbox(brand, mine, new, len(talks) - len(mine) - len(new))
