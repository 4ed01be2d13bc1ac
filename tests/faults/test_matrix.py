"""kill -9 at every step, on every network, with one worker, two, and one that sleeps past its lease: see `cells`."""

from collections.abc import Callable

import pytest

from bot.engine.failpoints import NAMES
from tests.faults.cards import COMMENTS, card_cells
from tests.faults.cells import POINTS, cells
from tests.faults.chaos import chaos
from tests.faults.matrix import play
from tests.faults.report import complaints, table

KINDS = ("publish.", "reconcile.", "poll.", "event.", "card.")
TIMED = {"publish.after_bytes"}
"""Reached by time, and so not for sure; the matrix keeps the network's answer back instead, and kills from outside."""


def test_no_failpoint_is_left_out() -> None:
    cut = {name for point in POINTS for name in point.cuts} | COMMENTS.keys()
    assert {name for name in NAMES if name.startswith(KINDS)} - TIMED <= cut


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_one_live_post_or_none_and_a_card_that_asks(record_property: Callable[[str, object], None]) -> None:
    published, drawn = await play(list(cells()), list(card_cells()))
    outcomes = [*published, *drawn]
    assert len(outcomes) >= 200
    record_property("table", table(outcomes, colour=False))
    assert not complaints(outcomes)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_chaos_doubles_and_loses_nothing() -> None:
    wild = await chaos()
    assert not wild.wrong
    assert (wild.posts, wild.live + wild.asks, wild.doubled, wild.lost) == (300, 300, 0, 0)
    assert wild.killed >= 20
    assert wild.unanswered >= 5
