"""Pages over one and several indexes: order, counts, bounds, ties; the same answers however the sets are sized."""

import itertools

import pytest

from bot.store.listing import MOST, Listing
from bot.store.records import Store


@pytest.fixture
async def listing(store: Store) -> Listing:
    everything = {f"c{n:05d}": float(n // 3) for n in range(3000)}  # three to each moment
    await store.client.zadd(store.key("index", "all"), everything)
    for name, step in (("even", 2), ("few", 500)):
        await store.client.zadd(store.key("index", name), dict(list(everything.items())[::step]))
    await store.client.zadd(store.key("index", "due"), {id_: 3000.0 - at for id_, at in everything.items()})
    return Listing(store)


async def test_one_index_is_paged_and_counted_exactly(listing: Listing) -> None:
    page = await listing.page(["all"], start=10, length=5)
    assert [id_ for id_, _ in page.ids] == [f"c{n:05d}" for n in range(10, 15)]
    assert page.total == 3000
    assert (await listing.page(["nothing"], length=5)).total == 0


@pytest.mark.parametrize("order", list(itertools.permutations(["all", "even", "few"])))
async def test_several_are_met_whatever_comes_first(listing: Listing, order: tuple[str, ...]) -> None:
    page = await listing.page(list(order), length=4)
    assert [id_ for id_, _ in page.ids] == ["c00000", "c00500", "c01000", "c01500"]
    assert page.total == 6
    assert [at for _, at in page.ids] == [0.0, 166.0, 333.0, 500.0]


async def test_pages_leave_nothing_out_and_repeat_nothing(listing: Listing) -> None:
    found: list[str] = []
    for start in range(0, MOST, 40):
        found += [id_ for id_, _ in (await listing.page(["all", "even"], start=start, length=40)).ids]
    assert found == [f"c{n:05d}" for n in range(0, 2 * MOST, 2)]
    assert (await listing.page(["even", "all"], length=1)).total == MOST


async def test_a_bound_is_on_the_first_whichever_is_walked(listing: Listing) -> None:
    for other in ("even", "few", "all"):
        page = await listing.page(["due", other], high=2200.0, length=3000)
        step = {"even": 2, "few": 500, "all": 1}[other]
        assert sorted(id_ for id_, _ in page.ids) == [f"c{n:05d}" for n in range(0, 3000, step) if n >= 2400]
    assert (await listing.page(["due"], high=2001.0, length=2)).total == 3
    assert await listing.counts([("all", None), ("due", 2001.0), ("nothing", None)]) == [3000, 3, 0]


async def test_from_a_score_on(listing: Listing) -> None:
    assert await listing.since("all", low=999.0, length=9) == [(f"c{n:05d}", 999.0) for n in (2997, 2998, 2999)]
    assert await listing.since("all", low=2000.0, length=9) == []
