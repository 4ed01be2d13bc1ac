"""What is counted while the bot works: by kind and result, never by person, and nothing that anybody wrote.

`bot.web.metrics` shows it, with what the store knows at that moment.
"""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
"""Ours alone: the library's own default tells about the machine."""

EVENTS = Counter(
    "vocero_events", "What Slack sent, by kind and what became of it", ["type", "result"], registry=REGISTRY
)
ACK = Histogram(
    "vocero_ack_seconds",
    "From a delivery of Slack to its acknowledgement; Slack waits three seconds",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 3),
    registry=REGISTRY,
)
PUBLISH_ATTEMPTS = Counter(
    "vocero_publish_attempts", "Requests that publish, by what the network answered", ["network", "result"],
    registry=REGISTRY,
)  # fmt: skip
PUBLISH_LAG = Histogram(
    "vocero_publish_lag_seconds",
    "From the time that people chose to the post being live",
    ["network"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 1800),
    registry=REGISTRY,
)
DUPLICATES = Counter(
    "vocero_duplicates_suppressed",
    "What came twice and had one effect: deliveries of Slack, and posts that a network had already",
    ["where"],
    registry=REGISTRY,
)
UNKNOWN = Counter(
    "vocero_outcome_unknown", "Deliveries of which nobody knows whether they are public", ["network"], registry=REGISTRY
)

HANDLED = ("taken", "repeated", "unheard", "unstored", "failed")
ATTEMPTED = ("live", "duplicate", "unknown", "auth", "rate_limited", "not_sent", "refused")


def expect(kinds: Iterable[str], networks: Sequence[str]) -> None:
    """Every series from the start, at nought: whoever alerts on an increase would miss the first one otherwise."""
    EVENTS.labels("malformed", "refused")
    for kind in kinds:
        for result in HANDLED:
            EVENTS.labels(kind, result)
    DUPLICATES.labels("slack")
    for network in networks:
        for result in ATTEMPTED:
            PUBLISH_ATTEMPTS.labels(network, result)
        for each in (DUPLICATES, UNKNOWN, PUBLISH_LAG):
            each.labels(network)
