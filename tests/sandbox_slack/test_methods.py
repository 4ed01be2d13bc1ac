"""The door of the Web API: methods, arguments, tokens, scopes and pace."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import world
from bot.sandbox.slack.api.door import HANDLERS
from bot.sandbox.slack.methods import METHODS
from tests.sandbox_slack.conftest import Place, Starter, section
from tests.sandbox_slack.reference import REFERENCE

LISTED = REFERENCE / "methods.json"


def test_the_table_equals_the_reference() -> None:
    if not LISTED.exists():
        pytest.skip(f"no reference at {LISTED} (set VOCERO_REFERENCE)")
    reference = json.loads(LISTED.read_text())
    for name, method in METHODS.items():
        told = reference[name]
        assert method.required == set(told["required"]), name
        assert method.known == set(told["args"]) | set(told["required"]), name
        assert method.tier == (told["tier"] or "t4"), name
        assert set(method.scopes) == set(told["bot_scopes"] or []), name


def test_every_method_in_the_table_is_served() -> None:
    assert HANDLERS.keys() == METHODS.keys()


async def body(place: Place, method: str, path: str, **options: Any) -> Any:
    async with place.session.request(method, f"{place.url}/api/{path}", **options) as answer:
        assert answer.status == 200
        return await answer.json()


async def test_every_way_to_send_arguments(place: Place) -> None:
    bearer = {"Authorization": f"Bearer {world.BOT_TOKEN}"}
    args = {"channel": "C01GENERAL1", "text": "hi", "blocks": json.dumps([section("hi")])}
    form = aiohttp.FormData(args, default_to_multipart=True)
    ways: list[tuple[str, dict[str, Any]]] = [
        ("GET", {"params": args, "headers": bearer}),
        ("POST", {"params": args, "headers": bearer}),
        ("POST", {"data": args, "headers": bearer}),
        ("POST", {"data": form, "headers": bearer}),
        ("POST", {"json": args, "headers": bearer}),
        ("POST", {"json": {**args, "blocks": [section("hi")]}, "headers": bearer}),
        ("POST", {"data": {**args, "token": world.BOT_TOKEN}}),
    ]
    for verb, options in ways:
        answer = await body(place, verb, "chat.postMessage", **options)
        assert answer["ok"], options
        assert answer["message"]["blocks"][0]["text"]["text"] == "hi"
    assert len(await place.messages()) == len(ways)
    typed = await body(place, "POST", "auth.test", data=b"{}", headers={**bearer, "Content-Type": "text/plain"})
    assert typed["error"] == "invalid_post_type"


async def test_tokens(place: Place) -> None:
    cases = [(None, "not_authed"), ("xoxb-wrong", "invalid_auth"), (world.APP_TOKEN, "not_allowed_token_type")]
    for token, error in cases:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        assert (await body(place, "POST", "auth.test", headers=headers))["error"] == error
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await place.bot.apps_connections_open(app_token=world.BOT_TOKEN)
    who = await place.bot.auth_test()
    assert (who["user_id"], who["bot_id"], who["team_id"]) == (world.BOT_USER_ID, world.BOT_ID, world.TEAM_ID)


async def test_wrong_calls(place: Place) -> None:
    assert (await place.call("chat.shout"))["error"] == "unknown_method"
    missing = await place.call("chat.getPermalink", channel="C01GENERAL1")
    assert missing["error"] == "invalid_arguments"
    assert missing["response_metadata"]["messages"] == ["[ERROR] missing required field: message_ts"]
    assert (await place.call("chat.postMessage", channel="C01GENERAL1"))["error"] == "no_text"
    assert (await place.call("chat.postMessage", channel="CNOWHERE", text="x"))["error"] == "channel_not_found"
    assert (await place.call("views.open", view={"type": "modal"}))["error"] == "invalid_arguments"
    assert (await place.call("conversations.open"))["error"] == "users_list_not_supplied"
    assert (await place.call("conversations.list", types="secret"))["error"] == "invalid_types"
    assert (await place.call("conversations.list", limit=0))["error"] == "invalid_limit"
    assert (await place.call("conversations.list", cursor="!"))["error"] == "invalid_cursor"
    odd = await place.call("chat.postMessage", channel="C01GENERAL1", text="x", blokcs=[])
    assert odd["ok"]
    assert odd["response_metadata"]["warnings"] == ["blokcs"]


async def test_scopes_when_the_manifest_is_known(start: Starter) -> None:
    place = await start(extra={"slack_scopes": frozenset({"users:read"})})
    assert (await place.call("users.info", user="U01ANA00001"))["ok"]
    answer = await place.call("chat.postMessage", channel="C01GENERAL1", text="x")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")


async def test_pace(start: Starter) -> None:
    place = await start(limits=True)
    codes = []
    for _ in range(7):
        headers = {"Authorization": f"Bearer {world.BOT_TOKEN}"}
        args = {"channel": "#general", "text": "x"}
        async with place.session.post(f"{place.url}/api/chat.postMessage", json=args, headers=headers) as answer:
            codes.append(answer.status)
            if answer.status == 429:
                assert int(answer.headers["Retry-After"]) == 1
                assert (await answer.json()) == {"ok": False, "error": "ratelimited"}
    assert codes[:5] == [200] * 5
    assert 429 in codes[5:]
    elsewhere = await place.call("chat.postMessage", channel="C01ENSAYO01", text="x")
    assert elsewhere["ok"]
    place.clock.advance(1)
    assert (await place.call("chat.postMessage", channel="C01GENERAL1", text="x"))["ok"]
    for _ in range(20):
        assert (await place.call("users.list"))["ok"]
    assert (await place.call("users.list"))["error"] == "ratelimited"
    place.clock.advance(60)
    assert (await place.call("users.list"))["ok"]


async def test_who_is_who(place: Place) -> None:
    without = await place.bot.users_info(user="U01ANA00001")
    assert "locale" not in without["user"]
    ana = (await place.bot.users_info(user="U01ANA00001", include_locale=True))["user"]
    assert (ana["locale"], ana["tz"], ana["name"]) == ("es-ES", "Europe/Madrid", "ana")
    everybody = await place.bot.users_list(limit=3)
    assert len(everybody["members"]) == 3
    rest = await place.bot.users_list(limit=100, cursor=everybody["response_metadata"]["next_cursor"])
    assert len(rest["members"]) == len(world.USERS) + 1 - 3
    assert (await place.bot.team_info())["team"]["id"] == world.TEAM_ID
    assert (await place.bot.bots_info(bot=world.BOT_ID))["bot"]["app_id"] == world.APP_ID
    assert not (await place.bot.dnd_info(user="U01ANA00001"))["dnd_enabled"]
    await place.act("admin", act="snooze", user="ana", minutes=10)
    assert (await place.bot.dnd_info(user="U01ANA00001"))["snooze_enabled"]
    await place.act("admin", act="group", handle="approvers", users=["ana", "bruno"])
    group = (await place.bot.usergroups_list(include_users=True))["usergroups"][0]
    assert group["users"] == ["U01ANA00001", "U01BRUNO001"]


async def test_channels(place: Place) -> None:
    names = [one["name"] async for part in await place.bot.conversations_list(limit=4) for one in part["channels"]]
    assert names == [one.name for one in world.CHANNELS]
    info = (await place.bot.conversations_info(channel="C01GENERAL1", include_num_members=True))["channel"]
    assert (info["is_member"], info["num_members"], info["is_general"]) == (True, len(world.USERS) + 1, True)
    members = await place.bot.conversations_members(channel="C01GENERAL1")
    assert world.BOT_USER_ID in members["members"]
    direct = await place.bot.conversations_open(users="U01ANA00001", return_im=True)
    assert direct["channel"]["user"] == "U01ANA00001"
    mine = await place.bot.users_conversations(types="im")
    assert [one["id"] for one in mine["channels"]] == [direct["channel"]["id"]]
    created = await place.act("admin", act="create", name="secret", private=True, members=["ana"])
    assert (await place.call("conversations.info", channel=created["channel"]))["error"] == "channel_not_found"
    assert (await place.call("chat.postMessage", channel=created["channel"], text="x"))["error"] == "channel_not_found"
    await place.act("admin", act="kick", channel="#ensayo")
    assert (await place.call("chat.postMessage", channel="#ensayo", text="x"))["error"] == "not_in_channel"
    assert (await place.call("conversations.join", channel="C01ENSAYO01"))["ok"]
    await place.act("admin", act="archive", channel="#ensayo")
    assert (await place.call("chat.postMessage", channel="#ensayo", text="x"))["error"] == "is_archived"
