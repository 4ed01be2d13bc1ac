"""Working on conversations through the real store: roles, races, indexes, what comes back by itself."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import Role
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.handling import LAPSES, Later
from bot.engine.minding import Minding
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from tests.desk.conftest import Clock, Team
from tests.desk.test_inbox import everything, hear, item

S = ConversationStatus


@pytest.fixture
async def talk(desk: Desk, people: Team) -> Conversation:
    await hear(desk, people, item(1))
    (found,) = await everything(desk)
    return found


async def listed(desk: Desk, index: str) -> list[str]:
    found: Any = await desk.store.client.zrange(desk.store.key("index", index), 0, -1)
    return [str(each) for each in found]


async def acts(desk: Desk) -> list[str]:
    entries: Any = await desk.store.client.xrange(desk.store.key("audit"))
    return [fields["entry"] for _, fields in entries if '"conversation.' in fields["entry"]]


async def test_assign_gives_it_to_somebody_who_may_answer(desk: Desk, people: Team, talk: Conversation) -> None:
    await desk.handling.assign(talk.id, people.admin.id, people.carla)
    assert (await desk.conversations.get(talk.id)).owner == people.admin.id
    assert await listed(desk, f"mine:agora:{people.admin.id}") == [talk.id]
    assert not await listed(desk, "unowned:agora")
    for nobody in (people.ana.id, people.eva.id, "T99:U1", ""):
        with pytest.raises(FieldErrors) as refusal:
            await desk.handling.assign(talk.id, nobody, people.carla)
        assert set(refusal.value.fields) == {"person"}
    with pytest.raises(AlreadyDone):
        await desk.handling.assign(talk.id, people.admin.id, people.carla)
    (entry,) = await acts(desk)
    assert people.admin.id in entry


async def test_a_sign_claims_once_and_only_its_owner_takes_it_back(
    desk: Desk, people: Team, talk: Conversation
) -> None:
    await asyncio.gather(*(desk.handling.take(talk.id, people.carla) for _ in range(4)))
    assert len(await acts(desk)) == 1
    with pytest.raises(AlreadyDone):
        await desk.handling.take(talk.id, people.admin)
    await desk.handling.let_go(talk.id, people.admin)
    assert (await desk.conversations.get(talk.id)).owner == people.carla.id
    await desk.handling.let_go(talk.id, people.carla)
    await desk.handling.let_go(talk.id, people.carla)
    assert (await desk.conversations.get(talk.id)).status is S.NEW
    assert len(await acts(desk)) == 2
    for who in (people.ana, people.eva, people.diego):
        with pytest.raises(NotAllowed):
            await desk.handling.take(talk.id, who)
        with pytest.raises(NotAllowed):
            await desk.handling.let_go(talk.id, who)


async def test_what_is_put_off_comes_back_once_at_its_time(
    desk: Desk, people: Team, talk: Conversation, clock: Clock
) -> None:
    asleep = await desk.handling.snooze(talk.id, Later.HOUR, people.carla)
    assert asleep.snoozed_until == clock.at + timedelta(hours=1)
    assert await listed(desk, "snoozed") == [talk.id]
    assert not await listed(desk, f"mine:agora:{people.carla.id}")
    clock.pass_(minutes=59)
    assert await desk.handling.wake_due() == 0
    clock.pass_(minutes=1)
    await asyncio.gather(*(Minding(desk).tick() for _ in range(3)))
    back = await desk.conversations.get(talk.id)
    assert (back.status, back.owner) == (S.OWNED, people.carla.id)
    assert not await listed(desk, "snoozed")
    events: Any = await desk.store.client.xrange(desk.store.key("events"))
    assert sum('"woke"' in fields["event"] for _, fields in events) == 1


async def test_the_choices_are_in_the_brands_zone_and_a_passed_moment_is_refused(
    desk: Desk, people: Team, talk: Conversation, clock: Clock
) -> None:
    await desk.brands.change("agora", people.admin, zone="Europe/Madrid")
    asleep = await desk.handling.snooze(talk.id, Later.TOMORROW, people.carla)
    assert asleep.snoozed_until is not None
    assert asleep.snoozed_until.isoformat() == "2026-03-04T08:00:00+00:00"
    with pytest.raises(UserError):
        await desk.handling.snooze(talk.id, clock.at - timedelta(minutes=1), people.carla)
    woken = await desk.handling.wake(talk.id, people.carla)
    assert woken.status is S.OWNED


async def test_escalating_asks_only_who_has_a_say(desk: Desk, people: Team, talk: Conversation) -> None:
    for kind, to, field in (
        ("person", people.eva.id, "person"), ("person", "", "person"), ("role", "client", "role"),
        ("role", "emperor", "role"), ("channel", "C-northwind-review", "place"),
    ):  # fmt: skip
        with pytest.raises(FieldErrors) as refusal:
            await desk.handling.escalate(talk.id, kind, to, "", people.carla)
        assert set(refusal.value.fields) == {field}, (kind, to)
    asked = await desk.handling.escalate(talk.id, "person", people.bruno.id, " Es legal ", people.carla)
    assert (asked.status, asked.escalation and asked.escalation.note) == (S.ESCALATED, "Es legal")
    assert await listed(desk, "state:agora:escalated") == [talk.id]
    assert await desk.handling.holders(await desk.brand("agora"), Role.MODERATOR) == [people.carla.id]


async def test_topics_are_counted_also_when_closed(desk: Desk, people: Team, talk: Conversation) -> None:
    brand = await desk.brand("agora")
    change = desk.store.begin()
    change.put(brand.model_copy(update={"topics": ("Horarios", "Café")}), brand)
    await change.commit()
    await desk.conversations.close(talk.id, people.carla, ClosedAs.NO_REPLY)
    await desk.handling.switch_topic(talk.id, "Café", people.carla)
    assert await listed(desk, "topic:agora:cafe") == [talk.id]
    await desk.handling.set_topics(talk.id, ["Horarios"], people.carla)
    await desk.handling.set_topics(talk.id, ["Horarios"], people.carla)
    assert not await listed(desk, "topic:agora:cafe")
    assert await listed(desk, "topic:agora:horarios") == [talk.id]
    assert sum("conversation.topics" in entry for entry in await acts(desk)) == 2


async def test_an_open_form_lapses_by_itself(desk: Desk, people: Team, talk: Conversation, clock: Clock) -> None:
    await desk.handling.answering(talk.id, people.carla)
    assert await desk.handling.crossed(talk.id, "r1", (), people.admin) == (people.carla.id,)
    assert not await desk.handling.crossed(talk.id, "r1", (people.carla.id,), people.admin)
    assert not await desk.handling.crossed(talk.id, "r1", (), people.carla)
    clock.pass_(minutes=1)
    assert await desk.handling.look_after_forms() == 1
    assert (await desk.conversations.get(talk.id)).answering
    clock.pass_(seconds=LAPSES.total_seconds())
    await Minding(desk).tick()
    assert not (await desk.conversations.get(talk.id)).answering
    assert await desk.handling.look_after_forms() == 0
    await desk.handling.answering(talk.id, people.carla)
    await desk.handling.not_answering(talk.id, people.carla)
    assert not await desk.handling.crossed(talk.id, "r1", (), people.admin)


async def test_what_an_earlier_version_stored_is_found_as_soon_as_it_is_touched(
    desk: Desk, people: Team, talk: Conversation
) -> None:
    client, store = desk.store.client, desk.store
    for name in (*talk.indexes().keys() - {"open:agora"},):
        await client.delete(store.key("index", name))
    await client.hset(store.key_of(talk), "s", "1")
    assert (await desk.conversations.get(talk.id)).older
    await desk.handling.answering(talk.id, people.carla)
    assert await listed(desk, "unowned:agora") == [talk.id]
    assert not (await desk.conversations.get(talk.id)).older
