"""Every element that a block may hold, with the limits of its reference page."""

import re
from typing import Any
from zoneinfo import available_timezones

from bot.sandbox.slack.kit.check import (
    Check,
    Findings,
    boolean,
    kind,
    many,
    matching,
    number,
    one_of,
    record,
    text,
)
from bot.sandbox.slack.kit.objects import (
    action_id,
    confirm,
    dispatch,
    image_url,
    option,
    option_group,
    overflow_option,
    plain,
    rich_option,
    slack_file,
    style,
    url,
)
from bot.sandbox.slack.kit.rich_text import rich_text

_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def _element(name: str, required: dict[str, Check], optional: dict[str, Check], *rules: Check) -> Check:
    return record({"type": kind(name), **required}, {"action_id": action_id, **optional}, *rules)


def one_picture(value: Any, at: str, found: Findings) -> None:
    """An image has an address or a file, not both."""
    if ("image_url" in value) == ("slack_file" in value):
        found.add("must provide either image_url or slack_file", at)


def choices(value: Any) -> list[Any]:
    """The options of an element, those of its groups included."""
    return value.get("options") or [one for group in value.get("option_groups") or [] for one in group["options"]]


def _one_source(value: Any, at: str, found: Findings) -> None:
    if ("options" in value) == ("option_groups" in value):
        found.add("must provide either options or option_groups", at)


def _own_initial(value: Any, at: str, found: Findings) -> None:
    options = choices(value)
    if "initial_option" in value and value["initial_option"] not in options:
        found.add("must exactly match one of the options", f"{at}/initial_option")
    for place, one in enumerate(value.get("initial_options", [])):
        if one not in options:
            found.add("must exactly match one of the options", f"{at}/initial_options/{place}")


def _distinct(value: Any, at: str, found: Findings) -> None:
    # assumed: Slack can't tell two options with one value apart.
    values = [one["value"] for one in choices(value)]
    if len(set(values)) < len(values):
        found.add("option values must be unique", at)


def _lengths(value: Any, at: str, found: Findings) -> None:
    low, high = value.get("min_length", 0), value.get("max_length", 3000)
    if low > high:
        found.add("min_length must be less than or equal to max_length", at)
    initial = value.get("initial_value")
    if initial is not None and not low <= len(initial) <= high:
        found.add(f"must be between {low} and {high} characters", f"{at}/initial_value")


def _numbers(value: Any, at: str, found: Findings) -> None:
    low, high = value.get("min_value"), value.get("max_value")
    if low is not None and high is not None and float(low) > float(high):
        found.add("min_value must be less than or equal to max_value", at)
    initial = value.get("initial_value")
    if initial is None:
        return
    if not value["is_decimal_allowed"] and not re.fullmatch(r"-?\d+", initial):
        found.add("must be a whole number", f"{at}/initial_value")
    if (low is not None and float(initial) < float(low)) or (high is not None and float(initial) > float(high)):
        found.add("must be within min_value and max_value", f"{at}/initial_value")


def _zone(value: Any, at: str, found: Findings) -> None:
    if not isinstance(value, str) or value not in available_timezones():
        found.add("must be a valid timezone", at)


