"""The key is changed while everybody goes on working: nothing is lost or left behind, any moment may be the last."""

import argparse
import asyncio
import base64
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import keys
from bot.desk.hooks import HOOK, Hook, Where
from bot.domain.brands import Account
from bot.errors import ConfigurationError, Conflict, StoreError
from bot.store.arrivals import Arrivals
from bot.store.client import Client
from bot.store.inbox import ABOUT, GROUP, Inbox
from bot.store.keys import KeyFile, name_of
from bot.store.launcher import connect, ensure_store, stop_store
from bot.store.records import Store
from bot.store.rotation import Rotation
from bot.store.vault import Vault, open_vault

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TOKEN = "EAAcanary-token"
pytestmark = pytest.mark.slow


class Place:
    """A store with its data folder, and one workspace in it."""

    def __init__(self, data: Path, client: Client) -> None:
        self.data = data
        self.client = client
        self.store = Store(client, "T1")

    async def keys(self, act: str, capsys: pytest.CaptureFixture[str], **given: str) -> tuple[int, str]:
        """`vocero keys …`, its exit code and what it said."""
        code = await keys.run(argparse.Namespace(act=act), {"VOCERO_DATA": str(self.data)} | given)
        return code, capsys.readouterr().out

    async def fill(self, vault: Vault, accounts: int = 3) -> None:
        """Something of every kind that is ever sealed."""
        change = self.store.begin()
        for number in range(accounts):
            id_ = f"x-{number}"
            sealed = vault.seal(json.dumps({"token": f"{TOKEN}-{number}"}), id_)
            account = {"brand": "b", "network": "x", "remote_id": str(number), "handle": "h", "name": "n"}
            change.put(Account(id=id_, sealed=sealed, connected_at=NOW, **account))
        where = Where(url="https://example.com/secret", secret="s" * 20).model_dump_json()
        change.put(Hook(id=HOOK, host="example.com", sealed=vault.seal(where, HOOK), set_by="T1:U1", set_at=NOW))
        await change.commit()
        await self.client.set(self.store.key("held", "h1"), vault.seal("typed", "held-h1"), ex=600)
        await self.client.set(self.store.key("reopen", "r1"), vault.seal("{}", "reopen-r1"), ex=600)
        await self.client.set(self.store.key("practice-key"), vault.seal("practice", "practice-key"))
        await Inbox(self.store, "me", vault).answered("d1", {"view": 1})
        aside: Any = {"payload": vault.seal('{"a": 1}', ABOUT), "correlation": "c", "at": "1"}
        await self.client.xadd(self.store.key("inbox", "aside"), aside)
        await Arrivals(self.store, vault).keep("facebook", b'{"entry": []}')

    async def opens(self, vault: Vault, accounts: int = 3) -> None:
        """AssertionError when anything can't be opened."""
        for account in await self.store.find_many(Account, [f"x-{number}" for number in range(accounts)]):
            assert TOKEN in vault.open(account.sealed, account.id)
        hook = await self.store.get(Hook, HOOK)
        assert "secret" in vault.open(hook.sealed, HOOK)
        assert vault.open(str(await self.client.get(self.store.key("held", "h1"))), "held-h1") == "typed"
        assert vault.open(str(await self.client.get(self.store.key("reopen", "r1"))), "reopen-r1") == "{}"
        assert await Inbox(self.store, "me", vault).answer("d1") == {"view": 1}
        rows: Any = await self.client.xrange(self.store.key("inbox", "aside"))
        ((_, fields),) = rows
        assert vault.open(fields["payload"], ABOUT) == '{"a": 1}'
        rows = await self.client.xrange(self.store.key("arrivals"))
        ((_, fields),) = rows
        assert vault.open(fields["payload"], "arrivals") == '{"entry": []}'

    def aged(self) -> None:
        """The key file was changed a while ago."""
        past = KeyFile(self.data).path.stat().st_mtime - 2 * keys.SETTLED
        os.utime(KeyFile(self.data).path, (past, past))


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A running store of its own."""
    data = tmp_path / "data"
    client = connect(ensure_store(data, fsync="everysec"))
    yield Place(data, client)
    await client.aclose()
    stop_store(data)


async def test_everything_that_is_sealed_is_sealed_anew(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    running = open_vault(place.data)
    old = running.names[0]
    await place.fill(running)
    signed = running.sign("a seal of the record")
    assert (await place.keys("status", capsys))[1].startswith(
        f"{old}  seals    10 sealed (3 account, 1 answer, 1 arrivals, 1 held"
    )
    code, said = await place.keys("rotate", capsys)
    assert code == 0
    assert "Sealed anew: 10." in said
    new = open_vault(place.data).names[0]
    assert new != old
    await place.opens(running)  # a process that runs has seen the new key by itself
    await place.opens(Vault(KeyFile(place.data).read().ring[:1]))
    assert 500 < await place.client.ttl(place.store.key("held", "h1")) <= 600
    assert running.seal("x", "y").startswith(f"v1.{new}.")
    assert str(await place.client.get(place.store.key("held", "h1"))).startswith(f"v1.{new}.")
    told = (await place.keys("status", capsys))[1].splitlines()
    assert told[0].startswith(f"{new}  seals    10 sealed")
    assert told[1] == f"{old}  old      0 sealed"
    with pytest.raises(StoreError, match="Wait"):
        await place.keys("drop-old", capsys)
    place.aged()
    code, said = await place.keys("drop-old", capsys)
    assert (code, said.split(".")[0]) == (0, f"Forgotten: {old}")
    left = open_vault(place.data)
    assert left.names == (new,)
    assert left.signed("a seal of the record", signed)
    assert not left.signed("another", signed)
    assert running.signed("a seal of the record", signed)
    assert KeyFile(place.data).path.stat().st_mode & 0o777 == 0o600
    assert not re.search(r"[A-Za-z0-9+/]{43}=", said)
    assert running.names == (new,)


async def test_a_key_that_is_needed_stays(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    vault = open_vault(place.data)
    await place.keys("rotate", capsys)
    behind = Vault(KeyFile(place.data).read().ring[1:])
    await place.fill(behind)
    place.aged()
    code, said = await place.keys("drop-old", capsys)
    assert (code, said) == (1, f"Still needed: {vault.names[1]}. Run `vocero keys rotate` first.\n")
    await place.opens(vault)


async def test_what_is_being_handled_is_left_to_its_owner_and_the_rest_keeps_its_place(place: Place) -> None:
    old, new = b"o" * 32, b"n" * 32
    inbox = Inbox(place.store, "me", Vault([old]))
    ours = await inbox.receive("k1", {"n": 1}, "c1", NOW)
    left = await inbox.receive("k2", {"n": 2}, "c2", NOW)
    assert ours is not None
    assert left is not None
    stream, both = place.store.key("inbox"), Vault([new, old])
    await place.client.xclaim(stream, GROUP, "gone", 0, [left], idle=20_000, retrycount=2, justid=True)
    resealing = asyncio.create_task(Rotation(place.client, both).reseal())
    deadline = asyncio.get_running_loop().time() + 20
    while await place.client.xrange(stream, left, left):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
    assert await place.client.xrange(stream, ours, ours), "somebody works on it"
    await inbox.done(ours)
    assert (await resealing).complete
    (pending,) = await place.client.xpending_range(stream, GROUP, "-", "+", 10)
    assert (pending["consumer"], pending["times_delivered"]) == ("gone", 2)
    mine, _ = await Inbox(place.store, "next", Vault([new])).take_over(idle=timedelta(seconds=15))
    assert [(entry.payload, entry.correlation) for entry in mine] == [({"n": 2}, "c2")]


async def test_who_loaded_a_record_before_it_was_sealed_anew_must_load_it_again(place: Place) -> None:
    old, new = b"o" * 32, b"n" * 32
    await place.fill(Vault([old]))
    loaded = await place.store.get(Account, "x-0")
    assert (await Rotation(place.client, Vault([new, old])).reseal()).complete
    change = place.store.begin()
    change.put(loaded.model_copy(update={"name": "another"}), loaded)
    with pytest.raises(Conflict):
        await change.commit()
    await place.opens(Vault([new]))


async def test_while_everybody_writes_nothing_is_left_behind(place: Place) -> None:
    """Processes that run change accounts all the while; in the end nothing is sealed with the old key."""
    vault = open_vault(place.data)
    old = vault.names[0]
    await place.fill(vault)
    stop = asyncio.Event()

    async def work(number: int) -> int:
        written = 0
        while not stop.is_set():
            account = await place.store.get(Account, f"x-{number}")
            update: dict[str, object] = {"generation": account.generation + 1}
            if written % 2:
                sealed = vault.seal(json.dumps({"token": f"{TOKEN}-{number}"}), account.id)
                update["sealed"] = sealed
            change = place.store.begin()
            change.put(account.model_copy(update=update), account)
            try:
                await change.commit()
            except Conflict:
                continue
            written += 1
        return written

    working = [asyncio.create_task(work(number)) for number in range(3)]
    file = KeyFile(place.data)
    file.write(file.read().led_by(b"n" * 32))
    done = await Rotation(place.client, open_vault(place.data)).reseal()
    stop.set()
    assert min(await asyncio.gather(*working)) > 0
    assert done.complete
    assert old not in (await Rotation(place.client, vault).count()).by_key
    await place.opens(vault)


async def test_killed_in_the_middle_it_goes_on(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    await place.fill(open_vault(place.data), accounts=4000)
    given = os.environ | {"VOCERO_DATA": str(place.data)}
    command = (sys.executable, "-m", "bot", "keys", "rotate")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=given, stdout=asyncio.subprocess.DEVNULL)
    rotation, old = Rotation(place.client, open_vault(place.data)), open_vault(place.data).names[0]
    deadline = asyncio.get_running_loop().time() + 60
    while not (set((await rotation.count()).by_key) - {old}):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    between = (await rotation.count()).by_key
    assert len(between) == 2, "killed too late to prove anything"
    code, said = await place.keys("rotate", capsys)
    assert code == 0
    assert said.startswith("Going on with key ")
    assert len(KeyFile(place.data).read().ring) == 2
    assert len((await rotation.count()).by_key) == 1
    await place.opens(open_vault(place.data), accounts=4000)


async def test_with_the_key_in_the_environment_it_says_what_to_set(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    first = base64.b64encode(b"1" * 32).decode()
    vault = open_vault(place.data, first)
    await place.fill(vault)
    signed = vault.sign("a seal")
    code, said = await place.keys("rotate", capsys, VOCERO_KEY=first)
    assert code == 0
    assert first not in said
    (second,) = re.findall(r"^  (\S{44})$", said, re.M)
    both = f"{second},{first}"
    code, said = await place.keys("rotate", capsys, VOCERO_KEY=both)
    assert (code, "Sealed anew: 10." in said) == (0, True)
    await place.opens(open_vault(place.data, second))
    code, said = await place.keys("drop-old", capsys, VOCERO_KEY=both)
    assert code == 0
    assert first not in said
    (half,) = re.findall(r"^  (check\.\S+)$", said, re.M)
    assert open_vault(place.data, f"{second},{half}").signed("a seal", signed)
    assert not KeyFile(place.data).path.exists()


async def test_what_no_key_opens_is_said_and_left(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    await place.fill(Vault([b"x" * 32]))
    open_vault(place.data)
    code, said = await place.keys("rotate", capsys)
    assert code == 1
    assert said.count(f"sealed with key {name_of(b'x' * 32)}, which doesn't open it") == 10
    code, said = await place.keys("status", capsys)
    assert (code, f"{name_of(b'x' * 32)}  MISSING  10 sealed" in said) == (1, True)


async def test_what_a_person_typed_is_not_taken_for_something_sealed(place: Place) -> None:
    vault = open_vault(place.data)
    typed = 'v1.0badc0de.QUJD "sealed":"v1.0badc0de.QUJD'
    change = place.store.begin()
    account = {"brand": "b", "network": "x", "remote_id": "1", "handle": typed, "name": typed}
    change.put(Account(id="x-9", sealed=vault.seal("{}", "x-9"), connected_at=NOW, **account))
    await change.commit()
    assert (await Rotation(place.client, vault).count()).by_key == {vault.names[0]: 1}


async def test_where_there_is_no_key_there_is_nothing_to_change(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no key"):
        await keys.run(argparse.Namespace(act="rotate"), {"VOCERO_DATA": str(tmp_path)})


SEALS = {
    "bot/desk/accounts.py": ["id_"],
    "bot/desk/connecting.py": ['f"held-{key}"'],
    "bot/desk/hooks.py": ["HOOK"],
    "bot/endpoints.py": ["about", "about"],
    "bot/keys.py": [],
    "bot/slack/perform.py": ['f"reopen-{name}"'],
    "bot/store/arrivals.py": ["ABOUT"],
    "bot/store/inbox.py": ["ABOUT", "ABOUT"],
    "bot/store/rotation.py": ["about"],
}
"""Who seals what, and what it is bound to: a new line here is a new place in `Place.about` and in `Place.fill`."""


def test_every_place_that_seals_is_known_to_the_rotation() -> None:
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "bot").rglob("*.py")):
        calls = re.findall(r"vault\.seal\((?=((?s:.{0,300})))", file.read_text("utf-8"))
        if calls:
            found[str(file.relative_to(ROOT))] = [_about(call) for call in calls]
    assert found == {file: calls for file, calls in SEALS.items() if calls}


def _about(call: str) -> str:
    """The second argument of a call that begins here."""
    depth, start = 0, 0
    for at, letter in enumerate(call):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth < 0:
                return call[start:at].strip()
        elif letter == "," and depth == 0:
            start = at + 1
    return call[start:].strip()
