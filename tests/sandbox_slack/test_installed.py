"""The workspace is as strict as the app's manifest: no event, scope or shortcut that it doesn't name."""

import json
from pathlib import Path

from bot.sandbox.slack.installed import install, installed
from bot.slack.manifest import manifest
from tests.sandbox_slack.conftest import Connect, Starter

APP = manifest("es")


async def test_the_bot_may_do_what_its_manifest_says_and_nothing_else(start: Starter, connect: Connect) -> None:
    place = await start(extra=installed(APP))
    bot = await connect(place)
    assert (await place.call("users.info", user="U01ANA00001"))["ok"]
    assert (await place.call("conversations.open", users="U01ANA00001"))["ok"]
    refused = await place.call("reactions.add", channel="C01GENERAL1", name="tada", timestamp="1.0")
    assert (refused["error"], refused["needed"]) == ("missing_scope", "reactions:write")
    await place.act("message", user="ana", channel="#general", text="only what the manifest asks for")
    await place.act("message", user="ana", channel="#general", text="@vocero hola")
    assert {one["event"]["type"] for one in bot.heard} == {"app_mention", "message"}


async def test_the_page_lists_the_shortcuts_of_the_manifest(start: Starter) -> None:
    place = await start(extra=installed(APP))
    listed = (await place.read("state"))["shortcuts"]
    assert [(one["callback_id"], one["type"], one["name"]) for one in listed] == [
        ("new_post", "global", "Nueva publicación"),
        ("stop_publishing", "global", "Parar publicaciones"),
        ("reply_in_public", "message", "Responder en público"),
        ("check_fact", "message", "Verificar este dato"),
    ]


def test_it_comes_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(APP), "utf-8")
    assert install(path) == installed(APP)
    assert installed({}) == {"slack_events": frozenset(), "slack_scopes": frozenset(), "slack_shortcuts": []}
