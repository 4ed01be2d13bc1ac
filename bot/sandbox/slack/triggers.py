"""Trigger ids: what a person's act gives the app to open a window with, good for three seconds and once."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.terms import SlackError, secret

LIFE = 3.0
# Older ones are forgotten, and then unknown rather than expired.
KEPT = 600.0


@dataclass
class Trigger:
    """user: whose screen it is. channel: where they are. view: the modal in which the act took place, if any."""

    user: str
    until: float
    channel: str | None
    view: str | None
    used: bool = False


class Triggers:
    """Live in memory: a restart of the sandbox takes longer than a trigger lives."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.kept: dict[str, Trigger] = {}

    def issue(self, user: str, channel: str | None = None, view: str | None = None) -> str:
        """A fresh id for something that this person has just done."""
        now = self.now()
        self.kept = {key: one for key, one in self.kept.items() if one.until > now - KEPT}
        trigger = f"{int(now * 1000)}.{len(self.kept)}.{secret()}"
        self.kept[trigger] = Trigger(user, now + LIFE, channel, view)
        return trigger

    def spend(self, trigger_id: str) -> Trigger:
        """Raises invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        trigger = self.kept.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.now() > trigger.until:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
