"""A store that isn't the one that we left publishes nothing, until somebody who was an admin says so."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.custody import Seen
from bot.desk.desk import Desk
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Member, Workspace
from bot.domain.custody import HELD, Gap, Mark
from bot.domain.deliveries import Delivery, State
from bot.engine.remembering import examine, remembered
from bot.engine.sealing import Sealing
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.sandbox import world
from bot.store import restored, witness
from bot.store.inbox import Inbox
from bot.store.records import Store
from bot.store.vault import Vault
from tests.outside import Outside, networks_only
from tests.publishing import BRUNO, approve, open_desk, open_publisher, settle_in

PRACTICE = next(account for account in world.ACCOUNTS if account.network == "practice")
ADMIN = Member(id="T:EVA")


@dataclass
class Left:
    """A workspace that was worked in and left: its desk, and the folder with the witness."""

    desk: Desk
    store: Store
    outside: Outside
    folder: Path

    async def delivery(self, id_: str) -> Delivery:
        return await self.store.get(Delivery, id_)

    async def published(self) -> list[str]:
        return [post["text"] for post in await self.outside.public(f"practice:{PRACTICE.handle}")]

    async def work(self) -> None:
        """One round of a new process's publisher."""
        publisher = open_publisher(self.desk)
        await publisher.tick()
        await publisher.drain()

    def anew(self) -> None:
        """Another process on the same store."""
        self.desk = open_desk(Store(self.store.client, self.store.team), self.outside.url)

    async def go_back(self, number: int) -> None:
        """The record ends earlier, as in an old copy or after the log's last part was lost."""
        head, stream = self.store.key("audit", "head"), self.store.key("audit")
        entries: Any = await self.store.client.xrevrange(stream)
        for id_, fields in entries:
            if int(fields["n"]) > number:
                await self.store.client.xdel(stream, id_)
            else:
                await self.store.client.hset(head, mapping={"number": fields["n"], "hash": fields["h"]})
                return


@pytest.fixture
async def left(store: Store, tmp_path: Path) -> AsyncIterator[Left]:
    """One approved post that is due, an admin, and a witness of all that."""
    async with networks_only(tmp_path) as outside:
        desk = open_desk(store, outside.url)
        account = await settle_in(desk, PRACTICE)
        change = store.begin()
        change.put(Workspace(id="workspace", admins=frozenset({ADMIN.id})))
        await change.commit()
        await approve(desk, account, "El café de ayer")
        await Sealing(desk, tmp_path).tick()
        yield Left(desk, store, outside, tmp_path)


async def test_nothing_missing_nothing_asked(left: Left) -> None:
    left.anew()
    assert not (await examine(left.desk, left.folder)).missing
    await left.work()
    assert await left.published() == ["El café de ayer"]


async def test_a_first_start_trusts_what_it_finds(left: Left, tmp_path: Path) -> None:
    left.anew()
    (tmp_path / "new").mkdir()
    assert not (await examine(left.desk, tmp_path / "new")).missing


@pytest.mark.parametrize("way", [Gap.BEHIND, Gap.OTHER, Gap.RESTORED])
async def test_what_is_missing_holds_everything_until_an_admin_confirms(left: Left, way: Gap) -> None:
    seen = witness.read(left.folder)
    assert seen is not None
    if way is Gap.BEHIND:
        await left.go_back(seen.number - 1)
    elif way is Gap.OTHER:
        witness.write(left.folder, seen.model_copy(update={"hash": "0" * 40}))
    else:
        restored.note(left.folder)
    left.anew()
    custody = await examine(left.desk, left.folder)
    assert (custody.missing, custody.gap, custody.seen.number) == (True, way, seen.number)
    (delivery,) = await left.desk.posts.deliveries("p1")
    assert (delivery.state, delivery.trouble and delivery.trouble.kind) == (State.HELD, HELD)
    with pytest.raises(UserError, match=r"error\.state_missing"):
        await left.desk.deliveries.send_again(delivery.id, BRUNO, asked=delivery.asked)
    assert [alarm.kind for alarm in await left.desk.alarms.open("")] == [AlarmKind.STATE_MISSING]
    await Sealing(left.desk, left.folder).tick()
    assert (witness.read(left.folder) or seen).number == seen.number  # the proof stays

    for stranger in (Member(id="T:ANA"), Member(id="T:BRUNO")):
        with pytest.raises(NotAllowed):
            await left.desk.custody.confirm(stranger, epoch=custody.epoch)
    await left.desk.custody.confirm(ADMIN, epoch=custody.epoch)
    with pytest.raises(AlreadyDone):
        await left.desk.custody.confirm(ADMIN, epoch=custody.epoch)
    assert await left.desk.alarms.open("") == []
    await left.work()
    assert await left.published() == []
    left.anew()
    assert not (await examine(left.desk, left.folder)).missing  # asked once
    assert [each.id for each in await left.desk.custody.held(delivery.brand)] == [delivery.id]
    await left.desk.deliveries.send_again(delivery.id, BRUNO, asked=delivery.asked)
    await left.work()
    assert await left.published() == ["El café de ayer"]
    await Sealing(left.desk, left.folder).tick()
    after = witness.read(left.folder)
    assert after is not None
    assert not restored.noted(left.folder)
    assert after.hash != "0" * 40


