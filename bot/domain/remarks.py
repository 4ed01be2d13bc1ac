"""What the team says about a post in its card's thread: private talk, kept with the revision that it was about."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, score

LONGEST = 3000
"""Characters that are kept of one; the thread has the rest."""


class Remark(Record):
    """One message of a thread, as it was when it was sent. `id` is made of where it stands, so it is kept once."""

    KIND: ClassVar[str] = "remark"

    brand: str
    post: str
    revision: int
    by: MemberId
    at: AwareDatetime
    text: str

    def indexes(self) -> Mapping[str, float]:
        """Those of a post, oldest first; and by age, so that they are forgotten like everything that people say."""
        return {f"remarks:{self.post}": score(self.at), f"remarks_aged:{self.brand}": score(self.at)}
