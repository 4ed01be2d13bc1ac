"""Slack's rate limits: a window of a minute for each method, and one message a second for each channel."""

from collections import deque
from collections.abc import Callable
from math import ceil

# docs.slack.dev/apis/web-api/rate-limits: "1+, 20+, 50+, 100+ per minute"; the sandbox allows no more than promised.
PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100}
# assumed: "hundreds of requests per minute" for auth.test and chat.getPermalink (special tier).
SPECIAL_PER_MINUTE = 600
# assumed: one message a second for each channel, "short bursts tolerated": five at once, refilled at one a second.
BURST = 5
# assumed: "several hundred messages per minute" for the whole workspace.
MESSAGES_PER_MINUTE = 300
MINUTE = 60.0


class Limiter:
    """Says how many seconds a call must wait; 0 lets it through and counts it."""

    def __init__(self, now: Callable[[], float], *, on: bool = True) -> None:
        self.now = now
        self.on = on
        self.calls: dict[str, deque[float]] = {}
        self.buckets: dict[str, tuple[float, float]] = {}

    def wait(self, method: str, tier: str, channel: str = "") -> int:
        """Whole seconds for `Retry-After`; `channel` is what a message is posted to."""
        if not self.on:
            return 0
        allowed = MESSAGES_PER_MINUTE if method == "chat.postMessage" else PER_MINUTE.get(tier, SPECIAL_PER_MINUTE)
        wait = self._window(method, allowed) or (self._bucket(channel) if method == "chat.postMessage" else 0)
        if not wait:  # what is refused counts for nothing, or whoever asks too often would never be let through again
            self.calls[method].append(self.now())
        return wait

    def _window(self, name: str, allowed: int) -> int:
        now = self.now()
        calls = self.calls.setdefault(name, deque())
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= allowed:
            return max(1, ceil(calls[0] + MINUTE - now))
        return 0

    def _bucket(self, channel: str) -> int:
        now = self.now()
        left, since = self.buckets.get(channel, (float(BURST), now))
        left = min(float(BURST), left + (now - since))
        if left < 1:
            self.buckets[channel] = (left, now)
            return max(1, ceil(1 - left))
        self.buckets[channel] = (left - 1, now)
        return 0
