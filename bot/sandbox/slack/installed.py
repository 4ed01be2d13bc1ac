"""What a Slack app's manifest makes of the workspace: which events it hears, what it may do, what the menus list."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def installed(manifest: Mapping[str, Any]) -> dict[str, object]:
    """The entries of `Sandbox.extra` for an app with this manifest: `slack_events`, `slack_scopes`, `slack_shortcuts`.

    The format is https://docs.slack.dev/reference/app-manifest. What a manifest leaves out, the app hasn't got.
    """
    settings, features = manifest.get("settings", {}), manifest.get("features", {})
    listed = ("callback_id", "type", "name", "description")
    return {
        "slack_events": frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        "slack_scopes": frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        "slack_shortcuts": [{name: each[name] for name in listed} for each in features.get("shortcuts", ())],
    }


def install(path: Path) -> dict[str, object]:
    """The same from a JSON file."""
    found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    return installed(found)
