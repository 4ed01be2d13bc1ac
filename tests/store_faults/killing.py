"""kill -9, SIGSTOP and SIGCONT for the server of a folder."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store import server
from bot.store.launcher import store_pid


def kill_store(data: Path) -> int:
    """kill -9; returns the process id once it is gone."""
    pid = store_pid(data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.wait_until(lambda: not server.owned(data), float("inf"), AssertionError)
    return pid


@contextmanager
def frozen(data: Path) -> Iterator[int]:
    """The server gets no processor time meanwhile."""
    pid = store_pid(data)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGCONT)
