"""What the code says exists in the catalogues, and what the catalogues hold is said somewhere."""

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

from bot.domain.alarms import AlarmKind, Rung
from bot.domain.brands import Role
from bot.domain.conversations import ClosedAs, ConversationStatus
from bot.domain.deliveries import State
from bot.domain.duty import OffHours
from bot.domain.moods import Tone
from bot.domain.posts import Concern, Kind, PostStatus
from bot.network import ProblemKind, RejectKind
from bot.text.verbs import Verb
from bot.text.words import words_for

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("bot", "handlers")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "sandbox" not in path.parts
]

# Classes whose first argument is a message key (bot/errors.py).
ERRORS = {"UserError", "NotAllowed", "AlreadyDone"}

# Labels of the glossary may be there before the feature that shows them.
AHEAD_OF_USE = (
    "command.", "shortcut.", "thing.", "button.", "closed.", "post_status.", "conversation_status.", "fact_status.",
    "role.", "number.", "disclosure.",
)  # fmt: skip


def said(tree: ast.AST) -> Iterator[ast.expr]:
    """The key of every `words(key)`, `x.words(key)`, `words.n(key)`, `UserError(key)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr == "n":
            called = called.value
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        if name == "words" or name in ERRORS:
            yield node.args[0]


def opening(key: ast.JoinedStr) -> str:
    """What an f-string certainly starts with."""
    first = key.values[0]
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_used_keys_exist() -> None:
    known = words_for("en").keys()
    missing = []
    for path in SOURCES:
        for key in said(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(key, ast.Constant):
                exists = key.value in known
            elif isinstance(key, ast.JoinedStr):
                exists = any(message.startswith(opening(key)) for message in known)
            else:
                continue
            if not exists:
                missing.append(f"{path.relative_to(ROOT)}:{key.lineno}: {ast.unparse(key)}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("space", "values"),
    [
        ("command", Verb),
        ("role", Role),
        ("closed", ClosedAs),
        ("mood", Tone),
        ("conversation_status", ConversationStatus),
        ("post_status", PostStatus),
        ("delivery_status", State),
        ("compose.kind", Kind),
        ("concern", Concern),
        ("check", ProblemKind),
        ("refused", RejectKind),
        ("alarm", AlarmKind),
        ("alarm.rung", Rung),
        ("duty.off_hours", OffHours),
    ],
)
def test_every_value_of_the_rules_has_its_word(space: str, values: type[Enum]) -> None:
    known = words_for("en").keys()
    assert not {f"{space}.{each.value}" for each in values} - known


def test_no_dead_messages() -> None:
    literals: set[str] = set()
    openings: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
            elif isinstance(node, ast.JoinedStr) and "." in opening(node):
                openings.add(opening(node))
    dead = [
        key
        for key in sorted(words_for("en").keys())
        if key not in literals and not key.startswith((*AHEAD_OF_USE, *openings))
    ]
    assert not dead, "\n".join(dead)
