"""After a time without a worker: one summary for each brand, with buttons for each post that is too late."""

from datetime import datetime, timedelta

from bot.desk.posts import Content
from bot.domain.alarms import AlarmKind, AlarmState
from tests.handlers.demo import Town, said_in
from tests.watchdog.test_watchdog import X, alarms

ALERTS = "#agora-alerts"


async def planned(town: Town, text: str, due: datetime) -> None:
    """Approved for a time that is to come."""
    (brand,) = [each for each in await town.desk.brands.all() if each.name == "Café Ágora"]
    content = Content(brand=brand.id, text=text, accounts=(X,), due=due)
    await town.desk.posts.submit(text, content, town.standing("ana"))
    await town.desk.posts.approve(text, town.standing("bruno"), revision=1)


async def slept(town: Town, *after: float) -> None:
    """Posts for so many minutes from now, and two hours without a worker; then it is there again."""
    since = town.clock()
    for number, minutes in enumerate(after):
        await planned(town, f"Aviso número {number}", since + timedelta(minutes=minutes))
    await town.settle()
    town.clock.skip(hours=2)
    await town.desk.vigil.away(since, town.clock())
    await town.desk.vigil.settle_downtimes()  # nothing is decided yet
    assert not await alarms(town)
    await town.publish()
    await town.desk.vigil.settle_downtimes()
    await town.desk.vigil.settle_downtimes()
    await town.settle()


async def test_one_summary_with_a_line_for_each_missed_post(town: Town) -> None:
    await slept(town, 10, 20, 100)
    (said,) = await alarms(town)
    assert "no salió nada" in said
    assert "1 publicación ha salido después" in said
    assert "A 2 publicaciones se les pasó la hora" in said
    assert "Aviso número 0" in said
    assert "Aviso número 1" in said
    (alarm,) = await town.desk.alarms.open()
    assert alarm.kind is AlarmKind.DOWNTIME
    private = [said_in(message) for message in await town.messages("@ana") if "no salió nada" in said_in(message)]
    assert len(private) == 1
    assert not [message for message in await town.messages("@ana") if "perdió" in said_in(message)]
    # each line answers by itself
    await town.press("bruno", ALERTS, "Enviar ahora")
    await town.publish()
    (alarm,) = await town.desk.alarms.open()
    assert len(alarm.open) == 1


async def test_where_nothing_was_missed_it_is_said_and_nobody_is_rung(town: Town) -> None:
    await slept(town, 100, 110)
    (said,) = await alarms(town)
    assert "2 publicaciones han salido después" in said
    assert "se les pasó" not in said
    assert not await town.desk.alarms.open()
    assert not await alarms(town, "@carla")


async def test_two_workers_that_start_together_tell_it_once(town: Town) -> None:
    since = town.clock()
    await planned(town, "Solo una vez", since + timedelta(minutes=5))
    town.clock.skip(hours=1)
    until = town.clock()
    first, second = await town.desk.vigil.away(since, until), await town.desk.vigil.away(since, until)
    assert (len(first), len(second)) == (1, 0)
    await town.publish()
    await town.desk.vigil.settle_downtimes()
    await town.desk.vigil.settle_downtimes()
    await town.settle()
    (alarm,) = await town.desk.alarms.open()
    assert alarm.state is AlarmState.RINGING
    assert len(await alarms(town)) == 1
