"""Small things done on a network about one comment or answer: hide, like, reply privately, edit our answer.

An errand is asked once by a person and done by the engine. All of them may be asked again without doing them twice:
hiding, liking and editing by their nature, a private reply because the network takes one a comment.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, score

TRIES = 10
"""After so many attempts that came to no answer people are told."""
PRIVATE_DAYS = 7
"""How long after a comment its author can be answered privately (Facebook's rule)."""


class Facet(StrEnum):
    """What an errand is about. One errand a facet of a comment: the newest wish is the one that counts."""

    HIDE = "hide"  # wanted: hidden
    LIKE = "like"  # wanted: liked
    PRIVATE = "private"
    EDIT = "edit"  # of our own answer, or of a post: `delivery`


class ErrandState(StrEnum):
    """Where an errand stands."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"  # by the network
    FAILED = "failed"  # no attempt came to an answer, or we can't get in


class Errand(Record):
    """One wish about `ref` on an account. `before`: what an edited answer said until then. `rule`: the name of the rule
    that wished it by itself. `correction`: what was approved, where a post is changed and no answer; `post` then
    stands in place of `conversation`."""

    KIND: ClassVar[str] = "errand"

    facet: Facet
    brand: str
    account: str
    network: str
    conversation: str = ""
    post: str = ""
    correction: str = ""
    ref: str
    wanted: bool = True
    text: str = ""
    before: str = ""
    delivery: str = ""
    state: ErrandState = ErrandState.ASKED
    by: MemberId
    at: AwareDatetime
    attempts: int = 0
    attention: AwareDatetime | None = None
    problem: str = ""
    detail: str = ""
    settled_at: AwareDatetime | None = None
    correlation: str = ""
    rule: str = ""

    def indexes(self) -> Mapping[str, float]:
        """Those of a conversation, and what the engine has to do."""
        names = {f"errands:{self.conversation}": score(self.at)} if self.conversation else {}
        if self.attention is not None:
            names["errands"] = score(self.attention)
        return names

    @property
    def asked(self) -> bool:
        """Whether it is still on its way."""
        return self.state is ErrandState.ASKED


def id_of(account: str, ref: str, facet: Facet) -> str:
    """One record for each facet of a comment."""
    return f"{account}:{ref}:{facet}"


def digest(text: str) -> str:
    """What an answer's words are known by, to tell whether somebody changed them meanwhile."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def settle(errand: Errand, at: datetime) -> Errand:
    """The network did it."""
    update = {"state": ErrandState.DONE, "attention": None, "settled_at": at, "problem": "", "detail": ""}
    return errand.model_copy(update=update)


def refuse(errand: Errand, problem: str, detail: str, at: datetime) -> Errand:
    """It is not done, and isn't tried any more: the network refused (`refused`), or there was no way or no answer."""
    state = ErrandState.REFUSED if problem == "refused" else ErrandState.FAILED
    update = {"state": state, "attention": None, "settled_at": at, "problem": problem, "detail": detail}
    return errand.model_copy(update=update)


def private_until(said: datetime) -> datetime:
    """Until when the author of something said then can be answered privately."""
    return said + timedelta(days=PRIVATE_DAYS)
