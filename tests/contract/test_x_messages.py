"""Direct messages on X: each told once at a small price, answered, found again; and what a flood leaves to later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.network import (
    AuthFailed,
    Capability,
    Draft,
    ItemKind,
    Page,
    RateLimited,
    Rejected,
    RejectKind,
    Transient,
    UnknownOutcome,
)
from bot.sandbox import world
from connectors.x import PROVIDER
from connectors.x.messages import EVERY, FIRST, REST, SECOND, Event, Place
from connectors.x.posts import id_at
from tests.contract.conftest import Opener, Sandbox
from tests.contract.networks import NETWORKS, near
from tests.sandbox_networks.pictures import PNG, picture_of

X = NETWORKS["x"]
Write = Callable[..., Draft]
READING, SENDING = "GET /2/dm_events", "POST /2/dm_conversations/with/*/messages"


async def message(sandbox: Sandbox, text: str, author: str = "Rosa", **more: Any) -> str:
    """Somebody writes to the account in private."""
    body = {"account": X.account.id, "author": author, "text": text, **more}
    return str((await sandbox.ask("POST", "/audience/message", body))["id"])


async def inbox(sandbox: Sandbox) -> dict[str, list[tuple[bool, str]]]:
    """What stands in each person's conversation."""
    answer = await sandbox.ask("GET", "/audience/private", account=X.account.id)
    return {
        talk["person"]: [(said["by_account"], said["text"]) for said in talk["messages"]]
        for talk in answer["conversations"]
    }


def ids(page: Page) -> list[str]:
    return [item.ref.id for item in page.items]


async def sizes(sandbox: Sandbox) -> list[str]:
    """How many were asked for, look by look."""
    calls = await sandbox.calls(X)
    return [call["args"]["max_results"] for call in calls if call["path"] == "/2/dm_events"]


def test_its_limits_are_data() -> None:
    limits = PROVIDER.limits
    assert Capability.MESSAGES in PROVIDER.capabilities
    assert (limits.message_length, limits.answer_within) == (10_000, None)
    assert (limits.message_price, limits.sent_price, limits.messages_every) == (0.010, 0.015, EVERY)
    looks = 15 * 60 / EVERY
    assert looks * 2 <= 10, "of fifteen requests some are left for answers, also when each look takes two"


