"""The manifest asks for each scope that a call of ours needs, and for no other; the sandbox refuses what it lacks."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.sandbox import world
from bot.sandbox.slack.installed import installed
from bot.sandbox.slack.methods import METHODS
from bot.slack.manifest import manifest
from tests.sandbox_networks.pictures import PNG
from tests.sandbox_slack.conftest import Place, Starter
from tests.test_manifest import EVENTS, called
from tests.test_manifest import METHODS as NEEDED

APP = manifest()
ASKED = frozenset(APP["oauth_config"]["scopes"]["bot"])
PUBLIC, PRIVATE, DIRECT = "C01GENERAL1", "private", "direct"
WHERE = {"channels": PUBLIC, "groups": PRIVATE, "im": DIRECT}
SAID = {"text": "Hola", "channel": PUBLIC}


def calls(scope: str) -> Mapping[str, dict[str, Any]]:
    """Calls of ours that can't do without this scope."""
    family = scope.partition(":")[0]
    read = {"channel": WHERE.get(family, ""), "ts": "1.0"}
    types = {"channels": "public_channel", "groups": "private_channel"}
    found: dict[str, Mapping[str, dict[str, Any]]] = {
        "chat:write": {
            "chat.postMessage": SAID,
            "chat.postEphemeral": {**SAID, "user": "U01ANA00001"},
            "chat.update": {**SAID, "ts": "1.0"},
        },
        "dnd:read": {"dnd.info": {"user": "U01ANA00001"}},
        "files:read": {"files.info": {"file": "F1"}},
        "files:write": {
            "files.getUploadURLExternal": {"filename": "a.png", "length": 1},
            "files.completeUploadExternal": {"files": [{"id": "F1"}]},
            "files.delete": {"file": "F1"},
        },
        "im:write": {"conversations.open": {"users": "U01ANA00001"}},
        "users:read": {"users.info": {"user": "U01ANA00001"}, "users.list": {}},
    }
    if scope.endswith(":history"):
        return {"conversations.history": read, "conversations.replies": read}
    if scope in ("channels:read", "groups:read"):
        return {
            "conversations.info": {"channel": WHERE[family]},
            "conversations.members": {"channel": WHERE[family]},
            "conversations.list": {"types": types[family]},
        }
    return found.get(scope, {})


async def furnished(place: Place, args: dict[str, Any]) -> dict[str, Any]:
    """The same with the ids of a private channel and of a direct message."""
    if args.get("channel") == PRIVATE:
        if place.workspace.channels.named("secret") is None:
            await place.act("admin", act="create", name="secret", private=True, members=["ana"])
        found = place.workspace.channels.named("secret")
        assert found is not None
        return {**args, "channel": found["id"]}
    if args.get("channel") == DIRECT:
        return {**args, "channel": place.workspace.channels.direct("U01ANA00001")["id"]}
    return args


def without(scope: str) -> dict[str, object]:
    """Our app, if its manifest left this scope out."""
    slimmer = json.loads(json.dumps(APP))
    slimmer["oauth_config"]["scopes"]["bot"].remove(scope)
    return installed(slimmer)


def test_every_scope_is_proven_by_a_call_or_by_what_slack_delivers() -> None:
    delivered = {"commands"}.union(*EVENTS.values())
    assert {scope for scope in ASKED if not calls(scope)} == {scope for scope in delivered if not calls(scope)}
    tried = {(method, scope) for scope in ASKED for method in calls(scope)}
    assert tried == {(method, scope) for method, scopes in NEEDED.items() for scope in scopes}
    assert set(called()) == NEEDED.keys() <= METHODS.keys()


@pytest.mark.parametrize("scope", sorted(scope for scope in ASKED if calls(scope)))
async def test_without_it_the_call_is_refused_and_with_it_not(start: Starter, scope: str) -> None:
    place, whole = await start(extra=without(scope)), await start(extra=installed(APP))
    for method, args in calls(scope).items():
        refused = await place.call(method, **await furnished(place, args))
        assert (refused["ok"], refused["error"]) == (False, "missing_scope"), method
        assert refused["needed"] == scope
        assert set(refused["provided"].split(",")) == ASKED - {scope}
        assert (await whole.call(method, **await furnished(whole, args))).get("error") != "missing_scope", method


async def test_a_picture_needs_its_scope_too(start: Starter) -> None:
    headers = {"Authorization": f"Bearer {world.BOT_TOKEN}"}
    for extra, kind in ((installed(APP), "image/png"), (without("files:read"), "text/html")):
        place = await start(extra=extra)
        file = place.workspace.upload({"name": "a.png", "base64": base64.b64encode(PNG).decode()})
        async with place.session.get(file["url_private"], headers=headers) as answer:
            assert (answer.status, answer.content_type) == (200, kind)


async def test_no_call_of_ours_lacks_a_scope(start: Starter) -> None:
    place = await start(extra=installed(APP))
    for method in called():
        assert (await place.call(method)).get("error") != "missing_scope", method
    assert (await place.call("reactions.add", channel=PUBLIC, name="a", timestamp="1.0"))["needed"] == "reactions:write"
