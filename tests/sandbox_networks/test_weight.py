"""The sandbox's own count of X's weighted characters, against cases from X's documentation."""

import json
import time
from pathlib import Path

import pytest

from bot.sandbox.x.weight import links, weigh

CASES = Path(__file__).parents[1] / "contract" / "x_length_cases.json"


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("café", 4),
        ("cafe\u0301", 4),
        ("¿Qué? — «así»…", 15),
        ("日本", 4),
        ("👍", 2),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇪🇸", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("❤", 2),
        ("©", 1),
        ("©\ufe0f", 2),
        ("100 %", 5),
        ("https://example.com/" + "a" * 300, 23),
        ("Mira: https://example.com/a.", 6 + 23 + 1),
        ("(https://example.com/a)", 25),
        ("example.com", 23),
        ("www.agora.es/carta?x=1", 23),
        ("ana@example.com", 15),
        ("fin.Empieza", 11),
        ("@cafe_agora #hola", 17),
    ],
)
def test_weights(text: str, weight: int) -> None:
    """One case."""
    assert weigh(text) == weight


def test_as_x_counts() -> None:
    """711 texts with the weight that X's own twitter-text gives them; the bot's count is compared on its own."""
    cases = json.loads(CASES.read_text())["cases"]
    assert [(text, weight, weigh(text)) for text, weight in cases if weigh(text) != weight] == []


def test_links_stop_where_people_stop() -> None:
    """Closing signs belong to the sentence."""
    text = "Ver https://a.com/b_(c), http://b.es. Y «c.com»; ¡d.org!"
    assert [link.url for link in links(text)] == ["https://a.com/b_(c)", "http://b.es", "c.com", "d.org"]


@pytest.mark.parametrize("bad", ["a." * 10_000, "http://" * 3000, "@" * 20_000, "👨‍" * 10_000, "a-" * 10_000])
def test_hostile_texts_are_quick(bad: str) -> None:
    """Linear enough: 20,000 signs in less than a second and a half."""
    begun = time.perf_counter()
    weigh(bad)
    assert time.perf_counter() - begun < 1.5
