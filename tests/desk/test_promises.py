"""What waits too long through the real store: warned of once, together, in working hours; and hours that change."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.desk.inbox_rules import hours_typed, topics_typed
from bot.domain.conversations import ClosedAs
from bot.domain.hours import Hours, Opening
from bot.domain.promises import LateNotice, Rung
from bot.engine.minding import Minding
from bot.errors import FieldErrors, NotAllowed
from tests.desk.conftest import Clock, Team
from tests.desk.test_inbox import everything, hear, item

DAILY = Hours(week=(Opening(days=frozenset(range(7)), start=8 * 60, end=10 * 60),), answer=60, resolve=240)


@pytest.fixture
async def waiting(desk: Desk, people: Team, clock: Clock) -> str:
    """Somebody wrote at 8:00:01, and it is 8:00:05: until 9:00:01 they are to be answered."""
    clock.at = datetime(2026, 3, 3, 8, 0, 5, tzinfo=UTC)
    await desk.brands.change("agora", people.admin, hours=DAILY)
    await hear(desk, people, item(1))
    (talk,) = await everything(desk)
    return talk.id


async def notices(desk: Desk) -> list[tuple[Rung, str, int]]:
    found = await desk.store.listed(LateNotice, "late_notices")
    return sorted((each.rung, each.to, each.count) for each in found)


async def test_the_owner_then_the_role_then_the_channel_once_each(
    desk: Desk, people: Team, waiting: str, clock: Clock
) -> None:
    await desk.conversations.claim(waiting, people.carla)
    clock.pass_(minutes=44)
    assert await desk.promises.warn_due() == 0
    clock.pass_(minutes=1)
    await asyncio.gather(*(Minding(desk).tick() for _ in range(3)))
    assert await notices(desk) == [(Rung.OWNER, people.carla.id, 1)]
    clock.pass_(minutes=15)
    await Minding(desk).tick()
    clock.pass_(minutes=30)
    await Minding(desk).tick()
    assert await notices(desk) == [
        (Rung.OWNER, people.carla.id, 1), (Rung.ROLE, people.carla.id, 1), (Rung.CHANNEL, "C-agora-review", 1),
    ]  # fmt: skip
    clock.pass_(minutes=20)
    assert await desk.promises.warn_due() == 0
    entries: Any = await desk.store.client.xrange(desk.store.key("audit"))
    assert sum('"conversation.late.' in fields["entry"] for _, fields in entries) == 3


async def test_nobody_is_warned_outside_hours_also_when_we_were_away(
    desk: Desk, people: Team, waiting: str, clock: Clock
) -> None:
    clock.at = datetime(2026, 3, 3, 22, 0, tzinfo=UTC)
    await Minding(desk).tick()
    assert not await notices(desk)
    clock.at = datetime(2026, 3, 4, 7, 59, tzinfo=UTC)
    await Minding(desk).tick()
    assert not await notices(desk)
    clock.at = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    await Minding(desk).tick()
    assert await notices(desk) == [(Rung.ROLE, people.carla.id, 1)]


async def test_many_at_once_are_one_message(desk: Desk, people: Team, waiting: str, clock: Clock) -> None:
    await hear(desk, people, *(item(n) for n in range(2, 40)), cursor="2")
    clock.pass_(minutes=46)
    await Minding(desk).tick()
    assert await notices(desk) == [(Rung.ROLE, people.carla.id, 39)]
    (notice,) = await desk.store.listed(LateNotice, "late_notices")
    assert len(notice.talks) == 5
    clock.pass_(days=31)
    await desk.promises.forget_notices()
    assert await desk.store.find(LateNotice, notice.id) is None


async def test_an_answer_or_an_end_stops_the_warnings(desk: Desk, people: Team, waiting: str, clock: Clock) -> None:
    await desk.conversations.reply(waiting, "reply1", "¡Gracias!", people.carla)
    assert (await desk.conversations.get(waiting)).targets.answer is not None, "not before it is public"
    await desk.deliveries.live("reply1", "r99", "http://x/r99")
    clock.pass_(hours=1)
    assert await desk.promises.warn_due() == 0
    await desk.conversations.reopen(waiting, people.carla)
    reopened = await desk.conversations.get(waiting)
    assert (reopened.targets.answer, reopened.targets.resolve is not None) == (None, True)
    await desk.conversations.close(waiting, people.carla, ClosedAs.SPAM)
    assert (await desk.conversations.get(waiting)).targets.next is None


async def test_an_answer_that_leaves_it_open_leaves_the_end_to_wait_for(desk: Desk, people: Team, waiting: str) -> None:
    brand = await desk.brand("agora")
    change = desk.store.begin()
    change.put(
        brand.model_copy(update={"policies": brand.policies.model_copy(update={"close_on_answer": False})}), brand
    )
    await change.commit()
    await desk.conversations.reply(waiting, "reply1", "Lo miro", people.carla)
    await desk.deliveries.live("reply1", "r99", "http://x/r99")
    targets = (await desk.conversations.get(waiting)).targets
    assert (targets.answer, targets.resolve is not None) == (None, True)


async def test_hours_that_change_count_every_clock_anew(desk: Desk, people: Team, waiting: str, clock: Clock) -> None:
    await hear(desk, people, *(item(n) for n in range(2, 20)), cursor="2")
    await desk.brands.change("agora", people.admin, hours=DAILY.model_copy(update={"answer": 10}))
    assert await desk.promises.count_anew("agora") == 19
    assert await desk.promises.count_anew("agora") == 0
    due = (await desk.conversations.get(waiting)).targets.answer
    assert due == datetime(2026, 3, 3, 8, 10, 1, tzinfo=UTC)
    await desk.brands.change("agora", people.admin, hours=Hours())
    await desk.promises.count_anew("agora")
    assert not await desk.store.client.zcard(desk.store.key("index", "warn"))
    with pytest.raises(NotAllowed):
        await desk.brands.change("agora", people.carla, hours=DAILY)


def test_rules_as_typed() -> None:
    assert topics_typed(" Horarios \n\nhorários\nPrecios  y tarifas") == ("Horarios", "Precios y tarifas")
    for text in ("x" * 41, "\n".join(f"t{n}" for n in range(41))):
        with pytest.raises(FieldErrors) as refusal:
            topics_typed(text)
        assert set(refusal.value.fields) == {"topics"}
    hours = hours_typed("lun-vie 9-14", "25 dic", "40 min", "1 h 30")
    assert (hours.answer, hours.resolve, len(hours.week), len(hours.holidays)) == (40, 90, 1, 1)
    assert hours_typed("", "", "", "") == Hours()
    with pytest.raises(FieldErrors) as refusal:
        hours_typed("siempre", "navidad", "pronto", "99999999 h")
    assert set(refusal.value.fields) == {"week", "holidays", "answer", "resolve"}
    for none in ("0", "0 h"):
        with pytest.raises(FieldErrors):
            hours_typed("", "", none, "")
