"""X's direct messages on the wire: who may read and write them, what is refused, what is left, what it costs."""

from typing import Any

import pytest
import tweepy

from bot.sandbox.x.auth import APP_BEARER
from tests.sandbox_networks.conftest import AGORA_FB, AGORA_X, NORTHWIND_X, World
from tests.sandbox_networks.pictures import PNG, picture_of
from tests.sandbox_networks.test_x_wire import AGORA, NORTHWIND, multipart
from tests.sandbox_networks.x_client import tweepy_client

EVENTS = "/2/dm_events"


async def message(world: World, text: str, author: str = "Rosa", account: str = AGORA_X.id, **more: Any) -> str:
    """Somebody writes in private; the id."""
    body = {"account": account, "author": author, "text": text, **more}
    status, answer = await world.ask("POST", "/audience/message", json=body)
    assert status == 200, answer
    return str(answer["id"])


async def read(world: World, path: str = EVENTS, headers: dict[str, str] = AGORA) -> tuple[int, Any]:
    """A page."""
    return await world.ask("GET", path, headers=headers)


def person(world: World, name: str = "Rosa") -> str:
    return world.networks.public.outsider("x", name).id


async def test_tweepy_reads_and_answers_them(world_: World) -> None:
    """Newest first, ours too; the sender only with its expansion."""
    first = await message(world_, "Hola <b> https://agora.com/x")
    agora = tweepy_client(world_.session, world_.url, AGORA_X)
    found = await agora.get_direct_message_events(dm_event_fields=["created_at", "entities"], expansions=["sender_id"])
    (event,) = found["data"]
    assert (event["id"], event["event_type"], event["sender_id"]) == (first, "MessageCreate", person(world_))
    assert event["text"].startswith("Hola &lt;b&gt; https://t.co/")
    assert event["entities"]["urls"][0]["expanded_url"] == "https://agora.com/x"
    assert [one["username"] for one in found["includes"]["users"]] == ["rosa"]
    sent = await agora.create_direct_message(participant_id=person(world_), text="Buenas")
    talk = sent["data"]["dm_conversation_id"]
    assert talk.split("-") == sorted([AGORA_X.id, person(world_)], key=int)
    plain = await agora.get_direct_message_events(dm_conversation_id=talk)
    assert plain["data"][0]["text"] == "Buenas"
    assert all(set(one) == {"id", "event_type", "text"} for one in plain["data"])
    _, told = await world_.ask("GET", "/audience/private", params={"account": AGORA_X.id})
    (shown,) = told["conversations"]
    assert [(one["by_account"], one["text"]) for one in shown["messages"]][1] == (True, "Buenas")
    assert told["messages"] == []


async def test_pages_and_what_they_cost(world_: World) -> None:
    """Each is paid for once a day, whoever wrote it; sending has its own price."""
    ids = [await message(world_, f"Hola {number}") for number in range(5)]
    _, first = await world_.ask("GET", EVENTS, params={"max_results": "2"}, headers=AGORA)
    more = {"max_results": "2", "pagination_token": first["meta"]["next_token"]}
    _, second = await world_.ask("GET", EVENTS, params=more, headers=AGORA)
    assert [one["id"] for one in first["data"] + second["data"]] == list(reversed(ids))[:4]
    await world_.ask("GET", EVENTS, params={"max_results": "4"}, headers=AGORA)
    with_ = f"/2/dm_conversations/with/{person(world_)}/messages"
    assert (await world_.ask("POST", with_, json={"text": "Buenas"}, headers=AGORA))[0] == 201
    _, costs = await world_.ask("GET", "/audience/costs")
    assert costs["x_by_kind"]["dm read"] == {"count": 4, "dollars": 0.04}
    assert costs["x_by_kind"]["dm sent"] == {"count": 1, "dollars": 0.015}


async def test_nobody_reads_other_people_s(world_: World) -> None:
    """Another account sees none of them; an app without a person may not ask."""
    said = await message(world_, "Para Ágora")
    talk = "-".join(sorted((AGORA_X.id, person(world_)), key=int))
    assert (await read(world_, headers=NORTHWIND))[1] == {"meta": {"result_count": 0}}
    assert (await read(world_, f"/2/dm_conversations/{talk}/dm_events", NORTHWIND))[0] == 403
    _, answer = await read(world_, f"{EVENTS}/{said}", NORTHWIND)
    assert answer["errors"][0]["type"].endswith("/resource-not-found")
    assert (await read(world_, headers={"Authorization": f"Bearer {APP_BEARER}"}))[0] == 403
    assert (await read(world_, headers={}))[0] == 401


@pytest.mark.parametrize(
    "query",
    [
        {"max_results": "0"},
        {"max_results": "101"},
        {"since_id": "1"},
        {"event_types": "Colour"},
        {"dm_event.fields": "sender_id"},
        {"expansions": "author_id"},
        {"pagination_token": "abc"},
        {"colour": "red"},
    ],
)
async def test_what_x_does_not_know_is_refused(world_: World, query: dict[str, str]) -> None:
    assert (await world_.ask("GET", EVENTS, params=query, headers=AGORA))[0] == 400


