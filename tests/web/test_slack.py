"""Slack's endpoint over real HTTP: what isn't Slack's, or isn't well formed, is 4xx and stored nowhere."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, web

from bot.sandbox import world
from bot.sandbox.app import bound, serving
from bot.slack.gate import Gate
from bot.slack.router import Router
from bot.web.slack import LARGEST, SlackEndpoint
from tests.slack.conftest import Workspace, command, event
from tests.slack.conftest import quiet as quiet  # noqa: PLC0414 - a fixture

FORM = "application/x-www-form-urlencoded"


class Site:
    """The endpoint, and requests signed as Slack signs them."""

    def __init__(self, url: str, session: ClientSession, gate: Gate) -> None:
        self.url = url
        self.session = session
        self.gate = gate

    async def post(
        self, body: bytes, kind: str = "application/json", *, age: float = 0, secret: str = "", **headers: str
    ) -> tuple[int, str]:
        """Status and text."""
        stamp = str(int(time.time() - age))
        key = (secret or world.SIGNING_SECRET).encode()
        mark = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}
        given = signed | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(self.url, data=body, headers=given) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def site(quiet: Workspace) -> AsyncIterator[Site]:
    """The endpoint on a free port, in front of a gate that answers nothing."""
    gate = quiet.gate()
    app = web.Application()
    app.add_routes(SlackEndpoint(gate, world.SIGNING_SECRET, time.time).routes())
    listener = bound(0)
    async with gate, serving(app, listener):
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events", quiet.session, gate)


async def nothing_stored(site: Site) -> None:
    """Neither received nor counted."""
    assert await site.gate.inbox.counts() == {}
    assert await site.gate.inbox.waiting() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{{{",
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b"7",
        b"",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"a":' * 100 + b"1" + b"}" * 100,
    ],
    ids=lambda body: str(body[:12]),
)
async def test_signed_nonsense(site: Site, body: bytes) -> None:
    assert (await site.post(body))[0] == 400
    assert (await site.post(urlencode({"payload": body}).encode(), FORM))[0] == 400
    await nothing_stored(site)


@pytest.mark.parametrize("body", [b"", b"a=1", b"command=1&command=2", b"payload=%FF", b"\xff=1"])
async def test_signed_forms_that_are_none(site: Site, body: bytes) -> None:
    assert (await site.post(body, FORM))[0] in {200, 400}
    await nothing_stored(site)


async def test_what_is_not_signed_by_slack(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps(event()).encode()
    with caplog.at_level(logging.WARNING):
        assert (await site.post(body, secret="another"))[0] == 401
        assert (await site.post(body, age=301))[0] == 401
        assert (await site.post(body, age=-301))[0] == 401
        assert (await site.post(body, X_Slack_Signature="v0=00"))[0] == 401
        assert (await site.post(body, X_Slack_Request_Timestamp="soon"))[0] == 401
        async with site.session.post(site.url, data=body) as answer:
            assert answer.status == 401
    await nothing_stored(site)
    assert len([record for record in caplog.records if record.name == "bot.web.slack"]) == 1


async def test_what_is_too_large(site: Site) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 65536 + 2):
            yield b"x" * 65536

    assert (await site.post(b"x" * (LARGEST + 1)))[0] == 413
    async with site.session.post(site.url, data=pieces()) as answer:
        assert answer.status == 413
    await nothing_stored(site)


async def test_the_same_request_again_within_five_minutes(site: Site) -> None:
    body = urlencode(command("qwerty")).encode()
    for age in (0, 10, 299):
        assert await site.post(body, FORM, age=age) == (200, "")
        await site.gate.idle()
    assert await site.gate.inbox.counts() == {"received": 1, "repeated": 2}


async def test_four_retries_at_once(site: Site) -> None:
    body = json.dumps(event()).encode()
    answers = await asyncio.gather(*(site.post(body, X_Slack_Retry_Num=str(n)) for n in range(4)))
    assert set(answers) == {(200, "")}
    assert await site.gate.inbox.counts() == {"received": 1, "repeated": 3}


async def test_slacks_own_checks(site: Site) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    status, text = await site.post(challenge)
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})
    assert await site.post(b"ssl_check=1&token=x", FORM) == (200, "")
    await nothing_stored(site)


@pytest.mark.parametrize("extra", ["\ud800", "\u0000", "é😀", "%00"])
async def test_any_text_is_taken(site: Site, extra: str) -> None:
    assert (await site.post(json.dumps(event(text=extra)).encode()))[0] == 200
    await site.gate.idle()
    assert await site.gate.inbox.waiting() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"event": None},
        {"event": []},
        {"event": {"type": "app_mention"}},
        {"event": {"type": "app_mention", "user": "U1"}},
        {"event": {"type": "nobody_asked_for_this", "user": "U1"}},
        {"type": "block_actions", "actions": None},
        {"type": "block_actions", "actions": [None, 7]},
        {"type": "block_actions", "actions": [{}], "user": {"id": "U1"}, "view": []},
        {"type": "view_submission", "view": None, "user": {"id": "U1"}},
        {"type": "view_submission", "view": {"callback_id": "test.note", "state": []}, "user": {"id": "U1"}},
        {"type": "view_closed", "view": {"callback_id": "test.note"}, "user": {"id": "U1"}},
        {"type": "shortcut", "callback_id": "nobody", "user": {"id": "U1"}},
        {"type": "message_action", "callback_id": "nobody", "user": {"id": "U1"}},
        {"type": "block_suggestion", "user": {"id": "U1"}},
        {"type": "nobody_knows"},
    ],
    ids=str,
)
async def test_odd_payloads_are_acknowledged_and_end(site: Site, change: dict[str, Any]) -> None:
    status, _ = await site.post(json.dumps(event() | change).encode())
    assert status in {200, 400}
    await site.gate.idle()
    assert await site.gate.inbox.waiting() == 0


def test_an_empty_router_has_no_routes() -> None:
    assert not Router().routes().interactions
