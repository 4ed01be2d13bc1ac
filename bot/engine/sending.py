"""One visible write: what it says, and what its answer means for the delivery."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.desk.desk import Desk
from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, Step, Trouble
from bot.domain.posts import Post
from bot.engine.failpoints import Failpoints
from bot.engine.outcomes import Outcomes
from bot.metrics import DUPLICATES, PUBLISH_ATTEMPTS
from bot.network import (
    AuthFailed,
    Connector,
    Draft,
    Duplicate,
    Media,
    NetworkError,
    Prepared,
    RateLimited,
    Ref,
    Transient,
    UnknownOutcome,
)
from bot.store.blobs import Blobs

log = logging.getLogger(__name__)

RESULTS: Mapping[type[NetworkError], str] = {AuthFailed: "auth", RateLimited: "rate_limited", Transient: "not_sent"}
"""How attempts are counted that published nothing; anything else is `refused`."""


class Sending:
    """Sends what was granted the wire, once."""

    def __init__(self, desk: Desk, blobs: Blobs, outcomes: Outcomes, failpoints: Failpoints) -> None:
        self._desk = desk
        self._store = desk.store
        self._blobs = blobs
        self._outcomes = outcomes
        self._fail = failpoints

    async def draft(self, delivery: Delivery, post: Post | None = None) -> Draft:
        """The reply, the post, or the next segment of its thread: an answer to the one before it. `post`: as it was
        read a moment ago, which spares a look; a version of it never changes."""
        if delivery.reply is not None:
            reply = delivery.reply
            root = Ref(reply.root) if reply.root else None
            return Draft(key=delivery.key, text=reply.text, reply_to=Ref(reply.answers), root=root, private_to=reply.to)
        revision = (post or await self._store.get(Post, delivery.post)).revision(delivery.revision)
        text = revision.texts(delivery.account)[len(delivery.refs)]
        if delivery.refs:
            first, last = delivery.refs[0], delivery.refs[-1]
            return Draft(key=delivery.key, text=text, reply_to=Ref(last), root=Ref(first))
        media = [
            Media(id=p.blob, name=p.name, type=p.type, alt=p.alt, content=await self._blobs.get(p.blob))
            for p in revision.pictures
        ]
        return Draft(key=delivery.key, text=text, media=media)

    async def publish(
        self,
        delivery: Delivery,
        account: Account,
        connector: Connector,
        draft: Draft,
        prepared: Prepared,
        *,
        earlier: Mapping[str, Any] | None = None,
        repeats: bool = False,
    ) -> Ref | None:
        """The request, and what follows where the network doesn't just say yes; if it does, what it says, for
        `Outcomes.live`. `earlier`: the notes of an attempt that a person repeats. `repeats`: the same request may be
        there already, under the same key."""
        self._fail.reach("publish.before_request", delivery.network)
        if not self._covered(delivery):
            if delivery.attempts > 1:  # an earlier request under this key may have got there
                await self._outcomes.look_later(delivery)
                return None
            await self._outcomes.not_sent(delivery, account, Transient("the lease does not cover the request any more"))
            return None
        try:
            log.info("the request leaves", extra={"delivery": delivery.id, "network": delivery.network})
            request = connector.publish(draft, prepared)
            ref = await self._fail.during("publish.after_bytes", delivery.network, request)
        except Duplicate as error:
            PUBLISH_ATTEMPTS.labels(delivery.network, "duplicate").inc()
            DUPLICATES.labels(delivery.network).inc()
            known = [prepared, *([Prepared(prepared.key, earlier)] if earlier else [])]
            await self._duplicate(delivery, connector, draft, known, error)
        except UnknownOutcome as error:
            PUBLISH_ATTEMPTS.labels(delivery.network, "unknown").inc()
            log.warning("delivery %s: outcome unknown: %s", delivery.id, error.detail)
            await self._outcomes.look_later(delivery)
        except NetworkError as error:
            PUBLISH_ATTEMPTS.labels(delivery.network, RESULTS.get(type(error), "refused")).inc()
            settle = self._outcomes.not_repeated if repeats else self._outcomes.not_sent
            await settle(delivery, account, error)
        else:
            PUBLISH_ATTEMPTS.labels(delivery.network, "live").inc()
            self._fail.reach("publish.after_answer", delivery.network)
            return ref
        return None

    def _covered(self, delivery: Delivery) -> bool:
        """Whether the answer comes before the lease ends: who slept since the mark may find another at work, and people
        who were asked."""
        timeout = timedelta(seconds=self._desk.endpoints[delivery.network].timeout)
        return delivery.attention is not None and self._desk.now() + timeout <= delivery.attention

    async def _duplicate(
        self, delivery: Delivery, connector: Connector, draft: Draft, known: Sequence[Prepared], error: Duplicate
    ) -> None:
        """The network has this text: it is ours if it came after a mark of ours, else an older post is in the way.

        `known` is what was noted before this attempt and, after a person sent it again, before the attempt until then.
        """
        ref = error.existing
        try:
            for prepared in known:
                ref = ref or await connector.find(draft, prepared)
        except NetworkError as trouble:
            log.warning("delivery %s: duplicate, and cannot look: %s", delivery.id, trouble.detail)
            await self._outcomes.look_later(delivery)
            return
        if ref is not None:
            await self._outcomes.live(delivery, ref)
        elif delivery.attempts > 1:
            await self._outcomes.look_later(delivery)
        else:
            await self._outcomes.move(delivery, Step.REFUSE, trouble=Trouble(kind="duplicate", detail=error.detail))
