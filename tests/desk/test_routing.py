"""Routes at work through the real store: where new conversations go, who has them, and when a channel is lost."""

from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Role
from bot.domain.conversations import Conversation, ConversationStatus
from bot.domain.people import Relationship
from bot.domain.routing import Place, Route
from bot.errors import FieldErrors, NotAllowed
from tests.desk.conftest import Clock, Team
from tests.desk.test_people import hear, said

QUEJAS = "C0QUEJAS"


def route(id_: str = "quejas", **about: Any) -> Route:
    return Route.model_validate({"id": id_, "name": id_, "words": ("devolución",), "channel": QUEJAS, **about})


async def known(desk: Desk, *, usable: bool = True, outsiders: bool = False) -> None:
    place = Place(id=QUEJAS, usable=usable, outsiders=outsiders, seen_at=desk.now())
    await desk.routing.saw(place, (await desk.routing.channels()).get(QUEJAS, []))


async def talks(desk: Desk) -> dict[str, Conversation]:
    return {each.latest.text: each for each in await desk.store.listed(Conversation, "open:agora")}


async def events(desk: Desk) -> str:
    return str(await desk.store.client.xrange(desk.store.key("events")))


async def record(desk: Desk) -> str:
    return str(await desk.store.client.xrange(desk.store.key("audit")))


async def test_a_new_conversation_goes_straight_to_its_channel_and_stays_there(desk: Desk, people: Team) -> None:
    await desk.routing.save("agora", route(), people.admin)
    await known(desk)
    await hear(desk, people, said(1, "quiero una devolución"), said(2, "hola", "luis", "Luis"))
    found = await talks(desk)
    brand = await desk.brand("agora")
    talk = found["quiero una devolución"]
    assert (talk.place(brand), talk.route) == (QUEJAS, "quejas")
    assert found["hola"].place(brand) == "C-agora-inbox"
    assert "quejas (r1): C0QUEJAS" in await record(desk)
    await desk.rulebooks.drop("agora", "quejas", people.admin)
    assert (await desk.conversations.get(talk.id)).place(brand) == QUEJAS


async def test_the_first_that_fits_wins(desk: Desk, people: Team) -> None:
    await desk.routing.save(
        "agora", route("todo", words=(), accounts=("letters-agora",), channel="C0TODO"), people.admin
    )
    await desk.routing.save("agora", route(), people.admin)
    await hear(desk, people, said(1, "devolución"))
    assert (await talks(desk))["devolución"].route == "todo"
    await desk.routing.earlier("agora", "quejas", people.admin)
    await hear(desk, people, said(2, "otra devolución"), cursor="2")
    assert (await talks(desk))["otra devolución"].route == "quejas"


async def test_a_person_has_it_from_the_beginning_and_is_told_once(desk: Desk, people: Team) -> None:
    await desk.routing.save("agora", route(channel="", member=people.carla.id), people.admin)
    await hear(desk, people, said(1, "devolución"))
    talk = (await talks(desk))["devolución"]
    assert (talk.status, talk.owner) == (ConversationStatus.OWNED, people.carla.id)
    assert (await events(desk)).count('"act":"assign"') == 1
    await hear(desk, people, said(1, "devolución"), cursor="2")
    assert (await events(desk)).count('"act":"assign"') == 1


async def test_a_role_is_asked_and_one_that_nobody_holds_is_not(desk: Desk, people: Team) -> None:
    await desk.routing.save("agora", route(channel="", role=Role.MODERATOR), people.admin)
    await desk.routing.save("agora", route("nadie", words=("nadie",), channel="", role=Role.TRAINEE), people.admin)
    await hear(desk, people, said(1, "devolución"), said(2, "nadie", "luis", "Luis"))
    found = await talks(desk)
    asked = found["devolución"].escalation
    assert found["devolución"].status is ConversationStatus.ESCALATED
    assert asked is not None
    assert (asked.kind, asked.to, asked.by) == ("role", "moderator", "rule")
    assert found["nadie"].status is ConversationStatus.NEW


