"""What a conversation shows, read together: all that its card and its form need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.links import waiting
from bot.desk.moderation import NOTHING, Moderating
from bot.domain.brands import Account, Brand, Standing, Stop
from bot.domain.checks import Finding
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.people import Person
from bot.domain.posts import Post
from bot.domain.records import MemberId, Record, score
from bot.domain.shown import ShownPicture
from bot.domain.storms import Crowd
from bot.domain.suggestions import WRITERS, Suggestion
from bot.errors import NotAllowed, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk


FORGOTTEN = 1_000_000
"""More than any person's record was ever changed."""


@dataclass(frozen=True)
class ConversationPage:
    """A conversation with all that its card and its form show. post: ours, under which it hangs, if it is ours.
    known: what we know of the person; before: how many conversations we had with them earlier.

    limit: how many characters the network takes. answer_until: by when it takes an answer to a private one.
    copies: ours in Slack of the pictures that the person sent.
    removable: our answers that can be taken down; deletable: whether any of the person's words can be deleted.
    suggested: trainees' answers that wait for somebody. links: what is wrong with the links of those, and of answers
    that wait, by their ids. crowd: the others who say nearly the same, once they are one.
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
    known: Person | None = None
    before: int = 0
    deletable: bool = False
    moderating: Moderating = NOTHING
    answer_until: datetime | None = None
    copies: Sequence[ShownPicture] = ()
    suggested: Sequence[Suggestion] = ()
    links: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    crowd: Crowd | None = None
    alone: bool = True  # not, or not yet, one of a crowd; it never is again

    @property
    def pictures(self) -> Mapping[str, str]:
        """The ids of our copies in Slack, by the picture's address."""
        return {each.url: each.file for each in self.copies if each.file}

    @property
    def answerable(self) -> bool:
        """Whether the network still takes an answer."""
        return self.answer_until is None or self.now < self.answer_until

    @property
    def version(self) -> int:
        """Grows with everything that the card shows."""
        # forgetting takes the person's own version away, and has to count for more than it
        own = FORGOTTEN if self.conversation.forgotten_at else (self.known.version if self.known else 0)
        asked: list[Record] = [*(self.moderating.errands or {}).values(), *(self.moderating.edits or {}).values()]
        shown = [*self.replies, *asked, *self.copies]
        return self.conversation.version + sum(one.version for one in shown) + own + (not self.alone)

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name the card says."""
        talk = self.conversation
        answered = [who for reply in self.replies for who in (reply.approved_by, reply.settled_by)]
        answered += [reply.reply.by for reply in self.replies if reply.reply]
        answered += [each.by for each in self.suggested]
        removed = [who for heard in talk.heard for who in (heard.removed_by, heard.hidden_by, heard.judged_by)]
        removed += [talk.hold.by] if talk.hold else []
        removed += [heard.ruled.undone_by for heard in talk.heard if heard.ruled]
        asked = [talk.escalation.by, talk.escalation.to] if talk.escalation else []
        asked = asked[:1] if talk.escalation and talk.escalation.kind != "person" else asked
        asked += [each.who for each in talk.answering]
        asked += [talk.use.by, talk.use.settled_by]
        errands = [*(self.moderating.errands or {}).values(), *(self.moderating.edits or {}).values()]
        asked += [one.by for one in errands]
        return [who for who in (talk.owner, talk.closed_by, *asked, *answered, *removed) if ":" in who]


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
        known = await self._store.find(Person, conversation.who)
        before = await self._before(conversation)
        crowd = await self._store.find(Crowd, conversation.crowd) if conversation.crowd else None
        formed = crowd is not None and crowd.formed_at is not None
        brand = await desk.brand(conversation.brand)
        suggested = await self._store.find_many(Suggestion, conversation.suggested)
        moderating = await desk.moderation.page(conversation, replies)
        said = waiting(conversation, replies, suggested, list((moderating.edits or {}).values()))
        return ConversationPage(
            removable=frozenset(each.id for each in replies if desk.proposing.removable(each)),
            deletable=bool(desk.proposing.deletable(conversation)),
            moderating=moderating,
            conversation=conversation,
            brand=brand,
            account=await desk.accounts.get(conversation.account),
            titles=desk.pages.titles(),
            replies=replies,
            post=await desk.deliveries.post_at(conversation.account, conversation.root),
            stop=await desk.stopped(conversation.brand),
            now=desk.now(),
            limit=provider.limits.message_length if conversation.private else provider.limits.max_length,
            copies=await desk.showing.known(id_),
            answer_until=desk.private.answer_until(conversation),
            known=known,
            before=before,
            suggested=suggested,
            links=await desk.links.in_answers(brand, said),
            crowd=crowd if formed else None,
            alone=not conversation.crowd or (crowd is not None and not formed),
        )

    async def _before(self, talk: Conversation) -> int:
        """How many conversations with the same person began before this one."""
        if talk.forgotten_at is not None:
            return 0
        key = self._store.key("index", f"said:{talk.who}")
        return int(await self._store.client.zcount(key, "-inf", f"({score(talk.created_at)}"))

    async def to_answer(self, id_: str, who: Standing) -> ConversationPage:
        """A conversation that somebody may answer now, or suggest an answer to; raises what that would raise."""
        page = await self.page(id_)
        who.require(page.brand, *WRITERS)
        if page.stop is not None and page.stop.reach == "silence":
            raise UserError("error.brand_silenced")
        if not page.conversation.latest.there:
            raise UserError("error.comment_gone")
        self._desk.private.refuse_late(page.conversation)
        return page

    def length(self, page: ConversationPage, text: str) -> int:
        """A text's length as the conversation's network counts it: characters, in private."""
        if page.conversation.private:
            return len(text)
        return self._desk.providers[page.conversation.network].length(text)

    async def brands_of(self, who: Standing) -> Sequence[Brand]:
        """The brands where somebody answers people, if only with approval, practice last; raises NotAllowed where that
        is none."""
        brands = await self._desk.brands.mine(who, *WRITERS)
        if not brands:
            anywhere = await self._desk.brands.mine(who)
            raise NotAllowed("error.no_moderator_role" if anywhere else "error.no_brand")
        return sorted(brands, key=lambda brand: brand.practice)
