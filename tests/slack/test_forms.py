"""A form's fields: those that ride along, those that people fill in."""

import json
from typing import Any

import pytest

from bot.errors import FieldErrors
from bot.slack.blocks import checkboxes, files, moment, option, select, text_input
from bot.slack.forms import Form, Typed, field_of, typed_fields
from bot.slack.wire import BadPress, SharedFile


class Compose(Form, id="test.compose"):
    """As the real one, smaller."""

    draft: str
    channel: str = ""
    text: Typed[str | None] = None
    accounts: Typed[tuple[str, ...]] = ()
    due: Typed[int | None] = None
    pictures: Typed[tuple[SharedFile, ...]] = ()
    kind: Typed[str] = "talk"


class Strict(Form, id="test.strict"):
    """An input that must be filled."""

    reason: Typed[str]


def submitted(view: dict[str, Any], **elements: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it back, with its state."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        action_id = block["element"]["action_id"]
        name = action_id.rpartition(".")[2]
        if name in elements:
            values[block["block_id"]] = {action_id: elements[name]}
    return view | {"id": "V1", "hash": "1.h", "state": {"values": values}}


def drawn() -> dict[str, Any]:
    choices = [option("X", "x-1"), option("Facebook", "f-1")]
    return Compose(draft="d1", channel="C1").open(
        title="New post for a very long brand name",
        submit="Send",
        notify_on_close=True,
        blocks=[
            Compose.input("text", "Text", text_input("hola", lines=True), live=True),
            Compose.input("accounts", "Accounts", checkboxes(choices, ["x-1"]), fresh="2"),
            Compose.input("due", "When", moment(), optional=True),
            Compose.input("pictures", "Pictures", files("png", "jpg"), optional=True),
            Compose.input("kind", "Kind", select([option("Talk", "talk"), option("Sell", "sell")], "sell")),
        ],
    )


def test_the_view() -> None:
    view = drawn()
    assert view["callback_id"] == "test.compose"
    assert view["private_metadata"] == '{"draft":"d1","channel":"C1"}'
    assert len(view["title"]["text"]) == 24
    text, accounts = view["blocks"][:2]
    assert text["element"]["action_id"] == "test.compose.text"
    assert text["dispatch_action"]
    assert accounts["block_id"] == "accounts:2"
    assert accounts["element"]["initial_options"][0]["value"] == "x-1"


def test_what_was_typed_comes_back_raw() -> None:
    typed = " <b> & *x* :smile: https://example.org "
    view = submitted(
        drawn(),
        text={"type": "plain_text_input", "value": typed},
        accounts={"type": "checkboxes", "selected_options": [{"value": "x-1"}, {"value": "f-1"}]},
        due={"type": "datetimepicker", "selected_date_time": 1700000000},
        pictures={
            "type": "file_input",
            "files": [{"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 12, "url_private": "https://x/y"}],
        },
        kind={"type": "static_select", "selected_option": {"value": "sell"}},
    )
    form = Compose.parse(view)
    assert (form.draft, form.channel, form.text, form.due, form.kind) == ("d1", "C1", typed, 1700000000, "sell")
    assert form.accounts == ("x-1", "f-1")
    assert form.pictures == (
        SharedFile(id="F1", name="a.png", mimetype="image/png", size=12, url_private="https://x/y"),
    )


def test_empty_inputs() -> None:
    view = submitted(
        drawn(),
        text={"type": "plain_text_input", "value": None},
        accounts={"type": "checkboxes", "selected_options": []},
        due={"type": "datetimepicker", "selected_date_time": None},
        pictures={"type": "file_input"},
        kind={"type": "static_select", "selected_option": None},
    )
    assert Compose.parse(view) == Compose(draft="d1", channel="C1")


def test_a_person_cannot_type_over_what_rides_along() -> None:
    view = submitted(drawn()) | {"private_metadata": '{"draft":"d1","text":"forged","accounts":["x-9"]}'}
    view["state"]["values"]["draft"] = {"test.compose.draft": {"type": "plain_text_input", "value": "d2"}}
    assert Compose.parse(view) == Compose(draft="d1")


def test_errors_belong_to_their_fields() -> None:
    block = Strict.input("reason", "Why?", text_input())
    view = submitted(Strict(reason="x").open(title="Why?", blocks=[block], submit="Send"))
    with pytest.raises(FieldErrors) as caught:
        Strict.parse(view)
    assert caught.value.fields["reason"].key == "error.field"


FORGED = [
    None, "", "{", "[]", "{}", '{"draft":7}', "[" * 5000, json.dumps({"draft": "x" * 256}),
    json.dumps({"draft": "\0" * 250}), json.dumps({"draft": "d1", "kept": ["x" * 256]}),
]  # fmt: skip


@pytest.mark.parametrize("metadata", FORGED)
def test_forged_metadata_is_a_bad_press(metadata: str | None) -> None:
    with pytest.raises(BadPress) as caught:
        Compose.parse(submitted(drawn()) | {"private_metadata": metadata})
    assert caught.value.key == "error.form_old"


def test_a_glimpse_leaves_out_what_does_not_fit_yet() -> None:
    view = submitted(
        drawn(),
        text={"type": "plain_text_input", "value": "hola"},
        due={"type": "datetimepicker", "selected_date_time": "soon"},
    )
    assert Compose.glimpse(view) == Compose(draft="d1", channel="C1", text="hola")


def test_fields_are_named_once() -> None:
    assert typed_fields(Compose) == ("text", "accounts", "due", "pictures", "kind")
    assert field_of(Compose, "test.compose.text:1") == "text"
    assert field_of(Compose, "test.compose.draft") is None
    assert field_of(Compose, "text") is None
    with pytest.raises(TypeError):
        Compose.input("draft", "Draft", text_input())
    with pytest.raises(ValueError, match="ride along"):
        Compose(draft="x" * 3001).open(title="x", blocks=[])
