"""The practice network: idempotent by key, honest errors, an inbox that shows changes, readers of its own."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.practice import build_practice
from tests.sandbox_networks.conftest import ENSAYO, Clock, World
from tests.sandbox_networks.listening import bound

BASE = f"/practice/accounts/{ENSAYO.id}"
KEY = {"Authorization": f"Bearer {ENSAYO.token}"}


async def ask(there: World, method: str, path: str = "", **options: Any) -> tuple[int, Any]:
    """One call with the right key."""
    return await there.ask(method, BASE + path, headers=KEY, **options)


async def test_the_same_key_is_the_same_post(world_: World) -> None:
    """201, then 200 with the same body; another content is 409."""
    body = {"key": "d-1", "text": "Primer ensayo", "media": [{"name": "taza.png", "alt": "Una taza"}]}
    status, made = await ask(world_, "POST", "/posts", json=body)
    assert (status, made["text"]) == (201, "Primer ensayo")
    assert await ask(world_, "POST", "/posts", json=body) == (200, made)
    assert (await ask(world_, "POST", "/posts", json={**body, "text": "Otro"}))[0] == 409
    _, found = await ask(world_, "GET", "/posts", params={"key": "d-1"})
    assert [one["id"] for one in found["posts"]] == [made["id"]]
    assert (await ask(world_, "GET", "/posts", params={"key": "d-2"}))[1] == {"posts": []}
    (shown,) = (await world_.timeline("practice:ensayo"))["posts"]
    assert (shown["id"], shown["text"], shown["media"][0]["alt"]) == (made["id"], "Primer ensayo", "Una taza")
    status, page = await world_.ask("GET", made["url"].removeprefix(world_.url))
    assert status == 200
    assert "Primer ensayo" in page


@pytest.mark.parametrize(
    "body",
    [
        {"text": "sin clave"},
        {"key": "k", "text": "x" * 501},
        {"key": "k"},
        {"key": "k", "text": 7},
        {"key": "k", "text": "x", "colour": "red"},
        {"key": "k", "text": "x", "media": [{"base64": "%%"}]},
        {"key": "k", "text": "x", "media": [{"base64": "aGVsbG8="}]},
        [],
    ],
)
async def test_invalid(world_: World, body: Any) -> None:
    """422 with words, and the key stays free."""
    status, answer = await ask(world_, "POST", "/posts", json=body)
    assert (status, answer["error"]) == (422, "invalid")
    assert (await ask(world_, "POST", "/posts", json={"key": "k", "text": "Bien"}))[0] == 201


async def test_only_the_key_opens_it(world_: World) -> None:
    """401 without and with another one."""
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": f"Basic {ENSAYO.token}"}):
        assert (await world_.ask("GET", BASE, headers=headers))[0] == 401
    assert (await ask(world_, "GET"))[1]["name"] == "Ensayo"
    assert (await world_.ask("GET", "/practice/accounts/other", headers=KEY))[0] == 401


async def test_readers_answer_when_their_time_has_come(world_: World) -> None:
    """Nothing at once; one or two in the next 15 seconds, the same for the same post."""
    _, post = await ask(world_, "POST", "/posts", json={"key": "k", "text": "Hola"})
    assert (await ask(world_, "GET", "/inbox"))[1]["items"] == []
    world_.clock.ahead = 15
    _, inbox = await ask(world_, "GET", "/inbox")
    assert 1 <= len(inbox["items"]) <= 2
    assert all(one["post"] == post["id"] and one["kind"] == "comment" for one in inbox["items"])
    again = await ask(world_, "GET", "/inbox", params={"after": inbox["cursor"]})
    assert again[1] == {"items": [], "cursor": inbox["cursor"], "more": False}


async def test_the_inbox_shows_changes(world_: World) -> None:
    """A comment that is edited or taken back comes again, marked; ours never do."""
    mention = await world_.comment("ensayo", "Hola, ¿hay alguien?")
    _, first = await ask(world_, "GET", "/inbox")
    assert [(one["id"], one["kind"], one["edited"]) for one in first["items"]] == [(mention, "mention", False)]
    reply = {"key": "r", "text": "Sí", "reply_to": mention}
    assert (await ask(world_, "POST", "/posts", json=reply))[0] == 201
    await world_.ask("POST", "/audience/edit", json={"account": "ensayo", "id": mention, "text": "¿Hola?"})
    _, second = await ask(world_, "GET", "/inbox", params={"after": first["cursor"]})
    assert [(one["text"], one["edited"]) for one in second["items"]] == [("¿Hola?", True)]
    assert (await ask(world_, "POST", f"/posts/{mention}/hide", json={"hidden": True}))[0] == 200
    (shown,) = (await world_.timeline("ensayo"))["mentions"]
    assert (shown["hidden"], [one["text"] for one in shown["replies"]]) == (True, ["Sí"])
    await world_.ask("POST", "/audience/delete", json={"account": "ensayo", "id": mention})
    _, third = await ask(world_, "GET", "/inbox", params={"after": second["cursor"]})
    assert third["items"][-1]["deleted"] is True
    assert (await ask(world_, "POST", "/posts", json={**reply, "key": "s"}))[0] == 404


async def test_it_stands_alone(tmp_path: Path) -> None:
    """With a database of its own, and the same post after a restart."""
    made: list[dict[str, Any]] = []
    for _ in range(2):
        listener = bound()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = build_practice(tmp_path / "practice.db", {"ensayo": "k"}, url=url, with_readers=False, now=Clock())
        runner = web.AppRunner(app)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        headers = {"Authorization": "Bearer k"}
        body = {"key": "one", "text": "Solo"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{url}{BASE}/posts", json=body) as answer,
        ):
            made.append({**await answer.json(), "status": answer.status, "url": ""})
        await runner.cleanup()
    assert [one.pop("status") for one in made] == [201, 200]
    assert made[0] == made[1]
