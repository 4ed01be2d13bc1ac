"""A blocking way to Slack of its own, for a thread that speaks while the loop is stuck."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.asking import TIMEOUT


class Outcry:
    """Posts plain sentences. base_url ends in a slash. Nothing is tried twice: a thread must not hang on it."""

    def __init__(self, token: str, base_url: str) -> None:
        self._web = WebClient(token, base_url=base_url, timeout=round(TIMEOUT), retry_handlers=[])

    def post(self, where: str, text: str) -> tuple[str, str] | None:
        """Says it in a channel, or to `@` and a member's id; the message's channel and ts, None where it failed."""
        try:
            channel = where
            if where.startswith("@"):
                opened = self._web.conversations_open(users=where.rpartition(":")[2].removeprefix("@"))
                channel = str(opened["channel"]["id"])
            answer = self._web.chat_postMessage(channel=channel, text=text, unfurl_links=False, unfurl_media=False)
        except (SlackClientError, OSError):
            return None
        return channel, str(answer["ts"])

    def edit(self, placed: tuple[str, str], text: str) -> bool:
        """Says something else in its place; whether Slack took it."""
        try:
            self._web.chat_update(channel=placed[0], ts=placed[1], text=text)
        except (SlackClientError, OSError):
            return False
        return True
