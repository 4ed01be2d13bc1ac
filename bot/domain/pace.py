"""How often an account is asked, and what asking may cost: pure.

Reading slows down while nobody says anything and is quick again with the first word. What is left of a
monthly budget is stretched before it ends reading.
"""

from datetime import UTC, datetime, timedelta

QUIET: tuple[tuple[timedelta, float], ...] = (
    (timedelta(hours=6), 3.0),
    (timedelta(hours=1), 2.0),
    (timedelta(minutes=15), 1.5),
)
"""After so long without a word, so many times the pace: three at most, an angry comment at night can't wait longer."""
SCARCE = 0.8
"""From this share of the budget on it is read a fifth as often."""
STRETCHED = 5.0


def slowed(quiet: timedelta) -> float:
    """By how much reading slows after so long without a word."""
    return next((factor for since, factor in QUIET if quiet >= since), 1.0)


def thrift(spent: float, budget: float | None) -> float | None:
    """By how much reading slows for the money's sake; None: the budget is used up, nothing is read any more."""
    if budget is None:
        return 1.0
    if spent >= budget:
        return None
    return STRETCHED if spent >= budget * SCARCE else 1.0


def month_of(moment: datetime) -> str:
    """The month that something is paid in, as networks count: by UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def day_of(moment: datetime) -> str:
    """The day within which a network charges the same thing once."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d")
