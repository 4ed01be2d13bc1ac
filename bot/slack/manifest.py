"""The Slack app as Slack must be told about it: what it listens to, what it may do, what its menus say.

`app.yaml` is this, in English and for Socket Mode. Slack's manifests have one language an app. The format is
https://docs.slack.dev/reference/app-manifest, version 2; a test compares it with what the code routes and calls.
"""

from dataclasses import dataclass
from typing import Any, Literal

import yaml

from bot.text.words import words_for


@dataclass(frozen=True)
class Listed:
    """A shortcut in Slack's menus; `name` is the key of its label (24 characters at most)."""

    callback_id: str
    kind: Literal["global", "message"]
    name: str


COMMANDS = ("/vocero",)
SHORTCUTS = (
    Listed("new_post", "global", "shortcut.new_post"),
    Listed("stop_publishing", "global", "shortcut.stop"),
    Listed("reply_in_public", "message", "shortcut.reply_public"),
    Listed("check_fact", "message", "shortcut.check_fact"),
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.groups",
    "reaction_added",
    "reaction_removed",
)
SCOPES = {  # each with what it is for; nothing is asked for before it is used
    "app_mentions:read": "the event app_mention",
    "channels:history": "answers under our cards, finding one posted just before a crash, in public channels",
    "channels:read": "names and members of public channels",
    "chat:write": "cards, answers, digests",
    "commands": "/vocero and the shortcuts",
    "dnd:read": "whether an alarm would ring whoever takes a shift",
    "files:read": "pictures that people add to a post",
    "files:write": "copies of pictures in comments, shown on cards; what is exported of a person, for whoever asked",
    "groups:history": "as channels:history, in private channels",
    "groups:read": "names and members of private channels",
    "im:history": "as channels:history, in direct messages",
    "im:write": "opening a direct message",
    "reactions:read": "👀 on a conversation's card, which claims it",
    "users:read": "names, languages, time zones, and who owns the workspace",
}
ENDPOINT = "/slack/events"  # one address for commands, interactivity and events

_HINTED = ("post", "today", "inbox", "stop", "help")
_HEADER = "# The Slack app's manifest, in English and for Socket Mode; `vocero manifest` prints it for others.\n"


def manifest(lang: str = "en", url: str | None = None) -> dict[str, Any]:
    """The manifest in "en" or "es": for Socket Mode, or for signed HTTP at the public address `url`."""
    words = words_for(lang)
    asked = {"request_url": url.rstrip("/") + ENDPOINT} if url else {}
    command = {
        "description": words("manifest.command"),
        "usage_hint": f"[{' | '.join(words(f'command.{verb}') for verb in _HINTED)}]",
        "should_escape": False,  # what is typed may become a post: it must arrive as it was typed
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Vocero",
            "description": words("manifest.about"),
            "long_description": words("manifest.more"),
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {  # nobody reads what is written to the app, so nothing can be
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Vocero", "always_online": True},
            "shortcuts": [
                {
                    "name": words(shortcut.name),
                    "type": shortcut.kind,
                    "callback_id": shortcut.callback_id,
                    "description": words(f"manifest.{shortcut.callback_id}"),
                }
                for shortcut in SHORTCUTS
            ],
            "slash_commands": [
                {"command": name, **({"url": asked["request_url"]} if asked else {}), **command} for name in COMMANDS
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **asked},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def render(lang: str = "en", url: str | None = None) -> str:
    """The manifest as YAML, ready to be pasted at api.slack.com/apps."""
    return yaml.safe_dump(manifest(lang, url), sort_keys=False, allow_unicode=True, width=110)


def app_yaml() -> str:
    """The text of `app.yaml`."""
    return _HEADER + render()
