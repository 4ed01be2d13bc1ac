"""Passing to the company through the real store: once, without the person, counted; answered by whoever was asked."""

import asyncio
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import Standing
from bot.domain.conversations import Conversation
from bot.domain.passing import ANSWERS
from bot.errors import FieldErrors, NotAllowed
from tests.desk.conftest import Clock, Team
from tests.desk.test_inbox import everything, hear, item


@pytest.fixture
async def talks(desk: Desk, people: Team) -> list[Conversation]:
    await desk.brands.change("agora", people.admin, topics=("Pedidos",))
    await hear(desk, people, *(item(n, author=f"marta{n}") for n in range(3)))
    return await everything(desk)


async def passed(desk: Desk, talk: Conversation, who: Standing, to: str, kind: str = "person", **more: Any) -> Any:
    about = {"text": "Marta0 pide lo suyo: @marta0", "topic": "Pedidos", "note": "¿Lo enviamos?"} | more
    return await desk.passing.pass_on("q1", talk.id, kind, to, **about, who=who)


async def test_it_is_passed_once_without_the_person_and_with_the_count(
    desk: Desk, people: Team, talks: list[Conversation], clock: Clock
) -> None:
    for talk in talks[1:]:
        await desk.handling.set_topics(talk.id, ["Pedidos"], people.carla)
    found = await asyncio.gather(*(passed(desk, talks[0], people.carla, people.bruno.id) for _ in range(3)))
    assert {each.id for each in found} == {"q1"}
    assert found[0].text == "[…] pide lo suyo: […]"
    assert (found[0].count, found[0].topic) == (3, "Pedidos")
    assert (await desk.conversations.get(talks[0].id)).topics == ("Pedidos",)
    clock.pass_(days=31)
    assert await desk.passing.similar(await desk.brand("agora"), "Pedidos") == 0
    entries: Any = await desk.store.client.xrange(desk.store.key("audit"))
    assert sum("conversation.pass_on_company" in fields["entry"] for _, fields in entries) == 1


async def test_to_nobody_to_a_stranger_and_to_another_brand_it_is_not_passed(
    desk: Desk, people: Team, talks: list[Conversation]
) -> None:
    for kind, to, field in (
        ("person", "", "person"), ("person", "T99:U1", "person"), ("channel", "C-northwind-inbox", "place"),
    ):  # fmt: skip
        with pytest.raises(FieldErrors) as refusal:
            await passed(desk, talks[0], people.carla, to, kind)
        assert set(refusal.value.fields) == {field}
    with pytest.raises(FieldErrors):
        await passed(desk, talks[0], people.carla, people.bruno.id, text="  ")
    for who in (people.ana, people.diego, people.eva):
        with pytest.raises(NotAllowed):
            await passed(desk, talks[0], who, people.bruno.id)
    unknown = await passed(desk, talks[0], people.carla, people.eva.id, topic="Inventado")
    assert (unknown.topic, unknown.count) == ("", 1)


async def test_whoever_was_asked_answers_and_nobody_else(desk: Desk, people: Team, talks: list[Conversation]) -> None:
    await passed(desk, talks[0], people.carla, people.eva.id)
    for who in (people.ana, people.bruno, people.diego):
        with pytest.raises(NotAllowed):
            await desk.passing.answer("q1", "Sí", who)
    await asyncio.gather(*(desk.passing.answer("q1", "Sale mañana", people.eva) for _ in range(3)))
    assert [each.text for each in (await desk.passing.get("q1")).answers] == ["Sale mañana"]
    await desk.passing.answer("q1", "Y con disculpas", people.carla)
    for n in range(ANSWERS - 2):
        await desk.passing.answer("q1", f"{n}", people.eva)
    for text in ("uno más", "  "):
        with pytest.raises(FieldErrors):
            await desk.passing.answer("q1", text, people.eva)


async def test_in_a_channel_anybody_of_the_team_answers(desk: Desk, people: Team, talks: list[Conversation]) -> None:
    await passed(desk, talks[0], people.carla, "C-company", "channel")
    await desk.passing.answer("q1", "Sale mañana", people.diego)
    with pytest.raises(NotAllowed):
        await desk.passing.answer("q1", "Yo también", Standing(id="T99:U1", within=frozenset()))
