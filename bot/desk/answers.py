"""What somebody is writing to a person, as it would go out: signed, counted and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.checking import answer_findings
from bot.domain.brands import Brand, Standing
from bot.domain.checks import Answered, Finding
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.errands import Errand
from bot.domain.heat import CALM, WITHIN, Heat, given, heat
from bot.domain.moods import Tone
from bot.domain.people import Person
from bot.domain.records import MemberId
from bot.domain.saved_replies import SavedReply, left_in
from bot.domain.signing import Signature, mark, signed
from bot.domain.suggestions import Suggestion, Way, needs_approval
from bot.errors import FieldErrors, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk
    from bot.desk.inbox import ConversationPage

READ = 20
"""Conversations of one person that are looked at, the newest."""


@dataclass(frozen=True)
class Written:
    """An answer that isn't sent yet. exact: all that would be read, to the last letter; count: its length as the
    network counts; sign: what it ends with that nobody typed; findings: what the checks say; saved: the brand's saved
    replies, those in the person's language first; left: the variables of one that nobody filled in; waits: somebody has
    to approve it first; heat: what speaks for another way."""

    exact: str = ""
    count: int = 0
    sign: str = ""
    findings: Sequence[Finding] = ()
    saved: Sequence[SavedReply] = ()
    left: tuple[str, ...] = ()
    waits: bool = False
    heat: Heat = CALM


def answered(talk: Conversation, known: Person | None, ref: str = "") -> Answered | None:
    """Whom everybody sees us answer, as far as the team knows them; `ref`: what of theirs, if not what they said
    last."""
    if talk.private or known is None:
        return None
    said = talk.said(ref) or talk.latest
    return Answered(talk.person.name, known.relationship, said.text)


class Answers:
    """What the forms that answer show, and the verbs that send."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def sign(self, brand: Brand, writer: MemberId) -> str:
        """What a member's answers end with in a brand, as it is set now; "" for nothing."""
        if brand.signature is Signature.OFF:
            return ""
        member = await self._desk.member(writer)
        return mark(brand.signature, member.signature, member.name)

    async def shown(self, brand: Brand, writer: MemberId, shown: str | None) -> str:
        """The same, for somebody who saw `shown` before they sent it; raises FieldErrors where that isn't so any more,
        and nothing for None."""
        sign = await self.sign(brand, writer)
        if shown not in {None, sign}:
            raise FieldErrors({"text": UserError("error.signature_changed")})
        return sign

    async def written(self, page: "ConversationPage", text: str, who: Standing) -> Written:
        """What would go out, if they sent this now."""
        sign = await self.sign(page.brand, who.id)
        exact = signed(text, sign)
        return Written(
            exact=exact,
            count=self._desk.inbox.length(page, exact),
            sign=sign,
            findings=await answer_findings(
                self._desk,
                page.brand,
                page.account,
                text,
                public="" if page.conversation.private else exact,
                answered=answered(page.conversation, page.known),
            ),
            saved=await self._desk.saved_replies.of(page.brand.id, page.conversation.latest.language),
            left=left_in(text),
            waits=needs_approval(page.brand, who),
            heat=heat(text, page.conversation.latest.tone, await self._given(page)),
        )

    async def _given(self, page: "ConversationPage") -> int:
        """How many public answers somebody displeased had of us within a day, in whatever conversation."""
        talk, now = page.conversation, self._desk.now()
        if talk.latest.tone is not Tone.NEGATIVE:
            return 0
        count = given(page.replies, now)
        for person in (talk.who, *(page.known.linked if page.known else ())):
            ids = await self._store.client.zrange(self._store.key("index", f"said:{person}"), 0, READ - 1, desc=True)
            others = await self._store.find_many(Conversation, [str(id_) for id_ in ids if str(id_) != talk.id])
            for other in others:
                if not count and now - other.changed_at < 2 * WITHIN:
                    count = given(await self._desk.conversations.replies(other.id), now)
        return count

    # --- what somebody sends: at once, or where they learn when somebody approved it

    async def answer(
        self, conversation: str, id_: str, text: str, who: Standing, *, shown: str | None = None, asks: bool = False
    ) -> Delivery | Suggestion:
        """In public, or a private message in private. `id_` was made with the form; `shown` is the signature that they
        saw; `asks` as in `Conversations.reply`."""
        if await self._waits(conversation, who):
            return await self._desk.suggestions.suggest(id_, conversation, Way.PUBLIC, text, who, shown=shown)
        return await self._desk.conversations.reply(conversation, id_, text, who, shown=shown, asks=asks)

    async def privately(
        self, conversation: str, ref: str, id_: str, text: str, who: Standing, *, shown: str | None = None
    ) -> Errand | Suggestion:
        """So that only the person sees it."""
        if await self._waits(conversation, who):
            await self._desk.moderation.to_reply_privately(conversation, ref, who)
            return await self._desk.suggestions.suggest(
                id_, conversation, Way.PRIVATE, text.strip(), who, ref=ref, shown=shown
            )
        return await self._desk.moderation.reply_privately(conversation, ref, text, who, shown=shown)

    async def edit(self, delivery: str, before: str, id_: str, text: str, who: Standing) -> Errand | Suggestion:
        """Other words for our public answer."""
        found = await self._desk.moderation.to_edit(delivery, who)
        talk = found.reply.conversation if found.reply else ""
        if await self._waits(talk, who):
            return await self._desk.suggestions.suggest(
                id_, talk, Way.EDIT, text, who, ref=found.ref, delivery=delivery, before=before
            )
        return await self._desk.moderation.edit(delivery, before, text, who)

    async def _waits(self, conversation: str, who: Standing) -> bool:
        talk = await self._desk.conversations.get(conversation)
        return needs_approval(await self._desk.brand(talk.brand), who)
