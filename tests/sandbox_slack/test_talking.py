"""Commands, messages, presses and forms, through real slack_bolt over Socket Mode."""

import base64
from typing import Any

import pytest

from bot.sandbox import world
from tests.sandbox_slack.conftest import Bot, Connect, Place, actions, button, field_of, modal, plain, section, until

ANA = "U01ANA00001"


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


async def test_a_command_is_acked_with_a_private_sentence(place: Place, bot: Bot) -> None:
    seen: list[Any] = []

    @bot.app.command("/vocero")
    async def hear(ack: Any, command: Any) -> None:
        seen.append(command)
        await ack("Hola <@U01ANA00001>")

    answer = await place.act("command", user="ana", channel="#general", text="/vocero post A & B <3 @bruno ☕")
    assert answer["status"] == 200
    assert answer["ok"]
    assert answer["ack_ms"] < 3000
    assert answer["response"] == {"text": "Hola <@U01ANA00001>"}
    assert [one["text"] for one in answer["ephemeral"]] == ["Hola <@U01ANA00001>"]
    assert seen[0]["text"] == "post A &amp; B &lt;3 <@U01BRUNO001|bruno> :coffee:"
    assert seen[0]["command"] == "/vocero"
    assert seen[0]["channel_name"] == "general"
    assert seen[0]["api_app_id"] == world.APP_ID
    shown = (await place.messages())[-1]
    assert shown["ephemeral"] == {"user": ANA}
    assert shown["username"] == "vocero"


