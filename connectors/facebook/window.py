"""The memory between two polls of a page: from which second on to look, and what was seen since then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

LATE = 600  # assumed: nothing shows up later than this many seconds after its time
REMEMBERED = 2_000


@dataclass(frozen=True)
class Window:
    """Everything before the second `since` is done; of what is in it or after it, the ids `seen` are done.

    The Graph's times are whole seconds and its lists are filled by many machines, so the window stays open ten minutes,
    or as long as 2,000 ids reach in a storm.
    """

    since: int = 0
    seen: frozenset[str] = frozenset()

    @classmethod
    def read(cls, cursor: str) -> "Window":
        """From JSON. Raises ValueError, KeyError or TypeError for what `write` never wrote."""
        value = json.loads(cursor)
        return cls(int(value["since"]), frozenset(value["seen"]))

    def write(self) -> str:
        """The text that `read` takes."""
        return json.dumps({"since": self.since, "seen": sorted(self.seen)}, separators=(",", ":"))

    def is_fresh(self, name: str, second: int) -> bool:
        """Whether it has not been told yet."""
        return second >= self.since and name not in self.seen

    def after(self, found: Mapping[str, int], now: datetime | None, horizon: int | None = None) -> "Window":
        """The window once `found` (id to second: told now or before) is saved; `now` is the Graph's own clock.

        `horizon`: the second up to which everything was read, where that is not all.
        """
        if not found:
            return self
        newest = max(found.values())
        newest = newest if horizon is None else min(newest, horizon)
        clock = max(newest, int(now.timestamp())) if now else newest
        since = max(self.since, min(newest, clock - LATE))
        seconds = sorted(second for second in found.values() if second >= since)
        if len(seconds) > REMEMBERED:
            since = max(since, min(newest, seconds[-REMEMBERED]))
        return Window(since, frozenset(name for name, second in found.items() if second >= since))
