"""An exported record proves itself: whole, filtered or from a day on; and says where it was touched."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.audit import Broken, Wrong
from bot.domain.brands import Brand, Channels, Member
from bot.domain.records import AuditEntry
from bot.errors import ConfigurationError
from bot.store.audit import AuditLog
from bot.store.audit_file import Chosen, check_file, exported
from bot.store.records import Store
from bot.store.vault import Vault

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
VAULT = Vault([b"k" * 32])

Lines = list[dict[str, Any]]


async def write(store: Store, first: int, last: int) -> None:
    """Entries of two brands in turn, a minute apart."""
    for number in range(first, last + 1):
        change = store.begin()
        brand = ("agora", "northwind")[number % 2]
        at = AT + timedelta(minutes=number)
        change.audit(
            AuditEntry(at=at, who="T:ANA", act=f"a{number}", brand=brand, subject=f"p{number}", detail="ñ “«”")
        )
        await change.commit()


@pytest.fixture
async def log(store: Store) -> AuditLog:
    """Twelve entries, two seals, somebody and a brand with names."""
    found = AuditLog(store)
    change = store.begin()
    change.put(Member(id="T:ANA", name="Ana Ruiz"))
    change.put(Brand(id="agora", name="Café Ágora", channels=Channels(review="C1")))
    await change.commit()
    await write(store, 1, 5)
    assert await found.seal(VAULT.sign, AT)
    await write(store, 6, 9)
    assert await found.seal(VAULT.sign, AT)
    await write(store, 10, 12)
    return found


async def file(store: Store, chosen: Chosen | None = None) -> list[str]:
    return [line async for line in exported(store, chosen or Chosen())]


async def test_a_whole_file_can_be_checked_alone_and_is_the_same_twice(store: Store, log: AuditLog) -> None:
    lines = await file(store)
    assert lines == await file(store)
    checked = check_file(lines, VAULT.signed)
    assert (checked.team, checked.first, checked.last, checked.shown, checked.seals) == (store.team, 1, 12, 12, 2)
    parsed = [json.loads(line) for line in lines]
    first = next(part for part in parsed if part["type"] == "entry")
    assert first["names"] == {"T:ANA": "Ana Ruiz"}
    assert first["entry"]["who"] == "T:ANA"
    second = [part for part in parsed if part["type"] == "entry"][1]
    assert second["names"] == {"T:ANA": "Ana Ruiz", "agora": "Café Ágora"}


@pytest.mark.parametrize(
    ("chosen", "first", "shown"),
    [
        (Chosen(brand="agora"), 1, ["a2", "a4", "a6", "a8", "a10", "a12"]),
        (Chosen(subject="p7"), 1, ["a7"]),
        (Chosen(since=AT + timedelta(minutes=8)), 6, ["a8", "a9", "a10", "a11", "a12"]),
        (Chosen(since=AT + timedelta(minutes=11), brand="agora"), 10, ["a12"]),
    ],
)
async def test_what_is_left_out_stays_in_the_chain(
    store: Store, log: AuditLog, chosen: Chosen, first: int, shown: list[str]
) -> None:
    lines = await file(store, chosen)
    parsed = [json.loads(line) for line in lines]
    assert [part["entry"]["act"] for part in parsed if part["type"] == "entry"] == shown
    checked = check_file(lines, VAULT.signed)
    assert (checked.first, checked.last, checked.shown) == (first, 12, len(shown))
    hidden = [part for part in parsed if part["type"] == "left_out"]
    assert all(part.keys() == {"type", "number", "hash", "sha1", "sha256"} for part in hidden)


def _entry(lines: Lines, number: int) -> int:
    return next(n for n, part in enumerate(lines) if part["type"] == "entry" and part["number"] == number)


def _changed(lines: Lines) -> None:
    lines[_entry(lines, 7)]["entry"]["who"] = "T:EVA"


def _removed(lines: Lines) -> None:
    del lines[_entry(lines, 3)]


def _swapped(lines: Lines) -> None:
    one, two = _entry(lines, 2), _entry(lines, 3)
    lines[one], lines[two] = lines[two], lines[one]


def _cut(lines: Lines) -> None:
    del lines[-2:]


def _cut_and_closed(lines: Lines) -> None:
    del lines[-2]
    lines[-1]["entries"] -= 1


def _unsealed(lines: Lines) -> None:
    del lines[next(n for n, part in enumerate(lines) if part["type"] == "seal")]


def _forged(lines: Lines) -> None:
    next(part for part in lines if part["type"] == "seal")["mac"] = f"{VAULT.names[0]}.{0:064x}"


@pytest.mark.parametrize(
    ("tamper", "number", "wrong"),
    [
        (_changed, 7, Wrong.CHANGED),
        (_removed, 3, Wrong.REMOVED),
        (_swapped, 2, Wrong.REORDERED),
        (_cut, 12, Wrong.CUT),
        (_cut_and_closed, 12, Wrong.CUT),
        (_unsealed, 1, Wrong.SEAL_MISSING),
        (_forged, 1, Wrong.SEAL_WRONG),
    ],
)
async def test_a_touched_file_says_where(
    store: Store, log: AuditLog, tamper: Callable[[Lines], None], number: int, wrong: Wrong
) -> None:
    lines = [json.loads(line) for line in await file(store)]
    tamper(lines)
    with pytest.raises(Broken) as broken:
        check_file([json.dumps(part, ensure_ascii=False) for part in lines], VAULT.signed)
    assert (broken.value.number, broken.value.wrong) == (number, wrong)


async def test_without_the_key_everything_but_the_maker_of_the_seals_is_checked(store: Store, log: AuditLog) -> None:
    lines = [json.loads(line) for line in await file(store)]
    _forged(lines)
    assert check_file([json.dumps(part) for part in lines], None).seals == 2
    _changed(lines)
    with pytest.raises(Broken):
        check_file([json.dumps(part) for part in lines], None)


def test_any_other_file_is_refused() -> None:
    for text in ("", "{}", "nothing"):
        with pytest.raises(ConfigurationError):
            check_file([text], None)
