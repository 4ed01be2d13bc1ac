"""Whatever Slack's published types refuse, the sandbox refuses; it may be stricter, never laxer."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from bot.sandbox.slack.kit.surfaces import check_blocks, check_view
from tests.fidelity.block_payloads import SCHEMA, Shapes, broken, changed_once
from tests.sandbox_slack.conftest import actions, field_of
from tests.sandbox_slack.test_blocks import ELEMENTS, GOOD, INPUTS, known

pytestmark = [
    pytest.mark.skipif(not SCHEMA.exists(), reason=f"no reference at {SCHEMA} (set VOCERO_REFERENCE)"),
    pytest.mark.slow,
]
WHOLE = [one for one in GOOD if one["type"] != "actions"]
WHOLE += [actions({**one, "action_id": "a"}) for one in ELEMENTS]
WHOLE += [field_of("a", one) for one in INPUTS]
SURFACES = ("message", "modal", "home")
VIEWS = {"modal": "ModalView", "home": "HomeView"}
many = settings(max_examples=800, suppress_health_check=list(HealthCheck))


@cache
def schema() -> dict[str, Any]:
    """The published types."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


@cache
def judge(name: str) -> Draft7Validator:
    """What one of the types refuses."""
    return Draft7Validator({**schema(), "$ref": f"#/definitions/{name}"})


@cache
def definitions() -> dict[str, str]:
    """The type for each kind of block: asked alone, it answers twenty times sooner than all together."""
    found = {}
    for one in schema()["definitions"]["KnownBlock"]["anyOf"]:
        name = one["$ref"].rpartition("/")[2]
        shape = schema()["definitions"][name]
        for variant in shape.get("anyOf", [shape]):
            found[variant["properties"]["type"]["const"]] = name
    return found


def fits(block: Any) -> bool:
    """Whether the published types take this block."""
    kind = block.get("type") if isinstance(block, dict) else None
    name = definitions().get(kind) if isinstance(kind, str) else None
    return name is not None and judge(name).is_valid(block)


@cache
def shapes() -> Shapes:
    """Strategies for each type."""
    return Shapes(schema()["definitions"])


@pytest.mark.parametrize("block", [*GOOD, {"type": "sparkle"}, {}, None, {"type": []}], ids=lambda one: repr(one)[:30])
def test_one_type_alone_judges_as_all_together(block: Any) -> None:
    assert fits(block) == judge("KnownBlock").is_valid(block)


@pytest.mark.parametrize("whole", WHOLE, ids=lambda one: str(one["type"]))
def test_no_single_change_is_taken_that_slack_refuses(whole: Any) -> None:
    refused = [one for one in changed_once(whole) if not fits(one)]
    assert len(refused) > 8
    laxer = [one for one in refused if any(not check_blocks([one], surface, known) for surface in SURFACES)]
    assert laxer == []


def test_no_block_is_taken_that_slack_refuses() -> None:
    met: Counter[str] = Counter()

    @many
    @given(broken(st.deferred(lambda: shapes().named("KnownBlock")) | st.sampled_from(GOOD)))
    def try_one(block: Any) -> None:
        if fits(block):
            met["right"] += 1
            return
        met["wrong"] += 1
        for surface in SURFACES:
            assert check_blocks([block], surface, known), f"{surface} takes {json.dumps(block)}"

    try_one()
    assert met["wrong"] > 300, met


def test_no_view_is_taken_that_slack_refuses() -> None:
    met: Counter[str] = Counter()

    @many
    @given(broken(st.deferred(lambda: shapes().named("ModalView") | shapes().named("HomeView"))))
    def try_one(view: Any) -> None:
        kind = view.get("type") if isinstance(view, dict) else None
        if judge(VIEWS.get(str(kind), "ModalView")).is_valid(view):
            met["right"] += 1
            return
        met["wrong"] += 1
        assert check_view(view, known), f"takes {json.dumps(view)}"

    try_one()
    assert met["wrong"] > 300, met


def test_what_is_right_is_not_refused_for_its_shape() -> None:
    """Else nothing would be proven: most of what the types make is taken on some surface, or refused for a limit."""
    met: Counter[bool] = Counter()

    @settings(max_examples=400, suppress_health_check=list(HealthCheck))
    @given(st.deferred(lambda: shapes().named("KnownBlock")))
    def try_one(block: Any) -> None:
        met[any(not check_blocks([block], surface, known) for surface in SURFACES)] += 1

    try_one()
    assert met[True] > 40, met
