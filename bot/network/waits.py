"""When to come back, as a network says it: never in the past, never in a year, and nothing where it says nonsense."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SOONEST = timedelta(seconds=5)
"""A window that opens now, or opened already by a clock that is ahead of ours, is not tried in the same second."""
LONGEST = timedelta(hours=24)
"""The longest window of any network that we know; who names a longer one is asked again after a day."""


def bounded(moment: datetime | None, now: datetime) -> datetime | None:
    """`moment` between SOONEST and LONGEST from `now`; None stays None. All are aware."""
    return None if moment is None else min(max(moment, now + SOONEST), now + LONGEST)


def retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """`Retry-After` in whole seconds or as an HTTP date (RFC 9110, 10.2.3), bounded; None for anything else.

    Seconds count from now: a `Date` that is wrong by years would make nonsense of them.
    """
    given = (headers.get("retry-after") or headers.get("Retry-After") or "").strip()
    if given.isascii() and given.isdigit():
        seconds = min(int(given[:12]), round(LONGEST.total_seconds()))
        return bounded(now + timedelta(seconds=seconds), now)
    return bounded(http_date(given), now)


def since_epoch(given: str | None, now: datetime) -> datetime | None:
    """Seconds since the epoch, as X writes its resets, bounded; None for anything else."""
    text = (given or "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    try:
        return bounded(datetime.fromtimestamp(int(text[:14]), UTC), now)
    except (OverflowError, ValueError, OSError):
        return now + LONGEST  # further away than a clock can say


def http_date(given: str | None) -> datetime | None:
    """The moment that an HTTP date names, None when it isn't one."""
    if not given:
        return None
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
