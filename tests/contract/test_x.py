"""What is particular to X: its refusals, its limits, its texts, and the mentions that come late."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.network import (
    AuthFailed,
    Credentials,
    Draft,
    Duplicate,
    Endpoint,
    Gone,
    ItemKind,
    Media,
    MediaFacts,
    NetworkError,
    ProblemKind,
    RateLimited,
    Ref,
    Rejected,
    RejectKind,
    Transient,
    UnknownOutcome,
)
from bot.sandbox import world
from connectors.x import PROVIDER
from connectors.x.answers import fault
from connectors.x.posts import REMEMBERED, Mark, Post, readable, same_text
from tests.contract.conftest import Opener, Sandbox, sweep
from tests.contract.networks import NETWORKS

X = NETWORKS["x"]
TYPES = "https://api.x.com/2/problems/"
Write = Callable[..., Draft]


def judged(status: int, body: object, **headers: str) -> NetworkError | None:
    """What the answer to a write means."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return fault(status, names, json.dumps(body).encode(), write=True)


def test_app_keys_are_needed() -> None:
    with pytest.raises(ConfigurationError, match="consumer_key and consumer_secret"):
        PROVIDER.open(Endpoint("https://api.twitter.com"), Credentials(X.credentials), "1")


@pytest.mark.parametrize(
    ("status", "body", "expected", "kind"),
    [
        (400, {"title": "Invalid Request", "type": TYPES + "invalid-request"}, Rejected, RejectKind.VALIDATION),
        (401, {"title": "Unauthorized", "type": "about:blank"}, AuthFailed, None),
        (402, {"title": "CreditsDepleted"}, RateLimited, None),
        (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, Duplicate, None),
        (403, {"errors": [{"message": "…with duplicate content."}]}, Duplicate, None),
        (403, {"detail": "You can only reply to posts where you are mentioned"}, Rejected, RejectKind.POLICY),
        (403, {"detail": "…reply to a Tweet that is deleted or not visible to you."}, Gone, RejectKind.GONE),
        (403, {"type": TYPES + "client-forbidden"}, AuthFailed, None),
        (403, {"type": TYPES + "unsupported-authentication"}, AuthFailed, None),
        (403, {"type": TYPES + "not-authorized-for-resource"}, Rejected, RejectKind.PERMISSION),
        (404, {"title": "Not Found"}, Gone, RejectKind.GONE),
        (413, {}, Rejected, RejectKind.VALIDATION),
        (408, {}, UnknownOutcome, None),
        (503, {"title": "Service Unavailable"}, UnknownOutcome, None),
        (307, {}, UnknownOutcome, None),
        (200, {"errors": [{"type": TYPES + "resource-not-found"}]}, Gone, RejectKind.GONE),
        (200, {"errors": [{"type": TYPES + "not-authorized-for-resource"}]}, Rejected, RejectKind.PERMISSION),
        (200, {"errors": [{"type": TYPES + "invalid-request"}]}, Rejected, RejectKind.VALIDATION),
        (200, {"errors": [{"type": TYPES + "client-forbidden"}]}, AuthFailed, None),
        (200, {"errors": [{"title": "?"}]}, UnknownOutcome, None),
        (200, {"errors": "?"}, UnknownOutcome, None),
        (200, [], UnknownOutcome, None),
        (429, "<html>", RateLimited, None),
    ],
)
def test_refusals(status: int, body: object, expected: type[NetworkError], kind: RejectKind | None) -> None:
    error = judged(status, body)
    assert type(error) is expected
    assert getattr(error, "kind", None) is kind


@pytest.mark.parametrize("body", [{"data": {"id": "1"}}, {"data": [], "errors": [{}]}, {"meta": {}, "errors": [{}]}])
def test_what_can_be_read_on(body: object) -> None:
    assert judged(200, body) is None


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_in_html_is_not_believed(status: int) -> None:
    assert type(fault(status, {}, b"<html>", write=True)) is Transient


def test_a_nest_of_brackets_is_no_crash() -> None:
    assert type(fault(200, {}, b"[" * 100_000, write=True)) is UnknownOutcome


DAY = 86_400


