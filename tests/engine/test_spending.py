"""What reading X costs is counted no lower than X counts it, and a budget is kept."""

from datetime import timedelta

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.brands import Standing
from bot.errors import NotAllowed
from tests.engine.bench import Bench
from tests.engine.test_polling import Ear
from tests.publishing import CARLA

ADMIN = Standing(id="T:ADMIN", admin=True)


@pytest.fixture
def x(benches: dict[str, Bench]) -> Ear:
    return Ear(benches["x"])


async def billed(ear: Ear) -> float:
    """What X will charge for reading."""
    kinds = (await ear.bench.outside.get("/audience/costs"))["x_by_kind"]
    return sum(float(found["dollars"]) for kind, found in kinds.items() if "read" in kind)


async def test_it_is_counted_once_a_day_and_never_too_low(x: Ear) -> None:
    for number in range(7):
        await x.comment(f"Hola {number}", author=f"Rosa {number}")
    await x.poll()
    first = (await x.desk.spending.of(x.bench.account)).dollars
    assert 0 < await billed(x) <= first
    await x.poll()
    assert (await x.desk.spending.of(x.bench.account)).dollars == first
    await x.comment("Adiós")
    await x.poll()
    assert first < (await x.desk.spending.of(x.bench.account)).dollars <= first + 0.01


async def test_a_budget_that_is_used_up_ends_reading_loses_nothing_and_rings(x: Ear) -> None:
    said = [await x.comment("Uno", author="Rosa")]
    await x.poll()
    with pytest.raises(NotAllowed):
        await x.desk.spending.set_budget(x.bench.account.id, 1.0, CARLA)
    await x.desk.spending.set_budget(x.bench.account.id, 0.001, ADMIN)
    said.append(await x.comment("Dos", author="Luis"))
    before = await billed(x)
    await x.poll()
    assert await x.heard() == said[:1]
    x.bench.clock.by += timedelta(minutes=25)
    await x.desk.store.client.delete(x.desk.store.key("turn", "poll", x.bench.account.id, "broke"))
    await x.poll()
    assert await billed(x) == before
    (alarm,) = await x.desk.alarms.about(f"unread:{x.bench.account.id}")
    assert (alarm.kind, alarm.things[0].detail["why"]) == (AlarmKind.STUCK, "unread_broke")
    await x.desk.spending.set_budget(x.bench.account.id, None, ADMIN)
    await x.poll()
    assert await x.heard() == sorted(said)


async def test_a_quiet_account_is_read_less_often_and_a_word_makes_it_quick(x: Ear) -> None:
    x.bench.clock.by += timedelta(hours=7)
    assert await x.desk.receiving.quiet(x.bench.account) >= timedelta(hours=7)
    await x.comment("¿Hay alguien?")
    await x.poll()
    assert await x.desk.receiving.quiet(x.bench.account) < timedelta(minutes=1)
