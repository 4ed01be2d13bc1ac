"""Client links: secret addresses at which a named person decides about a brand's posts without being in the team."""

import hashlib
from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain import posts
from bot.domain.brands import Brand
from bot.domain.posts import Post, PostStatus
from bot.domain.records import MemberId, Record, score
from bot.domain.watch import Team

DAYS = (1, 7, 30)
"""How long a link may last; the middle one unless another is chosen."""
MOST = 10
"""Links of one brand at a time."""
NAME = 60
"""Characters of a holder's name."""


class ClientLink(Record):
    """A link of a brand. Its id is the digest of its token: whoever reads the store can't open it.

    holder: under what id its holder signs, which is no member of any team. opened: when it was last looked at.
    """

    KIND: ClassVar[str] = "client_link"

    brand: str
    holder: MemberId
    name: str
    by: MemberId
    at: AwareDatetime
    until: AwareDatetime
    opened: AwareDatetime | None = None

    def indexes(self) -> dict[str, float]:
        """Those of each brand; one that ended by itself stays until the next is made."""
        return {f"client_links:{self.brand}": score(self.at)}

    def valid(self, now: datetime) -> bool:
        """Whether it still opens."""
        return now < self.until


def digest(token: str) -> str:
    """SHA-256 in hex. A token holds 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def has_client_stage(brand: Brand) -> bool:
    """Whether any review of this brand asks the client."""
    lists = (brand.policies.stages, *brand.policies.account_stages.values())
    return any(stage.client for stages in lists for stage in stages)


def waits_for_client(post: Post, brand: Brand, team: Team) -> bool:
    """Whether the client's stage is the open one of a review, and everything that they would see is there."""
    if post.brand != brand.id or post.status is not PostStatus.IN_REVIEW or not post.current.ready:
        return False
    now = posts.review_of(post, brand, team)
    return not now.complete and now.stage.client


def seen_as(post: Post) -> str:
    """What somebody who looks at a post now sees: its content and its time, as one digest."""
    due = post.due.isoformat() if post.due is not None else ""
    return hashlib.sha256(f"{post.current.hash}\n{due}".encode()).hexdigest()
