"""Delivery: acks and retries over Socket Mode and over signed HTTP."""

import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import world
from bot.sandbox.slack.sockets import TICKET_LIFE
from tests.sandbox_slack.conftest import Bot, Connect, Place, Starter, actions, button, field_of, modal, until

QUICK: dict[str, Any] = {"ack_seconds": 0.05, "retry_after": (0.0, 0.01, 0.02)}


async def ticket(place: Place) -> str:
    url: str = (await place.client(world.APP_TOKEN).apps_connections_open(app_token=world.APP_TOKEN))["url"]
    return url


async def test_a_ticket_connects_once_and_not_late(place: Place) -> None:
    url = await ticket(place)
    assert url.startswith("ws://")
    async with place.session.ws_connect(url) as first:
        hello = await first.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        async with place.session.get(url.replace("ws", "http", 1)) as again:
            assert again.status == 408
    late = await ticket(place)
    place.clock.advance(TICKET_LIFE + 1)
    async with place.session.get(late.replace("ws", "http", 1)) as answer:
        assert answer.status == 408


async def test_events_are_retried_until_acked(start: Starter) -> None:
    place = await start(**QUICK)
    async with place.session.ws_connect(await ticket(place)) as bot:
        await bot.receive_json()
        said = await place.act("message", user="ana", channel="#general", text="hi")
        assert (said["ok"], said["error"], said["reason"]) == (False, "operation_timeout", "timeout")
        envelopes = [await bot.receive_json() for _ in range(3)]
        assert [one["retry_attempt"] for one in envelopes] == [0, 1, 2]
        assert [one["retry_reason"] for one in envelopes] == ["", "timeout", "timeout"]
        assert len({one["envelope_id"] for one in envelopes}) == 3
        assert len({one["payload"]["event_id"] for one in envelopes}) == 1
        assert envelopes[0]["accepts_response_payload"] is False
        await bot.send_json({"envelope_id": envelopes[2]["envelope_id"]})
        await until(lambda: not place.workspace.delivery.tasks)


async def test_events_are_given_up_after_three_retries(start: Starter) -> None:
    place = await start(**QUICK)
    await place.act("message", user="ana", channel="#general", text="hi")
    await until(lambda: not place.workspace.delivery.tasks)


async def test_only_subscribed_events_come(start: Starter, connect: Connect) -> None:
    place = await start(extra={"slack_events": frozenset({"app_mention"})})
    bot = await connect(place)

    @bot.app.event("app_mention")
    async def hear() -> None: ...

    said = await place.act("message", user="ana", channel="#general", text="hi @vocero")
    assert said["ok"]
    assert [one["event"]["type"] for one in bot.heard] == ["app_mention"]


async def test_a_disconnect_is_followed_by_a_new_connection(place: Place, bot: Bot) -> None:
    before = list(place.workspace.sockets.open)
    told = await place.act("admin", act="disconnect")
    assert told["connections"] == 1
    await until(lambda: place.workspace.sockets.open and place.workspace.sockets.open != before)


async def test_the_eleventh_connection_is_sent_away(place: Place) -> None:
    ten = [await place.session.ws_connect(await ticket(place)) for _ in range(10)]
    one_more = await place.session.ws_connect(await ticket(place))
    assert (await one_more.receive_json())["reason"] == "too_many_websockets"
    assert (await one_more.receive()).type == WSMsgType.CLOSE
    for one in (*ten, one_more):
        await one.close()


async def test_the_bot_hears_of_channels(place: Place, bot: Bot) -> None:
    for kind in ("member_joined_channel", "channel_rename", "user_change", "channel_left"):

        @bot.app.event(kind)
        async def hear() -> None: ...

    await place.act("admin", act="invite", channel="#ensayo", user="ana")
    await place.act("admin", act="rename", channel="#ensayo", name="practice")
    await place.act("admin", act="guest", user="eva")
    await place.act("admin", act="kick", channel="#practice")
    kinds = [one["event"]["type"] for one in bot.heard]
    assert kinds == ["member_joined_channel", "channel_rename", "user_change", "channel_left"]
    assert (await place.act("admin", act="dance"))["status"] == 400


