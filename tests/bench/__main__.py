"""`python -m tests.bench [name…] [--quick]`: one table; exits 1 when a run was wrong, never because one was slow."""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from tests.bench import comments, deliveries, scheduled, slack
from tests.bench.scale import FULL, QUICK, Scale
from tests.bench.table import Line, Wrong, draw

BENCHES: Mapping[str, Callable[[Scale], Coroutine[Any, Any, list[Line]]]] = {
    "slack": slack.run,
    "deliveries": deliveries.run,
    "scheduled": scheduled.run,
    "comments": comments.run,
}


def _said(name: str) -> None:
    print(f"{name} …", file=sys.stderr, flush=True)


def main() -> int:
    """One after another, and what was measured until something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {', '.join(BENCHES)}; all if left out")
    parser.add_argument("--quick", action="store_true", help="less of everything, under a minute")
    options = parser.parse_args()
    if unknown := set(options.names) - BENCHES.keys():
        parser.error(f"no bench is called {' or '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.ERROR)
    lines: list[Line] = []
    wrong: list[str] = []
    began = time.monotonic()
    for name in options.names or BENCHES:
        _said(name)
        try:
            lines += asyncio.run(BENCHES[name](QUICK if options.quick else FULL))
        except Wrong as error:
            wrong.append(f"{name}: {error}")
    print(draw(lines))
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"{time.monotonic() - began:.0f} s on {os.cpu_count()} cores; load over 1, 5 and 15 minutes: {load}")
    for sentence in wrong:
        print(f"WRONG {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
