"""What a person enters into an element: the state that Slack keeps for it and what its client refuses."""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from bot.sandbox.slack.kit.elements import address, choices, email
from bot.sandbox.slack.kit.surfaces import elements
from bot.sandbox.slack.terms import Json, Refusal

# element type: (key of its state, key of its initial value, whether it holds several)
_KEYS = {
    "plain_text_input": ("value", "initial_value", False),
    "email_text_input": ("value", "initial_value", False),
    "url_text_input": ("value", "initial_value", False),
    "number_input": ("value", "initial_value", False),
    "rich_text_input": ("rich_text_value", "initial_value", False),
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "radio_buttons": ("selected_option", "initial_option", False),
    "checkboxes": ("selected_options", "initial_options", True),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "users_select": ("selected_user", "initial_user", False),
    "multi_users_select": ("selected_users", "initial_users", True),
    "channels_select": ("selected_channel", "initial_channel", False),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
    "file_input": ("files", "", True),
}
_TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_OPTIONS = {
    "static_select", "external_select", "radio_buttons", "checkboxes", "multi_static_select", "multi_external_select",
}  # fmt: skip
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_REQUIRED = "Please complete this required field."


class Surroundings(Protocol):
    """What choosing needs to know about the workspace."""

    def user_id(self, name: str) -> str | None:
        """A member by id, name or `@name`."""

    def channel_id(self, name: str) -> str | None:
        """A channel by id, name or `#name`."""

    def upload(self, file: Json) -> Json:
        """The file object of `{name, base64, alt?}`."""

    def suggested(self, element: Json) -> list[Json]:
        """The options that an external select has offered last."""


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) for each element that keeps a value."""
    for block in blocks:
        for one in [block, *block.get("child_blocks", [])]:
            for element in elements(one) if "child_blocks" not in one else ():
                if element.get("type") in _KEYS:
                    yield one, element


def holds_state(element: Json) -> bool:
    """Whether the element keeps a value."""
    return element["type"] in _KEYS


def initial(element: Json, conversation: str | None = None) -> Json:
    """The state of an untouched element; `conversation` is where the person is."""
    key, source, several = _KEYS[element["type"]]
    value = element.get(source)
    if value is None and element.get("default_to_current_conversation") and conversation:
        value = [conversation] if several else conversation
    if value is None:
        value = [] if several else None
    if element["type"] == "rich_text_input" and value is None:
        return {"type": element["type"]}
    return {"type": element["type"], key: value}


def still_fits(element: Json, state: Json) -> bool:
    """Whether a value that was entered survives a redrawing of its element."""
    if state["type"] != element["type"]:
        return False
    if element["type"] in _OPTIONS and "external" not in element["type"]:
        value = state[_KEYS[element["type"]][0]]
        chosen = value if isinstance(value, list) else [value] if value else []
        return all(one in choices(element) for one in chosen)
    return True


def entered(element: Json, value: Any, around: Surroundings) -> Json:
    """The state after this value was entered. Raises Refusal when the element can't take it."""
    kind = element["type"]
    if kind not in _KEYS:
        raise Refusal(f"a {kind} takes no value")
    key, _, several = _KEYS[kind]
    if several:
        values = [] if value in (None, "") else value if isinstance(value, list) else [value]
        chosen = [_single(element, one, around) for one in values]
        _not_too_many(element, chosen)
        return {"type": kind, key: chosen}
    if isinstance(value, list):
        raise Refusal(f"a {kind} takes one value, not several")
    if value in (None, ""):
        return initial({"type": kind})
    return {"type": kind, key: _single(element, value, around)}


def _not_too_many(element: Json, chosen: list[Any]) -> None:
    most = element.get("max_selected_items") or element.get(
        "max_files", 10 if element["type"] == "file_input" else None
    )
    if most is not None and len(chosen) > most:
        raise Refusal(f"no more than {most} can be chosen")


def _single(element: Json, value: Any, around: Surroundings) -> Any:
    kind = element["type"]
    if kind in _OPTIONS:
        return _option(element, value, around)
    if kind in _TYPED:
        return _line(kind, value)
    if kind == "rich_text_input":
        return value if isinstance(value, dict) else _as_rich_text(str(value))
    if kind == "file_input":
        return _file(element, value, around)
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        return _moment(kind, value)
    person = "users" in kind
    found = around.user_id(str(value)) if person else around.channel_id(str(value))
    if found is None:
        raise Refusal(f"there is no {'person' if person else 'channel'} {value!r}")
    return found


def _option(element: Json, value: Any, around: Surroundings) -> Json:
    options = around.suggested(element) if "external" in element["type"] else choices(element)
    for option in options:
        if option["value"] == value:
            return dict(option)
    offered = ", ".join(option["value"] for option in options)
    raise Refusal(f"{value!r} isn't an option of {element['action_id']!r}; it offers: {offered}")


def _line(kind: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal(f"a {kind} takes text")
    return str(value)


def _as_rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _file(element: Json, value: Any, around: Surroundings) -> Json:
    if not isinstance(value, dict) or "name" not in value:
        raise Refusal("a file is {name, base64, alt?}")
    ending = str(value["name"]).rpartition(".")[2].lower()
    allowed = [one.lower() for one in element.get("filetypes", [])]
    if allowed and ending not in allowed:
        raise Refusal(f"this field takes only files of type {', '.join(allowed)}")
    return around.upload(value)


def _moment(kind: str, value: Any) -> Any:
    if kind == "datetimepicker":
        if isinstance(value, bool) or not str(value).isdigit() or len(str(value)) != 10:
            raise Refusal("a datetimepicker takes seconds since 1970, ten digits")
        return int(value)
    form, words = (_DATE, "YYYY-MM-DD") if kind == "datepicker" else (_TIME, "HH:MM")
    if not form.fullmatch(str(value)):
        raise Refusal(f"a {kind} takes {words}")
    return str(value)


def complaint(block: Json, element: Json, state: Json) -> str | None:
    """Why Slack's client would not submit this input, or None. Wording assumed, but for the required field."""
    kind = element["type"]
    value = state.get(_KEYS[kind][0])
    if value is None or value == []:
        return None if block.get("optional") else _REQUIRED
    if kind == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        if len(value) < low:
            return f"Please enter at least {low} characters."
        return f"Please enter no more than {high} characters." if len(value) > high else None
    if kind == "email_text_input":
        return None if email(value) else "Please enter a valid email address."
    if kind == "url_text_input":
        return None if address(value) else "Please enter a valid URL."
    return _number_complaint(element, value) if kind == "number_input" else None


def _number_complaint(element: Json, value: str) -> str | None:
    if not re.fullmatch(r"-?\d+(?:\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+", value):
        return "Please enter a number." if element["is_decimal_allowed"] else "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Please enter a number no smaller than {low}."
    return f"Please enter a number no greater than {high}." if high is not None and float(value) > float(high) else None