@pytest.mark.parametrize(
    ("body", "headers", "until"),
    [
        ({}, {"x_rate_limit_reset": "{now+600}"}, 600),
        ({}, {"x_rate_limit_reset": "{now-600}"}, 5),
        ({}, {"x_rate_limit_reset": "soon"}, None),
        ({}, {"x_rate_limit_reset": "9" * 30}, DAY),
        ({}, {"x_rate_limit_reset": "-5"}, None),
        ({}, {}, None),
        (
            {},
            {
                "x_rate_limit_remaining": "12",
                "x_rate_limit_reset": "{now+600}",
                "x_user_limit_24hour_remaining": "0",
                "x_user_limit_24hour_reset": "{now+7000}",
                "x_app_limit_24hour_remaining": "0",
                "x_app_limit_24hour_reset": "{now+9000}",
            },
            9000,
        ),
        (
            {"type": TYPES + "usage-capped"},
            {"x_rate_limit_reset": "{now+600}", "x_app_limit_24hour_reset": "{now+5000}"},
            5000,
        ),
        ({"type": TYPES + "usage-capped"}, {"x_rate_limit_reset": "{now+600}"}, None),
        ({}, {"retry_after": "60", "date": "Fri, 15 Jan 2027 08:00:00 GMT"}, 60),
        ({}, {"retry_after": "Fri, 15 Jan 2100 08:00:00 GMT"}, DAY),
        ({}, {"retry_after": "9" * 30}, DAY),
        ({}, {"retry_after": "-1"}, None),
        ({}, {"retry_after": "١٢"}, None),
    ],
)
def test_when_to_come_back(body: dict[str, str], headers: dict[str, str], until: int | None) -> None:
    now = time.time()
    filled = {
        name: re.sub(r"\{now([+-]\d+)\}", lambda by: str(int(now) + int(by[1])), value)
        for name, value in headers.items()
    }
    error = judged(429, body, **filled)
    assert isinstance(error, RateLimited)
    if until is None:
        assert error.until is None
    else:
        assert error.until is not None
        assert abs(error.until.timestamp() - now - until) < 2


def post(number: int, text: str = "", **more: Any) -> Post:
    """A post as X gives it."""
    return Post.model_validate({"id": str(number), "text": text, **more})


def test_a_text_as_it_was_typed() -> None:
    urls = [
        {"url": "https://t.co/abcdefghij", "expanded_url": "http://example.com/?a=1&b=2"},
        {"url": "https://t.co/picture000", "expanded_url": "https://x.com/a/status/1/photo/1", "media_key": "3_1"},
    ]
    text = "Pan &amp; vino &lt;3 &amp;amp; https://t.co/abcdefghij https://t.co/unknown000 https://t.co/picture000"
    one = post(1, text, entities={"urls": urls})
    assert readable(one) == "Pan & vino <3 &amp; http://example.com/?a=1&b=2 https://t.co/unknown000"


def test_a_long_text_is_in_its_note() -> None:
    urls = [{"url": "https://t.co/abcdefghij", "expanded_url": "https://example.com"}]
    note = {"text": "Muy largo: https://t.co/abcdefghij", "entities": {"urls": urls}}
    assert readable(post(1, "Muy la…", note_tweet=note)) == "Muy largo: https://example.com"


@pytest.mark.parametrize(
    ("there", "typed", "is_reply", "same"),
    [
        ("Hola", "Hola", False, True),
        ("Hola", "Hola.", False, False),
        ("Cafe\u0301  con\nleche", "Café con leche ", False, True),
        ("@ana @bea Hola", "Hola", True, True),
        ("@ana @bea Hola", "@bea Hola", True, True),
        ("@ana Hola", "Hola", False, False),
        ("Mira http://example.com", "Mira example.com/", False, True),
    ],
)
def test_the_same_words(there: str, typed: str, is_reply: bool, same: bool) -> None:
    assert same_text(post(1, there), typed, is_reply=is_reply) is same


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(number: int, seconds: float) -> Post:
    """A mention, so long after noon."""
    return post(number, created_at=(NOON + timedelta(seconds=seconds)).isoformat())


def test_a_mention_that_comes_late_is_told() -> None:
    mark = Mark.read("10")
    first = [at(30, 30), at(20, 20)]
    assert [one.number for one in mark.fresh(first)] == [20, 30]
    mark = Mark.read(mark.after(first, NOON + timedelta(seconds=31)).write())
    assert mark == Mark(10, frozenset({20, 30}))
    second = [*first, at(25, 25)]
    assert [one.number for one in mark.fresh(second)] == [25]
    mark = mark.after(second, NOON + timedelta(seconds=40))
    assert mark.fresh(second) == []
    assert mark.after(second, NOON + timedelta(seconds=149)) == Mark(25, frozenset({30}))


def test_the_mark_never_goes_back_and_stays_small() -> None:
    mark = Mark(50)
    assert mark.after([], NOON) == mark
    assert mark.after([at(60, 0)], None) == Mark(50, frozenset({60}))
    assert mark.after([at(60, 0)], NOON + timedelta(hours=1)) == Mark(60)
    many = [at(number, number / 1000) for number in range(51, 51 + REMEMBERED + 10)]
    mark = mark.after(many, NOON)
    assert (mark.floor, len(mark.seen)) == (60, REMEMBERED)
    assert mark.fresh(many) == []


