"""What the processes of one machine agree on while the store is away: since when, and who of them tells people.

The store itself can't be asked then, so it stands in a small file of the data folder. Where that can't be written
either, each process speaks for itself.
"""

import os
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from bot.domain.records import Value
from bot.store.server import one_at_a_time

FILE = "outage.json"


class Outage(Value):
    """A time without the store. pid and me are those of the process that speaks for all; told: people know."""

    since: AwareDatetime
    cause: str
    pid: int
    me: str
    told: bool = False


def claim(data: Path, mine: Outage) -> Outage:
    """The outage that is under way: `mine`, if nobody noted one or whoever did is gone, or that of another process.

    Taking over from a process that is gone keeps since when it is and whether people know. Raises OSError.
    """
    with one_at_a_time(data):
        known = noted(data)
        if known is not None and (known.me == mine.me or _alive(known.pid)):
            return known
        if known is not None:
            mine = mine.model_copy(update={"since": known.since, "told": known.told})
        _write(data, mine)
        return mine


def told(data: Path, mine: Outage) -> Outage:
    """Note that people know. Raises OSError."""
    update = mine.model_copy(update={"told": True})
    _write(data, update)
    return update


def over(data: Path) -> None:
    """Forget it. Raises OSError."""
    (data / FILE).unlink(missing_ok=True)


def noted(data: Path) -> Outage | None:
    """What is noted, None for nothing, or nothing that can be read. Raises OSError."""
    try:
        return Outage.model_validate_json((data / FILE).read_text("utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def _write(data: Path, outage: Outage) -> None:
    draft = data / f"{FILE}.new"
    draft.write_text(outage.model_dump_json(), "utf-8")
    draft.replace(data / FILE)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
