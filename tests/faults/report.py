"""The matrix as a table to read and as JSON for machines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.faults.cells import NETWORKS, Workers
from tests.faults.chaos import Chaos
from tests.faults.playing import Outcome

RED, PLAIN = "\033[31m", "\033[0m"
WIDTH = 7
COLUMNS = [f"{network} {workers}" for network in NETWORKS for workers in Workers]


def table(outcomes: Sequence[Outcome], *, colour: bool) -> str:
    """A row for each place where something was cut short, a column for each network and way of working.

    `live 1`: public once. `asks 0`: not public, and a card asks a person. `card 1`: one card. A cell that is not as it
    must be is red, and has an exclamation mark.
    """
    found = {(one.row, one.column): one for one in outcomes}
    rows = list(dict.fromkeys(one.row for one in outcomes))
    left = max(map(len, rows))
    span = (WIDTH + 2) * len(Workers)
    lines = [
        " " * left + "".join(f"  {network}".ljust(span) for network in NETWORKS),
        " " * left + "".join(f"  {workers:{WIDTH}}" for _ in NETWORKS for workers in Workers),
    ]
    for row in rows:
        cells = (_cell(found.get((row, column)), colour) for column in COLUMNS)
        lines.append(row.ljust(left) + "".join(f"  {cell}" for cell in cells).rstrip())
    return "\n".join(lines)


def _cell(outcome: Outcome | None, colour: bool) -> str:
    if outcome is None:
        return " " * WIDTH
    if not outcome.wrong:
        return outcome.found.ljust(WIDTH)
    text = f"{outcome.found or 'no end'}!".ljust(WIDTH)
    return f"{RED}{text}{PLAIN}" if colour else text


def complaints(outcomes: Sequence[Outcome]) -> str:
    """What was wrong where, each with the end of its log; empty when all is well."""
    told = (f"{one.row}, {one.column}: {'; '.join(one.wrong)}\n{one.log}" for one in outcomes if one.wrong)
    return "\n".join(told)


def verdict(outcomes: Sequence[Outcome], chaos: Chaos, seconds: float) -> str:
    """One line."""
    wrong = sum(bool(one.wrong) for one in outcomes)
    return f"{len(outcomes)} runs, {wrong} wrong. Chaos: {chaos}. {seconds:.0f} s"


def write(path: Path, outcomes: Sequence[Outcome], chaos: Chaos, seconds: float) -> None:
    """JSON: `{ok, seconds, runs: [{row, column, wanted, found, wrong, seconds}], chaos: {…}}`."""
    runs = [_without_log(asdict(one)) for one in outcomes]
    ok = not any(one.wrong for one in outcomes) and not chaos.wrong
    body = {"ok": ok, "seconds": seconds, "runs": runs, "chaos": asdict(chaos)}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _without_log(run: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in run.items() if name != "log"}
