"""Records of an older shape are read as of the present one, written so by the next change or all at once; newer ones
keep us from starting."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from bot.domain.records import Record
from bot.errors import ConfigurationError, StoreError
from bot.store.migrations import Migration, refuse_newer
from bot.store.records import Store


class First(Record):
    """As it was."""

    KIND: ClassVar[str] = "sample"
    FIELDS: ClassVar[tuple[str, ...]] = ("state",)

    name: str
    state: str = ""


def _split(values: Mapping[str, Any]) -> Mapping[str, Any]:
    first, _, last = values["name"].partition(" ")
    return {**values, "first": first, "last": last}


def _counted(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**values, "letters": len(values["last"]), "state": values["state"].upper()}


class Third(Record):
    """As it is, two shapes later."""

    KIND: ClassVar[str] = "sample"
    SCHEMA: ClassVar[int] = 3
    OLDER: ClassVar[Mapping[int, Any]] = {1: _split, 2: _counted}
    FIELDS: ClassVar[tuple[str, ...]] = ("state",)

    first: str
    last: str
    letters: int
    state: str = ""

    def indexes(self) -> Mapping[str, float]:
        """By its letters, which the first shape had not."""
        return {"letters": float(self.letters)}


async def put(store: Store, record: Record) -> None:
    change = store.begin()
    change.put(record)
    await change.commit()


async def shape(store: Store, id_: str) -> str:
    return str(await store.client.hget(store.key("sample", id_), "s"))


async def test_an_older_record_is_read_and_the_next_change_writes_it_anew(store: Store) -> None:
    await put(store, First(id="a", name="Ana Ruiz", state="on"))
    found = await store.get(Third, "a")
    assert (found.first, found.last, found.letters, found.state, found.version) == ("Ana", "Ruiz", 4, "ON", 1)
    assert await shape(store, "a") == "1"
    change = store.begin()
    change.put(found.model_copy(update={"state": "OFF"}), found)
    await change.commit()
    assert await shape(store, "a") == "3"
    assert (await store.get(Third, "a")).state == "OFF"


async def test_all_are_written_anew_once(store: Store) -> None:
    for number in range(5):
        await put(store, First(id=f"s{number}", name=f"Ana {'z' * number}"))
    await put(store, Third(id="new", first="Eva", last="Sanz", letters=4))
    migration = Migration(store.client, [Third])
    assert (await migration.count()).written == {"sample": 5}
    assert (await migration.run()).written == {"sample": 5}
    assert (await migration.run()).written == {}
    assert len(await store.listed(Third, "letters")) == 6


async def test_what_is_newer_is_refused(store: Store) -> None:
    await refuse_newer(store, [First])
    await put(store, Third(id="new", first="Eva", last="Sanz", letters=4))
    await refuse_newer(store, [Third])
    with pytest.raises(ConfigurationError, match=r"newer Vocero \(sample\)"):
        await refuse_newer(store, [First])
    with pytest.raises(StoreError, match="newer"):
        await store.get(First, "new")
    assert (await Migration(store.client, [First]).run()).newer["sample"] >= 1  # other tests' are in the same store