async def test_each_is_read_once_and_ours_not_at_all(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    first = await message(sandbox, "¿Tenéis <mesa> & sitio en agora.com/a?b=1?")
    second = await message(sandbox, "Así", picture=picture_of("taza.png"))
    other = await message(sandbox, "Hola", "Hugo")
    page = await connector.messages(cursor)
    assert ids(page) == [first, second, other]
    assert {item.kind for item in page.items} == {ItemKind.MESSAGE}
    said, shown, apart = page.items
    assert (said.author.name, said.author.handle) == ("Rosa", "rosa")
    assert said.text == "¿Tenéis <mesa> & sitio en http://agora.com/a?b=1?"
    assert abs(said.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert said.parent == shown.parent
    assert said.parent != apart.parent
    assert (shown.text, len(shown.media)) == ("Así", 1)
    answer = write("Sí, a las dos", private_to=said.author.id, reply_to=said.ref)
    await connector.publish(answer, await connector.prepare(answer))
    again = await connector.messages(page.cursor)
    assert again.items == []
    assert again.reads.keys() > page.reads.keys(), "ours costs as well"
    third = await message(sandbox, "Gracias")
    assert ids(await connector.messages(again.cursor)) == [third]
    assert [text for _, text in (await inbox(sandbox))["Rosa"]][2:] == ["Sí, a las dos", "Gracias"]


async def test_what_was_written_before_is_not_told(sandbox: Sandbox, opened: Opener) -> None:
    await message(sandbox, "De antes")
    connector = opened(X)
    page = await connector.messages(connector.begin(datetime.now(UTC) + timedelta(seconds=1)))
    assert page.items == []


async def test_an_idle_look_is_one_small_page(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    page = await connector.messages(connector.begin(datetime.now(UTC)))
    assert (page.items, dict(page.reads)) == ([], {})
    for number in range(9):
        await message(sandbox, f"Hola {number}")
    page = await connector.messages(page.cursor)
    assert len(page.items) == 9
    page = await connector.messages(page.cursor)
    assert await sizes(sandbox) == [str(FIRST), str(FIRST), str(SECOND), str(FIRST), str(SECOND)]
    settled = Place.read(page.cursor).after((), datetime.now(UTC) + timedelta(minutes=3), "").write()
    await connector.messages(settled)
    assert (await sizes(sandbox))[5:] == [str(FIRST)]


async def test_a_flood_is_read_look_by_look_and_nothing_of_it_is_left_out(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    said = [await message(sandbox, f"Hola {number}", f"Rosa {number % 7}") for number in range(120)]
    told: list[str] = []
    late = ""
    for look in range(4):
        page = await connector.messages(cursor)
        assert ids(page) == sorted(ids(page), key=int)
        told += ids(page)
        cursor = page.cursor
        if look == 0:
            assert len(page.items) == FIRST + SECOND
            late = await message(sandbox, "¿Y yo?", "Hugo")
    assert sorted(told, key=int) == [*said, late]
    assert await sizes(sandbox) == [str(one) for one in (FIRST, SECOND, REST, REST, FIRST, SECOND, FIRST, SECOND)]


async def test_a_place_that_x_forgot_is_no_dead_end(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    start = Place.read(connector.begin(datetime.now(UTC)))
    said = await message(sandbox, "Hola")
    lost = Place(start.floor, start.seen, "notatokenofanykind")
    assert ids(await connector.messages(lost.write())) == [said]


def test_a_place_is_written_as_it_is_read() -> None:
    for place in (Place(7), Place(7, frozenset({8, 9})), Place(7, frozenset({8}), "abc"), Place(7, older="abc")):
        assert Place.read(place.write()) == place
    with pytest.raises(ValueError, match="invalid literal"):
        Place.read("x")
    now = datetime.now(UTC)
    old, new = id_at(now - timedelta(minutes=5)), id_at(now)
    assert Place(1).after([old, new], now, "") == Place(old, frozenset({new}))
    assert Place(1).after([old, new], now, "abc") == Place(1, frozenset({old, new}), "abc")


def test_what_x_leaves_null_is_left_out() -> None:
    link = {"url": "https://t.co/a", "expanded_url": None, "display_url": None}
    given = {"id": "1", "text": "Mira https://t.co/a", "attachments": {"media_keys": None}, "created_at": None}
    for entities in ({"urls": None, "mentions": None}, {"urls": [link]}, None):
        event = Event.model_validate({**given, "entities": entities})
        assert (event.said, event.attachments.media_keys) == ("Mira https://t.co/a", [])


async def test_an_answer_whose_outcome_is_unknown_is_found(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    await message(sandbox, "¿Abrís?")
    (item,) = (await connector.messages(cursor)).items
    before = write("Sí, <a> & b en agora.com", private_to=item.author.id, reply_to=item.ref)
    ref = await connector.publish(before, await connector.prepare(before))
    answer = write(before.text, private_to=item.author.id, reply_to=item.ref)
    prepared = await connector.prepare(answer)
    assert len(prepared.reads) == 1
    assert await connector.find(answer, prepared) is None  # the same words of before are not it
    await sandbox.fault(X, SENDING, when="after", drop=True)
    with pytest.raises(UnknownOutcome):
        await connector.publish(answer, prepared)
    for number in range(7):
        await message(sandbox, f"¿Hola? {number}")
    found = await connector.find(answer, prepared)
    assert found is not None
    assert found != ref
    assert len([one for one in (await inbox(sandbox))["Rosa"] if one[0]]) == 2


async def test_nothing_was_sent_where_x_says_no(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    await message(sandbox, "Hola")
    (item,) = (await connector.messages(cursor)).items
    answer = write("Hola", private_to=item.author.id)
    prepared = await connector.prepare(answer)
    await sandbox.refuse(X, SENDING, X.limited)
    with pytest.raises(RateLimited) as limited:
        await connector.publish(answer, prepared)
    assert near(limited.value.until, X.wait)
    await sandbox.fault(X, SENDING, status=503, body="<html>")
    with pytest.raises(UnknownOutcome):
        await connector.publish(answer, prepared)
    assert await connector.find(answer, prepared) is None
    long = write("x" * 10_001, private_to=item.author.id)
    with pytest.raises(Rejected) as refused:
        await connector.publish(long, prepared)
    assert refused.value.kind is RejectKind.VALIDATION
    with pytest.raises(Rejected) as refused:
        await connector.publish(write("Hola", private_to="20000000000000001"), prepared)
    assert refused.value.kind is RejectKind.POLICY


async def test_a_read_that_is_lost_loses_nothing(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    said = await message(sandbox, "Hola")
    for broken in ({"status": 200, "body": {"hello": "world"}}, {"status": 502, "body": "<html>"}, {"drop": True}):
        await sandbox.fault(X, READING, **broken)
        with pytest.raises(Transient):
            await connector.messages(cursor)
    assert ids(await connector.messages(cursor)) == [said]


async def test_without_the_permission_the_rest_is_read(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    await message(sandbox, "Hola")
    (item,) = (await connector.messages(cursor)).items
    withheld = {"account": X.account.id, "scopes": ["dm.read", "dm.write"]}
    await sandbox.ask("POST", "/audience/withhold", withheld)
    answer = write("Hola", private_to=item.author.id)
    for asked in (
        lambda: connector.messages(cursor),
        lambda: connector.prepare(answer),
        lambda: connector.publish(answer, None),  # type: ignore[arg-type]
    ):
        with pytest.raises(Rejected) as caught:
            await asked()
        assert (caught.value.kind, caught.value.code) == (RejectKind.PERMISSION, "oauth1-permissions")
    await connector.fetch(cursor)
    await sandbox.ask("POST", "/audience/expire", {"account": X.account.id})
    with pytest.raises(AuthFailed):
        await connector.messages(cursor)


async def test_its_pictures_are_for_whoever_signs(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    cursor = connector.begin(datetime.now(UTC))
    await message(sandbox, "", picture=picture_of("taza.png"))
    (item,) = (await connector.messages(cursor)).items
    (url,) = item.media
    assert item.text == ""
    async with sandbox.session.get(url) as answer:
        assert answer.status == 401
    async with sandbox.session.get(url, headers=connector.signed(url)) as answer:
        assert (await answer.read(), answer.content_type) == (PNG, "image/png")
    other = world.account("x", "Northwind Books")
    stranger = opened(X, access_token=other.token, access_token_secret=other.secret)
    async with sandbox.session.get(url, headers=stranger.signed(url)) as answer:
        assert answer.status in {401, 404}


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/1.1/ton/data/dm/1/2/a.jpg",
        "http://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg",
        "https://ton.twitter.com.evil.example/1.1/ton/data/dm/1/2/a.jpg",
        "https://ton.twitter.com@evil.example/1.1/ton/data/dm/1/2/a.jpg",
        "https://ton.twitter.com/other/a.jpg",
        "https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg?a b",
        "https://[half/1.1/ton/data/dm/1/2/a.jpg",
        "",
    ],
)
def test_nobody_else_sees_a_signature(url: str) -> None:
    connector = X.open("https://api.twitter.com")
    assert connector.signed("https://ton.twitter.com/1.1/ton/data/dm/1/2/a.jpg")
    assert connector.signed(url) == {}


def test_what_is_not_said_to_us_alone_is_left_out(opened: Opener) -> None:
    """A group's conversation has a number of its own; ours are read for their price, and nothing else."""
    messages = opened(X, url="http://127.0.0.1:9")._messages  # type: ignore[attr-defined]
    mine, theirs = X.account.id, "2000"
    two = f"{theirs}-{mine}"
    cases = [
        ({"sender_id": theirs, "dm_conversation_id": two}, True),
        ({"sender_id": mine, "dm_conversation_id": two}, False),
        ({"sender_id": theirs, "dm_conversation_id": "1582103724607971328"}, False),
        ({"sender_id": theirs, "dm_conversation_id": f"{theirs}-3000"}, False),
        ({"sender_id": theirs, "dm_conversation_id": two, "event_type": "ParticipantsJoin"}, False),
        ({"dm_conversation_id": two}, False),
        ({"sender_id": "../me", "dm_conversation_id": f"../me-{mine}"}, False),
        ({}, False),
    ]
    for given, ours in cases:
        assert messages._for_us(Event(id="1", **given)) is ours, given
