"""How much of their limits networks said is left, as of their last answers: for those who watch, never to decide."""

import time

_HOUR = 3600.0
_said: dict[tuple[str, str], tuple[float, float]] = {}


def note(network: str, window: str, left: float, until: float | None = None) -> None:
    """A network told what is left: a share from 0 to 1 of one of its windows, which opens again at `until` (seconds
    since the epoch; in an hour where it doesn't say)."""
    _said[network, window] = min(max(left, 0.0), 1.0), until or time.time() + _HOUR


def remaining(network: str) -> float | None:
    """The share that is left of the tightest window; None where the network said nothing that still holds."""
    now = time.time()
    for place in [place for place, (_, until) in _said.items() if until <= now]:
        _said.pop(place, None)
    return min((left for (name, _), (left, _) in list(_said.items()) if name == network), default=None)
