"""Sees what is published on an account by other hands than ours, within one poll, and takes nothing of ours for it."""

import logging
from collections.abc import Sequence

from bot.desk.desk import Desk
from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, State
from bot.domain.foreign import ForeignPost
from bot.domain.posts import Post
from bot.engine.failpoints import Failpoints
from bot.engine.outcomes import Outcomes
from bot.engine.sending import Sending
from bot.network import Capability, Connector, Item, Prepared, Ref, Sent
from bot.store.blobs import Blobs

log = logging.getLogger(__name__)


class Watcher:
    """Looks with the poll of an account; what may be ours is looked at as reconciling does (`Connector.find`)."""

    def __init__(self, desk: Desk, failpoints: Failpoints) -> None:
        self._desk = desk
        self._outcomes = Outcomes(desk, failpoints)
        self._sending = Sending(desk, Blobs(desk.store), self._outcomes, failpoints)

    async def heard(self, account: Account, items: Sequence[Item]) -> None:
        """Our own words among what was fetched: answers, where the network lists them there. Before they are stored."""
        own = [Sent(item.ref, item.text, item.at) for item in items if item.own]
        if own and self._watched(account):
            await self._desk.foreign.note(account, own)

    async def look(self, account: Account, connector: Connector) -> None:
        """Read the account's own posts and judge what isn't ours. Raises NetworkError."""
        if not self._watched(account):
            return
        before = await self._desk.foreign.cursor(account)
        page = await connector.sent(before.text if before else None)
        await self._desk.spending.note(account, page.reads)
        await self._desk.foreign.read(account, page)
        for post in await self._desk.foreign.to_judge(account):
            if await self._sent_unsure(post, account, connector):
                await self._desk.foreign.drop(post)
            else:
                log.warning("account %s: %s was not sent by us", account.id, post.ref)
                await self._desk.foreign.tell(post, account)

    def _watched(self, account: Account) -> bool:
        return Capability.SENT in self._desk.providers[account.network].capabilities

    async def _sent_unsure(self, post: ForeignPost, account: Account, connector: Connector) -> bool:
        """Whether a delivery without an id is it: one whose outcome nobody knows, or that a person said is live."""
        for delivery in await self._desk.foreign.unsure(account):
            if await self._says_so(delivery, post):
                return True
            if len(delivery.refs) >= delivery.segments:
                continue
            draft = await self._sending.draft(delivery)
            ref = await connector.find(draft, Prepared(key=delivery.key, notes=delivery.prepared))
            if ref is None or ref.id != post.ref:
                continue
            if delivery.state is State.UNKNOWN:
                await self._outcomes.live(delivery, Ref(ref.id, ref.url or post.url))
            return True
        return False

    async def _says_so(self, delivery: Delivery, post: ForeignPost) -> bool:
        """A segment of a thread that a person said is all out: its ids were never told."""
        if delivery.state not in {State.LIVE, State.LEFT} or delivery.segments == 1:
            return False
        written = await self._desk.store.get(Post, delivery.post)
        texts = written.revision(delivery.revision).texts(delivery.account)[len(delivery.refs) :]
        return any(" ".join(text.split()).startswith(post.words) for text in texts if post.words)
