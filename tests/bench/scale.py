"""How much of everything: the figures' own sizes, or a fraction of them that takes less than a minute."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """alone: commands a round, one after another. together, events, visible: seconds. crash_step: every which step is
    killed at. The rest: how many."""

    alone: int
    together: float
    events: float
    deliveries: int
    scheduled: int
    comments: int
    conversations: int
    visible: float
    crash_step: int


FULL = Scale(
    alone=150,
    together=4,
    events=60,
    deliveries=2000,
    scheduled=100_000,
    comments=10_000,
    conversations=50_000,
    visible=60,
    crash_step=1,
)
QUICK = Scale(
    alone=50,
    together=1,
    events=5,
    deliveries=500,
    scheduled=10_000,
    comments=2_000,
    conversations=5_000,
    visible=8,
    crash_step=6,
)
