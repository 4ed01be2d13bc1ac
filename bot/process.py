"""What a process does with its memory: it keeps it to itself, because keys and tokens are in it, and looks through it
for garbage seldom."""

import ctypes
import gc
import logging
import resource
import sys

log = logging.getLogger(__name__)

GARBAGE_EVERY = 20_000
"""How many more objects there are before Python looks for circles among the new ones; its own 700 are one press."""

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def keep_memory_private() -> None:
    """No core dumps, of this process and of what it starts; on Linux no other process of this user reads its memory
    either (prctl(2), PR_SET_DUMPABLE)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            log.warning("the memory of this process can be read by others: prctl answers %d", ctypes.get_errno())


def collect_seldom() -> None:
    """Once everything is loaded: what is there by now stays for good, so no search for circles goes through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_EVERY, 10, 10)
