"""Answers that aren't what they should be: from a proxy in an outage, or from something that only resembles Slack.

Each is judged as refused, limited or silent, and never breaks what asked.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import world
from bot.sandbox.app import bound, serving
from bot.slack import asking
from bot.slack.blocks import Message, View
from bot.slack.checkup import Checkup
from bot.slack.client import SlackApi, SlackError, SlackLimited, SlackSilent
from bot.slack.outcry import Outcry
from bot.slack.people import People
from tests.slack.conftest import NAMES, Workspace
from tests.slack_faults.scenes import methods_called

JSON = "application/json; charset=utf-8"
VIEW: View = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}


async def completed(api: SlackApi) -> None:
    """The last step of an upload, by itself."""
    await api._ask("files.completeUploadExternal", {"files": [{"id": "F1"}]}, patient=True)


CALLS: dict[str, Callable[[SlackApi], Awaitable[Any]]] = {
    "auth.test": lambda api: api.who(),
    "chat.getPermalink": lambda api: api.permalink("C1", "1.0"),
    "chat.postEphemeral": lambda api: api.whisper("C1", "U1", Message("x")),
    "chat.postMessage": lambda api: api.post("C1", Message("x")),
    "chat.update": lambda api: api.update("C1", "1.0", Message("x")),
    "conversations.history": lambda api: api.recent("C1", "0", "1"),
    "conversations.list": lambda api: api.names_of_channels(),
    "conversations.info": lambda api: api.channel("C1"),
    "conversations.members": lambda api: api.members("C1", most=10),
    "conversations.open": lambda api: api.direct("U1"),
    "conversations.replies": lambda api: api.recent("C1", "0", "1", thread_ts="1.0"),
    "dnd.info": lambda api: api.quiet("U1"),
    "files.completeUploadExternal": completed,
    "files.delete": lambda api: api.drop("F1"),
    "files.getUploadURLExternal": lambda api: api.keep("a.png", b"x", ""),
    "files.info": lambda api: api.download("F1", most=9, pauses=()),
    "users.info": lambda api: api.member("U1"),
    "users.list": lambda api: api.names_of_members(),
    "views.open": lambda api: api.open_view("t", VIEW),
    "views.publish": lambda api: api.publish_home("U1", VIEW),
    "views.push": lambda api: api.push_view("t", VIEW),
    "views.update": lambda api: api.update_view("V1", VIEW),
}
"""Every method that we call, by what calls it."""
NOBODY: dict[str, tuple[int, str, bytes]] = {
    "a page": (200, "text/html", b"<html>hello</html>"),
    "a page that says it is JSON": (200, JSON, b"<html>hello</html>"),
    "an error page that says it is JSON": (502, JSON, b"<html>bad gateway</html>"),
    "an error in words": (503, "text/plain", b"upstream connect error"),
    "nothing": (200, JSON, b""),
    "a list": (200, JSON, b"[]"),
    "a text": (200, JSON, b'"ok"'),
    "null": (200, JSON, b"null"),
    "no text at all": (200, JSON, b"\xff\xfe\x00"),
    "an archive": (200, "application/gzip", b"\x1f\x8b"),
    "an unknown charset": (200, "application/json; charset=nope", b"{"),
    "neither yes nor no": (200, JSON, b"{}"),
    "no without a word": (200, JSON, b'{"ok": false}'),
    "no with no word for it": (200, JSON, b'{"ok": false, "error": {"code": 1}}'),
    "a way elsewhere": (302, "text/plain", b""),
    "an error that says yes": (500, JSON, b'{"ok": true, "ts": "1.0"}'),
}
BARE: dict[str, bytes] = {
    "nothing else": b'{"ok": true}',
    "nulls": b'{"ok": true, "channel": null, "ts": null, "user": null, "members": null, "channels": null, '
    b'"messages": null, "file": null, "permalink": null, "response_metadata": null}',
    "other types": b'{"ok": true, "channel": "C1", "ts": 1, "user": "U1", "members": {}, "channels": "x", '
    b'"messages": 7, "file": [], "permalink": {}, "team_id": 1, "dnd_enabled": true, "next_dnd_start_ts": "x", '
    b'"response_metadata": []}',
    "empty things": b'{"ok": true, "members": [{}, null], "channels": [{}], "messages": [{}], "file": {}, "user": {}, '
    b'"channel": {}, "snooze_enabled": true, "response_metadata": {"next_cursor": null}}',
}
UNREAD = {"chat.postEphemeral", "chat.update", "views.open", "views.publish", "views.push", "views.update"}
"""Of whose answers nothing is needed."""
NOTHING: tuple[Any, ...] = (None, {}, ([], None), ([{}], None))


@dataclass
class Stranger:
    """Something at Slack's address that answers every call alike; `asked` are the methods, in order."""

    url: str = ""
    status: int = 200
    kind: str = JSON
    body: bytes = b'{"ok": true}'
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    encodings: set[str] = field(default_factory=set)

    async def take(self, request: web.Request) -> web.Response:
        """Any call."""
        await request.read()
        self.asked.append(request.match_info["method"])
        self.encodings.add(request.headers.get("Content-Type", ""))
        return web.Response(status=self.status, body=self.body, headers={"Content-Type": self.kind, **self.headers})


