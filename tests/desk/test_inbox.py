"""The inbox through the real store: once each, in order, whoever asks twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.deliveries import UNDO, State
from bot.errors import AlreadyDone, Conflict, FieldErrors, NotAllowed
from bot.network import Author, Item, ItemKind, Page, Ref
from tests.desk.conftest import Clock, Team

AT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def item(number: int, *, parent: str | None = None, author: str = "marta", own: bool = False) -> Item:
    return Item(
        ref=Ref(f"r{number}"),
        kind=ItemKind.COMMENT,
        author=Author(author, author, author.title()),
        text=f"hola {number}",
        at=AT + timedelta(seconds=number),
        root=Ref("post"),
        parent=Ref(parent) if parent else None,
        own=own,
    )


async def everything(desk: Desk) -> list[Conversation]:
    return await desk.store.listed(Conversation, "open:agora", limit=1000)


async def hear(desk: Desk, people: Team, *items: Item, cursor: str = "1") -> int:
    before = await desk.receiving.cursor("letters-agora")
    return await desk.receiving.receive(people.accounts["agora"], Page(items, cursor), before)


async def test_once_each_in_order_however_often_seen(desk: Desk, people: Team) -> None:
    burst = [item(n) for n in range(120)]
    assert await hear(desk, people, *burst) == 120
    assert await hear(desk, people, *burst, item(120), cursor="2") == 1
    heard = [c.latest.text for c in await everything(desk)]
    assert heard == [f"hola {n}" for n in range(121)]
    events: Any = await desk.store.client.xrange(desk.store.key("events"))
    assert sum("conversation_changed" in fields["event"] for _, fields in events) == 121


async def test_two_pollers_at_once_store_it_once(desk: Desk, people: Team) -> None:
    page = Page([item(n) for n in range(30)], "9")
    answers = await asyncio.gather(
        *(desk.receiving.receive(people.accounts["agora"], page, None) for _ in range(3)), return_exceptions=True
    )
    assert all(isinstance(answer, int | Conflict) for answer in answers)
    assert len(await everything(desk)) == 30


async def test_the_cursor_moves_with_the_last_of_a_page(desk: Desk, people: Team) -> None:
    """A page whose cursor somebody else moved leaves nothing but what comes before its last items."""
    await hear(desk, people, *(item(n) for n in range(60)), cursor="2")
    with pytest.raises(Conflict):
        await desk.receiving.receive(people.accounts["agora"], Page([item(n) for n in range(60, 120)], "3"), None)
    cursor = await desk.receiving.cursor("letters-agora")
    assert cursor is not None
    assert (cursor.text, len(await everything(desk))) == ("2", 110)
    assert await hear(desk, people, *(item(n) for n in range(60, 120)), cursor="3") == 10


async def test_our_own_words_are_no_conversation(desk: Desk, people: Team) -> None:
    assert await hear(desk, people, item(1, own=True)) == 0


async def test_a_person_who_goes_on_stays_in_the_conversation(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    await hear(desk, people, item(2, parent="r1"), item(3, parent="r1", author="luis"), cursor="2")
    found = await everything(desk)
    assert sorted((c.person.id, len(c.heard)) for c in found) == [("luis", 1), ("marta", 2)]


async def test_answering_claims_waits_for_undo_and_closes(desk: Desk, people: Team, clock: Clock) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    reply = await desk.conversations.reply(conversation.id, "reply1", "¡Gracias!", people.carla)
    assert (reply.state, reply.attention) == (State.PLANNED, clock.at + UNDO)
    assert (await desk.conversations.get(conversation.id)).owner == people.carla.id
    await desk.deliveries.live("reply1", "r99", "http://x/r99")
    closed = await desk.conversations.get(conversation.id)
    assert (closed.status, closed.closed_as) == (ConversationStatus.CLOSED, ClosedAs.ANSWERED)
    await hear(desk, people, item(5, parent="r99"), cursor="3")
    again = await desk.conversations.get(conversation.id)
    assert (again.status, [w.ref for w in again.heard]) == (ConversationStatus.NEW, ["r1", "r5"])


async def test_undo_takes_it_back_and_a_second_undo_says_so(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    await desk.conversations.reply(conversation.id, "reply1", "¡Gracias!", people.carla)
    undone = await desk.deliveries.withdraw("reply1", people.carla)
    assert (undone.state, undone.attention) == (State.WITHDRAWN, None)
    with pytest.raises(AlreadyDone):
        await desk.deliveries.withdraw("reply1", people.carla)


async def test_only_what_still_waits_is_undone_by_everybody(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    await desk.conversations.reply(conversation.id, "reply1", "¡Gracias!", people.carla)
    with pytest.raises(NotAllowed):
        await desk.deliveries.withdraw("reply1", people.diego)
    await desk.stops.stop("agora", people.carla, silence=True)
    with pytest.raises(NotAllowed):
        await desk.deliveries.withdraw("reply1", people.ana)
    assert (await desk.deliveries.withdraw("reply1", people.carla)).state is State.WITHDRAWN


async def test_the_same_reply_form_twice_is_one_reply(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    replies = [desk.conversations.reply(conversation.id, "reply1", "¡Gracias!", people.carla) for _ in range(4)]
    await asyncio.gather(*replies)
    assert len(await desk.conversations.replies(conversation.id)) == 1


async def test_only_moderators_of_the_brand(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    for who in (people.ana, people.diego, people.eva):
        with pytest.raises(NotAllowed):
            await desk.conversations.claim(conversation.id, who)
        with pytest.raises(NotAllowed):
            await desk.conversations.reply(conversation.id, "rx", "hola", who)


async def test_a_reply_too_long_is_refused_on_its_field(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    with pytest.raises(FieldErrors) as refusal:
        await desk.conversations.reply(conversation.id, "reply1", "x" * 21, people.carla)
    assert set(refusal.value.fields) == {"text"}


async def test_two_who_claim_are_one_owner(desk: Desk, people: Team) -> None:
    await hear(desk, people, item(1))
    (conversation,) = await everything(desk)
    answers = await asyncio.gather(
        *(desk.conversations.claim(conversation.id, who) for who in (people.carla, people.admin)),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDone", "Conversation"]
