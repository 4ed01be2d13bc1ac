"""What is known of addresses in texts: whoever may reach the web looks, everybody reads what came of it.

Of what is written in private nothing is opened: an address there may be meant for one visit by one person.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain.brands import Brand
from bot.domain.bulk import Bulk, BulkAct, BulkState
from bot.domain.checks import Finding, Subject, folding
from bot.domain.checks.addresses import dead_links
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import Errand, ErrandState
from bot.domain.events import ConversationChanged, CrowdChanged, PostChanged
from bot.domain.posts import Post
from bot.domain.suggestions import State as Suggested
from bot.domain.suggestions import Suggestion, Way
from bot.domain.variants import every_text
from bot.errors import Conflict
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

KEPT = 10 * 60
"""Seconds for which one look counts."""
FINE = "ok"


class Links:
    """The verbs of looking at links; the look itself is the engine's."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def known(self, texts: Sequence[str]) -> Mapping[str, str]:
        """What is wrong with each address in some texts, by address, "" where nothing is; only what was looked at."""
        found = list(dict.fromkeys(link for text in texts for link in folding.links(text)))
        if not found:
            return {}
        rows = await self._desk.store.client.mget([self._key(link) for link in found])
        told = {link: json.loads(row) for link, row in zip(found, rows, strict=True) if row}
        return {link: "" if trouble == FINE else str(trouble) for link, trouble in told.items()}

    async def unknown(self, texts: Sequence[str]) -> Sequence[str]:
        """The addresses that nobody looked at lately."""
        known = await self.known(texts)
        every = dict.fromkeys(link for text in texts for link in folding.links(text))
        return [link for link in every if link not in known]

    async def looked(self, link: str, trouble: str) -> None:
        """What a look at an address found: "", or a kind of trouble (`check.link_<kind>`)."""
        await self._desk.store.client.set(self._key(link), json.dumps(trouble or FINE), ex=KEPT)

    async def told(self, post: Post) -> None:
        """A look found trouble: the post's card follows, and whoever wrote what is approved already hears of it."""
        change = self._desk.store.begin()
        change.unchanged(post)
        change.emit(PostChanged(post=post.id, act="links", correlation=post.correlation))
        try:
            await change.commit()
        except Conflict:
            return  # it changed meanwhile, and is looked at again for that

    async def findings(self, post: Post, brand: Brand) -> Sequence[Finding]:
        """What is known to be wrong with a post's links, whatever its state."""
        if "links" in brand.rules.off:
            return []
        texts = list(every_text(post.current))
        links = await self.known(texts)
        return list(dead_links(Subject(texts=texts, brand=brand, now=self._desk.now(), links=links)))

    async def told_of_answers(self, conversation: str) -> None:
        """A look found trouble in an answer that waits: the conversation's cards follow."""
        change = self._desk.store.begin()
        change.emit(ConversationChanged(conversation=conversation, act="links", correlation=correlation.get()))
        await change.commit()

    async def told_of_crowd(self, crowd: str) -> None:
        """The same in an answer to many: the crowd's card follows."""
        change = self._desk.store.begin()
        change.emit(CrowdChanged(crowd=crowd, act="links", correlation=correlation.get()))
        await change.commit()

    async def in_answers(self, brand: Brand, waiting: Mapping[str, str]) -> Mapping[str, Sequence[Finding]]:
        """What is known to be wrong with the links of answers that wait, by the id of each, of which the texts are
        given; those with nothing wrong aren't in it."""
        if "links" in brand.rules.off:
            return {}
        links, now = await self.known(list(waiting.values())), self._desk.now()
        found = {
            id_: list(dead_links(Subject(texts=(text,), brand=brand, now=now, links=links)))
            for id_, text in waiting.items()
        }
        return {id_: findings for id_, findings in found.items() if findings}

    def _key(self, link: str) -> str:
        return self._desk.store.key("link", hashlib.sha256(link.encode("utf-8", "surrogatepass")).hexdigest())


def waiting(
    talk: Conversation, replies: Sequence[Delivery], suggested: Sequence[Suggestion], edits: Collection[Errand] = ()
) -> Mapping[str, str]:
    """What of ours may still become public in a conversation, by its id: answers that can be taken back, and trainees'
    that nobody decided about. Other words for an answer (`edits`) don't wait: what is wrong with them is said as soon
    as it is known, for as long as that counts."""
    if talk.private:
        return {}
    changed = {
        each.delivery: each.text for each in edits if each.state in {ErrandState.ASKED, ErrandState.DONE} and each.text
    }
    found = {
        each.id: each.reply.text
        for each in replies
        if each.reply is not None and not each.reply.to and each.state in {State.PLANNED, State.HELD}
    }
    return (
        found
        | changed
        | {each.id: each.exact for each in suggested if each.state is Suggested.OPEN and each.way is not Way.PRIVATE}
    )


def to_many(bulks: Sequence[Bulk]) -> Mapping[str, str]:
    """All variations of the answers to many that are on their way, by the act's id."""
    running = [each for each in bulks if each.act is BulkAct.ANSWER and each.state is BulkState.RUNNING]
    return {each.id: "\n".join(each.texts) for each in running}
