"""What is long past is forgotten in bounded batches, what is held isn't, and what is kept can be given out."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.conversations import ClosedAs, Conversation, person_id
from bot.domain.deliveries import Delivery
from bot.domain.errands import Errand
from bot.domain.people import Person, Relationship
from bot.domain.rulebook import GRACE
from bot.errors import AlreadyDone, NotAllowed, UserError
from tests.desk.conftest import Clock, Team
from tests.desk.test_people import MARTA, hear, said

LUIS = person_id("agora", "letters", "luis")


async def talk_of(desk: Desk, text: str) -> Conversation:
    ids = await desk.store.client.zrange(desk.store.key("index", "heard:agora"), 0, -1)
    found = await desk.store.find_many(Conversation, [str(each) for each in ids])
    return next(each for each in found if each.latest.text == text)


async def record(desk: Desk) -> str:
    return str(await desk.store.client.xrange(desk.store.key("audit")))


async def everything(desk: Desk) -> str:
    """All that is stored, but the record."""
    rows = []
    async for key in desk.store.client.scan_iter(f"{{{desk.store.team}}}*"):
        kind = await desk.store.client.type(key)
        rows.append(str(await desk.store.client.hgetall(key)) if kind == "hash" else "")
        rows.append(str(key))
    return "\n".join(rows)


async def kept_for(desk: Desk, people: Team, clock: Clock, days: int) -> None:
    await desk.retention.set_days("agora", days, people.admin)
    clock.pass_(days=days + 1)


async def closed(desk: Desk, people: Team, text: str) -> Conversation:
    talk = await talk_of(desk, text)
    await desk.conversations.close(talk.id, people.carla, ClosedAs.NO_REPLY)
    return talk


async def test_nothing_is_forgotten_unless_the_brand_says_for_how_long(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people, said(1, "mi número es 600"))
    await closed(desk, people, "mi número es 600")
    clock.pass_(days=5_000)
    assert await desk.retention.forget_due() == 0


async def test_old_conversations_and_people_go_and_the_record_keeps_that_it_happened(
    desk: Desk, people: Team, clock: Clock
) -> None:
    await hear(desk, people, said(1, "mi número es 600"), said(2, "sigo aquí", "luis", "Luis"))
    await desk.people.describe(MARTA, people.carla, ["vip"], "es celíaca", Relationship.NONE)
    talk = await closed(desk, people, "mi número es 600")
    errand = await desk.moderation.reply_privately(talk.id, "r1", "Hola, Marta Núñez", people.carla)
    taken = await desk.errands.take(errand.id, timedelta(seconds=60))
    assert taken is not None
    await desk.errands.done(taken)
    await kept_for(desk, people, clock, 90)
    shown = (await desk.inbox.page(talk.id)).version
    assert await desk.retention.forget_due() == 2
    assert await desk.retention.forget_due() == 0
    page = await desk.inbox.page(talk.id)
    assert page.version > shown
    assert page.conversation.forgotten_by == "engine"
    left = await everything(desk)
    assert not any(word in left for word in ("Marta", "600", "celíaca"))
    assert "sigo aquí" in left
    assert (await desk.store.get(Errand, errand.id)).text == ""
    assert await desk.store.find(Person, MARTA) is None
    assert await desk.store.find(Person, LUIS) is not None
    for act in ("conversation.retention", "person.retention"):
        assert act in await record(desk)
    await hear(desk, people, said(1, "mi número es 600"), cursor="2")
    assert await desk.store.find(Person, MARTA) is None


async def test_it_begins_a_day_after_an_admin_chose_it_and_not_before(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people, said(1, "hola"))
    await closed(desk, people, "hola")
    clock.pass_(days=100)
    with pytest.raises(NotAllowed):
        await desk.retention.set_days("agora", 30, people.carla)
    for days in (1, 29):
        with pytest.raises(UserError):
            await desk.retention.set_days("agora", days, people.admin)
    assert await desk.retention.would_forget("agora", 30, people.admin) == (1, 1)
    await desk.retention.set_days("agora", 30, people.admin)
    assert await desk.retention.forget_due() == 0
    clock.at += GRACE
    assert await desk.retention.forget_due() == 2


@pytest.mark.parametrize("held", ["talk", "person"])
async def test_what_is_kept_for_legal_reasons_stays_and_can_be_asked_for(
    desk: Desk, people: Team, clock: Clock, held: str
) -> None:
    await hear(desk, people, said(1, "os denunciaré"))
    talk = await closed(desk, people, "os denunciaré")
    holds = desk.holds
    with pytest.raises(NotAllowed):
        await holds.keep(talk.id, "juicio", people.carla)
    with pytest.raises(UserError):
        await holds.keep(talk.id, "  ", people.admin)
    keep = holds.keep(talk.id, "juicio", people.admin) if held == "talk" else None
    await (keep or holds.keep_person(MARTA, "juicio", people.admin))
    with pytest.raises(AlreadyDone):
        await (
            holds.keep(talk.id, "x", people.admin) if held == "talk" else holds.keep_person(MARTA, "x", people.admin)
        )
    await kept_for(desk, people, clock, 30)
    assert await desk.retention.forget_due() == 0
    with pytest.raises(UserError) as error:
        await desk.people.forget(MARTA, people.admin)
    assert error.value.key == "error.held_for_legal"
    assert "juicio" in await record(desk)
    await (holds.end(talk.id, people.admin) if held == "talk" else holds.end_person(MARTA, people.admin))
    clock.pass_(days=31)
    assert await desk.retention.forget_due() == 2


async def test_open_ones_stay_and_so_does_their_person(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people, said(1, "hola"))
    await kept_for(desk, people, clock, 30)
    assert await desk.retention.forget_due() == 0
    assert await desk.store.find(Person, MARTA) is not None


async def test_a_thousand_are_forgotten_a_batch_at_a_time_past_those_that_are_held(
    desk: Desk, people: Team, clock: Clock
) -> None:
    await hear(desk, people, *(said(n, f"número {n}", f"p{n}", "P") for n in range(150)))
    for n in range(150):
        talk = await closed(desk, people, f"número {n}")
        if n < 40:
            await desk.holds.keep(talk.id, "juicio", people.admin)
        elif n < 80:
            await desk.holds.keep_person(talk.who, "juicio", people.admin)
    await kept_for(desk, people, clock, 30)
    clock.pass_(days=7)
    found = [await desk.retention.forget_due() for _ in range(3)]
    assert sum(found) == 140
    assert found[-1] == 0
    assert await desk.store.client.zcard(desk.store.key("index", "people:agora")) == 80


async def test_what_an_earlier_version_stored_is_found_by_its_person(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people, said(1, "antigua"))
    await closed(desk, people, "antigua")
    for name in ("aged:agora", "heard:agora"):
        await desk.store.client.delete(desk.store.key("index", name))
    await kept_for(desk, people, clock, 30)
    assert await desk.retention.forget_due() == 1
    assert "antigua" not in await everything(desk)


async def test_an_export_has_everything_of_one_person_and_nothing_of_others(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "mi número es 600"), said(2, "¿y yo?", "luis", "Luis"), said(3, "otra vez"))
    await desk.people.describe(MARTA, people.carla, ["vip"], "es celíaca", Relationship.GIFT)
    talk = await talk_of(desk, "mi número es 600")
    await desk.conversations.reply(talk.id, "d1", "Ya te llamamos", people.carla)
    delivery = await desk.store.get(Delivery, "d1")
    change = desk.store.begin()
    change.put(delivery.model_copy(update={"state": "live", "ref": "x1"}), delivery)
    await change.commit()
    with pytest.raises(NotAllowed):
        await desk.exporting.person(MARTA, people.carla)
    text = await desk.exporting.person(MARTA, people.admin)
    found: dict[str, Any] = json.loads(text)
    assert found["person"]["name"] == "Marta Núñez"
    assert found["noted_about_them"]["notes"][0]["text"] == "es celíaca"
    said_ = [each["text"] for talk in found["conversations"] for each in talk["they_said"]]
    assert said_ == ["mi número es 600", "otra vez"]
    assert found["conversations"][0]["we_answered_in_public"][0]["text"] == "Ya te llamamos"
    assert not any(word in text for word in ("Luis", "¿y yo?", people.carla.id, "UCARLA", "sealed"))
    assert '"person.export"' in await record(desk)
    assert "número es 600" not in await record(desk)
