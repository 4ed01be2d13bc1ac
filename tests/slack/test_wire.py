"""One class packs a payload, routes it and parses it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks import actions, section
from bot.slack.wire import (
    BadPress,
    Button,
    Command,
    Reopen,
    all_known,
    drawn_in,
    known,
    link,
    menu,
    press_of,
)


class Approve(Button, id="test.approve"):
    """Two fields, one of them a number."""

    post: str
    revision: int


class Done(Button, id="test.done"):
    """Small enough for an option."""

    conversation: str
    reason: str = ""


def pressed(element: dict[str, Any]) -> dict[str, Any]:
    """What Slack sends when a button is pressed."""
    return {"type": element["type"], "action_id": element["action_id"], "value": element.get("value")}


def chosen(element: dict[str, Any], number: int) -> dict[str, Any]:
    """What Slack sends when a menu's option is chosen."""
    option = element["options"][number]
    return {"type": element["type"], "action_id": element["action_id"], "selected_option": option}


@given(st.text(max_size=300), st.integers())
def test_a_button_comes_back_as_it_was_drawn(post: str, revision: int) -> None:
    press = Approve(post=post, revision=revision)
    assert Approve.parse(pressed(press.draw("Approve"))) == press


def test_the_id_and_its_suffix() -> None:
    drawn = Approve(post="p1", revision=2).draw("Approve", suffix=3, style="primary", spoken="Approve the post")
    assert drawn["action_id"] == "test.approve:3"
    assert drawn["value"] == '{"post":"p1","revision":2}'
    assert drawn["accessibility_label"] == "Approve the post"
    assert press_of(pressed(drawn)) == Approve(post="p1", revision=2)


def test_labels_are_cut_and_fields_are_not() -> None:
    assert len(Approve(post="p", revision=1).draw("x" * 200)["text"]["text"]) == 75
    with pytest.raises(ValueError, match="2024 characters"):
        Approve(post="x" * 2000, revision=1).draw("Approve")


def test_a_menu_carries_presses() -> None:
    presses = [Done(conversation="c1", reason="spam"), Done(conversation="c1")]
    overflow = menu([("Spam", presses[0]), ("No reply", presses[1])], suffix="c1")
    assert overflow["type"] == "overflow"
    assert [press_of(chosen(overflow, n)) for n in (0, 1)] == presses
    select = menu([("Spam", presses[0]), ("No reply", presses[1])], placeholder="Why?", chosen=presses[1])
    assert select["type"] == "static_select"
    assert select["initial_option"] == select["options"][1]
    with pytest.raises(ValueError, match="option"):
        menu([("Spam", Done(conversation="c" * 150))])


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": "test.approve"},
        {"action_id": "test.approve", "value": "{"},
        {"action_id": "test.approve", "value": "[]"},
        {"action_id": "test.approve", "value": "null"},
        {"action_id": "test.approve", "value": '{"post":"p1"}'},
        {"action_id": "test.approve", "value": '{"post":{},"revision":1}'},
        {"action_id": "test.approve", "value": "[" * 5000},
        {"action_id": "nobody.knows", "value": "{}"},
        {"action_id": "menu", "selected_option": None},
        {"action_id": "menu", "selected_option": {"value": '{"!":"nobody.knows"}'}},
        {"action_id": "menu", "selected_option": {"value": '{"!":"test.done"}'}},
    ],
)
def test_what_means_nothing_is_a_bad_press(action: dict[str, Any]) -> None:
    with pytest.raises(BadPress) as caught:
        Approve.parse(action)
    assert caught.value.key == "error.button_old"


def test_one_class_does_not_parse_another() -> None:
    with pytest.raises(BadPress):
        Approve.parse(pressed(Done(conversation="c").draw("Done")))


def test_old_buttons_lose_fields_and_new_ones_have_defaults() -> None:
    old = {"action_id": "test.done", "value": json.dumps({"conversation": "c1", "mood": "removed long ago"})}
    assert press_of(old) == Done(conversation="c1")


def test_an_id_is_written_once() -> None:
    with pytest.raises(TypeError, match=r"test\.approve"):
        type("Again", (Button,), {"__module__": __name__}, id="test.approve")
    assert known(Button, "test.approve") is Approve
    assert known(Command, "test.approve") is None
    assert Approve in all_known(Button)


def test_what_is_drawn_can_be_listed() -> None:
    blocks = [
        section("x", accessory=menu([("Done", Done(conversation="c"))])),
        actions(Approve(post="p", revision=1).draw("A"), None, link("Open", "https://example.org")),
        actions(Reopen(key="k").draw("Open")),
    ]
    assert drawn_in(blocks) == {Done, Approve, Reopen}
    with pytest.raises(BadPress):
        drawn_in([actions({"type": "button", "action_id": "nobody.knows", "value": "{}"})])