async def test_requests_are_signed_for_x_and_sent_elsewhere(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    """The sandbox verifies the signature over https://api.twitter.com; colons, commas and accents go through it."""
    connector = opened(X)
    draft = write("ñ: a,b ~ 'c' (d) *")
    ref = await connector.publish(draft, await connector.prepare(draft))
    assert await connector.find(draft, await connector.prepare(draft)) is None
    assert (await connector.metrics(ref)).likes is not None


async def test_a_second_identical_post_is_a_duplicate(opened: Opener, write: Write) -> None:
    connector = opened(X)
    draft = write("Lo mismo de siempre")
    prepared = await connector.prepare(draft)
    ref = await connector.publish(draft, prepared)
    with pytest.raises(Duplicate):
        await connector.publish(draft, prepared)
    again = await connector.find(draft, prepared)
    assert again is not None
    assert again.id == ref.id


async def test_a_reply_to_somebody_who_did_not_ask(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    other = sandbox_other()
    neighbour = PROVIDER.open(Endpoint(sandbox.url, X.app), Credentials(other), "1500000000000000002")
    try:
        draft = write("New books today")
        stranger = await neighbour.publish(draft, await neighbour.prepare(draft))
    finally:
        await neighbour.aclose()
    connector = opened(X)
    answer = write("¡Venid al café!", reply_to=stranger)
    with pytest.raises(Rejected) as caught:
        await connector.publish(answer, await connector.prepare(answer))
    assert caught.value.kind is RejectKind.POLICY
    gone = write("¿Hola?", reply_to=Ref("1234567890"))
    with pytest.raises(Gone):
        await connector.publish(gone, await connector.prepare(gone))


def sandbox_other() -> dict[str, str]:
    """The keys of the neighbour's account."""
    neighbour = world.account("x", "Northwind Books")
    return {"access_token": neighbour.token, "access_token_secret": neighbour.secret}


async def test_four_pictures(sandbox: Sandbox, opened: Opener, write: Write, picture: Media) -> None:
    connector = opened(X)
    draft = write("Cuatro tazas", media=[picture] * 4)
    prepared = await connector.prepare(draft)
    await connector.publish(draft, prepared)
    (seen,) = await sandbox.posts(X)
    assert len(seen["media"]) == 4
    assert await connector.find(draft, prepared) is not None
    assert await connector.find(write("Cuatro tazas"), prepared) is None


async def test_a_metrics_of_nothing_is_gone(opened: Opener) -> None:
    with pytest.raises(Gone):
        await opened(X).metrics(Ref("1234567890"))


async def test_a_timeline_without_end(sandbox: Sandbox, opened: Opener) -> None:
    endless = {"data": [{"id": "5"}], "meta": {"next_token": "again"}}
    await sandbox.fault(X, X.reading, status=200, body=endless, times=1000)
    with pytest.raises(Transient):
        await opened(X).fetch("1")


async def test_a_quote_is_told_with_what_it_quotes(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    first = Draft(key="p", text="Hoy, torrijas & café")
    post = await connector.publish(first, await connector.prepare(first))
    _, cursor = await sweep(connector, None)
    body = {"account": X.account.id, "quote": post.id, "author": "Rosa", "text": "Las mejores https://example.com/a"}
    said = (await sandbox.ask("POST", "/audience/comment", body))["id"]
    both = {**body, "text": "@cafe_agora y baratas"}
    named = (await sandbox.ask("POST", "/audience/comment", both))["id"]
    items, cursor = await sweep(connector, cursor)
    assert [(item.ref.id, item.kind, item.text) for item in items] == [
        (said, ItemKind.QUOTE, "Las mejores https://example.com/a"),
        (named, ItemKind.QUOTE, "@cafe_agora y baratas"),
    ]
    assert all(item.root is not None and item.root.id == post.id for item in items)
    assert (await sweep(connector, cursor))[0] == []
    draft = Draft(key="q", text="¡Gracias!", reply_to=items[0].ref, root=items[0].root)
    assert await connector.publish(draft, await connector.prepare(draft))


async def test_an_empty_poll_asks_for_mentions_and_own_posts(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(X)
    _, cursor = await sweep(connector, None)
    before = len(await sandbox.calls(X))
    assert await sweep(connector, cursor) == ([], cursor)
    assert len(await sandbox.calls(X)) == before + 2


def test_a_gif_stands_alone() -> None:
    gif = MediaFacts("a.gif", "image/gif", 1, "Un gato")
    png = MediaFacts("b.png", "image/png", 1, "Una taza")
    assert not PROVIDER.check("", [gif])
    (problem,) = PROVIDER.check("", [gif, png])
    assert (problem.kind, problem.args) == (ProblemKind.TOO_MANY_MEDIA, {"count": 2, "limit": 1})


def test_a_link_counts_23() -> None:
    assert PROVIDER.length("https://example.com/" + "a" * 300) == 23
    assert not PROVIDER.check("x" * 256 + " https://example.com/" + "a" * 300, [])
