"""Pictures that people sent: which are to be fetched, what became of each, which copies must go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.conversations import Conversation
from bot.domain.events import ConversationChanged
from bot.domain.shown import ShownPicture, outlived, picture_id, wanted

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Showing:
    """The verbs of showing pictures."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def known(self, conversation: str) -> list[ShownPicture]:
        """What there is of a conversation's pictures."""
        return await self._store.listed(ShownPicture, f"shown:{conversation}")

    async def wanted(self, talk: Conversation) -> Sequence[tuple[str, str]]:
        """In what was said, and the address of each picture that is to be fetched."""
        return list(wanted(talk, await self.known(talk.id)))

    async def outlived(self, talk: Conversation) -> Sequence[ShownPicture]:
        """The copies that must go."""
        return outlived(talk, await self.known(talk.id))

    async def fetched(self, talk: Conversation, ref: str, url: str, *, file: str = "", problem: str = "") -> None:
        """What came of one: our copy's id in Slack, or why there is none; the card follows."""
        id_ = picture_id(talk.id, url)

        async def attempt() -> None:
            old = await self._store.find(ShownPicture, id_)
            new = ShownPicture(
                id=id_,
                version=old.version if old else 0,
                brand=talk.brand,
                conversation=talk.id,
                ref=ref,
                url=url,
                file=file,
                problem=problem,
                tries=(old.tries if old else 0) + 1,
                at=old.at if old else self._desk.now(),
            )
            change = self._store.begin()
            change.put(new, old)
            if file:
                change.emit(ConversationChanged(conversation=talk.id, act="pictures", correlation=talk.correlation))
            await change.commit()

        await self._desk.again(attempt)

    async def dropped(self, picture: ShownPicture) -> None:
        """Our copy is gone from Slack; nothing of it is left but that it was there."""
        change = self._store.begin()
        change.put(picture.without(), picture)
        await change.commit()
