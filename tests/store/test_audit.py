"""The record is a chain: no gaps, no forks, and whatever is done to it afterwards is found, with the first number."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.audit import HEAD_LOST, OPENING, Broken, Wrong
from bot.domain.records import AuditEntry
from bot.errors import ConfigurationError, StoreError
from bot.store import witness
from bot.store.audit import AuditLog
from bot.store.records import Store, taken_over
from bot.store.vault import Vault
from bot.store.witness import Witness

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
VAULT = Vault([b"k" * 32])


async def write(store: Store, *acts: str, subject: str = "p1") -> None:
    """One entry a commit."""
    for act in acts:
        change = store.begin()
        change.audit(AuditEntry(at=AT, who="T:ANA", act=act, subject=subject, detail="ñandú ✓"))
        await change.commit()


async def written(store: Store, many: int = 9) -> AuditLog:
    """A record with two seals, and entries after the last."""
    log = AuditLog(store)
    await write(store, *(f"a{n}" for n in range(1, many - 4)))
    assert await log.seal(VAULT.sign, AT)
    await write(store, *(f"a{n}" for n in range(many - 4, many - 1)))
    assert await log.seal(VAULT.sign, AT)
    assert await log.seal(VAULT.sign, AT) is None
    await write(store, *(f"a{n}" for n in range(many - 1, many + 1)))
    return log


async def rows(store: Store) -> list[tuple[str, dict[str, str]]]:
    found: Any = await store.client.xrange(store.key("audit"))
    return list(found)


async def rewrite(store: Store, entries: list[dict[str, str]]) -> None:
    """What somebody can do who holds the store: another stream under the same name."""
    await store.client.delete(store.key("audit"))
    for fields in entries:
        await store.client.xadd(store.key("audit"), fields)  # type: ignore[arg-type]


async def test_a_record_that_nobody_touched_is_whole(store: Store) -> None:
    log = await written(store)
    checked = await log.check(VAULT.signed)
    assert (checked.entries, checked.head.number, len(checked.seals), checked.first) == (9, 9, 2, AT)
    assert [(seal.first, seal.last) for seal in checked.seals] == [(1, 4), (5, 7)]
    assert [entry.act for entry in await log.of("p1")] == [f"a{n}" for n in range(1, 10)]


async def test_fifty_writers_make_one_chain_without_gaps(store: Store) -> None:
    await asyncio.gather(*(write(store, *(f"w{n}.{m}" for m in range(4))) for n in range(50)))
    log = AuditLog(store)
    assert [line.number async for line in log.lines()] == list(range(1, 201))
    assert (await log.check(VAULT.signed)).entries == 200


async def test_what_was_not_committed_is_not_in_the_record(store: Store) -> None:
    change = store.begin()
    change.holds(store.key("nothing"), "here", "x")
    change.audit(AuditEntry(at=AT, who="T:ANA", act="never"))
    with pytest.raises(StoreError):
        await change.commit()
    assert await rows(store) == []
    assert (await AuditLog(store).head()).number == 0


async def _change(store: Store) -> None:
    entries = [fields for _, fields in await rows(store)]
    entries[2] = entries[2] | {"entry": entries[2]["entry"].replace("ANA", "EVA")}
    await rewrite(store, entries)


async def _change_the_last(store: Store) -> None:
    entries = [fields for _, fields in await rows(store)]
    entries[-1] = entries[-1] | {"entry": entries[-1]["entry"].replace("ANA", "EVA")}
    await rewrite(store, entries)


async def _chain_anew(store: Store) -> None:
    """The whole chain computed again from a changed entry on: SHA-1 stops nobody, the seal does."""
    entries = [AuditEntry.model_validate_json(fields["entry"]) for _, fields in await rows(store)]
    seals: Any = await store.client.xrange(store.key("audit", "seals"))
    head: Any = await store.client.hgetall(store.key("audit", "head"))
    await store.client.delete(store.key("audit"), store.key("audit", "head"))
    entries[5] = entries[5].model_copy(update={"who": "T:EVA"})
    for entry in entries:
        change = store.begin()
        change.audit(entry)
        await change.commit()
    kept = {name: value for name, value in head.items() if name not in {"number", "hash"}}
    await store.client.hset(store.key("audit", "head"), mapping=kept)
    assert seals


async def _remove(store: Store) -> None:
    await store.client.xdel(store.key("audit"), (await rows(store))[3][0])


async def _swap(store: Store) -> None:
    entries = [fields for _, fields in await rows(store)]
    entries[1], entries[2] = entries[2], entries[1]
    await rewrite(store, entries)


async def _cut(store: Store) -> None:
    await store.client.xdel(store.key("audit"), *(id_ for id_, _ in (await rows(store))[-1:]))


async def _cut_with_its_head(store: Store) -> None:
    """Back to before the last seal, head and all: the seals still know how far it went."""
    lines = await rows(store)
    await store.client.xdel(store.key("audit"), *(id_ for id_, _ in lines[5:]))
    head: dict[Any, Any] = {"number": "5", "hash": lines[4][1]["h"]}
    await store.client.hset(store.key("audit", "head"), mapping=head)


async def _unseal(store: Store) -> None:
    seals: Any = await store.client.xrange(store.key("audit", "seals"))
    await store.client.xdel(store.key("audit", "seals"), seals[0][0])


async def _unseal_the_last(store: Store) -> None:
    seals: Any = await store.client.xrange(store.key("audit", "seals"))
    await store.client.xdel(store.key("audit", "seals"), seals[-1][0])


async def _forge_a_seal(store: Store) -> None:
    await _chain_anew(store)
    await store.client.delete(store.key("audit", "seals"))
    names = ("seals", "sealed", "sealed_id", "sealed_hash", "mac")
    await store.client.hdel(store.key("audit", "head"), *names)
    assert await AuditLog(store).seal(lambda text: f"{VAULT.names[0]}.{len(text):064x}", AT)


@pytest.mark.parametrize(
    ("tamper", "number", "wrong"),
    [
        (_change, 3, Wrong.CHANGED),
        (_change_the_last, 9, Wrong.CHANGED),
        (_chain_anew, 5, Wrong.CHANGED),
        (_remove, 4, Wrong.REMOVED),
        (_swap, 2, Wrong.REORDERED),
        (_cut, 9, Wrong.CUT),
        (_cut_with_its_head, 6, Wrong.CUT),
        (_unseal, 1, Wrong.SEAL_MISSING),
        (_unseal_the_last, 5, Wrong.SEAL_MISSING),
        (_forge_a_seal, 1, Wrong.SEAL_WRONG),
    ],
)
async def test_every_kind_of_tampering_is_found(
    store: Store, tamper: Callable[[Store], Awaitable[None]], number: int, wrong: Wrong
) -> None:
    log = await written(store)
    await tamper(store)
    with pytest.raises(Broken) as broken:
        await log.check(VAULT.signed)
    assert (broken.value.number, broken.value.wrong) == (number, wrong)


async def test_who_takes_head_and_seals_back_is_told_of_by_the_witness(store: Store, tmp_path: Path) -> None:
    log = await written(store)
    head = await log.head()
    saw = Witness(team=store.team, number=head.number, hash=head.hash, seal=head.seals, at=AT, admins=("T:A",))
    witness.write(tmp_path, saw)
    assert witness.read(tmp_path) == saw
    assert (await log.check(VAULT.signed, saw)).entries == 9
    with pytest.raises(Broken) as other:
        await log.check(VAULT.signed, saw.model_copy(update={"hash": "0" * 40}))
    assert other.value.wrong is Wrong.WITNESS
    await store.client.delete(*(store.key(*name) for name in (("audit",), ("audit", "head"), ("audit", "seals"))))
    await write(store, "a1")
    with pytest.raises(Broken) as cut:
        await log.check(VAULT.signed, saw)
    assert (cut.value.number, cut.value.wrong) == (2, Wrong.CUT)


async def test_a_witness_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    assert witness.read(tmp_path) is None
    (tmp_path / witness.FILE).write_text("{")
    with pytest.raises(StoreError):
        witness.read(tmp_path)


async def test_a_changed_entry_is_never_sealed(store: Store) -> None:
    await write(store, "a1", "a2", "a3")
    entries = [fields for _, fields in await rows(store)]
    entries[1] = entries[1] | {"entry": entries[1]["entry"].replace("ANA", "EVA")}
    await rewrite(store, entries)
    with pytest.raises(Broken):
        await AuditLog(store).seal(VAULT.sign, AT)


async def test_who_comes_second_takes_nothing_over(store: Store) -> None:
    await store.client.xadd(store.key("audit"), {"entry": AuditEntry(at=AT, who="T:ANA", act="old").model_dump_json()})
    taken = await taken_over(store, 1)
    for verdict in ("ok", "chained"):
        change = store.begin()
        change.audit(AuditEntry(at=AT, who="T:ANA", act="new"))
        assert (await store.run(change._arguments(taken)))[0] == verdict
    await write(store, "newer")
    assert [line.number async for line in AuditLog(store).lines()] == [0, 1, 2, 3]


async def test_entries_without_numbers_are_taken_over_once(store: Store) -> None:
    older = [AuditEntry(at=AT, who="T:ANA", act=f"old{n}").model_dump_json() for n in range(3)]
    for entry in older:
        await store.client.xadd(store.key("audit"), {"entry": entry})
    await asyncio.gather(write(store, "new"), write(store, "new"))
    log = AuditLog(store)
    lines = [line async for line in log.lines()]
    assert [line.number for line in lines] == [0, 0, 0, 1, 2, 3]
    assert lines[3].entry.act == OPENING
    assert lines[3].entry.detail.startswith("3 ")
    assert await log.seal(VAULT.sign, AT)
    assert (await log.check(VAULT.signed)).entries == 6
    entries = [fields for _, fields in await rows(store)]
    await rewrite(store, [{"entry": entries[0]["entry"].replace("ANA", "EVA")}, *entries[1:]])
    with pytest.raises(Broken) as broken:
        await log.check(VAULT.signed)
    assert (broken.value.number, broken.value.wrong) == (0, Wrong.CHANGED)
    await rewrite(store, entries[1:])
    with pytest.raises(Broken):
        await log.check(VAULT.signed)


async def test_a_lost_head_goes_on_from_the_last_entry_and_says_so(store: Store) -> None:
    await write(store, "a1", "a2")
    await store.client.delete(store.key("audit", "head"))
    await write(store, "a3")
    lines = [line async for line in AuditLog(store).lines()]
    assert [(line.number, line.entry.act) for line in lines][2:] == [(3, HEAD_LOST), (4, "a3")]
    assert (await AuditLog(store).check(VAULT.signed)).entries == 4


async def test_two_workers_seal_a_stretch_once(store: Store) -> None:
    await write(store, "a1", "a2")
    log = AuditLog(store)
    made = await asyncio.gather(*(log.seal(VAULT.sign, AT) for _ in range(5)))
    assert len([seal for seal in made if seal]) == 1
    assert (await log.check(VAULT.signed)).head.seals == 1


async def test_after_a_rotation_old_seals_hold_as_long_as_the_key_is_kept(store: Store) -> None:
    log = await written(store)
    await log.check(Vault([b"n" * 32, b"k" * 32]).signed)
    with pytest.raises(ConfigurationError):
        await log.check(Vault([b"n" * 32]).signed)
