"""Blocks and views: what Slack refuses is refused, and the published schema agrees with what is accepted."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from bot.sandbox.slack.kit.surfaces import check_blocks, check_view
from bot.sandbox.slack.terms import Json
from tests.sandbox_slack.conftest import Place, actions, button, field_of, modal, plain, section
from tests.sandbox_slack.reference import REFERENCE

SCHEMA = REFERENCE / "blocks.schema.json"
LONG = "x" * 256
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
TWO = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}]
MRKDWN = {"type": "mrkdwn", "text": "*hi*"}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "hi", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com", "text": "there"},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "coffee"},
                {"type": "broadcast", "range": "here"},
                {"type": "date", "timestamp": 1796000000, "format": "{date}", "fallback": "then"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "p"}]},
    ],
}
CONFIRM = {
    "title": plain("Sure?"),
    "text": MRKDWN,
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
CARD = {"type": "card", "title": MRKDWN, "body": MRKDWN, "hero_image": PICTURE, "actions": [button("go")]}
CHART: Json = {
    "type": "data_visualization",
    "title": "Posts",
    "chart": {
        "type": "bar",
        "series": [{"name": "x", "data": [{"label": "Mon", "value": 3}, {"label": "Tue", "value": 0}]}],
        "axis_config": {"categories": ["Mon", "Tue"], "x_label": "day"},
    },
}
ELEMENTS: list[Json] = [
    button("a", style="primary", value="v", url="https://example.com", confirm=CONFIRM, accessibility_label="Go"),
    {"type": "static_select", "options": TWO, "initial_option": TWO[1], "placeholder": plain("Pick")},
    {"type": "static_select", "option_groups": [{"label": plain("G"), "options": TWO}]},
    {"type": "multi_static_select", "options": TWO, "initial_options": TWO, "max_selected_items": 2},
    {"type": "external_select", "min_query_length": 0},
    {"type": "multi_external_select"},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "conversations_select", "default_to_current_conversation": True, "filter": {"include": ["public"]}},
    {"type": "multi_conversations_select"},
    {"type": "channels_select", "initial_channel": "C1"},
    {"type": "multi_channels_select"},
    {"type": "overflow", "options": [{**TWO[0], "url": "https://example.com"}]},
    {"type": "checkboxes", "options": [{"text": MRKDWN, "value": "1", "description": plain("d")}]},
    {"type": "radio_buttons", "options": TWO, "initial_option": TWO[0]},
    {"type": "datepicker", "initial_date": "2026-11-30"},
    {"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/Madrid"},
    {"type": "datetimepicker", "initial_date_time": 1796000000},
]
INPUTS: list[Json] = [
    {"type": "plain_text_input", "multiline": True, "min_length": 1, "max_length": 9, "initial_value": "a"},
    {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}},
    {"type": "number_input", "is_decimal_allowed": True, "min_value": "1", "max_value": "2.5", "initial_value": "2"},
    {"type": "email_text_input", "initial_value": "a@b.example"},
    {"type": "url_text_input", "initial_value": "https://example.com"},
    {"type": "rich_text_input", "initial_value": RICH},
    {"type": "file_input", "filetypes": ["png"], "max_files": 4},
]
GOOD: list[Json] = [
    section("a", fields=[MRKDWN] * 10, accessory=PICTURE, expand=True),
    {"type": "section", "fields": [MRKDWN, plain("b")]},
    {"type": "divider"},
    {"type": "header", "text": plain("h" * 150)},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A", "title": plain("T")},
    {"type": "context", "elements": [PICTURE, MRKDWN, plain("c")]},
    actions(*({**one, "action_id": f"a{place}"} for place, one in enumerate(ELEMENTS))),
    RICH,
    {"type": "markdown", "text": "# hi"},
    CARD,
    {"type": "carousel", "elements": [CARD]},
    {
        "type": "container",
        "title": plain("C"),
        "child_blocks": [section(), actions(button("x"))],
        "is_collapsible": True,
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": plain("+"), "value": "1"},
                "negative_button": {"text": plain("-"), "value": "0"},
            },
            {"type": "icon_button", "action_id": "i", "icon": "trash", "text": plain("Delete"), "value": "1"},
        ],
    },
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "text": "1", "value": 1}, RICH]],
        "column_settings": [{"align": "right", "is_wrapped": True}],
    },
    {"type": "data_table", "caption": "T", "rows": [[{"type": "raw_text", "text": "a"}]], "page_size": 5},
    {
        "type": "video",
        "alt_text": "V",
        "title": plain("T"),
        "thumbnail_url": "https://example.com/a.png",
        "video_url": "https://example.com/v",
    },
    {
        "type": "plan",
        "title": "P",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "T", "status": "complete", "details": RICH}],
    },
]
WRONG: list[tuple[Json, str, str]] = [
    (section("x" * 3001), "must be less than 3001 characters", "/blocks/0/text/text"),
    (section(""), "must be more than 0 characters", "/blocks/0/text/text"),
    ({"type": "section"}, "must define either `text` or `fields`", "/blocks/0"),
    (section("a", fields=[{"type": "mrkdwn", "text": "x" * 2001}]), "2001 characters", "/blocks/0/fields/0/text"),
    (section("a", fields=[MRKDWN] * 11), "no more than 10 items", "/blocks/0/fields"),
    (section("a", colour="red"), "invalid additional property: colour", "/blocks/0"),
    (section("a", accessory={"type": "plain_text_input"}), "unsupported type: plain_text_input", "/accessory/type"),
    (section("a", block_id=LONG), "must be less than 256 characters", "/blocks/0/block_id"),
    ({"type": "header", "text": plain("h" * 151)}, "less than 151", "/blocks/0/text/text"),
    ({"type": "header", "text": MRKDWN}, "unsupported type: mrkdwn", "/blocks/0/text/type"),
    ({"type": "context", "elements": [MRKDWN] * 11}, "no more than 10", "/blocks/0/elements"),
    ({"type": "context", "elements": [button("a")]}, "unsupported type: button", "/elements/0/type"),
    (actions(*(button(str(one)) for one in range(26))), "no more than 25", "/blocks/0/elements"),
    (actions(), "no fewer than 1", "/blocks/0/elements"),
    (actions(button("a"), button("a")), "`action_id` a already exists", "/blocks/0"),
    (actions(button("a", "x" * 76)), "less than 76", "/elements/0/text/text"),
    (actions(button("a", value="x" * 2001)), "less than 2001", "/elements/0/value"),
    (actions(button("a", url="x" * 3001)), "less than 3001", "/elements/0/url"),
    (actions(button("a", url="javascript:x")), "valid url", "/elements/0/url"),
    (actions(button("a", style="default")), "must be one of: primary, danger", "/elements/0/style"),
    (actions(button(LONG)), "less than 256", "/elements/0/action_id"),
    (actions(button("a", confirm={"title": plain("x" * 101), "text": MRKDWN})), "less than 101", "/confirm/title/text"),
    (actions(button("a", confirm={"title": plain("x")})), "missing required field: text", "/confirm"),
    (actions(button("a", confirm={**CONFIRM, "deny": plain("x" * 31)})), "less than 31", "/confirm/deny/text"),
    (actions({"type": "overflow", "options": TWO * 3}), "no more than 5", "/elements/0/options"),
    (actions({"type": "static_select"}), "either options or option_groups", "/elements/0"),
    (
        actions({"type": "static_select", "options": TWO, "initial_option": {"text": plain("x"), "value": "3"}}),
        "must exactly match",
        "/elements/0/initial_option",
    ),
    (actions({"type": "static_select", "options": [TWO[0], TWO[0]]}), "must be unique", "/elements/0"),
    (
        actions({"type": "static_select", "options": [{"text": plain("x" * 76), "value": "1"}]}),
        "less than 76",
        "/options/0/text/text",
    ),
    (
        actions({"type": "static_select", "options": [{"text": plain("x"), "value": "1" * 151}]}),
        "less than 151",
        "/options/0/value",
    ),
    (
        actions({"type": "static_select", "options": [{**TWO[0], "description": plain("x" * 76)}]}),
        "less than 76",
        "/description/text",
    ),
    (
        actions({"type": "static_select", "options": [{**TWO[0], "value": str(one)} for one in range(101)]}),
        "no more than 100",
        "/options",
    ),
    (
        actions({"type": "radio_buttons", "options": [{**TWO[0], "value": str(one)} for one in range(11)]}),
        "no more than 10",
        "/options",
    ),
    (actions({"type": "users_select", "placeholder": plain("x" * 151)}), "less than 151", "/placeholder/text"),
    (actions({"type": "datepicker", "initial_date": "30-11-2026"}), "must be a date", "/initial_date"),
    (actions({"type": "timepicker", "initial_time": "9:30"}), "must be a time", "/initial_time"),
    (actions({"type": "datetimepicker", "initial_date_time": 12}), "greater than or equal", "/initial_date_time"),
    (actions({"type": "datetimepicker", "initial_date_time": "1796000000"}), "integer", "/initial_date_time"),
    (actions({"type": "plain_text_input"}), "unsupported type: plain_text_input", "/elements/0/type"),
    ({"type": "image", "image_url": "https://example.com/a.png"}, "missing required field: alt_text", "/blocks/0"),
    ({"type": "image", "alt_text": "A"}, "either image_url or slack_file", "/blocks/0"),
    ({"type": "image", "alt_text": "A", "image_url": "https://e.example/" + "x" * 3000}, "3001", "/image_url"),
    ({"type": "image", "alt_text": "A", "slack_file": {"id": "F404"}}, "invalid slack file", "/slack_file"),
    ({"type": "markdown", "text": "x" * 12001}, "less than 12001", "/blocks/0/text"),
    ({"type": "card"}, "must define one of", "/blocks/0"),
    ({"type": "sparkle"}, "unsupported type: sparkle", "/blocks/0/type"),
    ({"text": "a"}, "missing required field: type", "/blocks/0"),
    (field_of("a"), "unsupported type: input", "/blocks/0/type"),
    ({"type": "alert", "text": MRKDWN}, "unsupported type: alert", "/blocks/0/type"),
    ({**CHART, "title": "x" * 51}, "less than 51", "/blocks/0/title"),
    ({**CHART, "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}}, "greater than 0", "/value"),
]
# What the published types can't say: lengths, counts, patterns and rules across fields.
STRUCTURAL = ("additional property", "unsupported type", "missing required", "one of: primary", "integer")


def known(file: Json) -> bool:
    return file.get("id") == "F1"


@pytest.fixture(scope="module")
def schema() -> Any:
    if not SCHEMA.exists():
        pytest.skip(f"no reference at {SCHEMA} (set VOCERO_REFERENCE)")
    return json.loads(SCHEMA.read_text())


def errors(schema: Any, name: str, value: Any) -> list[str]:
    validator = Draft7Validator({**schema, "$ref": f"#/definitions/{name}"})
    return [error.message[:300] for error in validator.iter_errors(value)]


@pytest.mark.parametrize("block", GOOD, ids=lambda one: str(one["type"]))
def test_what_slack_takes(block: Json) -> None:
    assert check_blocks([block], "message", known) == []


@pytest.mark.parametrize("block", GOOD, ids=lambda one: str(one["type"]))
def test_the_schema_takes_it_too(block: Json, schema: Any) -> None:
    assert errors(schema, "KnownBlock", block) == []


def test_a_chart(schema: Any) -> None:
    assert check_blocks([CHART] * 2, "message", known) == []
    assert check_blocks([CHART] * 3, "message", known)
    other = {**CHART, "chart": {**CHART["chart"], "axis_config": {"categories": ["Mon"]}}}
    assert "labels must match" in check_blocks([other], "message", known)[0]


@pytest.mark.parametrize(("block", "words", "at"), WRONG, ids=lambda one: one[:30] if isinstance(one, str) else "")
def test_what_slack_refuses(block: Json, words: str, at: str) -> None:
    found = check_blocks([block], "message", known)
    assert any(words in one and at in one and one.startswith("[ERROR] ") for one in found), found


def test_the_schema_refuses_the_same_shapes(schema: Any) -> None:
    refused = [block for block, words, _ in WRONG if any(sign in words for sign in STRUCTURAL)]
    surface_only = [block for block in refused if block.get("type") in ("input", "alert")]
    assert len(refused) - len(surface_only) > 8
    for block in refused:
        if block not in surface_only:
            assert errors(schema, "KnownBlock", block), block


def test_the_whole_message() -> None:
    assert check_blocks([section()] * 50, "message", known) == []
    assert check_blocks([section()] * 51, "message", known) == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert check_blocks([section(block_id="a")] * 2, "message", known)
    table = next(one for one in GOOD if one["type"] == "table")
    assert "only_one_table_allowed" in check_blocks([table, table], "message", known)[0]


@pytest.mark.parametrize(
    "element", [one for one in ELEMENTS[1:] + INPUTS if one["type"] != "overflow"], ids=lambda one: str(one["type"])
)
def test_elements_in_forms(element: Json, schema: Any) -> None:
    view = modal(field_of("a", element, hint=plain("h"), optional=True))
    assert check_view(view, known) == []
    assert errors(schema, "ModalView", {**view, "blocks": []}) == []
    assert errors(schema, "InputBlock", view["blocks"][0]) == []


BAD_VIEWS: list[tuple[Json, str]] = [
    (modal(field_of("a"), title=plain("x" * 25)), "less than 25"),
    (modal(field_of("a"), submit=plain("x" * 25)), "less than 25"),
    (modal(field_of("a"), close=plain("x" * 25)), "less than 25"),
    (modal(field_of("a"), callback_id=LONG), "less than 256"),
    (modal(field_of("a"), private_metadata="x" * 3001), "less than 3001"),
    (modal(field_of("a"), state={}), "invalid additional property: state"),
    (modal(), "no fewer than 1"),
    (modal(*[section()] * 101), "no more than 100"),
    ({key: value for key, value in modal(field_of("a")).items() if key != "submit"}, "must define `submit`"),
    ({key: value for key, value in modal(section()).items() if key != "title"}, "missing required field: title"),
    (modal(field_of("a", label=plain("x" * 2001))), "less than 2001"),
    (modal(field_of("a", hint=plain("x" * 2001))), "less than 2001"),
    (modal(field_of("a", {"type": "plain_text_input", "max_length": 3001})), "less than or equal to 3000"),
    (modal(field_of("a", {"type": "plain_text_input", "max_length": 3, "initial_value": "four"})), "between 0 and 3"),
    (modal(field_of("a", {"type": "plain_text_input", "min_length": 4, "max_length": 3})), "min_length"),
    (modal(field_of("a", {"type": "plain_text_input", "initial_value": ""})), "more than 0"),
    (modal(field_of("a", {"type": "number_input"})), "missing required field: is_decimal_allowed"),
    (modal(field_of("a", {"type": "file_input", "max_files": 11})), "less than or equal to 10"),
    (modal(field_of("a", button("b"))), "unsupported type: button"),
    (modal({"type": "markdown", "text": "a"}), "unsupported type: markdown"),
    (
        modal(
            field_of("a", {"type": "plain_text_input", "focus_on_load": True}),
            field_of("b", {"type": "plain_text_input", "focus_on_load": True}),
        ),
        "focus_on_load",
    ),
    ({"type": "home", "blocks": [field_of("a", {"type": "file_input"})]}, "unsupported type: file_input"),
    ({"type": "home", "title": plain("x"), "blocks": [section()]}, "invalid additional property: title"),
    ({"type": "window", "blocks": []}, "unsupported type: window"),
]


@pytest.mark.parametrize(("view", "words"), BAD_VIEWS, ids=lambda one: one[:30] if isinstance(one, str) else "")
def test_views_that_slack_refuses(view: Json, words: str) -> None:
    found = check_view(view, known)
    assert any(words in one and "[json-pointer:/view" in one for one in found), found


def test_an_alert_belongs_in_a_modal(schema: Any) -> None:
    alert = {"type": "alert", "text": MRKDWN, "level": "warning"}
    assert check_view(modal(alert), known) == []
    assert errors(schema, "AlertBlock", alert) == []
    assert check_view({"type": "home", "blocks": [alert]}, known)


async def test_the_answer_says_where_it_is_wrong(place: Place) -> None:
    answer = await place.call("chat.postMessage", channel="C01GENERAL1", blocks=[section("x" * 3001)])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
    many = await place.call("chat.postMessage", channel="C01GENERAL1", blocks=[section()] * 51)
    assert many["error"] == "invalid_blocks"
    heavy = await place.call("chat.postMessage", channel="C01GENERAL1", blocks=[section("x" * 2700)] * 5)
    assert heavy["error"] == "msg_blocks_too_long"
    broken = await place.call("chat.postMessage", channel="C01GENERAL1", blocks="[{")
    assert broken["error"] == "invalid_blocks_format"
    checked = await place.call("blocks.validate", blocks=[section("")])
    assert checked["error"] == "invalid_blocks"
    assert (await place.call("blocks.validate", view=modal(field_of("a"))))["ok"]