async def test_an_empty_store_asks_those_whom_we_remember(left: Left) -> None:
    empty = Store(left.store.client, f"{left.store.team}new")
    seen = witness.read(left.folder)
    assert seen is not None
    witness.write(left.folder, seen.model_copy(update={"team": empty.team}))
    desk = open_desk(empty, left.outside.url)
    custody = await examine(desk, left.folder)
    assert (custody.gap, custody.admins) == (Gap.EMPTY, (ADMIN.id,))
    assert custody.alerts == seen.alerts != ()
    account = await settle_in(desk, PRACTICE)
    delivery = await approve(desk, account, "Nueva")
    publisher = open_publisher(desk)
    await publisher.tick()
    await publisher.drain()
    held = await empty.get(Delivery, delivery.id)
    assert (held.state, held.trouble and held.trouble.kind) == (State.HELD, HELD)
    await desk.custody.confirm(Member(id="T:OWNER", owner=True), epoch=custody.epoch)
    assert await left.published() == []


async def test_a_store_that_goes_back_under_a_running_worker_is_granted_nothing(left: Left) -> None:
    """No start and no look in between: the script that grants the wire knows how far the record was."""
    await left.go_back(1)
    publisher = open_publisher(left.desk)
    await publisher.tick()
    await publisher.drain()
    (delivery,) = await left.desk.posts.deliveries("p1")
    assert (delivery.state, await left.published()) == (State.HELD, [])
    assert (await left.desk.custody.now()).gap is Gap.BEHIND


async def test_another_worker_learns_that_it_was_confirmed(left: Left) -> None:
    other = open_desk(Store(left.store.client, left.store.team), left.outside.url)
    await other.custody.examine(remembered(left.folder, left.store.team))
    await other.stops.in_force()
    other.store._commits.newest = left.store.newest
    await left.go_back(1)
    custody = await left.desk.custody.examine(remembered(left.folder, left.store.team))
    await left.desk.custody.confirm(ADMIN, epoch=custody.epoch)
    (delivery,) = await left.desk.posts.deliveries("p1")
    await left.desk.deliveries.send_again(delivery.id, BRUNO, asked=delivery.asked)
    for _ in range(2):
        publisher = open_publisher(other)
        await publisher.tick()
        await publisher.drain()
    assert await left.published() == ["El café de ayer"]


async def test_a_lost_key_holds_deliveries_and_is_said_once(left: Left) -> None:
    left.anew()
    left.desk.vault = Vault([b"n" * 32])
    await left.desk.custody.look_for_keys()
    await left.desk.custody.look_for_keys()
    await left.desk.custody.report({"eviction": "When full, it throws away records."})
    assert {thing.subject for alarm in await left.desk.alarms.open("") for thing in alarm.open} == {"key", "eviction"}
    await left.desk.custody.report({})
    (alarm,) = await left.desk.alarms.open("")
    assert (alarm.kind, alarm.detail["accounts"]) == (AlarmKind.STORE_TROUBLE, f"Ensayo @{PRACTICE.handle}")
    await left.work()
    (delivery,) = await left.desk.posts.deliveries("p1")
    assert (delivery.state, delivery.trouble and delivery.trouble.kind) == (State.HELD, "key_missing")
    left.anew()
    await left.desk.custody.look_for_keys()
    assert await left.desk.alarms.open("") == []
    await left.desk.deliveries.send_again(delivery.id, BRUNO, asked=delivery.asked)
    await left.work()
    assert await left.published() == ["El café de ayer"]


async def test_what_was_sealed_with_a_lost_key_holds_up_nothing_else(store: Store) -> None:
    old, new = (Inbox(store, name, Vault([name[0].encode() * 32])) for name in ("old", "new"))
    at = datetime.now(UTC)
    await old.receive("sealed before", {"type": "old"}, "c1", at)
    await new.receive("sealed after", {"type": "new"}, "c2", at)
    mine, aside = await new.take_over(idle=timedelta())
    assert ([entry.payload for entry in mine], aside) == ([{"type": "new"}], [])
    assert await new.waiting() == 1
    assert await store.client.xlen(store.key("inbox", "aside")) == 1


def test_a_witness_of_another_workspace_says_nothing(tmp_path: Path) -> None:
    assert remembered(tmp_path, "T1") == Seen()
    restored.note(tmp_path)
    assert remembered(tmp_path, "T1") == Seen(restored=True)
    assert Seen().mark == Mark()
