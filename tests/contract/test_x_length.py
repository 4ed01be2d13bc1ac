"""X's weighted length beside X's own `twitter-text`, and its time on hostile texts."""

import json
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from connectors.x.length import weighted_length
from connectors.x.urls import urls

CASES = json.loads((Path(__file__).parent / "x_length_cases.json").read_text(encoding="utf-8"))["cases"]
HOSTILE: dict[str, Callable[[int], str]] = {
    "labels": lambda size: "a." * (size // 2),
    "accents": lambda size: "ñ." * (size // 2),
    "underscores": lambda size: "ñ_" * (size // 2) + ".com",
    "domains": lambda size: "a.com " * (size // 6),
    "brackets": lambda size: "a.co/" + "(" * size,
    "bracketed domains": lambda size: "a.co/(a" * (size // 7),
    "one long bracket": lambda size: "a.co/(" + "x.co/" * (size // 5),
    "marks": lambda size: "a" + "\u0315\u0300" * (size // 2),
    "joiners": lambda size: "👨\u200d" * (size // 2),
    "protocols": lambda size: "http://" * (size // 7),
    "mixed labels": lambda size: "日.a." * (size // 4) + "com/",
    "query": lambda size: "a.co?" + "!" * size,
    "punycode": lambda size: "a.xn--" * (size // 6),
    "flags": lambda size: "🇪" * size,
}


def test_enough_cases() -> None:
    assert len(CASES) > 700


@pytest.mark.parametrize(("text", "weight"), CASES, ids=range(len(CASES)))
def test_counts_like_twitter_text(text: str, weight: int) -> None:
    assert weighted_length(text) == weight


@pytest.mark.parametrize("emoji", ["🧑‍🎄", "❤️‍🔥", "🫱🏽‍🫲🏿", "🏳️‍⚧️", "🫨"])
def test_an_emoji_newer_than_twitter_text_is_one_too(emoji: str) -> None:
    assert weighted_length(emoji) == 2
    assert weighted_length(f"{emoji} {emoji}") == 5


def test_where_urls_stand() -> None:
    text = "Mira https://example.com/a, example.es y x@example.com"
    assert [text[span.start : span.end] for span in urls(text)] == ["https://example.com/a", "example.es"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_takes_linear_time(kind: str) -> None:
    """Four times the text takes about four times as long; quadratic would be sixteen."""
    make = HOSTILE[kind]
    small, large = min(_seconds(make(10_000)) for _ in range(3)), min(_seconds(make(40_000)) for _ in range(3))
    assert large < max(9 * small, 0.05)
    assert large < 2


def _seconds(text: str) -> float:
    started = process_time()
    weighted_length(text)
    return process_time() - started