@pytest.fixture
async def stranger() -> AsyncIterator[Stranger]:
    """It listens on a free port."""
    made, app, listener = Stranger(), web.Application(), bound(0)
    app.router.add_route("*", "/api/{method}", made.take)
    made.url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/"
    async with serving(app, listener):
        yield made


@pytest.fixture
async def api(stranger: Stranger) -> AsyncIterator[SlackApi]:
    """Our client, of the stranger."""
    made = SlackApi.opened(world.BOT_TOKEN, base_url=stranger.url)
    yield made
    await made.close()


@pytest.mark.parametrize("what", sorted(NOBODY))
async def test_an_answer_that_is_none_is_silence(stranger: Stranger, api: SlackApi, what: str) -> None:
    stranger.status, stranger.kind, stranger.body = NOBODY[what]
    with pytest.raises(SlackSilent):
        await api.post("C1", Message("x"))
    assert stranger.asked == ["chat.postMessage"]  # it may have been posted


@pytest.mark.parametrize("what", ["a page that says it is JSON", "an error page that says it is JSON", "a text"])
async def test_every_method_may_be_answered_with_nonsense(stranger: Stranger, api: SlackApi, what: str) -> None:
    stranger.status, stranger.kind, stranger.body = NOBODY[what]
    answers = await asyncio.gather(*(call(api) for call in CALLS.values()), return_exceptions=True)
    assert {type(answer) for answer in answers} == {SlackSilent}, dict(zip(CALLS, answers, strict=True))
    assert set(stranger.asked) == set(CALLS) == methods_called()


@pytest.mark.parametrize("method", sorted(CALLS))
async def test_an_answer_that_lacks_everything_breaks_nothing(stranger: Stranger, api: SlackApi, method: str) -> None:
    for what, stranger.body in BARE.items():
        answer = await asyncio.gather(CALLS[method](api), return_exceptions=True)
        known = isinstance(answer[0], SlackError)
        assert known or answer[0] in NOTHING, (what, answer)
        assert not (known and method in UNREAD), (what, answer)


@pytest.mark.parametrize("method", sorted(CALLS))
@pytest.mark.parametrize("body", [b"", b"slow down", b"[]", b'{"ok": false, "error": "ratelimited"}'], ids=str)
async def test_a_limit_is_a_limit_whatever_stands_in_it(
    stranger: Stranger, api: SlackApi, method: str, body: bytes
) -> None:
    stranger.status, stranger.body, stranger.headers = 429, body, {"Retry-After": "45"}
    for stranger.kind in (JSON, "text/plain"):
        before = len(stranger.asked)
        with pytest.raises(SlackLimited) as caught:
            await CALLS[method](api)
        assert caught.value.seconds == 45
        assert len(stranger.asked) == before + 1  # longer than anybody waits, so nothing is asked again


async def test_a_plain_text_that_is_slacks_answer(stranger: Stranger, api: SlackApi) -> None:
    """The header is wrong, the answer is right."""
    stranger.kind, stranger.body = "text/plain", b'{"ok": true, "ts": "7.5"}'
    assert await api.post("C1", Message("x")) == "7.5"
    assert stranger.encodings == {"application/json;charset=utf-8"}


async def test_a_list_that_never_ends(stranger: Stranger, api: SlackApi) -> None:
    """Each page points to itself."""
    stranger.body = b'{"ok": true, "members": [{"id": "U1", "name": "ana"}], "response_metadata": {"next_cursor": "x"}}'
    assert await asyncio.wait_for(api.names_of_members(), 5) == {"ana": "U1", "U1": "U1"}
    assert len(stranger.asked) == 2


async def test_people_of_whom_slack_says_next_to_nothing(stranger: Stranger, api: SlackApi, quiet: Workspace) -> None:
    """They are known by the defaults, and nobody's press breaks."""
    people = People(quiet.store, api, quiet.clock)
    for body in (*BARE.values(), b'{"ok": true, "user": {"id": "U1", "profile": [], "name": 7, "tz": null}}'):
        stranger.body = body
        found = await people.refresh(NAMES["ana"])
        assert (found.gone, found.guest, found.owner) == (False, False, False)
        await people.quiet(NAMES["ana"])
    assert await people.member(NAMES["ana"]) == found


@pytest.mark.parametrize("what", ["a page that says it is JSON", "an error page that says it is JSON", *BARE])
async def test_the_ways_beside_the_client(stranger: Stranger, what: str) -> None:
    """The doctor, and the thread that speaks while the loop is stuck."""
    stranger.status, stranger.kind, stranger.body = NOBODY.get(what) or (200, JSON, BARE[what])
    checkup, outcry = Checkup(world.BOT_TOKEN, stranger.url), Outcry(world.BOT_TOKEN, stranger.url)
    calls = (checkup.bot, lambda: checkup.sockets("x"), lambda: checkup.room("C1"))
    for found in await asyncio.gather(*(call() for call in calls), return_exceptions=True):
        assert not isinstance(found, Exception) or isinstance(found, SlackError), found
    for where in ("C1", f"@{NAMES['ana']}"):
        placed = await asyncio.to_thread(outcry.post, where, "x")
        assert placed is None or placed[1]
    await asyncio.to_thread(outcry.edit, ("C1", "1.0"), "x")


def test_no_wait_is_longer_than_what_these_tests_say() -> None:
    assert asking.PATIENCE < 45
