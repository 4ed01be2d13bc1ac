"""kill -9 at every step of publishing a post, on each network: what became public, and whether an unclear one is on a
card. The whole matrix, with replies, threads and two workers, is `make test-faults`.
"""

from tests.bench.scale import Scale
from tests.bench.table import Line, Wrong
from tests.faults.cells import POINTS, Cell, Content, Workers, cells
from tests.faults.matrix import play

WITHIN = 60.0


def chosen(scale: Scale) -> list[Cell]:
    """One worker after the other's death, at each step; in a quick run at every fourth."""
    posts = [cell for cell in cells() if cell.content is Content.POST and cell.workers is Workers.ONE]
    points = POINTS[:: scale.crash_step]
    return [cell for cell in posts if cell.point in points]


async def run(scale: Scale) -> list[Line]:
    """All of them side by side."""
    outcomes, _ = await play(chosen(scale), [])
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    if not outcomes:
        raise Wrong("nothing was killed")
    last = max(outcome.seconds for outcome in outcomes)
    asked = sum(outcome.found.startswith("asks") for outcome in outcomes)
    told = f"{len(wrong)} doubled, lost or untold of {len(outcomes)}; {asked} ask on a card"
    told += f"; the last settled in {last:.0f} s"
    if wrong:
        told += f" ({wrong[0].row}, {wrong[0].column}: {wrong[0].wrong[0]})"
    return [
        Line(
            "kills_wrong",
            "kill -9 at every step of a post, each network",
            f"0 doubled, 0 lost, unclear ones on a card within {WITHIN:.0f} s",
            told,
            held=not wrong and last <= WITHIN,
            value=len(wrong),
            unit="deliveries",
        )
    ]
