"""Slack's limits in the sandbox: what is refused is not counted, so whoever waits is let through."""

from bot.sandbox.slack.limits import BURST, MESSAGES_PER_MINUTE, Limiter


class Clock:
    """Seconds that a test moves."""

    at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_channel_takes_a_burst_and_then_one_message_a_second() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    assert [limiter.wait("chat.postMessage", "t4", "C1") for _ in range(BURST + 1)] == [0] * BURST + [1]
    assert limiter.wait("chat.postMessage", "t4", "C2") == 0
    clock.at += 1
    assert limiter.wait("chat.postMessage", "t4", "C1") == 0


def test_whoever_was_refused_a_thousand_times_is_let_through_a_second_later() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    refused = [limiter.wait("chat.postMessage", "t4", "C1") for _ in range(1000)]
    assert refused.count(0) == BURST
    assert max(refused) == 1
    clock.at += 1
    assert limiter.wait("chat.postMessage", "t4", "C1") == 0


def test_a_workspace_and_a_method_have_their_minute() -> None:
    clock = Clock()
    limiter = Limiter(clock)
    sent = [limiter.wait("chat.postMessage", "t4", f"C{n}") for n in range(MESSAGES_PER_MINUTE + 1)]
    assert sent == [0] * MESSAGES_PER_MINUTE + [60]
    assert [limiter.wait("users.list", "t2") for _ in range(21)] == [0] * 20 + [60]
    clock.at += 61
    assert limiter.wait("users.list", "t2") == 0
