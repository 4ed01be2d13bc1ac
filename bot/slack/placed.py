"""Where a card's message is: the record that makes a card one message, however often it is drawn."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from pydantic import AwareDatetime

from bot.domain.records import Record
from bot.slack.cards import Card, card_of
from bot.slack.wire import BadPress
from bot.store.records import Store


class Placed(Record):
    """One card in one channel.

    channel is as it was asked for, home the Slack channel that it came to (they differ for `@` and a member id).
    ts is empty until it is known; posting says since when a message may be on its way, so that after a crash the
    channel is searched before anything is posted again. drawn and digest are the version and content shown.
    """

    KIND: ClassVar[str] = "placed"
    SCHEMA: ClassVar[int] = 2
    OLDER: ClassVar[Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]]] = {1: dict}  # found by its ts too

    channel: str
    card: str
    home: str = ""
    ts: str = ""
    posting: AwareDatetime | None = None
    drawn: int = 0
    digest: str = ""

    @classmethod
    def name(cls, channel: str, card: str) -> str:
        """The id of a card's record."""
        return f"{channel}:{card}"

    def indexes(self) -> Mapping[str, float]:
        """The places of a card; and what stands in a Slack channel, by its ts."""
        names = {f"placed:{self.card}": 0.0}
        if self.ts:
            names[f"placed_at:{self.home}"] = float(_number(self.ts))
        return names


def _number(ts: str) -> int:
    """A ts without its point: microseconds, which a score holds exactly."""
    return int(ts.replace(".", "", 1)) if ts.replace(".", "", 1).isascii() and ts.replace(".", "", 1).isdigit() else 0


async def card_at(store: Store, channel: str, ts: str) -> Card | None:
    """The card whose message stands there, None where it is none of ours."""
    number = _number(ts)
    found = await store.listed(Placed, f"placed_at:{channel}", low=number, high=number, limit=1)
    try:
        return card_of(found[0].card) if found and found[0].ts == ts else None
    except BadPress:
        return None  # of a version that drew other cards
