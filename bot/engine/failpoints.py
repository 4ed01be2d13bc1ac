"""Named places where a test may kill the process: `VOCERO_FAILPOINTS=publish.after_wire=kill`, or `…:x=kill` for X.

Off, a failpoint costs one look into an empty mapping. `kill` is SIGKILL to oneself, as power loss would be; a count
(`kill@2`) lets it pass until then.
"""

import os
import signal
from collections.abc import Mapping

NAMES = frozenset(
    {
        "publish.before_claim",
        "publish.after_claim",
        "publish.before_prepare",
        "publish.after_prepare",
        "publish.before_wire",
        "publish.after_wire",
        "publish.after_answer",
        "publish.before_commit",
        "publish.after_commit",
        "publish.before_find",
        "publish.after_find",
        "poll.after_fetch",
        "poll.after_items",
        "event.after_tell",
    }
)


def parse(text: str) -> dict[str, int]:
    """`name=kill,name:network=kill@2` as {name: how many times it passes before}; raises ValueError."""
    armed: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, action = part.partition("=")
        verb, _, count = action.partition("@")
        if name.partition(":")[0] not in NAMES or verb != "kill" or not (count or "1").isdigit():
            raise ValueError(f"no such failpoint: {part}")
        armed[name] = int(count or "1")
    return armed


class Failpoints:
    """Armed failpoints of this process; none in production."""

    def __init__(self, armed: Mapping[str, int] | None = None) -> None:
        self._armed = dict(armed or {})

    def reach(self, name: str, network: str = "") -> None:
        """Die here if this point is armed, for this network or for all."""
        if not self._armed:
            return
        for key in (name, f"{name}:{network}"):
            if key in self._armed:
                self._armed[key] -= 1
                if self._armed[key] <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
