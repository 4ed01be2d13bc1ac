"""Access that ends or ended, and posts that others made: probed and polled on the sandbox's networks."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account, AccountState, Brand, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import State
from bot.domain.foreign import ForeignState
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from bot.engine.probing import AGAIN, Prober
from bot.errors import AlreadyDone, FieldErrors, NotAllowed
from bot.network import Access, Identity, Page, SentPage
from bot.store.records import Store
from bot.text.words import words_for
from tests.engine.bench import ACCOUNTS, NETWORKS, Bench, Shift
from tests.outside import Outside, credentials, networks_only
from tests.publishing import ANA, BRUNO, CARLA, approve, open_desk, settle_in

ADMIN = Standing(id="T:ADMIN", admin=True)


@dataclass
class There:
    """One account, polled and probed by hand; the clock of turns is forgotten between two looks."""

    bench: Bench
    outside: Outside
    where: str

    @property
    def desk(self) -> Desk:
        """The desk."""
        return self.bench.desk

    async def _again(self, name: str) -> None:
        keys = [key async for key in self.desk.store.client.scan_iter(self.desk.store.key("turn", name, "*"))]
        for key in keys:
            await self.desk.store.client.delete(key)

    async def poll(self) -> None:
        """One poll."""
        await self._again("poll")
        await Poller(self.desk, Failpoints(), every=timedelta(seconds=5)).tick()

    async def probe(self, **later: float) -> Account:
        """One look at the access, some time later; the account afterwards."""
        self.bench.clock.by += timedelta(**later)
        await self._again("probe")
        await Prober(self.desk).tick()
        return await self.desk.accounts.get(self.bench.account.id)

    async def rung(self, kind: AlarmKind) -> list[str]:
        """The subjects of open alarms of a kind."""
        found = [alarm for alarm in await self.desk.alarms.open() if alarm.kind is kind]
        return [thing.subject for alarm in found for thing in alarm.open]

    async def by_hand(self, text: str, post: str = "") -> str:
        """Somebody with the password posts; the id."""
        about = {"post": post} if post else {}
        return str((await self.outside.post("/audience/publish", account=self.where, text=text, **about))["id"])


@pytest.fixture(params=NETWORKS)
async def there(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> AsyncIterator[There]:
    """Each network."""
    async with networks_only(tmp_path) as outside:
        clock = Shift()
        desk = open_desk(store, outside.url, timeout=10, now=clock)
        bench = Bench(desk, await settle_in(desk, ACCOUNTS[request.param]), outside, clock)
        yield There(bench, outside, bench.where)


# --- posts that others made


async def test_a_post_by_another_hand_alarms_with_the_next_poll(there: There) -> None:
    before = await there.by_hand("Lo de ayer, antes de conectar")
    await there.poll()
    ref = await there.by_hand("Compra <ya> & vende")
    await there.poll()
    (subject,) = await there.rung(AlarmKind.FOREIGN_POST)
    assert subject == f"{there.bench.account.id}-{ref}"
    assert before not in subject
    post = await there.desk.foreign.get(subject)
    assert (post.state, post.words) == (ForeignState.OPEN, "Compra <ya> & vende")
    assert post.url.startswith("http")
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == [subject]


async def test_somebody_says_that_it_was_one_of_us(there: There) -> None:
    await there.poll()
    await there.by_hand("Hoy, cola en la puerta")
    await there.poll()
    (subject,) = await there.rung(AlarmKind.FOREIGN_POST)
    with pytest.raises(NotAllowed):
        await there.desk.foreign.explain(subject, Standing(id="T:NOBODY"))
    explained = await there.desk.foreign.explain(subject, ANA)
    assert (explained.state, explained.explained_by) == (ForeignState.EXPLAINED, ANA.id)
    with pytest.raises(AlreadyDone):
        await there.desk.foreign.explain(subject, BRUNO)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []


async def test_where_such_posts_are_normal_they_are_a_line_in_the_digest(there: There) -> None:
    old = await there.desk.brand(there.bench.account.brand)
    change = there.desk.store.begin()
    change.put(old.model_copy(update={"policies": old.policies.model_copy(update={"outside_posts": True})}), old)
    await change.commit()
    await there.poll()
    await there.by_hand("Publicado desde el móvil")
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    brand: Brand = await there.desk.brand(old.id)
    (line,) = (await there.desk.digests.brand_today(brand)).brands[0].outside
    assert line.words == "Publicado desde el móvil"


async def test_what_we_sent_is_ours(there: There) -> None:
    """A post; and one whose answer got lost."""
    await there.poll()
    await there.bench.work(await approve(there.desk, there.bench.account, "Buenos días"))
    await there.poll()
    await there.outside.fault(
        target=there.bench.account.network, route=there.bench.writes, when="after", drop=True, times=1
    )
    lost = await approve(there.desk, there.bench.account, "¿Salió?", id_="p2")
    await there.bench.work(lost, State.WIRE)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    assert (await there.bench.work(lost)).state is State.LIVE
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    assert await there.desk.store.listed(type(lost), f"unsure:{there.bench.account.id}") == []


async def test_threads_and_answers_are_ours(there: There) -> None:
    await there.poll()
    texts = ["Uno", "Dos", "Tres"] if there.bench.account.network != "facebook" else ["Uno"]
    live = await there.bench.work(await approve(there.desk, there.bench.account, *texts))
    await there.outside.post("/audience/comment", account=there.where, post=live.ref, author="Rosa", text="¿Y el pan?")
    await there.poll()
    (talk,) = await there.desk.store.listed(Conversation, f"open:{there.bench.account.brand}")
    reply = await there.desk.conversations.reply(talk.id, "r1", "Recién hecho", CARLA)
    await there.desk.store.client.zadd(there.desk.store.key("index", "due"), {reply.id: 0})
    await there.bench.work(reply, State.LIVE)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    other = await there.by_hand("Esto no lo ha escrito nadie de aquí", post=live.ref)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == [f"{there.bench.account.id}-{other}"]


@pytest.mark.parametrize("there", ["x"], indirect=True)
async def test_our_post_stays_ours_after_it_was_edited(there: There) -> None:
    """X gives what is edited a new id above those that were seen."""
    await there.poll()
    live = await there.bench.work(await approve(there.desk, there.bench.account, "Abrimos a las nueve"))
    await there.poll()
    body = {"text": "Abrimos a las diez", "edit_options": {"previous_post_id": live.ref}}
    bearer = {"Authorization": f"Bearer oauth2-{there.bench.account.handle}"}
    async with there.outside.session.post(f"{there.outside.url}/2/tweets", json=body, headers=bearer) as answer:
        assert (await answer.json())["data"]["id"] != live.ref
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []


async def test_what_was_left_unknown_and_turns_up_is_live_and_no_alarm(there: There) -> None:
    """The timeline did not show it while we looked."""
    if there.bench.account.network == "practice":
        pytest.skip("the same key again settles it")
    await there.poll()
    network, reads = there.bench.account.network, {"x": "GET /2/users/*/tweets", "facebook": "GET /v*/published_posts"}
    lost = await approve(there.desk, there.bench.account, "¿Y esta?")
    await there.outside.fault(target=network, route=there.bench.writes, when="after", drop=True, times=1)
    sent = await there.bench.work(lost, State.WIRE)
    await there.outside.fault(target=network, route=reads[network], status=503, body={}, times=99)
    assert (await there.bench.work(sent)).state is State.UNKNOWN
    await there.outside.calm()

    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    assert (await there.desk.deliveries.get(lost.id)).state is State.LIVE


async def test_an_account_that_is_connected_anew_starts_from_now(there: There) -> None:
    await there.poll()
    account = await there.desk.accounts.get(there.bench.account.id)
    await there.by_hand("Mientras estaba desconectada")
    change = there.desk.store.begin()
    change.put(account.model_copy(update={"generation": account.generation + 1}), account)
    await change.commit()
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    await there.by_hand("Ahora sí")
    await there.poll()
    assert len(await there.rung(AlarmKind.FOREIGN_POST)) == 1


@pytest.mark.parametrize("there", ["x", "facebook"], indirect=True)
async def test_a_post_by_another_hand_alarms_though_comments_cannot_be_read(there: There) -> None:
    await there.poll()
    network = there.bench.account.network
    comments = {"x": "GET /2/users/*/mentions", "facebook": "GET /v*/tagged"}[network]
    ref = await there.by_hand("Nadie de aquí")
    for status in (503, 429):
        await there.outside.fault(target=network, route=comments, status=status, body={}, times=1)
        await there.poll()
        assert await there.rung(AlarmKind.FOREIGN_POST) == [f"{there.bench.account.id}-{ref}"]
        ref = await there.by_hand(f"Y otra después de {status}")
        await there.desk.alarms.over(AlarmKind.FOREIGN_POST, (await there.rung(AlarmKind.FOREIGN_POST))[0])


# --- comments that can't be read


async def test_comments_that_cannot_be_read_for_long_are_told_once_and_when_it_is_over(there: There) -> None:
    await there.poll()
    network, id_ = there.bench.account.network, there.bench.account.id
    await there.outside.fault(target=network, status=503, body={}, times=99)
    for minutes in (0, 10, 9):
        there.bench.clock.by += timedelta(minutes=minutes)
        await there.poll()
        assert await there.rung(AlarmKind.STUCK) == []
    for minutes in (2, 60):
        there.bench.clock.by += timedelta(minutes=minutes)
        await there.poll()
        assert await there.rung(AlarmKind.STUCK) == [f"unread:{id_}", f"unseen:{id_}"]
    (alarm,) = await there.desk.alarms.about(f"unread:{id_}")
    assert alarm.detail["why"] == "unread"
    assert there.bench.account.name in alarm.detail["about"] or there.bench.account.handle in alarm.detail["about"]
    await there.outside.calm()
    await there.poll()
    assert await there.rung(AlarmKind.STUCK) == []


async def test_a_short_spell_is_forgotten_and_a_clock_put_back_begins_anew(there: There) -> None:
    network = there.bench.account.network
    for _ in range(3):
        await there.outside.fault(target=network, status=503, body={}, times=99)
        await there.poll()
        there.bench.clock.by += timedelta(minutes=15)
        await there.outside.calm()
        await there.poll()
    await there.outside.fault(target=network, status=503, body={}, times=99)
    await there.poll()
    there.bench.clock.by -= timedelta(days=1)
    await there.poll()
    there.bench.clock.by += timedelta(minutes=21)
    await there.poll()
    assert len(await there.rung(AlarmKind.STUCK)) == 2


@pytest.mark.parametrize("there", ["facebook"], indirect=True)
async def test_a_permission_that_is_missing_says_what_to_do(there: There) -> None:
    refused = {"error": {"code": 10, "type": "OAuthException", "message": "(#10) pages_read_user_content is missing"}}
    await there.outside.fault(target="facebook", route="GET /v*/tagged", status=403, body=refused, times=99)
    await there.poll()
    there.bench.clock.by += timedelta(minutes=21)
    await there.poll()
    (alarm,) = await there.desk.alarms.about(f"unread:{there.bench.account.id}")
    assert alarm.detail["why"] == "unread_refused"
    assert (await there.desk.accounts.get(there.bench.account.id)).state is AccountState.ACTIVE
    assert await there.rung(AlarmKind.STUCK) == [f"unread:{there.bench.account.id}"]
    assert "*Reconnect*" in words_for("en")("watchdog.stuck.unread_refused", about="x")


# --- access


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
    before, sent = await desk.conversations.cursor(account.id), await desk.foreign.cursor(account)
    await desk.conversations.receive(account, Page((), ""), before)
    await desk.foreign.read(account, SentPage((), ""))
    assert (await desk.conversations.cursor(account.id), await desk.foreign.cursor(account)) == (before, sent)


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
