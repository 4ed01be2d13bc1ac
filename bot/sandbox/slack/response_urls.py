"""Response URLs: five answers within half an hour to a command or a press, without a token (assumed: both figures)."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox import world
from bot.sandbox.slack.terms import secret

PATH = "/response"
USES = 5
LIFE = 1800.0


@dataclass
class Origin:
    """Where an answer goes: to whom, in which conversation, in place of which message (`ts`)."""

    user: str
    channel: str
    ts: str | None
    until: float
    left: int = USES


class ResponseUrls:
    """Live in memory: a restart of the sandbox ends them."""

    def __init__(self, url: str, now: Callable[[], float]) -> None:
        self.url = url
        self.now = now
        self.kept: dict[str, Origin] = {}

    def issue(self, kind: str, user: str, channel: str, ts: str | None = None) -> str:
        """A fresh URL; `kind` is commands or actions."""
        now = self.now()
        self.kept = {key: one for key, one in self.kept.items() if one.until > now - LIFE}
        key = secret()
        self.kept[key] = Origin(user, channel, ts, now + LIFE)
        return f"{self.url}{PATH}/{kind}/{world.TEAM_ID}/{key}"

    def spend(self, key: str) -> Origin | str:
        """The origin, or Slack's word for why not: expired_url or used_url (names assumed)."""
        origin = self.kept.get(key)
        if origin is None or self.now() > origin.until:
            return "expired_url"
        if origin.left < 1:
            return "used_url"
        origin.left -= 1
        return origin
