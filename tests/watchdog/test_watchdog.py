"""A worker or a web process is dead or stuck: people hear it once, with what waits, and once that it is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk.posts import Content
from bot.domain.alarms import AlarmKind, AlarmState
from bot.domain.vigil import WEB, WORKER, Vital
from bot.engine.watchdog import GRACE, Watchdog
from bot.store.heartbeats import Heartbeats
from tests.handlers.demo import Town, said_in
from tests.handlers.pager import Pager, webhook

ALERTS = "#agora-alerts"
X = "x-1500000000000000001"
NOW = timedelta()


def vital(name: str, *roles: str, lag: float = 0.0) -> Vital:
    at = datetime.now(UTC)
    return Vital(name=name, roles=roles, since=at - timedelta(hours=1), at=at, lag=lag)


def watchdog(town: Town, *roles: str, **more: Any) -> Watchdog:
    beats = Heartbeats(town.desk.store)
    hurry: dict[str, Any] = {"calm": NOW, "every": timedelta(milliseconds=1)}
    return Watchdog(
        town.desk, beats, roles=roles, show=town.deck.show, alarming=town.alarming, **{"grace": NOW} | hurry | more
    )


WELL = {"publisher": 0.1, "relay": 0.1}


async def approved(town: Town, text: str) -> None:
    """A post that is due at once, and nobody publishes."""
    ana, bruno = town.standing("ana"), town.standing("bruno")
    (brand,) = [each for each in await town.desk.brands.all() if each.name == "Café Ágora"]
    await town.desk.posts.submit(text, Content(brand=brand.id, text=text, accounts=(X,)), ana)
    await town.desk.posts.approve(text, bruno, revision=1)


async def long_ago(town: Town, role: str) -> None:
    """A process of this role was heard last half a minute ago."""
    store = town.desk.store
    ms = datetime.now(UTC).timestamp() * 1000 - 30_000
    await store.client.hset(store.key("beats", "heard"), role, str(round(ms)))


async def alarms(town: Town, channel: str = ALERTS) -> list[str]:
    return [said_in(message) for message in await town.messages(channel) if "🚨" in said_in(message)]


async def test_a_dead_worker_is_said_once_with_what_waits_and_its_return(town: Town) -> None:
    beats = Heartbeats(town.desk.store)
    await beats.beat(vital("w1", WORKER), WELL)
    await approved(town, "Hoy abrimos a las ocho")
    town.clock.skip(seconds=30)
    first, second = watchdog(town, WEB), watchdog(town, WEB)
    await first.look()
    assert not await alarms(town)
    await beats.leave("w1")  # in order: it is being restarted perhaps
    await first.look()
    assert not await alarms(town)
    await long_ago(town, WORKER)
    for web in (first, second, first, second):
        await web.look()
    (said,) = await alarms(town)
    assert "no se publica nada" in said
    assert "1 publicación espera desde" in said
    assert "Hoy abrimos a las ocho" in said
    (english,) = await alarms(town, "#northwind-alerts")
    assert "No post is late because of it" in english
    assert await alarms(town, "@carla")
    # somebody takes it, though no worker draws
    await town.act("click", user="carla", channel="@carla", **await town.button("@carla", "I'm on it"))
    await second.look()
    assert "carla" in (await alarms(town))[0].lower()
    # back
    await beats.beat(vital("w2", WORKER), WELL)
    await first.look()
    await first.look()
    (said,) = await alarms(town)
    assert "Ha vuelto. Estuvo fuera" in said
    assert not await town.desk.alarms.open()
    # and the worker, drawing what it finds in its line, posts nothing twice
    await town.settle()
    assert len(await alarms(town)) == 1


async def test_without_a_worker_the_web_process_climbs_to_the_webhook_and_rings_what_else_would_have(
    night: Town, pager: Pager
) -> None:
    secret = await webhook(night, pager)
    older = await night.desk.alarms.ring(AlarmKind.STUCK, subject="d1", brand="northwind")
    await night.settle()
    await Heartbeats(night.desk.store).beat(vital("w1", WORKER), WELL)
    await Heartbeats(night.desk.store).leave("w1")
    await long_ago(night, WORKER)
    first, second = watchdog(night, WEB), watchdog(night, WEB)
    for _ in range(4):
        for web in (first, second):
            await web.look()
        night.clock.skip(minutes=5, seconds=1)
    assert "has not come to an end" in await night.text("@admin")  # what no worker rings any more
    assert sorted(body["kind"] for body in pager.bodies()) == ["stuck", "worker_down"]
    assert pager.genuine(secret)
    await night.act("click", user="diego", channel="@diego", **await night.button("@diego", "I'm on it"))
    taken = [each for each in await night.desk.alarms.open() if each.state is AlarmState.TAKEN]
    assert taken
    for web in (first, second):
        await web.look()
    assert "Diego Park has it" in await night.text("#northwind-alerts")
    night.clock.skip(minutes=31)
    for web in (first, second):
        await web.look()
    assert (await night.text("@diego")).count("half an hour") == 1
    assert (await night.desk.alarms.get(older.id)).told


@pytest.mark.parametrize(
    ("ages", "lag", "sentence"),
    [
        ({"publisher": 40.0, "relay": 0.1}, 0.0, "no mira lo que toca publicar"),
        ({"publisher": 0.1, "relay": 90.0}, 0.0, "no dibuja tarjetas"),
        (WELL, 12.0, "Avanza a tirones"),
    ],
)
async def test_a_worker_that_lives_and_does_not_work_is_said(
    town: Town, ages: dict[str, float], lag: float, sentence: str
) -> None:
    beats = Heartbeats(town.desk.store)
    await beats.beat(vital("w1", WORKER, lag=lag), ages)
    await watchdog(town, WEB).look()
    (said,) = await alarms(town)
    assert sentence in said
    # another one does the work: that one falls behind, and nothing stands still
    await beats.beat(vital("w2", WORKER), WELL)
    await watchdog(town, WEB).look()
    assert {alarm.kind for alarm in await town.desk.alarms.open("")} == {AlarmKind.LAGGING}


async def test_without_a_web_process_workers_say_that_buttons_do_not_answer(town: Town) -> None:
    beats = Heartbeats(town.desk.store)
    await beats.beat(vital("web1", WEB), {})
    await beats.leave("web1")
    await long_ago(town, WEB)
    worker = watchdog(town, WORKER)
    await worker.look()
    await town.settle()
    await worker.look()
    await town.settle()
    (said,) = await alarms(town)
    assert "botones" in said.lower()
    await beats.beat(vital("web2", WEB), {})
    await worker.look()
    await worker.look()
    await town.settle()
    (said,) = await alarms(town)
    assert "Ha vuelto" in said


async def test_a_line_that_grows_is_said(town: Town) -> None:
    beats, store = Heartbeats(town.desk.store), town.desk.store
    await approved(town, "Nadie la recoge")
    index = store.key("index", "due")
    (id_,) = map(str, await store.client.zrange(index, 0, -1))
    await store.client.zadd(index, {id_: datetime.now(UTC).timestamp() * 1000 - 90_000})
    await beats.beat(vital("w1", WORKER), WELL)
    await watchdog(town, WEB).look()
    (said,) = await alarms(town)
    assert "Las publicaciones salen tarde" in said
    (alarm,) = await town.desk.alarms.open("")
    assert (alarm.kind, alarm.state) == (AlarmKind.LAGGING, AlarmState.RINGING)


async def test_nobody_is_missed_at_first_nor_after_we_were_away_ourselves(town: Town) -> None:
    patient = watchdog(town, WEB, grace=GRACE)
    await patient.look()
    await patient.look()
    assert not await town.desk.alarms.open()


async def test_a_beat_tells_since_when_nobody_was_there(town: Town) -> None:
    beats: Any = Heartbeats(town.desk.store)
    first = await beats.beat(vital("w1", WEB, WORKER, lag=0.3), {"publisher": 2.0})
    assert first.before is None
    again = await beats.beat(vital("w2", WORKER), {})
    assert again.before == first.now
    there = await beats.read()
    (one, two) = sorted(there.vitals, key=lambda each: each.name)
    assert (one.lag, one.roles) == (0.3, (WEB, WORKER))
    assert one.at - one.rounds["publisher"] == timedelta(seconds=2)
    assert two.rounds == {}
    assert there.heard[WORKER] == again.now
    assert 0 < await town.desk.store.client.pttl(town.desk.store.key("beat", "w1")) <= 60_000
