"""`make test-faults`: the crash matrix and the chaos run as a table and a verdict, with FAULTS_JSON=file as JSON."""

import asyncio
import logging
import os
import sys
import time
from pathlib import Path

from tests.faults.cards import card_cells
from tests.faults.cells import cells
from tests.faults.chaos import chaos
from tests.faults.matrix import play
from tests.faults.report import complaints, table, verdict, write


async def main() -> int:
    """The exit code: 0 when everything is as it must be."""
    began = time.monotonic()
    (published, drawn), wild = await asyncio.gather(play(list(cells()), list(card_cells())), chaos())
    outcomes = [*published, *drawn]
    seconds = time.monotonic() - began
    wrong = [text for text in (complaints(outcomes), *wild.wrong) if text]
    print("\n".join([table(outcomes, colour=sys.stdout.isatty()), *wrong, verdict(outcomes, wild, seconds)]))
    if file := os.environ.get("FAULTS_JSON"):
        await asyncio.to_thread(write, Path(file), outcomes, wild, seconds)
    return 1 if wrong else 0


if __name__ == "__main__":
    logging.getLogger().addHandler(logging.NullHandler())
    sys.exit(asyncio.run(main()))