@dataclass
class Endpoint:
    """A request URL that answers what the test wants and keeps what came."""

    url: str
    came: list[tuple[Any, bytes]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.came.append((request.headers.copy(), body))
        verifier = SignatureVerifier(world.SIGNING_SECRET)
        assert verifier.is_valid_request(body, dict(request.headers))
        if request.content_type == "application/json" and b"url_verification" in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    end = Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}")

    async def healthy(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post("/slack/events", end.take)
    app.router.add_get("/healthz", healthy)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    yield end
    await runner.cleanup()


async def test_http_is_signed_and_shaped_like_slacks(start: Starter, endpoint: Endpoint) -> None:
    place = await start(mode="http", bot_url=endpoint.url)
    assert (await place.read("state"))["ready"]
    assert (await place.call("apps.connections.open"))["error"] == "not_allowed_token_type"
    assert await place.workspace.http.verify()
    endpoint.came.clear()
    endpoint.answers = [web.Response(text="plain words"), web.json_response({"response_action": "clear"})]
    answer = await place.act("command", user="ana", channel="#general", text="/vocero a & b")
    assert answer["response"] == {"text": "plain words"}
    assert answer["ephemeral"][0]["text"] == "plain words"
    form = parse_qs(endpoint.came[0][1].decode())
    assert (form["command"], form["text"]) == (["/vocero"], ["a &amp; b"])
    assert form["is_enterprise_install"] == ["false"]
    view = place.workspace.views.open("U01ANA00001", modal(field_of("a")), None)
    done = await place.act("submit", user="ana", view_id=view.id, values={"a": "x"})
    assert (done["ok"], done["view"]) == (True, None)
    payload = json.loads(parse_qs(endpoint.came[1][1].decode())["payload"][0])
    assert payload["type"] == "view_submission"
    await place.act("message", user="ana", channel="#general", text="hi")
    headers, body = endpoint.came[2]
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["event"]["text"] == "hi"
    assert "X-Slack-Retry-Num" not in headers


async def test_http_events_are_retried_with_numbers(start: Starter, endpoint: Endpoint) -> None:
    place = await start(mode="http", bot_url=endpoint.url, retry_after=(0.0, 0.0, 0.0))
    endpoint.answers = [web.Response(status=500), web.Response(status=404)]
    said = await place.act("message", user="ana", channel="#general", text="hi")
    assert said["reason"] == "http_error"
    await until(lambda: not place.workspace.delivery.tasks)
    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in endpoint.came]
    assert numbers == [None, "1", "2"]
    assert endpoint.came[1][0]["X-Slack-Retry-Reason"] == "http_error"
    endpoint.came.clear()
    endpoint.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    await place.act("message", user="ana", channel="#general", text="again")
    await until(lambda: not place.workspace.delivery.tasks)
    assert len(endpoint.came) == 1


async def test_http_presses_are_not_retried(start: Starter, endpoint: Endpoint) -> None:
    place = await start(mode="http", bot_url=endpoint.url)
    posted = await place.bot.chat_postMessage(channel="#general", text="x", blocks=[actions(button("go"))])
    await until(lambda: not place.workspace.delivery.tasks)
    endpoint.came.clear()
    endpoint.answers = [web.Response(status=500)]
    answer = await place.act("click", user="ana", channel="#general", ts=posted["ts"], action_id="go")
    assert (answer["ok"], answer["error"], answer["reason"]) == (False, "operation_timeout", "http_error")
    assert len(endpoint.came) == 1
    nobody = await start(mode="http")
    assert not (await nobody.read("state"))["ready"]
    alone = await nobody.act("command", user="ana", channel="#general", text="/vocero")
    assert alone["reason"] == "connection_failed"


async def test_the_state_of_the_world(place: Place) -> None:
    state = await place.read("state")
    assert [one["name"] for one in state["users"]] == [one.name for one in world.USERS]
    assert state["users"][0]["dm"] == "D01ANA00001"
    assert [one["name"] for one in state["channels"]] == [one.name for one in world.CHANNELS]
    assert state["accounts"][0].keys() == {"id", "network", "handle", "name", "brand"}
    assert state["urls"].keys() == {"slack", "x", "facebook", "bot"}
    assert state["pids"] == {"bot": None, "store": None}
