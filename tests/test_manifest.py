"""The Slack app's manifest is what the code routes and calls, no more and no less, and Slack accepts it."""

import ast
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.__main__ import arguments
from bot.discovery import find_router
from bot.slack import manifest
from bot.slack.wire import Command, MessageShortcut, Shortcut, SlackEvent
from bot.text.verbs import Verb

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "slack"
ROUTES = find_router().routes()

_HISTORY = {"channels:history", "groups:history", "im:history"}  # cards are in channels and in direct messages
METHODS: dict[str, set[str]] = {  # the Web API's methods that we call, each with all the bot scopes that we need there
    "auth.test": set(),
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": _HISTORY,
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": _HISTORY,
    "dnd.info": {"dnd:read"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
EVENTS: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}


@cache
def reference(name: str) -> Any:
    """One of Slack's own files; without them the test is left out."""
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"no reference at {path} (set VOCERO_REFERENCE)")
    return json.loads(path.read_text("utf-8"))


def called() -> Iterator[str]:
    """Every name of a method in the code that speaks with Slack: nothing else looks like one there."""
    for path in sorted((ROOT / "bot" / "slack").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"^(?:auth|chat|conversations|dnd|files|reactions|users|views)\.\w+$", node.value)


# What Slack is told


def test_app_yaml_is_the_manifest_of_the_code() -> None:
    assert (ROOT / "app.yaml").read_text("utf-8") == manifest.app_yaml()
    assert yaml.safe_load(manifest.app_yaml()) == manifest.manifest()


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("url", [None, "https://vocero.example/"])
def test_slack_accepts_the_manifest(lang: str, url: str | None) -> None:
    schema = reference("manifest.schema.json")
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(manifest.render(lang, url)))


def test_with_an_address_slack_calls_it_and_without_it_nothing() -> None:
    there, here = manifest.manifest(url="https://vocero.example/"), manifest.manifest()
    address = "https://vocero.example/slack/events"
    assert there["settings"]["event_subscriptions"]["request_url"] == address
    assert there["settings"]["interactivity"]["request_url"] == address
    assert there["features"]["slash_commands"][0]["url"] == address
    assert [there["settings"]["socket_mode_enabled"], here["settings"]["socket_mode_enabled"]] == [False, True]
    assert "url" not in json.dumps(here)


@pytest.mark.parametrize("url", ["vocero.example", "http://vocero.example", "https://", "https://a b", "https://a?b=c"])
def test_no_manifest_is_made_for_what_slack_cannot_call(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments().parse_args(["manifest", "--url", url])
    assert ended.value.code == 2
    assert "is no public address: write https://" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["en", "es"])
def test_labels_fit_where_slack_shows_them(lang: str) -> None:
    told = manifest.manifest(lang)
    for shortcut in told["features"]["shortcuts"]:
        assert 0 < len(shortcut["name"]) <= 24, shortcut
        assert 0 < len(shortcut["description"]) <= 150, shortcut
    assert 0 < len(told["display_information"]["description"]) <= 140
    assert manifest.manifest("es")["features"]["shortcuts"] != manifest.manifest("en")["features"]["shortcuts"]


# What the code routes and calls


def test_the_one_command_leads_to_every_verb_that_is_routed() -> None:
    assert [each["command"] for each in manifest.manifest()["features"]["slash_commands"]] == ["/vocero"]
    verbs = ROUTES.ids(Command) - {"", "?"}
    assert verbs
    assert verbs <= set(Verb)
    assert {"", "?"} <= ROUTES.ids(Command)


def test_the_shortcuts_are_those_that_are_routed() -> None:
    listed = manifest.manifest()["features"]["shortcuts"]
    by_kind = {kind: {each["callback_id"] for each in listed if each["type"] == kind} for kind in ("global", "message")}
    assert by_kind == {"global": ROUTES.ids(Shortcut), "message": ROUTES.ids(MessageShortcut)}


def test_the_events_are_those_that_are_routed() -> None:
    events = manifest.manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == EVENTS.keys()
    assert {event.partition(".")[0] for event in events} == ROUTES.ids(SlackEvent)


def test_the_methods_are_those_that_the_code_calls() -> None:
    assert set(called()) == METHODS.keys()


def test_the_scopes_are_those_that_are_needed_and_no_other() -> None:
    needed = {"commands"}.union(*METHODS.values(), *EVENTS.values())
    assert set(manifest.manifest()["oauth_config"]["scopes"]["bot"]) == needed
    assert all(manifest.SCOPES.values())


def test_slack_asks_for_these_scopes_too() -> None:
    methods = reference("methods.json")
    for name, scopes in METHODS.items():
        asked = set(methods[name]["bot_scopes"] or ())
        assert scopes <= asked, name
        assert bool(scopes) == bool(asked), name
