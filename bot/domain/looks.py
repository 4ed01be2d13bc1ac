"""A colleague's look at an answer before it goes out: asked in the conversation's thread, and nothing is sent."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, score

TEXT = 3000
"""Characters of what is shown."""


class Look(Record):
    """Who is asked by whom, and the words as they would go out."""

    KIND: ClassVar[str] = "look"

    brand: str
    conversation: str
    by: MemberId
    to: MemberId
    text: str
    at: AwareDatetime

    def indexes(self) -> Mapping[str, float]:
        """Those of a conversation, oldest first."""
        return {f"looks:{self.conversation}": score(self.at)}