async def test_a_form_from_command_to_answer(place: Place, bot: Bot) -> None:
    kinds = [option("sell"), option("help")]
    form = modal(
        field_of("words", {"type": "plain_text_input", "max_length": 20}),
        field_of("kind", {"type": "static_select", "options": kinds, "initial_option": kinds[1]}),
        field_of("more", {"type": "checkboxes", "options": kinds}, optional=True),
        private_metadata="secret",
    )
    submitted: list[Any] = []

    @bot.app.command("/vocero")
    async def hear(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @bot.app.view("form")
    async def take(ack: Any, view: Any, body: Any) -> None:
        submitted.append(body)
        words = view["state"]["values"]["b_words"]["words"]["value"]
        if words == "bad":
            await ack(response_action="errors", errors={"b_words": "Not this."})
        elif words == "wrong":
            await ack(response_action="errors", errors={"nowhere": "Not this."})
        else:
            await ack()

    opened = await place.act("command", user="ana", channel="general", text="/vocero")
    view = opened["view"]
    assert view["callback_id"] == "form"
    assert view["state"]["values"]["b_kind"]["kind"]["selected_option"]["value"] == "help"

    empty = await place.act("submit", user="ana", view_id=view["id"], values={})
    assert empty["status"] == 400
    assert "words): Please complete this required field." in empty["error"]
    long = await place.act("submit", user="ana", view_id=view["id"], values={"words": "x" * 21})
    assert long["status"] == 400
    unknown = await place.act("submit", user="ana", view_id=view["id"], values={"words": "a", "kind": "news"})
    assert unknown["status"] == 400
    assert "sell, help" in unknown["error"]
    assert not submitted

    bad = await place.act("submit", user="ana", view_id=view["id"], values={"words": "bad", "more": ["sell"]})
    assert bad["ok"]
    assert bad["view"]["errors"] == {"b_words": "Not this."}
    assert (await place.read("views", user="ana"))["views"][0]["errors"] == {"b_words": "Not this."}

    wrong = await place.act("submit", user="ana", view_id=view["id"], values={"words": "wrong"})
    assert not wrong["ok"]
    assert wrong["error"] == "We had some trouble connecting. Try again?"
    assert wrong["view"]["error"] == wrong["error"]

    good = await place.act("submit", user="ana", view_id=view["id"], values={"words": "a & b <3 ☕"})
    assert good["ok"]
    assert good["view"] is None
    values = submitted[-1]["view"]["state"]["values"]
    assert values["b_words"]["words"] == {"type": "plain_text_input", "value": "a & b <3 ☕"}
    assert [one["value"] for one in values["b_more"]["more"]["selected_options"]] == ["sell"]
    assert submitted[-1]["view"]["private_metadata"] == "secret"
    assert submitted[-1]["view"]["state"]["values"]["b_kind"]["kind"]["selected_option"]["value"] == "help"


@pytest.mark.parametrize(
    ("action", "left"),
    [("clear", []), ("update", ["first", "other"]), ("push", ["first", "form", "other"])],
)
async def test_what_a_submission_can_answer(place: Place, bot: Bot, action: str, left: list[str]) -> None:
    @bot.app.view("form")
    async def take(ack: Any) -> None:
        more = {} if action == "clear" else {"view": modal(field_of("a"), callback_id="other")}
        await ack(response_action=action, **more)

    views = place.workspace.views
    first = views.open(ANA, modal(field_of("a"), callback_id="first"), None)
    top = views.push(first, modal(field_of("a")))
    answer = await place.act("submit", user="ana", view_id=top.id, values={"a": "x"})
    assert answer["ok"]
    assert [view["callback_id"] for view in (await place.read("views", user="ana"))["views"]] == left


async def test_a_press_on_a_message_also_on_a_stale_screen(place: Place, bot: Bot) -> None:
    pressed: list[Any] = []

    @bot.app.action("review.approve")
    async def press(ack: Any, body: Any, respond: Any) -> None:
        await ack()
        pressed.append(body)
        await respond("Thanks", response_type="ephemeral")

    posted = await place.bot.chat_postMessage(
        channel="#agora-review",
        text="A post",
        blocks=[section("A post"), actions(button("review.approve", "Approve", value="7", style="primary"))],
        metadata={"event_type": "post", "event_payload": {"id": "7"}},
    )
    where = {"user": "ana", "channel": "agora-review", "ts": posted["ts"]}
    answer = await place.act("click", action_id="review.approve", **where)
    assert answer["ok"]
    assert [one["text"] for one in answer["ephemeral"]] == ["Thanks"]
    body = pressed[0]
    assert body["user"] == {"id": ANA, "username": "ana", "name": "ana", "team_id": world.TEAM_ID}
    assert body["container"]["message_ts"] == posted["ts"]
    assert body["channel"] == {"id": "C01AGORREV1", "name": "agora-review"}
    assert body["message"]["blocks"][1]["elements"][0]["value"] == "7"
    assert "metadata" not in body["message"]
    assert body["actions"][0]["value"] == "7"
    assert body["actions"][0]["type"] == "button"
    assert body["state"] == {"values": {}}

    await place.bot.chat_update(channel="C01AGORREV1", ts=posted["ts"], text="Approved")
    stale = await place.act("click", action_id="review.approve", **where)
    assert stale["ok"]
    assert pressed[1]["actions"][0]["value"] == "7"
    assert pressed[1]["message"]["text"] == "Approved"
    never = await place.act("click", action_id="review.reject", **where)
    assert never["status"] == 404
    assert "never shown" in never["error"]
    shown = await place.messages("#agora-review")
    assert shown[0]["edited"]["user"] == world.BOT_USER_ID
    assert shown[0]["metadata"]["event_payload"] == {"id": "7"}


async def test_every_kind_of_choice_can_be_clicked(place: Place, bot: Bot) -> None:
    heard: list[Any] = []

    @bot.app.action({"type": "block_actions", "action_id": "choose"})
    async def press(ack: Any, body: Any) -> None:
        await ack()
        heard.append(body)

    two = [option("one"), option("two")]
    cases: list[tuple[dict[str, Any], Any, str, Any]] = [
        ({"type": "static_select", "options": two}, "two", "selected_option", {**two[1]}),
        ({"type": "overflow", "options": two}, "one", "selected_option", {**two[0]}),
        ({"type": "radio_buttons", "options": two}, "one", "selected_option", {**two[0]}),
        ({"type": "checkboxes", "options": two}, ["one", "two"], "selected_options", two),
        ({"type": "datepicker"}, "2026-11-30", "selected_date", "2026-11-30"),
        ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
        ({"type": "datetimepicker"}, 1796000000, "selected_date_time", 1796000000),
        ({"type": "users_select"}, "@bruno", "selected_user", "U01BRUNO001"),
        ({"type": "conversations_select"}, "#general", "selected_conversation", "C01GENERAL1"),
        ({"type": "multi_static_select", "options": two}, ["two"], "selected_options", [two[1]]),
    ]
    for element, value, key, wanted in cases:
        posted = await place.bot.chat_postMessage(
            channel="#general", text="Choose", blocks=[actions({**element, "action_id": "choose"}, block_id="b")]
        )
        where = {"user": "ana", "channel": "#general", "ts": posted["ts"], "action_id": "choose"}
        answer = await place.act("click", value=value, **where)
        assert answer["ok"], answer
        chosen = heard[-1]["actions"][0][key]
        told = chosen if isinstance(chosen, list) else [chosen]
        expected = wanted if isinstance(wanted, list) else [wanted]
        assert [one["value"] if isinstance(one, dict) else one for one in told] == [
            one["value"] if isinstance(one, dict) else one for one in expected
        ]
        if element["type"] != "overflow":
            assert heard[-1]["state"]["values"]["b"]["choose"][key] == chosen
        refused = await place.act("click", value="nonsense", **where)
        assert refused["status"] == 400, element["type"]


async def test_external_options_are_asked_for_and_checked(place: Place, bot: Bot) -> None:
    @bot.app.options("who")
    async def offer(ack: Any, payload: Any) -> None:
        await ack(options=[option(f"{payload['value']}-1"), option(f"{payload['value']}-2")])

    view = place.workspace.views.open(ANA, modal(field_of("who", {"type": "external_select"})), None)
    offered = await place.act("options", user="ana", view_id=view.id, action_id="who", query="ann")
    assert [one["value"] for one in offered["options"]] == ["ann-1", "ann-2"]
    filled = await place.act("input", user="ana", view_id=view.id, values={"who": "ann-2"})
    assert filled["view"]["state"]["values"]["b_who"]["who"]["selected_option"]["value"] == "ann-2"
    assert (await place.act("input", user="ana", view_id=view.id, values={"who": "zoe"}))["status"] == 400


async def test_messages_reach_the_bot_as_events(place: Place, bot: Bot) -> None:
    @bot.app.event("message")
    async def hear() -> None: ...

    @bot.app.event("app_mention")
    async def named() -> None: ...

    picture = {"name": "a.png", "base64": base64.b64encode(b"\x89PNG").decode(), "alt": "A dot"}
    said = await place.act(
        "message", user="ana", channel="#general", text="hola @vocero https://x.com/a?b=1&c=2.", files=[picture]
    )
    assert said["ok"]
    event = bot.events("message")[0]
    assert event["text"] == f"hola <@{world.BOT_USER_ID}> <https://x.com/a?b=1&amp;c=2>."
    assert event["channel_type"] == "channel"
    assert event["subtype"] == "file_share"
    assert event["files"][0]["alt_txt"] == "A dot"
    assert event["files"][0]["mimetype"] == "image/png"
    assert len(bot.events("app_mention")) == 1
    envelope = bot.heard[0]
    assert envelope["type"] == "event_callback"
    assert envelope["authorizations"][0]["user_id"] == world.BOT_USER_ID

    direct = await place.act("message", user="bruno", channel="@bruno", text="sólo tú")
    assert direct["ok"]
    assert bot.events("message")[-1]["channel_type"] == "im"
    assert bot.events("message")[-1]["channel"] == "D01BRUNO001"
    other = await place.act("message", user="ana", channel="@bruno", text="x")
    assert other["status"] == 403

    reply = await place.act("message", user="ana", channel="general", text="reply", thread_ts=said["ts"])
    assert reply["ok"]
    listed = await place.messages()
    assert "thread_ts" not in listed[0]
    assert listed[1]["thread_ts"] == said["ts"]


async def test_the_bot_hears_itself_reactions_edits_and_deletions(place: Place, bot: Bot) -> None:
    for kind in ("message", "reaction_added", "reaction_removed"):

        @bot.app.event(kind)
        async def hear() -> None: ...

    posted = await place.bot.chat_postMessage(channel="#general", text="I & I")
    await until(lambda: bot.events("message"))
    own = bot.events("message")[0]
    assert own["bot_id"] == world.BOT_ID
    assert own["text"] == "I &amp; I"
    for _ in range(2):
        assert (await place.act("react", user="ana", channel="#general", ts=posted["ts"], name="eyes"))["ok"]
    added = bot.events("reaction_added")[0]
    assert added["item"] == {"type": "message", "channel": "C01GENERAL1", "ts": posted["ts"]}
    assert added["item_user"] == world.BOT_USER_ID
    assert len(bot.events("reaction_removed")) == 1
    said = await place.act("message", user="ana", channel="#general", text="typo")
    where = {"user": "ana", "channel": "#general", "ts": said["ts"]}
    await place.act("edit", text="fixed", **where)
    await place.act("delete", **where)
    kinds = [event.get("subtype") for event in bot.events("message")]
    assert kinds == [None, None, "message_changed", "message_deleted"]
    assert (await place.act("edit", text="again", **where))["status"] == 404


async def test_home_is_drawn_when_it_is_opened(place: Place, bot: Bot) -> None:
    @bot.app.event("app_home_opened")
    async def draw(event: Any, client: Any) -> None:
        await client.views_publish(
            user_id=event["user"],
            view={"type": "home", "blocks": [section("My day"), actions(button("home.go", value="1"))]},
        )

    pressed: list[Any] = []

    @bot.app.action("home.go")
    async def go(ack: Any, body: Any, client: Any) -> None:
        await ack()
        pressed.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field_of("a")))

    home = await place.read("home", user="ana")
    assert home["view"]["type"] == "home"
    again = await place.read("home", user="ana")
    assert again["view"]["id"] == home["view"]["id"]
    assert bot.events("app_home_opened")[1]["view"]["id"] == home["view"]["id"]
    assert (await place.read("home", user="ana", peek="1"))["view"]["id"] == home["view"]["id"]
    assert len(bot.events("app_home_opened")) == 2
    assert bot.events("app_home_opened")[0]["tab"] == "home"
    answer = await place.act("click", user="ana", view_id=home["view"]["id"], action_id="home.go")
    assert answer["view"]["type"] == "modal"
    assert pressed[0]["container"] == {"type": "view", "view_id": home["view"]["id"]}
    assert "channel" not in pressed[0]