async def test_whoever_lost_the_role_since_gets_nothing(desk: Desk, people: Team) -> None:
    await desk.routing.save("agora", route(channel="", member=people.carla.id), people.admin)
    await desk.brands.set_roles("agora", people.carla.id, frozenset(), people.admin)
    await hear(desk, people, said(1, "devolución"))
    assert (await talks(desk))["devolución"].owner == ""


async def test_tags_language_and_mood_route_too(desk: Desk, people: Team, clock: Clock) -> None:
    await desk.routing.save("agora", route("ingles", words=(), language="en", channel="C0EN"), people.admin)
    await desk.routing.save("agora", route("vip", words=(), tags=("vip",), channel="C0VIP"), people.admin)
    await hear(desk, people, said(1, "When do you open on Sunday?"), said(2, "¿abrís?", "luis", "Luis"))
    found = await talks(desk)
    assert found["When do you open on Sunday?"].route == "ingles"
    await desk.people.describe(found["¿abrís?"].who, people.carla, ["VIP"], "", Relationship.NONE)
    await hear(desk, people, said(3, "¿y mañana?", "luis", "Luis"), cursor="2")
    assert (await talks(desk))["¿y mañana?"].route == "vip"


@pytest.mark.parametrize("place", ["unknown", "lost"])
async def test_a_channel_that_is_unknown_or_lost_leaves_it_in_the_inbox(desk: Desk, people: Team, place: str) -> None:
    await desk.routing.save("agora", route(), people.admin)
    if place == "lost":
        await known(desk, usable=False)
    await hear(desk, people, said(1, "devolución"))
    talk = (await talks(desk))["devolución"]
    assert talk.place(await desk.brand("agora")) == "C-agora-inbox"


async def test_a_channel_that_is_lost_is_told_once_and_its_conversations_come_home(desk: Desk, people: Team) -> None:
    await desk.routing.save("agora", route(), people.admin)
    await known(desk)
    await hear(desk, people, *(said(n, f"devolución {n}", f"p{n}", "P") for n in range(120)))
    assert all(talk.channel == QUEJAS for talk in (await talks(desk)).values())
    for _ in range(3):
        await known(desk, usable=False)
    assert not any(talk.channel for talk in (await talks(desk)).values())
    (alarm,) = await desk.alarms.open("agora")
    assert alarm.kind is AlarmKind.ROUTE_LOST
    assert len(alarm.things) == 1
    await known(desk)
    assert not await desk.alarms.open("agora")


async def test_no_channel_of_another_brand_and_nobody_who_does_not_moderate(desk: Desk, people: Team) -> None:
    with pytest.raises(NotAllowed):
        await desk.routing.save("agora", route(), people.carla)
    for about in ({"channel": "C-northwind-inbox"}, {"member": people.ana.id}, {"accounts": ("letters-northwind",)}):
        with pytest.raises(FieldErrors):
            await desk.routing.save("agora", route(**about), people.admin)
    await desk.routing.save("northwind", route(), people.admin)
    with pytest.raises(FieldErrors):
        await desk.routing.save("agora", route(), people.admin)


async def test_a_rehearsal_counts_what_no_earlier_route_takes(desk: Desk, people: Team) -> None:
    await hear(
        desk, people, said(1, "devolución"), said(2, "devolución urgente", "luis", "L"), said(3, "hola", "e", "E")
    )
    await desk.routing.save("agora", route("urgente", words=("urgente",)), people.admin)
    found = await desk.routing.rehearse("agora", route(), people.admin)
    assert (found.heard, found.count) == (3, 1)
    assert [words.text for _, words in found.samples] == ["devolución"]
    assert len((await desk.rulebooks.of("agora")).routes) == 1


async def test_a_changed_route_is_another_revision(desk: Desk, people: Team) -> None:
    for words in (("a",), ("a", "b"), ("a", "b")):
        book = await desk.routing.save("agora", route(words=words), people.admin)
    assert book.routes[0].revision == 2
