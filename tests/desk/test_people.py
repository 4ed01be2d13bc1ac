"""What a brand knows of people, through the real store: met once, found by name, forgotten for good."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.conversations import Conversation, person_id
from bot.domain.moods import Tone
from bot.domain.people import Person, Relationship
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.network import Author, Item, ItemKind, Page, Ref
from tests.desk.conftest import Team
from tests.desk.test_inbox import AT

MARTA = person_id("agora", "letters", "marta")


def said(number: int, text: str, author: str = "marta", name: str = "Marta Núñez") -> Item:
    return Item(
        ref=Ref(f"r{number}"), kind=ItemKind.COMMENT, author=Author(author, author, name), text=text,
        at=AT + timedelta(hours=number), root=Ref("post"), parent=None, own=False,
    )  # fmt: skip


async def hear(desk: Desk, people: Team, *items: Item, brand: str = "agora", cursor: str = "1") -> None:
    account = people.accounts[brand]
    await desk.receiving.receive(account, Page(items, cursor), await desk.receiving.cursor(account.id))


async def test_whoever_speaks_is_known_once_in_each_brand(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "hola"), said(2, "otra vez"), said(3, "yo no", author="luis", name="Luis"))
    await hear(desk, people, said(1, "hola"), brand="northwind")
    known = await desk.store.listed(Person, "people:agora")
    assert sorted(each.outsider.name for each in known) == ["Luis", "Marta Núñez"]
    assert [each.brand for each in await desk.store.listed(Person, "people:northwind")] == ["northwind"]
    page = await desk.people.page(MARTA, people.carla)
    assert [talk.latest.text for talk in page.talks] == ["otra vez", "hola"]
    assert (page.history.conversations, page.history.heard) == (2, 2)


async def test_a_new_name_is_taken_over_and_the_old_one_no_longer_finds_them(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "hola"))
    await hear(desk, people, said(2, "me casé", name="Marta Ríos"), cursor="2")
    assert [each.outsider.name for each in (await desk.people.find("rios", people.carla)).people] == ["Marta Ríos"]
    assert (await desk.people.find("núñez", people.carla)).people == []


@pytest.mark.parametrize("words", ["", "marta", "MARTA nunez", "mar", "@marta", "vecina", "#vecina"])
async def test_people_are_found_by_name_handle_and_tag(desk: Desk, people: Team, words: str) -> None:
    await hear(desk, people, said(1, "hola"), said(2, "hola", author="luis", name="Luis"))
    await desk.people.describe(MARTA, people.carla, ["vecina"], "", Relationship.NONE)
    found = [each.id for each in (await desk.people.find(words, people.carla)).people]
    assert MARTA in found
    assert len(found) == (2 if not words else 1)


async def test_tags_note_and_relationship_are_one_act_on_record_without_the_notes_words(
    desk: Desk, people: Team
) -> None:
    await hear(desk, people, said(1, "hola"))
    (talk,) = await desk.store.listed(Conversation, "open:agora")
    before = (await desk.inbox.page(talk.id)).version
    for _ in range(2):
        await desk.people.describe(MARTA, people.carla, ["vip"], "es celíaca", Relationship.GIFT)
    person = await desk.people.get(MARTA)
    assert (person.tags, person.relationship) == (("vip",), Relationship.GIFT)
    assert (await desk.inbox.page(talk.id)).version > before
    entries: Any = await desk.store.client.xrange(desk.store.key("audit"))
    acts = [fields["entry"] for _, fields in entries if '"person.describe"' in fields["entry"]]
    assert len(acts) == 1
    assert len(person.notes) == 1
    assert "celíaca" not in str(acts)


async def test_advocates_are_confirmed_by_one_and_listed(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "hola"))
    await desk.people.confirm(MARTA, people.carla)
    with pytest.raises(AlreadyDone):
        await desk.people.confirm(MARTA, people.carla)
    assert [each.id for each in await desk.people.advocates(await desk.brand("agora"))] == [MARTA]
    await desk.people.unconfirm(MARTA, people.carla)
    assert await desk.people.advocates(await desk.brand("agora")) == []


async def test_linked_profiles_share_a_page(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "hola"), said(2, "y yo", author="marta2", name="Marta N."))
    other = person_id("agora", "letters", "marta2")
    for _ in range(2):
        await desk.people.link(MARTA, other, people.carla)
    page = await desk.people.page(other, people.carla)
    assert sorted(talk.latest.text for talk in page.talks) == ["hola", "y yo"]
    assert [each.id for each in page.linked] == [MARTA]
    await desk.people.link(other, MARTA, people.carla, apart=True)
    assert (await desk.people.page(MARTA, people.carla)).linked == []


async def test_a_person_is_forgotten_everywhere_and_not_met_again_by_old_words(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "mi número es 600"), said(2, "¿nadie?"), said(3, "yo", author="luis", name="L"))
    await desk.people.describe(MARTA, people.carla, ["vip"], "es celíaca", Relationship.NONE)
    talk = next(t for t in await desk.store.listed(Conversation, "open:agora") if t.person.id == "marta")
    shown = (await desk.inbox.page(talk.id)).version
    with pytest.raises(NotAllowed):
        await desk.people.forget(MARTA, people.carla)
    assert await desk.people.forget(MARTA, people.admin) == 2
    assert (await desk.inbox.page(talk.id)).version > shown
    everything = []
    async for key in desk.store.client.scan_iter(f"{{{desk.store.team}}}*"):
        kind = await desk.store.client.type(key)
        if kind == "hash":
            everything.append(str(await desk.store.client.hgetall(key)))
        everything.append(str(key))
    left = [row for row in everything if any(word in row for word in ("Marta", "marta", "600", "celíaca", "¿nadie"))]
    assert left == []
    with pytest.raises(UserError):
        await desk.people.page(MARTA, people.admin)
    await hear(desk, people, said(1, "mi número es 600"), cursor="2")
    assert await desk.store.find(Person, MARTA) is None
    with pytest.raises(UserError):
        await desk.conversations.reply(talk.id, "r", "hola", people.carla)
    assert (await desk.conversations.get(talk.id)).latest.tone is Tone.UNSURE


async def test_only_those_who_answer_people_see_them(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "hola"))
    for who in (people.ana, people.diego, people.eva):
        with pytest.raises(NotAllowed):
            await desk.people.page(MARTA, who)
        with pytest.raises(NotAllowed):
            await desk.people.find("marta", who)