async def test_shortcuts_of_both_kinds(place: Place, bot: Bot) -> None:
    seen: list[Any] = []

    @bot.app.shortcut("post.new")
    async def everywhere(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body)

    @bot.app.shortcut("post.from")
    async def here(ack: Any, body: Any) -> None:
        await ack()
        seen.append(body)

    said = await place.bot.chat_postMessage(channel="#general", text="words")
    assert (await place.act("shortcut", user="ana", callback_id="post.new"))["ok"]
    assert seen[0]["type"] == "shortcut"
    where = {"channel": "#general", "ts": said["ts"]}
    assert (await place.act("shortcut", user="ana", callback_id="post.from", **where))["ok"]
    assert seen[1]["type"] == "message_action"
    assert seen[1]["message"]["text"] == "words"
    assert seen[1]["response_url"].startswith(place.url)


async def test_closing_tells_the_apps_that_asked(place: Place, bot: Bot) -> None:
    closed: list[Any] = []

    @bot.app.view_closed("form")
    async def gone(ack: Any, body: Any) -> None:
        await ack()
        closed.append(body)

    views = place.workspace.views
    first = views.open(ANA, modal(field_of("a"), notify_on_close=True), None)
    second = views.push(first, modal(field_of("a"), callback_id="quiet"))
    under = await place.act("close", user="ana", view_id=first.id)
    assert under["status"] == 400
    assert (await place.act("close", user="ana", view_id=second.id))["view"]["id"] == first.id
    assert not closed
    views.push(first, modal(field_of("a"), callback_id="quiet"))
    top = views.top(ANA)
    assert top
    await place.act("close", user="ana", view_id=top.id, all=True)
    assert [one["is_cleared"] for one in closed] == [True]
    assert closed[0]["view"]["id"] == first.id


