"""A post on an account of ours that we did not send: seen, waited for, told, and explained by somebody."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, score
from bot.errors import AlreadyDone

PATIENCE = timedelta(minutes=3)
"""How long one waits for what is on the wire before anybody is alarmed; every wire mark is settled sooner."""
WORDS = 200
"""Characters of it that are kept and shown."""


class ForeignState(StrEnum):
    """What is known of it."""

    SEEN = "seen"  # perhaps ours: something is on the wire
    OPEN = "open"  # not ours, and people were told
    QUIET = "quiet"  # not ours, and normal in this brand: a line in the digest
    EXPLAINED = "explained"  # somebody said that it was one of us


class ForeignPost(Record):
    """One post, by whoever has the account's password or another tool. `words` is how it begins, untrusted."""

    KIND: ClassVar[str] = "foreign"

    brand: str
    account: str
    ref: str
    url: str = ""
    words: str = ""
    state: ForeignState = ForeignState.SEEN
    at: AwareDatetime
    seen_at: AwareDatetime
    explained_by: MemberId = ""
    explained_at: AwareDatetime | None = None

    def indexes(self) -> Mapping[str, float]:
        """What is still to be judged, by account; the rest by brand."""
        name = f"foreign_seen:{self.account}" if self.state is ForeignState.SEEN else f"foreign:{self.brand}"
        return {name: score(self.seen_at)}

    def told(self, *, quiet: bool) -> "ForeignPost":
        """It is not ours."""
        return self.model_copy(update={"state": ForeignState.QUIET if quiet else ForeignState.OPEN})

    def explained(self, who: MemberId, at: datetime) -> "ForeignPost":
        """*It was one of us*. A second press hears who said so first."""
        if self.state is ForeignState.EXPLAINED:
            raise AlreadyDone("error.foreign_explained", who=self.explained_by, at=self.explained_at)
        update = {"state": ForeignState.EXPLAINED, "explained_by": who, "explained_at": at}
        return self.model_copy(update=update)


class SentCursor(Record):
    """How far an account's own posts were read; `id` is the account's. Of another generation it is void."""

    KIND: ClassVar[str] = "sent_cursor"

    text: str
    generation: int


def foreign_id(account: str, ref: str) -> str:
    """One record for each post."""
    return f"{account}-{ref}"
