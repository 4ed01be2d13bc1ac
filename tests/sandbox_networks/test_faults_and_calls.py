"""Faults break what they name, as often as they say; the call log shows every request and no secret."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest

from bot.sandbox import world
from tests.sandbox_networks.conftest import AGORA_FB, AGORA_X, ENSAYO, World
from tests.sandbox_networks.graph_clients import graph

AGORA = {"Authorization": "Bearer oauth2-cafe_agora"}


async def post(there: World, text: str) -> tuple[int, Any]:
    """On X."""
    return await there.ask("POST", "/2/tweets", json={"text": text}, headers=AGORA)


async def test_before_nothing_happens_after_it_did(world_: World) -> None:
    """503 by default; counted down."""
    await world_.fault(target="x", route="POST /2/tweets", times=2, when="before")
    assert [(await post(world_, "uno"))[0] for _ in range(3)] == [503, 503, 201]
    await world_.fault(target="x", route="/2/tweets", status=502, body="<html>Bad</html>", times=1, when="after")
    status, body = await post(world_, "dos")
    assert (status, body) == (502, "<html>Bad</html>")
    assert [one["text"] for one in (await world_.timeline(AGORA_X.id))["posts"]] == ["dos", "uno"]


async def test_json_bodies_and_headers(world_: World) -> None:
    """As sent."""
    limit = {"target": "practice", "status": 429, "headers": {"Retry-After": "7"}, "body": {"error": "slow"}}
    await world_.fault(**limit, times=1)
    headers = {"Authorization": f"Bearer {ENSAYO.token}"}
    async with world_.session.get(f"{world_.url}/practice/accounts/ensayo", headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"], await answer.json()) == (429, "7", {"error": "slow"})


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
async def test_a_cut_connection(world_: World, when: str, there: int) -> None:
    """The client sees no answer at all."""
    await world_.fault(target="facebook", route="POST */feed", drop=True, times=1, when=when)
    with pytest.raises(aiohttp.ClientConnectionError):
        await graph(world_, "POST", f"{AGORA_FB.id}/feed", message="Hola")
    assert len((await world_.timeline(AGORA_FB.id))["posts"]) == there
    assert (await world_.calls("facebook"))[-1]["status"] == 0


async def test_a_late_answer_is_the_real_one(world_: World) -> None:
    """With only a delay."""
    await world_.fault(target="x", delay=0.2, times=1)
    begun = time.perf_counter()
    status, body = await post(world_, "tarde")
    assert (status, body["data"]["text"]) == (201, "tarde")
    assert time.perf_counter() - begun >= 0.2


async def test_the_effect_is_there_while_the_answer_waits(world_: World) -> None:
    """`after` with a delay: public at once, unknown to the caller."""
    await world_.fault(target="x", delay=30, times=1, when="after", drop=True)
    sent = asyncio.create_task(post(world_, "ya"))
    seen: list[str] = []
    while not seen:
        seen = [one["text"] for one in (await world_.timeline(AGORA_X.id))["posts"]]
    assert seen == ["ya"]
    assert not sent.done()
    sent.cancel()


async def test_clearing_and_refusing(world_: World) -> None:
    """DELETE clears; nonsense is explained."""
    await world_.fault(target="x", times=5)
    assert len((await world_.ask("GET", "/faults"))[1]["faults"]) == 1
    await world_.ask("DELETE", "/faults")
    assert (await post(world_, "bien"))[0] == 201
    for nonsense in ({"target": "y"}, {"target": "x", "times": 0}, {"target": "x", "colour": 1}, {}, [1]):
        status, answer = await world_.ask("POST", "/faults", json=nonsense)
        assert (status, answer["ok"]) == (400, False)


async def test_every_call_is_kept_without_secrets(world_: World) -> None:
    """Arguments of query, form, JSON and files; no token anywhere."""
    await post(world_, "Hola")
    await graph(world_, "POST", f"{AGORA_FB.id}/feed", message="Hola")
    query = {"access_token": AGORA_FB.token, "appsecret_proof": "x", "fields": "id"}
    await world_.ask("GET", "/v26.0/me", params=query)
    form = aiohttp.FormData()
    form.add_field("media", b"hello", filename="a.png", content_type="image/png")
    form.add_field("media_category", "tweet_image")
    await world_.ask("POST", "/2/media/upload", data=form, headers=AGORA)
    tweets, upload = await world_.calls("x")
    assert (tweets["method"], tweets["http"], tweets["path"], tweets["status"]) == (None, "POST", "/2/tweets", 201)
    assert tweets["args"] == {"text": "Hola"}
    assert upload["args"]["media"] == {"name": "a.png", "type": "image/png", "bytes": 5}
    feed, me = await world_.calls("facebook")
    assert feed["args"]["message"] == "Hola"
    assert me["args"] == {"access_token": "[redacted]", "appsecret_proof": "[redacted]", "fields": "id"}
    everything = json.dumps((await world_.ask("GET", "/calls"))[1])
    for account in world.ACCOUNTS:
        assert account.token not in everything
    assert "/audience" not in everything
