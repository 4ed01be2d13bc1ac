"""The mood of what people say: guessed once when it is heard, corrected in one press, never acted on by itself."""

from typing import TYPE_CHECKING

from bot.domain.brands import Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.events import ConversationChanged
from bot.domain.heard import judge
from bot.domain.moods import SURE, Tone
from bot.errors import NotAllowed
from bot.journal import correlation
from bot.text.language import language_of
from bot.text.mood import mood

if TYPE_CHECKING:
    from bot.desk.desk import Desk


def heard_as(text: str, language: str) -> tuple[str, Tone]:
    """The language of what somebody wrote ("" where it can't be told) and how it sounds. `language` is the brand's:
    three words that could be any language are most likely in that one."""
    told = language_of(text)
    return told, mood(text, told or language).tone


def judged(new: Conversation, old: Conversation | None, language: str) -> Conversation:
    """A conversation in which what is new, or was written anew, has its mood; what somebody judged stays so."""
    before = {each.ref: each.text for each in old.heard} if old is not None else {}
    heard = []
    for each in new.heard:
        if each.kept and not each.judged_by and before.get(each.ref) != each.text:
            told, tone = heard_as(each.text, language)
            heard.append(each.model_copy(update={"language": told, "tone": tone}))
        else:
            heard.append(each)
    return new.model_copy(update={"heard": tuple(heard)})


class Moods:
    """The verb of who knows better."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def correct(self, id_: str, mark: str, tone: Tone, who: Standing) -> Conversation:
        """What the person said as `mark` sounds like `tone`; twice is once. Raises NotAllowed, UserError."""

        async def attempt() -> Conversation:
            old = await self._desk.conversations.get(id_)
            who.require(await self._desk.brand(old.brand), Role.MODERATOR)
            before = next((each.tone for each in old.heard if each.mark == mark and not each.removed_by), None)
            if before is None or tone not in SURE:
                raise NotAllowed("error.button_old")
            if before is tone:
                return old
            new = judge(old, mark, tone, who.id)
            change = self._store.begin()
            change.put(new, old)
            change.emit(ConversationChanged(conversation=id_, act="mood", by=who.id, correlation=correlation.get()))
            about = {"brand": old.brand, "subject": id_, "detail": tone.value}
            change.audit(self._desk.entry(who.id, "conversation.mood", **about))
            await change.commit()
            return new

        return await self._desk.again(attempt)