_named = {"focus_on_load": boolean, "placeholder": plain(150)}
_menu: dict[str, Check] = {**_named, "confirm": confirm}
_typed: dict[str, Check] = {**_named, "dispatch_action_config": dispatch}
_multi: dict[str, Check] = {**_menu, "max_selected_items": number(1)}
_static: dict[str, Check] = {"options": many(option, 1, 100), "option_groups": many(option_group, 1, 100)}
_static_rules = (_one_source, _own_initial, _distinct)
_ids = many(text(255), 0, 100)
_query = number(0)
_response = {"response_url_enabled": boolean}
_numeral = matching(r"-?\d+(?:\.\d+)?", "must be a number")
_filter = record(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_conversations: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": _filter}

button = _element(
    "button",
    {"text": plain(75)},
    {"value": text(2000), "url": url(), "style": style, "confirm": confirm, "accessibility_label": text(75)},
)
image = record(
    {"type": kind("image"), "alt_text": text(2000)},
    {"image_url": image_url, "slack_file": slack_file},
    one_picture,
)
_reaction = record({"text": plain(75), "value": text(2000)}, {"accessibility_label": text(75)})

ELEMENTS: dict[str, Check] = {
    "button": button,
    "workflow_button": _element(
        "workflow_button",
        {
            "text": plain(75),
            "workflow": record(
                {
                    "trigger": record(
                        {"url": url()},
                        {
                            "customizable_input_parameters": many(
                                record({"name": text(255), "value": text(3000)}, {}), 0, 100
                            )
                        },
                    )
                },
                {},
            ),
        },
        {"style": style, "confirm": confirm, "accessibility_label": text(75)},
    ),
    "image": image,
    "overflow": _element("overflow", {"options": many(overflow_option, 1, 5)}, {"confirm": confirm}, _distinct),
    "checkboxes": _element(
        "checkboxes",
        {"options": many(rich_option, 1, 10)},
        {"initial_options": many(rich_option, 1, 10), "confirm": confirm, "focus_on_load": boolean},
        _own_initial,
        _distinct,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": many(rich_option, 1, 10)},
        {"initial_option": rich_option, "confirm": confirm, "focus_on_load": boolean},
        _own_initial,
        _distinct,
    ),
    "datepicker": _element("datepicker", {}, {**_menu, "initial_date": matching(_DATE, "must be a date (YYYY-MM-DD)")}),
    "timepicker": _element(
        "timepicker", {}, {**_menu, "initial_time": matching(_TIME, "must be a time (HH:mm)"), "timezone": _zone}
    ),
    "datetimepicker": _element(
        "datetimepicker",
        {},
        {"confirm": confirm, "focus_on_load": boolean, "initial_date_time": number(1_000_000_000, 9_999_999_999)},
    ),
    "static_select": _element("static_select", {}, {**_menu, **_static, "initial_option": option}, *_static_rules),
    "multi_static_select": _element(
        "multi_static_select",
        {},
        {**_multi, **_static, "initial_options": many(option, 1, 100)},
        *_static_rules,
    ),
    "external_select": _element("external_select", {}, {**_menu, "initial_option": option, "min_query_length": _query}),
    "multi_external_select": _element(
        "multi_external_select",
        {},
        {**_multi, "initial_options": many(option, 1, 100), "min_query_length": _query},
    ),
    "users_select": _element("users_select", {}, {**_menu, "initial_user": text(255)}),
    "multi_users_select": _element("multi_users_select", {}, {**_multi, "initial_users": _ids}),
    "channels_select": _element("channels_select", {}, {**_menu, **_response, "initial_channel": text(255)}),
    "multi_channels_select": _element("multi_channels_select", {}, {**_multi, "initial_channels": _ids}),
    "conversations_select": _element(
        "conversations_select", {}, {**_menu, **_conversations, **_response, "initial_conversation": text(255)}
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select", {}, {**_multi, **_conversations, "initial_conversations": _ids}
    ),
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            **_typed,
            "initial_value": text(3000),  # assumed: the empty string is refused, as everywhere else
            "multiline": boolean,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
        _lengths,
    ),
    "email_text_input": _element(
        "email_text_input", {}, {**_typed, "initial_value": matching(_EMAIL.pattern, "must be a valid email")}
    ),
    "url_text_input": _element(
        "url_text_input", {}, {**_typed, "initial_value": matching(f"(?i:{_URL.pattern})", "must be a valid url")}
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_typed, "initial_value": _numeral, "min_value": _numeral, "max_value": _numeral},
        _numbers,
    ),
    "rich_text_input": _element(
        "rich_text_input",
        {},
        {**_typed, "initial_value": rich_text, "min_lines": number(1, 100), "max_lines": number(1, 100)},
    ),
    "file_input": _element("file_input", {}, {"filetypes": many(text(50), 1, 100), "max_files": number(1, 10)}),
    "feedback_buttons": _element("feedback_buttons", {"positive_button": _reaction, "negative_button": _reaction}, {}),
    "icon_button": _element(
        "icon_button",
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "value": text(2000),
            "confirm": confirm,
            "accessibility_label": text(75),
            "visible_to_user_ids": _ids,
        },
    ),
}

_SELECTS = {
    f"{multi}{source}_select"
    for multi in ("", "multi_")
    for source in ("static", "external", "users", "channels", "conversations")
}
_PICKERS = {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
_PRESSED = {"button", "workflow_button", "overflow"}

# docs.slack.dev/reference/block-kit/block-elements: what each block may hold.
IN_ACTIONS = _SELECTS | _PICKERS | _PRESSED | {"datetimepicker", "rich_text_input"}
IN_SECTION = _SELECTS | _PICKERS | _PRESSED | {"image"}
IN_INPUT = (
    _SELECTS
    | _PICKERS
    | {"datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input"}
    | {"rich_text_input", "file_input"}
)


def email(value: str) -> bool:
    """Whether Slack takes this for an e-mail address (assumed form)."""
    return _EMAIL.fullmatch(value) is not None


def address(value: str) -> bool:
    """Whether Slack takes this for a URL (assumed form)."""
    return _URL.fullmatch(value) is not None


def among(*groups: set[str]) -> dict[str, Check]:
    """The elements of these names."""
    return {name: ELEMENTS[name] for group in groups for name in sorted(group)}
