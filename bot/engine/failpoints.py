"""Named places where a test may kill the process: `VOCERO_FAILPOINTS=publish.after_wire=kill`, or `…:x=kill` for X.

Off, a failpoint costs one look into an empty mapping. `kill` is SIGKILL to oneself, as power loss would be. `stop` is
SIGSTOP, as a machine that sleeps: the process goes on when somebody continues it. A count (`kill@2`) lets it pass until
then.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT = 0.5
"""Seconds after which a request's bytes have left for sure, where the network is on the same machine."""

NAMES: Mapping[str, str] = {
    "publish.before_claim": "nothing of the batch is claimed yet",
    "publish.after_claim": "the claim is stored, nothing was looked at",
    "publish.before_prepare": "about to upload media and to note what finding it will need",
    "publish.after_media": "media is with the network, its ids are in no record yet; only where there is media",
    "publish.after_prepare": "prepared, the notes are in no record yet",
    "publish.before_wire": "about to ask for the durable mark",
    "publish.after_wire": "the mark is stored, nothing left",
    "publish.before_request": "the same, in the last moment before the request, also when the same key is sent again",
    "publish.after_bytes": "the request is with the network, no answer came yet; needs one that is slow to answer",
    "publish.after_answer": "the network said yes, and only this process knows",
    "publish.before_commit": "about to store that it is out, after an answer or after finding it",
    "publish.after_commit": "stored that it is out",
    "publish.between_segments": "a segment of a thread is stored as out, the next isn't granted",
    "publish.before_find": "about to look on the account for what may have been sent",
    "publish.after_find": "the account was looked at, nothing is stored of it",
    "reconcile.before_commit": "about to store what looking on the account came to, found or not",
    "by_hand.before_ask": "about to ask a person to publish by hand, nothing is stored of it",
    "by_hand.after_ask": "stored that a person was asked to publish by hand, nobody told them",
    "by_hand.after_place": "a picture is with Slack and shown nowhere, its place is in no record",
    "by_hand.before_share": "the place of a picture is stored, it is shown nowhere",
    "by_hand.after_share": "a picture is shown to whoever was asked, and only this process knows",
    "poll.after_fetch": "a page of comments is here and in no record",
    "poll.after_items": "a page of comments is stored together with its cursor",
    "arrival.after_items": "what a network told by itself is stored, the request isn't acknowledged",
    "errand.before_write": "the intent to hide, like, edit or reply privately is stored, the network wasn't asked",
    "errand.after_write": "the network did it, and only this process knows",
    "bulk.before_batch": "a batch of an act for many is leased, nothing of it is done",
    "bulk.after_batch": "a batch of an act for many is done, how far it came isn't stored",
    "removal.before_delete": "the intent to take something down is stored, the network wasn't asked",
    "removal.after_delete": "the network took it down, and only this process knows",
    "event.after_tell": "handlers were told of an event, it isn't acknowledged",
    "card.before_post": "about to post a card in Slack",
    "card.after_post": "a card is posted in Slack, where it stands isn't stored",
}
"""Every failpoint and what is true there."""

ACTIONS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


@dataclass(frozen=True)
class Armed:
    """What a process does to itself when it comes to a point for the `after`-th time."""

    action: signal.Signals
    after: int = 1


def parse(text: str) -> dict[str, Armed]:
    """`name=kill,name:network=stop@2` by name; raises ValueError."""
    armed: dict[str, Armed] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, action = part.partition("=")
        verb, _, count = action.partition("@")
        if name.partition(":")[0] not in NAMES or verb not in ACTIONS or not (count or "1").isdigit():
            raise ValueError(f"no such failpoint: {part}")
        armed[name] = Armed(ACTIONS[verb], int(count or "1"))
    return armed


class Failpoints:
    """Armed failpoints of this process; none in production."""

    def __init__(self, armed: Mapping[str, Armed] | None = None) -> None:
        self._armed = dict(armed or {})
        self._reached: Counter[str] = Counter()

    def reach(self, name: str, network: str = "") -> None:
        """Die or stand still here if this point is armed, for this network or for all."""
        if not self._armed:
            return
        for key in (name, f"{name}:{network}"):
            if key in self._armed:
                self._reached[key] += 1
                if self._reached[key] == self._armed[key].after:
                    os.kill(os.getpid(), self._armed[key].action)

    async def during(self, name: str, network: str, request: Coroutine[Any, Any, T]) -> T:
        """The answer to a request; the point is reached if there is none after a moment.

        Connectors have no hook for it, and one of them writes from a thread: so time tells, and a test that arms such a
        point makes the network slow to answer and sees in the network's own log that the request arrived.
        """
        if not self._armed:
            return await request
        answer = asyncio.ensure_future(request)
        try:
            await asyncio.wait({answer}, timeout=MOMENT)
        except asyncio.CancelledError:
            answer.cancel()
            raise
        if not answer.done():
            self.reach(name, network)
        return await answer
