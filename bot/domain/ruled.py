"""What a brand's rule did about something that a person said: kept with the words, and shown wherever they are."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Value

RULE = "rule"
"""Who hid something, where a rule did."""


class Strength(StrEnum):
    """What a rule does with what fits."""

    FLAG = "flag"  # a mark on the card, and the front of the inbox
    PROPOSE = "propose"  # … and hiding it is one press on the card
    HIDE = "hide"


ORDER: Sequence[Strength] = tuple(Strength)
"""From the mildest; of several rules that fit the strongest acts."""


class Ruled(Value):
    """One act of a rule. `word` is the rule's own, empty where it fitted without one.

    strength: what was done, which is less than the rule's where hiding isn't possible. undone_by: who said that it was
    wrong; then no rule touches this again.
    """

    rule: str
    name: str
    revision: int
    strength: Strength
    word: str = ""
    at: AwareDatetime
    undone_by: MemberId = ""
    undone_at: AwareDatetime | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody took it back."""
        return not self.undone_by
