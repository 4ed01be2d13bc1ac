"""A thread: how it is typed, with a line of three hyphens between its segments, and how it goes out one by one."""

import re
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, State, Step

Texts = tuple[str, ...]
"""What goes out on one account, in order."""
MOST = 25
"""Segments of a thread, ours: what one form and one card can show."""
_BETWEEN = re.compile(r"\A[ \t]*+(?:-{3}|—-)[ \t]*")  # many phones turn two hyphens into a dash while one types


def split(typed: str) -> tuple[str, ...]:
    """The segments, exactly as typed, empty ones included; none when nothing but space was typed."""
    if not typed.strip():
        return ()
    segments: list[list[str]] = [[]]
    for line in typed.split("\n"):
        if _BETWEEN.fullmatch(line):
            segments.append([])
        else:
            segments[-1].append(line)
    return tuple("\n".join(lines) for lines in segments)


def joined(segments: tuple[str, ...]) -> str:
    """What `split` takes apart again."""
    return "\n---\n".join(segments)


def segment_out(delivery: Delivery, ref: str, url: str, now: datetime, *, fence: int, lease: timedelta) -> Delivery:
    """The next segment of a thread is out, more are to follow: `fence` is that of whoever found out.

    Who holds the claim goes on under a new lease; a claim that somebody else holds is left to them, and what waited
    for this answer is due now. Raises what `move` raises.
    """
    state = delivery.step(Step.SEGMENT)
    when = delivery.attention
    if state is not delivery.state:
        when = now + lease if state is State.CLAIMED and fence == delivery.fence else now
    kept = {"trouble": delivery.trouble} if state in {State.HELD, State.LEFT, State.WITHDRAWN} else {"trouble": None}
    return delivery.move(
        Step.SEGMENT,
        attention=when,
        refs=(*delivery.refs, ref),
        segment_at=now,
        ref=delivery.ref or ref,
        url=delivery.url or url,
        wire_at=None,
        attempts=0,
        finds=0,
        refusals=0,
        prepared={},
        **kept,
    )
