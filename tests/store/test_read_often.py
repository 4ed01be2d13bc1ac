"""Records that are read often are decoded once, and never shown as they were before."""

from bot.domain.brands import Brand, Channels, Member, Workspace
from bot.store.records import Store
from bot.store.rows import REMEMBERED


async def put(store: Store, record: Brand | Member | Workspace, old: Brand | Member | Workspace | None = None) -> None:
    """Stores one record."""
    change = store.begin()
    change.put(record, old)
    await change.commit()


async def test_the_same_until_it_changes(store: Store) -> None:
    await put(store, Brand(id="b1", name="Olmo", channels=Channels(review="C1")))
    first, again = await store.get(Brand, "b1"), await store.get(Brand, "b1")
    assert again is first
    await put(store, first.model_copy(update={"name": "Roble"}), first)
    assert (await store.get(Brand, "b1")).name == "Roble"


async def test_what_another_process_wrote_is_seen_at_once(store: Store) -> None:
    other = Store(store.client, store.team)
    await put(store, Brand(id="b1", name="Olmo", channels=Channels(review="C1")))
    mine = await store.get(Brand, "b1")
    await put(other, mine.model_copy(update={"name": "Roble"}), mine)
    assert (await store.get(Brand, "b1")).name == "Roble"
    await store.client.delete(store.key_of(mine))
    assert await store.find(Brand, "b1") is None


async def test_a_pair_on_one_way(store: Store) -> None:
    await put(store, Member(id="T:ANA", name="Ana"))
    found, member = await store.find_pair((Workspace, "workspace"), (Member, "T:ANA"))
    assert found is None
    assert member is not None
    assert member.name == "Ana"
    await put(store, Workspace(id="workspace", seeded="demo"))
    found, member = await store.find_pair((Workspace, "workspace"), (Member, "T:BRUNO"))
    assert found is not None
    assert found.seeded == "demo"
    assert member is None


async def test_only_so_many_are_kept(store: Store) -> None:
    ids = [f"T:{number}" for number in range(REMEMBERED + 5)]
    change = store.begin()
    for id_ in ids:
        change.put(Member(id=id_))
    await change.commit()
    first = await store.get(Member, ids[0])
    await store.find_many(Member, ids[1:])
    assert await store.get(Member, ids[0]) is not first
    assert await store.get(Member, ids[0]) == first
