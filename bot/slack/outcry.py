"""A blocking way to Slack of its own, for a thread that speaks while the loop is stuck."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

from bot.slack.asking import TIMEOUT
from bot.slack.payload import text_at

log = logging.getLogger(__name__)


class Outcry:
    """Posts plain sentences. base_url ends in a slash. Nothing is tried twice: a thread must not hang on it."""

    def __init__(self, token: str, base_url: str) -> None:
        self._web = WebClient(token, base_url=base_url, timeout=round(TIMEOUT), retry_handlers=[])

    def post(self, where: str, text: str) -> tuple[str, str] | None:
        """Says it in a channel, or to `@` and a member's id; the message's channel and ts, None where it failed."""
        channel = where
        if where.startswith("@"):
            opened = self._ask("conversations.open", users=where.rpartition(":")[2].removeprefix("@"))
            channel = text_at(opened, "channel", "id")
        if not channel:
            return None
        said = self._ask("chat.postMessage", channel=channel, text=text, unfurl_links=False, unfurl_media=False)
        return (channel, ts) if (ts := text_at(said, "ts")) else None

    def edit(self, placed: tuple[str, str], text: str) -> bool:
        """Says something else in its place; whether Slack took it."""
        return bool(self._ask("chat.update", channel=placed[0], ts=placed[1], text=text))

    def _ask(self, method: str, **arguments: object) -> Mapping[str, Any]:
        """The answer; empty where there was none, whatever it was that came instead."""
        try:
            answer = self._web.api_call(method, json=arguments)
        except Exception as error:  # noqa: BLE001 - slack_sdk breaks on what isn't JSON, and the thread has to go on
            log.warning("%s did not help: %s", method, type(error).__name__)
            return {}
        return answer.data if isinstance(answer.data, dict) else {}
