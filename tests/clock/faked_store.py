"""`python -m tests.clock.faked_store DATA LIBRARY`: starts a store there, by a faked clock, and leaves it running.

This process itself goes by the real one: Python's `time.sleep` fails under libfaketime 0.9.10.
"""

import os
import sys
from pathlib import Path

from bot.store.launcher import ensure_store

if __name__ == "__main__":
    os.environ["LD_PRELOAD"] = sys.argv[2]
    ensure_store(Path(sys.argv[1]), fsync="everysec")
