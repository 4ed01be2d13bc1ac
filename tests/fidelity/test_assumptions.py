"""What we only remember, and nobody wrote down, is marked as assumed where a rule rests on it."""

import os
import re
from pathlib import Path

import pytest

from tests.fidelity.assumptions import ROOT, assumptions

FACTS = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "facts" / "networks.md"
ABOVE = 5  # lines from a comment to the last rule that it speaks of
# Each fact that is general knowledge only (MEM) or not settled: the rule that rests on it, or why none does.
REMEMBERED: dict[str, tuple[str, str] | str] = {
    "Access token ~2 h; refresh token is single-use/rotates (MEM)": ("bot/sandbox/x/auth.py", "LIFETIME = 7200"),
    "long posts for Premium (25,000, MEM": "nothing is longer than 280 yet",
    "dies on password change/role loss (MEM)": ("bot/sandbox/facebook/service.py", "End the page's token"),
    "create=3, MEM); createSession limited hard (30/5min MEM)": "there is no connector for Bluesky yet",
    'duplicates give 422 "duplicate" (MEM)': "there is no connector for LinkedIn",
    'Live X behaviour of the "summoned" error body': ("bot/sandbox/x/posts.py", "UNSUMMONED ="),
    "and of un-mentioning replies": ("bot/sandbox/x/posts.py", "a reply to one of our posts counts"),
    "X duplicate window": ("bot/sandbox/x/posts.py", "DUPLICATE_WINDOW ="),
    "Premium length by API": "nothing is longer than 280 yet",
    "FB scheduled window (30 days vs 6 months)": ("bot/sandbox/facebook/posts.py", "SOONEST, LATEST ="),
    "IG daily cap": "there is no connector for Instagram yet",
    "refresh-token rotation on X": ("bot/sandbox/x/auth.py", "a refresh token works once"),
    "GTS token flow": "GoToSocial has no rule of its own here",
}
# Rules without a source in the facts that others build on.
UNSOURCED = (
    ("bot/sandbox/facebook/access.py", "is set to require a proof"),
    ("bot/sandbox/facebook/posts.py", "UNPUBLISHED_LIFE ="),
    ("bot/sandbox/slack/delivery.py", "at once, after one and after five minutes"),
    ("bot/sandbox/slack/response_urls.py", "five answers within half an hour"),
    ("bot/sandbox/slack/scopes.py", "`needed` names"),
    ("bot/sandbox/x/view.py", "X renamed its fields"),
    ("connectors/facebook/window.py", "LATE ="),
    ("bot/sandbox/x/messages.py", "UNWANTED ="),
    ("connectors/x/messages.py", "LATE ="),
    ("connectors/x/messages.py", "PICTURES ="),
    ("connectors/x/messages.py", "_IN_PLACE_OF_PICTURE ="),
    ("connectors/x/posts.py", "LATE ="),
    ("connectors/x/posts.py", "follow the request"),
)
RULES = sorted({one for one in REMEMBERED.values() if isinstance(one, tuple)} | set(UNSOURCED))


@pytest.mark.parametrize(("file", "words"), RULES)
def test_what_is_only_remembered_is_marked(file: str, words: str) -> None:
    lines = [number for number, line in enumerate((ROOT / file).read_text("utf-8").splitlines(), 1) if words in line]
    assert lines, f"{file} says no more {words!r}"
    marked = {one.line for one in assumptions() if one.file == file}
    for number in lines:
        assert any(0 <= number - mark <= ABOVE for mark in marked), f"{file}:{number} isn't marked as assumed"


@pytest.mark.skipif(not FACTS.exists(), reason=f"no reference at {FACTS} (set VOCERO_REFERENCE)")
def test_every_such_fact_is_considered() -> None:
    known = FACTS.read_text("utf-8").partition("\n## ")[2]  # the legend above says what the marks mean
    assert [words for words in REMEMBERED if words not in known] == []
    considered = sum(len(re.findall(r"\bMEM\b", words)) for words in REMEMBERED)
    assert len(re.findall(r"\bMEM\b", known)) == considered
    open_questions = known.partition("## 9. Not settled")[2].strip().partition(".")[0].split(";")
    assert all(any(words in one for words in REMEMBERED) for one in open_questions)


def test_each_mark_says_what_is_assumed() -> None:
    listed = list(assumptions())
    assert len(listed) > 80
    empty = [one for one in listed if len(re.findall(r"\w+", one.words)) < 2 and not _code_before(one.file, one.line)]
    assert empty == []


def _code_before(file: str, line: int) -> bool:
    """Whether the mark stands behind the code that it is about."""
    text = Path(ROOT / file).read_text("utf-8").splitlines()[line - 1]
    return bool(text.partition("#")[0].strip())
