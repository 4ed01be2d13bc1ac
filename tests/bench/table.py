"""What a bench tells: lines of one table, a figure beside its baseline, and whether it holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class Wrong(Exception):
    """A run lost or doubled something, or could not be done: its figures mean nothing."""


@dataclass(frozen=True)
class Line:
    """One figure, for people in words and for machines as a number.

    name: what bench.json calls it. value and base: what was measured and its baseline, both in `unit`. `held` is None
    for what is printed for information only.
    """

    name: str
    what: str
    hold: str
    measured: str
    baseline: str = ""
    ratio: float | None = None
    held: bool | None = None
    value: float | None = None
    unit: str = ""
    base: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """As printed."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {None: "", True: "held", False: "fell short"}[self.held]
        return self.what, self.hold, self.measured, self.baseline, ratio, verdict


HEAD = ("what", "to hold", "measured", "baseline, same run", "ratio", "verdict")


def draw(lines: Sequence[Line]) -> str:
    """The table as Markdown, readable in a terminal too."""
    rows = [HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    drawn = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows]
    drawn.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(drawn)


def write(path: Path, lines: Sequence[Line]) -> None:
    """JSON: `{name: {value, unit, baseline, ratio, goal, ok}}`; null is what a figure doesn't have."""
    body = {
        line.name: {
            "value": line.value,
            "unit": line.unit,
            "baseline": line.base,
            "ratio": line.ratio,
            "goal": line.hold or None,
            "ok": line.held,
        }
        for line in lines
    }
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all stays at or below; raises Wrong when there are none."""
    if not values:
        raise Wrong("nothing was measured")
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return quantile(values, 0.5)


def ms(seconds: float) -> str:
    """A duration in milliseconds."""
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:,.0f} ms"


def exactly_once(wanted: Sequence[str], happened: Sequence[str], what: str) -> None:
    """Raises Wrong unless everything wanted happened, and happened once."""
    lost = len(set(wanted) - set(happened))
    doubled = len(happened) - len(set(happened))
    if lost or doubled:
        raise Wrong(f"{what}: {lost} lost, {doubled} doubled, of {len(wanted)}")
