"""Where a card's message is: the record that makes a card one message, however often it is drawn."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import Record


class Placed(Record):
    """One card in one channel.

    channel is as it was asked for, home the Slack channel that it came to (they differ for `@` and a member id).
    ts is empty until it is known; posting says since when a message may be on its way, so that after a crash the
    channel is searched before anything is posted again. drawn and digest are the version and content shown.
    """

    KIND: ClassVar[str] = "placed"

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
        """The places of a card."""
        return {f"placed:{self.card}": 0.0}
