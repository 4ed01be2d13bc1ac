"""Builders cut, the check refuses; and what passes the check passes Slack's published schema where it is present."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.slack import blocks as kit
from bot.slack.limits import PayloadTooBig, check_message, check_view
from bot.slack.wire import Button, link, menu

SCHEMA = Path(__file__).parents[3] / "shared" / "slack" / "blocks.schema.json"
LONG = "👩‍👩‍👧‍👦é" * 5000


class Press(Button, id="test.limits"):
    """Any."""

    n: int = 0


EVERYTHING: list[kit.Block] = [
    kit.header(LONG),
    kit.section(LONG, accessory=Press().draw(LONG, confirm=kit.confirm(LONG, LONG, LONG, LONG)), block_id="s"),
    kit.section(fields=["x" * 3000, *"abcdefghijklmnop"]),
    kit.context(LONG, "x", kit.thumbnail(LONG, url="https://example.org/a.png")),
    kit.actions(
        *(Press(n=n).draw("Go", suffix=n) for n in range(20)),
        menu([("A", Press())]),
        link("Open", "https://example.org", suffix=1),
    ),
    kit.divider(),
    kit.image(LONG, url="https://example.org/a.png", title=LONG),
    kit.rich("<@U1> *hi*", quote=True),
]


def test_builders_cut() -> None:
    for block in EVERYTHING:
        check_message("x", [block])
    assert kit.plain("")["text"] == " "


def test_a_message_has_text() -> None:
    with pytest.raises(PayloadTooBig, match="empty"):
        check_message("", [kit.divider()])


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([kit.divider()] * 51, "51 of at most 50"),
        ([kit.section("x" * 3000)] * 5, "characters together"),
        ([kit.section("x", block_id="a"), kit.section("y", block_id="a")], "twice"),
        ([kit.actions(Press().draw("a"), Press().draw("b"))], "twice"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "3001"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": ""}}], "empty"),
        ([{"type": "section"}], "neither"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "151"),
        ([kit.actions()], "0 of 1 to 25"),
        ([kit.actions(*(Press(n=n).draw("Go", suffix=n) for n in range(26)))], "26 of 1 to 25"),
        ([kit.actions(menu([(str(n), Press(n=n)) for n in range(6)]))], "6 of 1 to 5"),
        ([{"type": "image", "alt_text": "x" * 2001, "image_url": "https://x"}], "2001"),
        ([{"type": "input", "label": kit.plain("x"), "element": kit.text_input()}], "input in a message"),
    ],
)
def test_what_slack_would_refuse_never_leaves(blocks: list[Any], problem: str) -> None:
    with pytest.raises(PayloadTooBig, match=problem):
        check_message("x", blocks)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": kit.plain("x" * 25)}, "title"),
        ({"private_metadata": "x" * 3001}, "private_metadata"),
        ({"blocks": [kit.divider()] * 101}, "101"),
        ({"blocks": [{"type": "input", "label": kit.plain("x"), "element": {"type": "plain_text_input"}}]}, "submit"),
        ({"blocks": [{"type": "section", "text": kit.plain("x" * 3000)}] * 99}, "bytes"),
    ],
)
def test_views_have_limits_too(change: dict[str, Any], problem: str) -> None:
    view = {"type": "modal", "title": kit.plain("x"), "blocks": []}
    check_view(view)
    with pytest.raises(PayloadTooBig, match=problem):
        check_view(view | change)


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's schema isn't here")
@pytest.mark.parametrize("block", EVERYTHING, ids=lambda block: str(block["type"]))
def test_builders_follow_the_schema(block: kit.Block) -> None:
    import jsonschema  # noqa: PLC0415 - only where the schema is

    schema = json.loads(SCHEMA.read_text())
    jsonschema.validate(block, schema | {"$ref": "#/definitions/KnownBlock"})
