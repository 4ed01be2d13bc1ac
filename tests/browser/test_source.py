"""The page's own files: small modules, no HTML from data, nothing loaded from elsewhere."""

import re

import pytest

from bot.sandbox.slack.emoji import NAMES
from tests.browser.fixture_server import PAGE


def source(name: str) -> str:
    return (PAGE / name).read_text()


@pytest.mark.parametrize("name", sorted(path.name for path in PAGE.glob("*.js")))
def test_a_module_is_small_introduces_itself_and_writes_no_html(name: str) -> None:
    text = source(name)
    assert text.startswith("/** ")
    assert len(text.splitlines()) < 300
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://(?!www\.w3\.org/2000/svg)\w", text
    )


def test_every_emoji_that_the_workspace_names_is_known_here() -> None:
    known = set(re.findall(r"([a-z0-9_+'-]+) \S", source("emoji.js")))
    assert set(NAMES.values()) - known == set()