async def test_entering_tells_the_bot_only_where_it_asked(place: Place, bot: Bot) -> None:
    heard: list[Any] = []

    @bot.app.action("loud")
    async def listen(ack: Any, body: Any, client: Any) -> None:
        await ack()
        heard.append(body)
        view = modal(field_of("loud", dispatch_action=True), field_of("still"), field_of("third", optional=True))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    view = place.workspace.views.open(ANA, modal(field_of("loud", dispatch_action=True), field_of("still")), None)
    quiet = await place.act("input", user="ana", view_id=view.id, values={"still": "kept"})
    assert quiet["ack_ms"] is None
    told = await place.act("input", user="ana", view_id=view.id, values={"loud": "now"})
    assert heard[0]["actions"][0]["value"] == "now"
    values = told["view"]["state"]["values"]
    assert values["b_still"]["still"]["value"] == "kept"
    assert values["b_third"]["third"]["value"] is None


async def test_nobody_listening_and_nobody_acking(place: Place, connect: Connect) -> None:
    alone = await place.act("command", user="ana", channel="#general", text="/vocero")
    assert (alone["status"], alone["ok"], alone["error"]) == (200, False, "operation_timeout")
    assert not (await place.read("state"))["ready"]
    place.workspace.sockets.ack_seconds = 0.05
    await connect(place)
    assert (await place.read("state"))["ready"]
    mute = await place.act("shortcut", user="ana", callback_id="unknown")
    assert mute["error"] == "operation_timeout"
    assert mute["reason"] == "timeout"


