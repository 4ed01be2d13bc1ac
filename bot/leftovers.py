"""What a supervisor that was killed leaves behind: its children, known by a file in the data folder, are ended first.

A pid alone proves nothing, because the system gives it to others again; with the moment of its birth it does.
"""

import json
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "children.json"
PATIENCE = 20.0
"""Seconds for ending in order."""


def note(data: Path, children: Mapping[str, int]) -> None:
    """Whose parent we are, by name."""
    kept = {name: [pid, _born(pid)] for name, pid in children.items()}
    draft = data / f"{FILE}.new"
    draft.write_text(json.dumps(kept), "utf-8")
    draft.replace(data / FILE)


def forget(data: Path) -> None:
    """They ended."""
    (data / FILE).unlink(missing_ok=True)


def end(data: Path, patience: float = PATIENCE) -> int:
    """End what is left of an earlier supervisor of this folder, in order or else at once; answers how many were."""
    left = _left(data)
    for pid in left:
        _send(pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while any(_born(pid) == born for pid, born in left.items()) and time.monotonic() < until:
        time.sleep(0.05)
    for pid, born in left.items():
        if _born(pid) == born:
            log.warning("process %d did not stop in time", pid)
            _send(pid, signal.SIGKILL)
    forget(data)
    return len(left)


def _left(data: Path) -> Mapping[int, str]:
    """Those that still live, each with its birth."""
    try:
        kept = json.loads((data / FILE).read_text("utf-8"))
        known = {int(pid): str(born) for pid, born in kept.values()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("what an earlier demo left can't be read: %s", type(error).__name__)
        return {}
    return {pid: born for pid, born in known.items() if born and _born(pid) == born}


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        log.info("process %d had ended", pid)


def _born(pid: int) -> str:
    """When a process began, in the system's words; empty for none, and for one that has ended already.

    proc(5), /proc/pid/stat: the state and the start time, fields 3 and 22; elsewhere `ps` says it.
    """
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    shown = subprocess.run(  # noqa: S603 - our own arguments
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()
