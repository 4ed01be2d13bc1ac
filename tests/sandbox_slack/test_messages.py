"""Messages through the Web API and response URLs: posting, threads, edits, deletion, reactions, history."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import world
from bot.sandbox.slack.response_urls import LIFE, USES
from tests.sandbox_slack.conftest import Bot, Place, Starter, actions, button, section

GENERAL = "C01GENERAL1"


async def test_posting_and_changing(place: Place) -> None:
    posted = await place.bot.chat_postMessage(channel="#general", text="one", blocks=[section("one")])
    assert posted["channel"] == GENERAL
    block = posted["message"]["blocks"][0]
    assert len(block["block_id"]) == 5
    assert block["text"]["verbatim"] is False
    ts = posted["ts"]
    await place.bot.chat_update(channel=GENERAL, ts=ts, text="two", metadata={"event_type": "a", "event_payload": {}})
    shown = (await place.messages())[0]
    assert (shown["text"], shown["blocks"]) == ("two", [])
    await place.bot.chat_update(channel=GENERAL, ts=ts, text="three", blocks=[section("three")])
    shown = (await place.messages())[0]
    assert shown["metadata"] == {"event_type": "a", "event_payload": {}}
    said = await place.act("message", user="ana", channel="#general", text="mine")
    cases = [
        ("chat.update", {"channel": GENERAL, "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.update", {"channel": "#general", "ts": ts, "text": "x"}, "channel_not_found"),
        ("chat.update", {"channel": GENERAL, "ts": said["ts"], "text": "x"}, "cant_update_message"),
        ("chat.update", {"channel": GENERAL, "ts": ts, "text": "x" * 40001}, "msg_too_long"),
        ("chat.delete", {"channel": GENERAL, "ts": said["ts"]}, "cant_delete_message"),
        ("chat.delete", {"channel": GENERAL, "ts": "1.1"}, "message_not_found"),
    ]
    for method, args, error in cases:
        assert (await place.call(method, **args))["error"] == error
    await place.bot.chat_delete(channel=GENERAL, ts=ts)
    assert [one["text"] for one in await place.messages()] == ["mine"]
    assert (await place.call("chat.update", channel=GENERAL, ts=ts, text="x"))["error"] == "message_not_found"
    assert ("messages", GENERAL) in place.kept.told


async def test_text_is_cut_and_stray_signs_become_entities(place: Place) -> None:
    posted = await place.bot.chat_postMessage(channel=GENERAL, text="x" * 40001)
    assert len(posted["message"]["text"]) == 40000
    mixed = await place.bot.chat_postMessage(
        channel=GENERAL, text="a & b < c <@U01ANA00001> &amp; <https://x.example|y>"
    )
    assert mixed["message"]["text"] == "a &amp; b &lt; c <@U01ANA00001> &amp; <https://x.example|y>"


async def test_metadata(place: Place) -> None:
    async def error(metadata: Any) -> str:
        answer = await place.call("chat.postMessage", channel=GENERAL, text="x", metadata=metadata)
        return str(answer.get("error"))

    assert await error("{") == "invalid_metadata_format"
    assert await error({"event_type": "a"}) == "invalid_metadata_format"
    assert await error({"event_type": "a", "event_payload": {"a": {"b": {"c": 1}}}}) == "invalid_metadata_schema"
    assert await error({"event_type": "a", "event_payload": {"a": "x" * 9000}}) == "metadata_too_large"
    meta = {"event_type": "post", "event_payload": {"id": "7", "rows": [{"a": 1}]}}
    posted = await place.bot.chat_postMessage(channel=GENERAL, text="x", metadata=meta)
    plain = await place.bot.conversations_history(channel=GENERAL)
    assert "metadata" not in plain["messages"][0]
    full = await place.bot.conversations_history(channel=GENERAL, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == meta
    thread = await place.bot.conversations_replies(channel=GENERAL, ts=posted["ts"], include_all_metadata=True)
    assert thread["messages"][0]["metadata"] == meta


async def test_threads_and_history(place: Place) -> None:
    stamps = [(await place.bot.chat_postMessage(channel=GENERAL, text=str(one)))["ts"] for one in range(5)]
    reply = await place.bot.chat_postMessage(channel=GENERAL, text="reply", thread_ts=stamps[0])
    below = await place.call("chat.postMessage", channel=GENERAL, text="x", thread_ts=reply["ts"])
    assert below["error"] == "cannot_reply_to_message"
    seen: list[str] = []
    async for part in await place.bot.conversations_history(channel=GENERAL, limit=2):
        seen += [one["text"] for one in part["messages"]]
    assert seen == ["4", "3", "2", "1", "0"]
    between = await place.bot.conversations_history(channel=GENERAL, oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert [one["text"] for one in between["messages"]] == ["3", "2", "1"]
    thread = await place.bot.conversations_replies(channel=GENERAL, ts=stamps[0])
    assert [one["text"] for one in thread["messages"]] == ["0", "reply"]
    assert (thread["messages"][0]["reply_count"], thread["messages"][0]["latest_reply"]) == (1, reply["ts"])
    assert (await place.call("conversations.replies", channel=GENERAL, ts="1.1"))["error"] == "thread_not_found"
    assert (await place.call("conversations.history", channel=GENERAL, oldest="x"))["error"] == "invalid_ts_oldest"
    link = await place.bot.chat_getPermalink(channel=GENERAL, message_ts=reply["ts"])
    assert f"thread_ts={stamps[0]}" in link["permalink"]
    async with place.session.get(link["permalink"], allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"].startswith("/?channel=C01GENERAL1")) == (302, True)


async def test_a_person_by_id_is_their_direct_message(place: Place) -> None:
    posted = await place.bot.chat_postMessage(channel="U01ANA00001", text="hi")
    assert posted["channel"] == "D01ANA00001"
    assert [one["text"] for one in await place.messages("@ana")] == ["hi"]
    await place.act("admin", act="deactivate", user="eva")
    assert (await place.call("chat.postMessage", channel="U01EVA00001", text="x"))["error"] == "channel_not_found"
    assert (await place.call("conversations.open", users="U01EVA00001"))["error"] == "user_disabled"


async def test_ephemeral_messages(place: Place) -> None:
    await place.bot.chat_postEphemeral(channel=GENERAL, user="U01ANA00001", text="only you")
    assert (await place.messages())[0]["ephemeral"] == {"user": "U01ANA00001"}
    assert (await place.read("messages", channel="general", user="bruno"))["messages"] == []
    assert (await place.bot.conversations_history(channel=GENERAL))["messages"] == []
    stranger = await place.call("chat.postEphemeral", channel=GENERAL, user="U404", text="x")
    assert stranger["error"] == "user_not_in_channel"


async def test_reactions(place: Place) -> None:
    ts = (await place.bot.chat_postMessage(channel=GENERAL, text="x"))["ts"]
    await place.bot.reactions_add(channel=GENERAL, timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError, match="already_reacted"):
        await place.bot.reactions_add(channel=GENERAL, timestamp=ts, name="eyes")
    got = await place.bot.reactions_get(channel=GENERAL, timestamp=ts)
    assert got["message"]["reactions"] == [{"name": "eyes", "users": [world.BOT_USER_ID], "count": 1}]
    await place.bot.reactions_remove(channel=GENERAL, timestamp=ts, name="eyes")
    cases = [
        ("reactions.remove", {"name": "eyes", "timestamp": ts}, "no_reaction"),
        ("reactions.add", {"name": "no spaces", "timestamp": ts}, "invalid_name"),
        ("reactions.add", {"name": "eyes", "timestamp": "soon"}, "bad_timestamp"),
        ("reactions.add", {"name": "eyes", "timestamp": "1.1"}, "message_not_found"),
    ]
    for method, args, error in cases:
        assert (await place.call(method, channel=GENERAL, **args))["error"] == error


async def url_of_a_press(place: Place, bot: Bot) -> tuple[str, str]:
    """(response_url, ts of the message) of a fresh press."""
    urls: list[str] = []

    @bot.app.action("go")
    async def press(ack: Any, body: Any) -> None:
        await ack()
        urls.append(body["response_url"])

    posted = await place.bot.chat_postMessage(channel=GENERAL, text="card", blocks=[actions(button("go"))])
    await place.act("click", user="ana", channel="general", ts=posted["ts"], action_id="go")
    return urls[0], posted["ts"]


async def test_a_response_url_five_times_in_half_an_hour(place: Place, bot: Bot) -> None:
    url, ts = await url_of_a_press(place, bot)
    hook = AsyncWebhookClient(url)
    assert (await hook.send(text="private")).body == "ok"
    assert (await hook.send(text="public", response_type="in_channel")).status_code == 200
    assert (await hook.send(text="", blocks=[section("x" * 3001)])).status_code == 400
    assert (await hook.send(text="new card", replace_original=True)).status_code == 200
    shown = {one["ts"]: one for one in await place.messages()}
    assert shown[ts]["text"] == "new card"
    assert shown[ts]["blocks"] == []
    assert [one.get("ephemeral") for one in shown.values()] == [None, {"user": "U01ANA00001"}, None]
    assert (await hook.send(delete_original=True)).status_code == 200
    assert ts not in [one["ts"] for one in await place.messages()]
    sixth = await hook.send(text="once more")
    assert USES == 5
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)


async def test_a_response_url_expires(place: Place, bot: Bot) -> None:
    url, _ = await url_of_a_press(place, bot)
    place.clock.advance(LIFE + 1)
    late = await AsyncWebhookClient(url).send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_everything_survives_a_restart(start: Starter) -> None:
    place = await start()
    first = await place.bot.chat_postMessage(channel="#general", text="kept", blocks=[actions(button("go", value="1"))])
    gone = await place.bot.chat_postMessage(channel="#general", text="gone")
    await place.bot.chat_update(channel=GENERAL, ts=first["ts"], text="changed")
    await place.bot.chat_delete(channel=GENERAL, ts=gone["ts"])
    await place.bot.chat_postMessage(channel="U01ANA00001", text="direct")
    await place.bot.views_publish(user_id="U01ANA00001", view={"type": "home", "blocks": [section("day")]})
    await place.act("admin", act="rename", channel="#ensayo", name="practice")
    home = place.workspace.views.homes["U01ANA00001"].id
    await start.stop(place)

    again = await start()
    assert [one["text"] for one in await again.messages()] == ["changed"]
    assert [one["text"] for one in await again.messages("@ana")] == ["direct"]
    assert again.workspace.views.homes["U01ANA00001"].id == home
    assert (await again.call("conversations.info", channel="C01ENSAYO01"))["channel"]["name"] == "practice"
    stale = await again.act("click", user="ana", channel="general", ts=first["ts"], action_id="go")
    assert stale["error"] == "operation_timeout"
    newer = await again.bot.chat_postMessage(channel=GENERAL, text="newer")
    assert newer["ts"] > gone["ts"]
