"""Plays every cell, many side by side."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.sandbox import world
from tests.faults.cards import CardCell, CardRun
from tests.faults.cells import Cell
from tests.faults.playing import Ground, Outcome, Place, Run, ground
from tests.faults.publishing import PublishingRun
from tests.faults.stage import accounts_for

AT_ONCE = 32
"""Runs that publish at once: most of their time is a lease that must run out."""
CARDS_AT_ONCE = 12

P = TypeVar("P", bound=Place)


async def play(cells: Sequence[Cell], cards: Sequence[CardCell]) -> tuple[list[Outcome], list[Outcome]]:
    """What came of each, in the same order."""
    places: list[Place] = [*cells, *cards]
    accounts = accounts_for([place.name for place in places])
    async with ground(list(accounts.values()), [place.name for place in places]) as here:
        published = _all(PublishingRun, cells, AT_ONCE, here, accounts)
        drawn = _all(CardRun, cards, CARDS_AT_ONCE, here, accounts)
        first, second = await asyncio.gather(published, drawn)
    return first, second


async def _all(
    run: Callable[[P, Ground, world.Account], Run],
    places: Sequence[P],
    at_once: int,
    here: Ground,
    accounts: dict[tuple[str, str], world.Account],
) -> list[Outcome]:
    slots = asyncio.Semaphore(at_once)

    async def one(place: P) -> Outcome:
        async with slots:
            return await run(place, here, accounts[place.network, place.name]).play()

    return list(await asyncio.gather(*(one(place) for place in places)))
