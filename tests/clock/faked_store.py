"""`python -m tests.clock.faked_store DATA`: starts a store there and leaves it running, by the clock that we have."""

import sys
from pathlib import Path

from bot.store.launcher import ensure_store

if __name__ == "__main__":
    ensure_store(Path(sys.argv[1]), fsync="everysec")