async def test_what_cannot_be_sent(world_: World) -> None:
    """Too long, nothing, unknown properties; and to whoever never wrote."""
    await message(world_, "Hola")
    with_ = f"/2/dm_conversations/with/{person(world_)}/messages"
    for body in ({}, {"text": ""}, {"text": " "}, {"text": "x" * 10_001}, {"text": "x", "foo": 1}, {"text": 7}):
        assert (await world_.ask("POST", with_, json=body, headers=AGORA))[0] == 400, body
    assert (await world_.ask("POST", with_, json={"text": "x" * 10_000}, headers=AGORA))[0] == 201
    for other in (person(world_, "Hugo"), NORTHWIND_X.id, AGORA_X.id):
        path = f"/2/dm_conversations/with/{other}/messages"
        assert (await world_.ask("POST", path, json={"text": "x"}, headers=AGORA))[0] == 403
    assert (await world_.ask("POST", "/2/dm_conversations/with/me/messages", json={"text": "x"}, headers=AGORA))[
        0
    ] == 400
    assert (await world_.ask("POST", "/2/dm_conversations/12/messages", json={"text": "x"}, headers=AGORA))[0] == 404


async def test_a_picture_can_be_sent(world_: World) -> None:
    """One, our own."""
    await message(world_, "Hola", picture=picture_of("taza.png"))
    form = multipart(media=PNG, media_category="dm_image")
    _, media = await world_.ask("POST", "/2/media/upload", data=form, headers=AGORA)
    one = {"media_id": media["data"]["id"]}
    with_ = f"/2/dm_conversations/with/{person(world_)}/messages"
    assert (await world_.ask("POST", with_, json={"attachments": [one]}, headers=AGORA))[0] == 201
    assert (await world_.ask("POST", with_, json={"attachments": [one, one]}, headers=AGORA))[0] == 400
    assert (await world_.ask("POST", with_, json={"attachments": [{"media_id": "12"}]}, headers=AGORA))[0] == 400


async def test_reading_is_limited_to_fifteen_in_a_quarter_of_an_hour(world_: World) -> None:
    """All that reads shares them; sending has fifteen of its own."""
    await message(world_, "Hola")
    talk = f"/2/dm_conversations/with/{person(world_)}"
    for number in range(15):
        path = (EVENTS, f"{talk}/dm_events")[number % 2]
        async with world_.session.get(world_.url + path, headers=AGORA) as answer:
            assert answer.status == 200
            assert answer.headers["x-rate-limit-limit"] == "15"
            assert answer.headers["x-rate-limit-remaining"] == str(14 - number)
    async with world_.session.get(world_.url + EVENTS, headers=AGORA) as answer:
        assert answer.status == 429
        assert float(answer.headers["x-rate-limit-reset"]) > world_.clock()
    assert (await world_.ask("GET", EVENTS, headers=NORTHWIND))[0] == 200
    for number in range(16):
        sent = await world_.ask("POST", f"{talk}/messages", json={"text": f"Hola {number}"}, headers=AGORA)
        assert sent[0] == (201 if number < 15 else 429)
    world_.clock.ahead = 901
    assert (await world_.ask("GET", EVENTS, headers=AGORA))[0] == 200


async def test_only_the_last_thirty_days_are_listed(world_: World) -> None:
    await message(world_, "Hola")
    world_.clock.ahead = 31 * 86_400
    assert (await read(world_))[1]["meta"]["result_count"] == 0
    assert (await read(world_, f"/2/dm_conversations/with/{person(world_)}/dm_events"))[1]["meta"]["result_count"] == 1


async def test_a_permission_that_is_kept_back(world_: World) -> None:
    """As X has been seen to say it with keys of OAuth 1.0a, and plainly with a bearer."""
    await message(world_, "Hola")
    withheld = {"account": AGORA_X.id, "scopes": ["dm.read"]}
    assert (await world_.ask("POST", "/audience/withhold", json=withheld))[0] == 200
    status, answer = await read(world_)
    assert (status, answer["type"]) == (403, "about:blank")
    with_ = f"/2/dm_conversations/with/{person(world_)}/messages"
    assert (await world_.ask("POST", with_, json={"text": "x"}, headers=AGORA))[0] == 201
    agora = tweepy_client(world_.session, world_.url, AGORA_X)
    with pytest.raises(tweepy.Forbidden, match="oauth1 app permissions"):
        await agora.get_direct_message_events()
    for wrong in ({**withheld, "scopes": ["everything"]}, {**withheld, "account": "ensayo"}):
        assert (await world_.ask("POST", "/audience/withhold", json=wrong))[0] == 400


async def test_where_there_is_no_inbox_nobody_writes(world_: World) -> None:
    body = {"account": "ensayo", "author": "Rosa", "text": "Hola"}
    assert (await world_.ask("POST", "/audience/message", json=body))[0] == 400
    assert await message(world_, "Hola", account=AGORA_FB.id)
