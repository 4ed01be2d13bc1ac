"""The page a person works from in the morning: pure choice and order of what to show."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.brands import Brand, Stop
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery, State
from bot.domain.foreign import ForeignPost
from bot.domain.posts import Post
from bot.domain.records import Value
from bot.domain.ruled import Strength

WINDOW = timedelta(hours=3)
"""How long after its hour a digest still goes out (after downtime, say); later it would be stale."""


class BrandDay(Value):
    """One brand's part of a digest. The digest shows empty parts as nothing at all."""

    brand: Brand
    stop: Stop | None = None
    to_approve: tuple[Post, ...] = ()
    sent_back: tuple[Post, ...] = ()
    trouble: tuple[Delivery, ...] = ()
    out_today: tuple[Delivery, ...] = ()
    tomorrow: tuple[Delivery, ...] = ()
    waiting: tuple[Conversation, ...] = ()  # those that wait longest
    waiting_total: int = 0  # of all that wait, at least those
    outside: tuple[ForeignPost, ...] = ()  # others posted these on the accounts, as is normal in this brand
    ruled: Mapping[Strength, int] = Field(default_factory=dict)  # what rules did by themselves, in a day
    posts: tuple[Post, ...] = ()  # the posts behind the deliveries, for their texts

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        parts = (
            self.to_approve,
            self.sent_back,
            self.trouble,
            self.out_today,
            self.tomorrow,
            self.waiting,
            self.outside,
            self.ruled,
        )
        return self.stop is None and not any(parts)


class Day(Value):
    """A whole digest: `drafts` are the reader's own, over all brands."""

    at: datetime
    zone: str
    brands: tuple[BrandDay, ...]
    drafts: tuple[Post, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing waits anywhere."""
        return not self.drafts and all(brand.empty for brand in self.brands)


def day_of(instant: datetime, zone: ZoneInfo) -> str:
    """The calendar day of an instant in a zone, as `YYYY-MM-DD`."""
    return instant.astimezone(zone).date().isoformat()


def on_day(deliveries: Sequence[Delivery], zone: ZoneInfo, day: str) -> tuple[Delivery, ...]:
    """The posts (not replies) that are planned for a day in a zone, or went live on it, in order."""
    kept = [d for d in deliveries if d.reply is None and day_of(_when(d), zone) == day]
    return tuple(sorted(kept, key=_when))


def _when(delivery: Delivery) -> datetime:
    if delivery.state is State.LIVE and delivery.settled_at:
        return delivery.settled_at
    return delivery.due


def next_day(instant: datetime, zone: ZoneInfo) -> str:
    """The calendar day after an instant's in a zone."""
    return (instant.astimezone(zone).date() + timedelta(days=1)).isoformat()


def due_day(now: datetime, zone: ZoneInfo, hour: int) -> str | None:
    """The day (`YYYY-MM-DD` in the zone) whose digest is to go out now, None when it isn't the hour of any.

    An hour that a clock change leaves out is the moment after it; of one that comes twice, the first counts.
    """
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        begins = datetime.combine(day, time(hour), zone).astimezone(UTC)
        if timedelta(0) <= now - begins < WINDOW:
            return day.isoformat()
    return None
