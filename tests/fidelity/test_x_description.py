"""X's OpenAPI file judges requests and answers, refusals and uploads among them; and it would see a mistake."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from bot.network import Rejected
from bot.sandbox.x.auth import APP_BEARER
from tests.contract.networks import NETWORKS
from tests.fidelity.conftest import Watched
from tests.fidelity.description import FILE, THERE, UNDESCRIBED, complaints
from tests.fidelity.operations import X, of
from tests.fidelity.test_x_beside_xdk import BEARER, ours
from tests.fidelity.wire import Exchange
from tests.sandbox_networks.conftest import AGORA_X, NORTHWIND_X
from tests.sandbox_networks.pictures import PNG
from tests.sandbox_networks.test_x_wire import multipart

pytestmark = pytest.mark.skipif(not THERE, reason=f"no reference at {FILE} (set VOCERO_REFERENCE)")
KEPT_BACK = "oauth1-permissions"
MENTIONS = f"/2/users/{AGORA_X.id}/mentions"
APP = {"Authorization": f"Bearer {APP_BEARER}"}
OTHER = {"Authorization": f"Bearer oauth2-{NORTHWIND_X.handle}"}


async def test_everything_that_our_connector_asks_and_is_answered(watched: Watched) -> None:
    await ours(watched)
    exchanges = watched.recorder.exchanges
    assert {operation.name for one in exchanges for operation in of(one)} == {one.name for one in X}
    assert [line for one in exchanges for line in complaints(one)] == []
    with_media = [one for one in exchanges if "media" in (one.answer.get("includes") or {})]
    with_users = [one for one in exchanges if "/mentions" in one.path and "includes" in one.answer]
    assert with_media
    assert with_users


REFUSALS: dict[str, tuple[int, str, Callable[[str], dict[str, Any]]]] = {
    "nobody": (401, "about:blank", lambda post: {"method": "GET", "path": "/2/users/me", "headers": {}}),
    "a token that may not": (403, "unsupported-authentication", lambda post: {**CREATE, "headers": APP}),
    "an unknown property": (400, "invalid-request", lambda post: {**CREATE, "json": {"text": "x", "foo": 1}}),
    "an id that is none": (400, "invalid-request", lambda post: {"method": "GET", "path": "/2/tweets/abc"}),
    "too long": (400, "invalid-request", lambda post: {**CREATE, "json": {"text": "x" * 281}}),
    "too short a page": (400, "invalid-request", lambda post: {**READ, "params": {"max_results": "2"}}),
    "an unknown field": (400, "invalid-request", lambda post: {**READ, "params": {"post.fields": "colour"}}),
    "the same again": (403, "about:blank", lambda post: {**CREATE, "json": {"text": "Ya dicho"}}),
    "not summoned": (403, "about:blank", lambda post: {**CREATE, "json": _answer(post), "headers": OTHER}),
    "not part of the access level": (403, "client-forbidden", lambda post: {**CREATE, "json": _paid()}),
    "too long a message": (400, "invalid-request", lambda post: {**SEND, "json": {"text": "x" * 10_001}}),
    "to whoever never wrote": (403, "about:blank", lambda post: {**SEND, "json": {"text": "Hola"}}),
    "nothing to delete": (404, "about:blank", lambda post: {"method": "DELETE", "path": "/2/tweets/12"}),
    "somebody else's": (403, "about:blank", lambda post: {**DELETE, "path": f"/2/tweets/{post}", "headers": OTHER}),
    "not ours to hide": (403, "about:blank", lambda post: {**HIDE, "path": f"/2/tweets/{post}/hidden"}),
    "an empty file": (400, "invalid-request", lambda post: {**UPLOAD, "data": _upload(b"")}),
    "no picture": (400, "invalid-request", lambda post: {**UPLOAD, "data": _upload(b"not one")}),
    "alt text too long": (400, "invalid-request", lambda post: {**METADATA, "json": _alt("x" * 1001)}),
}
CREATE: dict[str, Any] = {"method": "POST", "path": "/2/tweets"}
SEND: dict[str, Any] = {"method": "POST", "path": "/2/dm_conversations/with/20000000000000001/messages"}
READ: dict[str, Any] = {"method": "GET", "path": MENTIONS}
DELETE: dict[str, Any] = {"method": "DELETE"}
HIDE: dict[str, Any] = {"method": "PUT", "json": {"hidden": True}}
UPLOAD: dict[str, Any] = {"method": "POST", "path": "/2/media/upload"}
METADATA: dict[str, Any] = {"method": "POST", "path": "/2/media/metadata"}


def _answer(post: str) -> dict[str, Any]:
    return {"text": "¡Mirad esto!", "reply": {"in_reply_to_tweet_id": post}}


def _paid() -> dict[str, Any]:
    return {"text": "x", "nullcast": True}


def _upload(data: bytes) -> Any:
    return multipart(media=data, media_category="tweet_image")


def _alt(text: str) -> dict[str, Any]:
    return {"id": "12", "metadata": {"alt_text": {"text": text}}}


async def _published(there: Watched) -> str:
    _, answer = await there.world.ask("POST", "/2/tweets", json={"text": "Ya dicho"}, headers=BEARER)
    return str(answer["data"]["id"])


@pytest.mark.parametrize("name", REFUSALS)
async def test_refusals(watched: Watched, name: str) -> None:
    status, kind, request = REFUSALS[name]
    options = {"headers": BEARER, **request(await _published(watched))}
    got, answer = await watched.world.ask(options.pop("method"), options.pop("path"), **options)
    assert (got, answer["type"].rpartition("/")[2]) == (status, kind), answer
    assert complaints(watched.recorder.exchanges[-1]) == []


async def test_the_limit(watched: Watched) -> None:
    for _ in range(75):
        assert (await watched.world.ask("GET", "/2/users/me", headers=BEARER))[0] == 200
    assert (await watched.world.ask("GET", "/2/users/me", headers=BEARER))[0] == 429
    last = watched.recorder.exchanges[-1]
    assert (last.answer_type, last.answer["type"], complaints(last)) == ("application/problem+json", "about:blank", [])


async def test_what_is_gone_is_an_answer_with_errors(watched: Watched) -> None:
    status, answer = await watched.world.ask("GET", "/2/tweets/12", headers=BEARER)
    assert (status, "data" in answer) == (200, False)
    assert complaints(watched.recorder.exchanges[-1]) == []


async def test_a_permission_that_is_kept_back(watched: Watched) -> None:
    kept_back = {"account": AGORA_X.id, "scopes": ["dm.read"]}
    assert (await watched.world.ask("POST", "/audience/withhold", json=kept_back))[0] == 200
    connector = NETWORKS["x"].open(watched.world.url)
    with pytest.raises(Rejected):
        await connector.messages("1")
    await connector.aclose()
    last = watched.recorder.exchanges[-1]
    assert (last.status, last.answer["type"].rpartition("/")[2], complaints(last)) == (403, KEPT_BACK, [])


def test_every_problem_without_description_is_met() -> None:
    met = {kind for _, kind, _ in REFUSALS.values()} | {KEPT_BACK}
    assert {kind.rpartition("/")[2] for kind in UNDESCRIBED} <= met


MISTAKES: dict[str, Callable[[Exchange], Exchange]] = {
    "parameter colour is not described": lambda one: dataclasses.replace(one, query={**one.query, "colour": "red"}),
    "max_results": lambda one: dataclasses.replace(one, query={**one.query, "max_results": "101"}),
    "expansions": lambda one: dataclasses.replace(one, query={**one.query, "expansions": "author"}),
    "Basic is none of": lambda one: dataclasses.replace(one, auth="Basic"),
    "is not of type": lambda one: _with(one, id=12),
    "colour": lambda one: _with(one, colour="red"),
}


def _with(one: Exchange, **changed: Any) -> Exchange:
    first, *rest = one.answer["data"]
    return dataclasses.replace(one, answer={**one.answer, "data": [{**first, **changed}, *rest]})


@pytest.mark.parametrize("words", MISTAKES)
async def test_mistakes_are_seen(watched: Watched, words: str) -> None:
    await watched.world.comment(AGORA_X.id, "Hola")
    query = {"max_results": "5", "expansions": "author_id", "tweet.fields": "author_id,created_at"}
    assert (await watched.world.ask("GET", MENTIONS, params=query, headers=BEARER))[0] == 200
    right = watched.recorder.exchanges[-1]
    assert complaints(right) == []
    found = complaints(MISTAKES[words](right))
    assert any(words in line.partition("-> 200: ")[2] for line in found), found


async def test_mistakes_in_bodies_are_seen(watched: Watched) -> None:
    form = multipart(media=PNG, media_category="tweet_image")
    assert (await watched.world.ask("POST", "/2/media/upload", data=form, headers=BEARER))[0] == 200
    await _published(watched)
    upload, publish = watched.recorder.exchanges
    assert complaints(upload) + complaints(publish) == []
    for right, name in ((upload, "media_type"), (publish, "foo")):
        assert complaints(dataclasses.replace(right, body={**right.body, name: "x"})), name
    assert complaints(dataclasses.replace(upload, body={**upload.body, "media_category": "poster"}))
    assert complaints(dataclasses.replace(publish, path="/2/posts"))
    refused = dataclasses.replace(publish, status=403, answer={"type": "about:blank", "title": "Forbidden"})
    assert complaints(refused) == [f"{refused}: no problem+json"]
