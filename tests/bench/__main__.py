"""`python -m tests.bench [name…] [--quick]`: one table, and bench.json; exits 1 when a run was wrong, never because one
was slow."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from tests.bench import comments, composing, crashes, deliveries, inbox, scheduled, slack
from tests.bench.scale import FULL, QUICK, Scale
from tests.bench.table import Line, Wrong, draw, write

BENCHES: Mapping[str, Callable[[Scale], Coroutine[Any, Any, list[Line]]]] = {
    "slack": slack.run,
    "deliveries": deliveries.run,
    "scheduled": scheduled.run,
    "composing": composing.run,
    "comments": comments.run,
    "inbox": inbox.run,
    "crashes": crashes.run,
}

WRITTEN = Path("bench.json")
LONGEST = 240.0
"""Seconds for one of them."""


def _said(name: str) -> None:
    print(f"{name} …", file=sys.stderr, flush=True)


async def _limited(work: Coroutine[Any, Any, list[Line]]) -> list[Line]:
    try:
        async with asyncio.timeout(LONGEST):
            return await work
    except TimeoutError:
        raise Wrong(f"it did not end in {LONGEST:.0f} s") from None


def main() -> int:
    """One after another, and what was measured until something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {', '.join(BENCHES)}; all if left out")
    parser.add_argument("--quick", action="store_true", help="less of everything, under a minute")
    options = parser.parse_args()
    if unknown := set(options.names) - BENCHES.keys():
        parser.error(f"no bench is called {' or '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.ERROR)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that stores and processes end with us
    lines: list[Line] = []
    wrong: list[str] = []
    began = time.monotonic()
    for name in options.names or BENCHES:
        _said(name)
        try:
            lines += asyncio.run(_limited(BENCHES[name](QUICK if options.quick else FULL)))
        except Wrong as error:
            wrong.append(f"{name}: {error}")
    print(draw(lines))
    write(WRITTEN, lines)
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    if options.quick:
        print("Quick: less of everything, so what held here may fall short at the figures' own sizes.")
    print(f"{time.monotonic() - began:.0f} s on {os.cpu_count()} cores; load over 1, 5 and 15 minutes: {load}")
    for sentence in wrong:
        print(f"WRONG {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