async def test_mistakes_are_told_in_plain_words(place: Place) -> None:
    cases = [
        ({"user": "zoe", "channel": "#general", "text": "/v"}, 404, "there is no person 'zoe'"),
        ({"user": "ana", "channel": "#none", "text": "/v"}, 404, "there is no channel '#none'"),
        ({"user": "ana", "channel": "#general", "text": "v"}, 400, "a command begins with a slash"),
        ({"user": "ana", "channel": "#general"}, 400, "text is missing"),
        ({"user": "ana", "channel": "@bruno", "text": "/v"}, 403, "ana can't see '@bruno'"),
    ]
    for fields, status, words in cases:
        answer = await place.act("command", **fields)
        assert (answer["status"], answer["ok"]) == (status, False)
        assert words in answer["error"]
    gone = await place.act("submit", user="ana", view_id="V1", values={})
    assert "no open view" in gone["error"]
    lost = await place.act("click", user="ana", channel="#general", ts="1.2", action_id="a")
    assert lost["status"] == 404


async def test_raw_payloads_come_again_and_again(place: Place, bot: Bot) -> None:
    @bot.app.event("message")
    async def hear() -> None: ...

    payload = place.workspace.delivery.wrapped({"type": "message", "channel": "C01GENERAL1", "user": ANA, "ts": "1.1"})
    answer = await place.act("raw", envelope={"type": "events_api", "payload": payload}, times=3)
    assert answer["acked"] == [True, True, True]
    assert [one["event_id"] for one in bot.heard] == [payload["event_id"]] * 3
    bare = await place.act("raw", envelope=payload)
    assert bare["ok"]
    assert (await place.act("raw", envelope=payload, times=0))["status"] == 200
    assert (await place.act("raw", envelope={}))["status"] == 400
