"""Access that ends or ended, probed on the sandbox's networks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.brands import AccountState, Standing
from bot.domain.deliveries import State
from bot.engine.probing import AGAIN, Prober
from bot.errors import FieldErrors
from bot.network import Access, Identity, Page, SentPage
from tests.engine.bench import ACCOUNTS
from tests.network_faults.there import There
from tests.outside import credentials
from tests.publishing import BRUNO, approve

ADMIN = Standing(id="T:ADMIN", admin=True)


async def test_a_probe_asks_once_a_day(there: There) -> None:
    async def asked() -> int:
        calls = await there.outside.get("/calls", target=there.bench.account.network)
        return len(calls["calls"])

    await there.probe()
    first = await asked()
    assert first >= 1
    await there.probe(minutes=1)
    assert await asked() == first
    await there.probe(days=1)
    assert await asked() == 2 * first
    await Prober(there.desk).tick()
    assert await asked() == 2 * first


async def test_a_dead_token_is_told_once_and_offered_again_after_reconnecting(there: There) -> None:
    desk, id_ = there.desk, there.bench.account.id
    late = [await approve(desk, there.bench.account, f"Número {n}", id_=f"q{n}") for n in range(3)]
    await there.outside.post("/audience/expire", account=there.where)
    account = await there.probe()
    assert account.state is AccountState.DEAD
    for _ in range(2):
        await there.probe(days=1)
    lines: Any = await desk.store.client.xrange(desk.store.key("audit"))
    assert sum('"account.died"' in fields["entry"] for _, fields in lines) == 1
    there.bench.clock.by = timedelta(0)
    for each in late:
        assert (await there.bench.work(each)).state is State.HELD
    await there.outside.post("/audience/expire", account=there.where, restore=True)
    if account.network == "practice":
        old = await desk.brand(account.brand)
        change = desk.store.begin()
        change.put(old.model_copy(update={"practice": True}), old)
        await change.commit()
    values = keys(there)
    identity = await desk.accounts.identify(account.network, values)
    back = await desk.accounts.connect(account.brand, account.network, values, identity, ADMIN)
    assert back.state is AccountState.ACTIVE
    assert [each.state for each in await desk.held.of_account(id_)] == [State.HELD] * 3
    done = await desk.held.keep(await desk.held.of_account(id_), BRUNO)
    assert (done.kept, done.refused) == (3, 0)
    for each in late:
        assert (await there.bench.work(await desk.deliveries.get(each.id))).state is State.LIVE
    assert len(await there.bench.public()) == 3


def keys(there: There) -> Mapping[str, str]:
    """The account's credentials, as its form asks for them."""
    return credentials(ACCOUNTS[there.bench.account.network])


async def test_a_network_that_does_not_answer_changes_nothing(there: There) -> None:
    await there.outside.fault(target=there.bench.account.network, status=503, body={}, times=9)
    account = await there.probe()
    assert account.state is AccountState.ACTIVE
    assert await there.desk.access.of(account) is None
    assert timedelta(days=1) > AGAIN
    await there.outside.calm()
    assert await there.desk.access.of(await there.probe()) is not None


async def test_nothing_empty_and_nobody_else_is_stored_over_something_good(there: There) -> None:
    account = await there.probe()
    note = await there.desk.access.of(account)
    await there.desk.access.found(account, Identity("", "", ""), Access())
    assert await there.desk.access.of(account) == note
    await there.desk.access.found(account, Identity(account.remote_id, "", ""), Access())
    assert await there.desk.accounts.get(account.id) == account
    await there.desk.access.found(account, Identity("99", "otra", "Otra"), Access())
    stopped = await there.desk.accounts.get(account.id)
    assert (stopped.state, stopped.name, stopped.remote_id) == (AccountState.DEAD, account.name, account.remote_id)


async def test_reconnecting_keeps_what_the_network_leaves_out(there: There) -> None:
    old = await there.desk.accounts.get(there.bench.account.id)
    brand = await there.desk.brand(old.brand)
    change = there.desk.store.begin()
    change.put(old.model_copy(update={"picture": "https://example.org/a.png"}), old)
    practice = there.bench.account.network == "practice"
    change.put(brand.model_copy(update={"practice": practice}), brand)
    await change.commit()
    bare = Identity(old.remote_id, "", " ", None)
    again = await there.desk.accounts.connect(old.brand, old.network, keys(there), bare, ADMIN)
    assert (again.name, again.handle, again.picture) == (old.name, old.handle, "https://example.org/a.png")


async def test_an_empty_cursor_replaces_no_good_one(there: There) -> None:
    await there.poll()
    desk, account = there.desk, there.bench.account
    before, sent = await desk.receiving.cursor(account.id), await desk.foreign.cursor(account)
    await desk.receiving.receive(account, Page((), ""), before)
    await desk.foreign.read(account, SentPage((), ""))
    assert (await desk.receiving.cursor(account.id), await desk.foreign.cursor(account)) == (before, sent)


async def test_a_network_that_names_nobody_connects_nobody(there: There) -> None:
    network = there.bench.account.network
    empty = {"x": {"data": {"id": "1", "name": "", "username": ""}}}.get(network, {"id": "1", "name": " "})
    if network == "practice":
        empty = {"id": "", "name": ""}
    await there.outside.fault(target=network, status=200, body=empty, times=9)
    with pytest.raises(FieldErrors):
        await there.desk.accounts.identify(network, keys(there))


@pytest.mark.parametrize("there", ["facebook"], indirect=True)
async def test_an_end_is_told_at_fourteen_three_and_one_days_once_each(there: There) -> None:
    ends = there.bench.clock() + timedelta(days=20)
    await there.outside.post("/audience/expire", account=there.where, at=ends.timestamp())
    told = []
    for day in range(20):
        account = await there.probe(days=1 if day else 0)
        note = await there.desk.access.of(account)
        assert note is not None
        assert note.ends_at is not None
        assert abs(note.ends_at - ends) < timedelta(seconds=2)
        assert note.may
        told.append(note.told)
        assert len(await there.rung(AlarmKind.ACCESS_ENDING)) == (1 if note.told else 0)
    assert len(await there.rung(AlarmKind.ACCESS_ENDING)) == 1
    changes = [told[n] for n in range(1, 20) if told[n] != told[n - 1]]
    assert changes == [14, 3, 1]
    alarms = await there.desk.alarms.about(there.bench.account.id)
    assert len(alarms) == 3


async def test_an_end_that_wavers_by_a_moment_is_told_once_and_one_that_is_put_off_is_over(there: There) -> None:
    account = await there.desk.accounts.get(there.bench.account.id)
    who, ends = Identity(account.remote_id, account.handle, account.name), there.bench.clock() + timedelta(days=10)
    for moment in range(5):
        await there.desk.access.found(account, who, Access(ends + timedelta(seconds=moment)))
    assert len(await there.desk.alarms.about(account.id)) == 1
    assert await there.rung(AlarmKind.ACCESS_ENDING) == [account.id]
    await there.desk.access.found(account, who, Access(ends + timedelta(days=60)))
    assert await there.rung(AlarmKind.ACCESS_ENDING) == []
