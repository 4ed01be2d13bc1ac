"""How often an account is asked, and when its money ends."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.pace import STRETCHED, day_of, month_of, slowed, thrift

LATE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "factor"),
    [
        (timedelta(0), 1),
        (timedelta(minutes=14), 1),
        (timedelta(minutes=15), 1.5),
        (timedelta(hours=1), 2),
        (timedelta(hours=6), 3),
        (timedelta(days=9), 3),
    ],
)
def test_quiet_accounts_are_read_less_often_but_never_rarely(quiet: timedelta, factor: float) -> None:
    assert slowed(quiet) == factor


@pytest.mark.parametrize(
    ("spent", "budget", "factor"),
    [(99, None, 1), (0, 10, 1), (7.99, 10, 1), (8, 10, STRETCHED), (10, 10, None), (11, 10, None), (0, 0, None)],
)
def test_a_budget_stretches_and_then_ends_reading(spent: float, budget: float | None, factor: float | None) -> None:
    assert thrift(spent, budget) == factor


def test_months_and_days_are_those_of_utc() -> None:
    local = LATE.astimezone(datetime.now().astimezone().tzinfo)
    assert (month_of(local), day_of(local)) == ("2026-12", "2026-12-31")
