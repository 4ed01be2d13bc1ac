"""Calendar links: secret addresses at which people outside Slack read a brand's calendar."""

import hashlib
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, score


class CalendarLink(Record):
    """A link of a brand. Its id is the digest of its token: whoever reads the store can't open it."""

    KIND: ClassVar[str] = "calendar_link"

    brand: str
    by: MemberId
    at: AwareDatetime

    def indexes(self) -> dict[str, float]:
        """Those of each brand; there is one at a time."""
        return {f"calendar_links:{self.brand}": score(self.at)}


def digest(token: str) -> str:
    """SHA-256 in hex. A token holds 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
