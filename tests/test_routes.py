"""Everything that is drawn is routed, everything that is routed is drawn, and no class is left over."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.discovery import find_router
from bot.domain import events
from bot.slack.cards import Card
from bot.slack.forms import Form, typed_fields
from bot.slack.wire import Button, Command, Interaction, MessageShortcut, Reopen, Shortcut, SlackEvent, all_known
from bot.text.words import words_for
from handlers.views.help import help_message

ROOT = Path(__file__).parents[1]
ROUTES = find_router().routes()
BY_DISPATCHER: set[type[Interaction]] = {Reopen}
"""Answered before any handler: the form that waits is opened again."""


def ours(kind: type[Interaction]) -> set[type[Interaction]]:
    """Every class of a kind in the product; tests have their own."""
    return {each for each in all_known(kind) if each.__module__.partition(".")[0] in {"bot", "handlers"}}


def names(classes: Iterable[type[Interaction]]) -> set[str]:
    """Readable in a failed assertion."""
    return {each.__name__ for each in classes}


def modules(folder: str) -> Iterator[ast.Module]:
    """The code of a folder's files."""
    for path in sorted((ROOT / folder).glob("*.py")):
        yield ast.parse(path.read_text("utf-8"))


def functions(folder: str) -> Iterator[ast.AST]:
    """Every function of a folder's modules."""
    for module in modules(folder):
        yield from (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def tables(folder: str) -> set[str]:
    """What is made in the constants of a folder's modules, which its functions draw."""
    return {name for module in modules(folder) for node in module.body if _constant(node) for name in calls(node)}


def _constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign)


def calls(node: ast.AST) -> set[str]:
    """The names of what is called in a piece of code: `Approve`, `.draw`."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            func = each.func
            found |= {func.id} if isinstance(func, ast.Name) else set()
            found |= {f".{func.attr}"} if isinstance(func, ast.Attribute) else set()
    return found


def made_where(folders: tuple[str, ...], *signs: str) -> set[str]:
    """What is made in a function that also calls one of these."""
    made: set[str] = set()
    for folder in folders:
        for function in functions(folder):
            found = calls(function)
            made |= found if found & set(signs) else set()
    return made


@pytest.mark.parametrize("kind", [Button, Command, Shortcut, MessageShortcut, SlackEvent])
def test_everything_that_can_be_pressed_typed_or_told_is_routed(kind: type[Interaction]) -> None:
    known = {each for each in ours(kind) if each.ID or issubclass(each, Command)}
    assert names(known - ROUTES.interactions.keys() - BY_DISPATCHER) == set()


def test_every_form_that_takes_something_in_is_routed() -> None:
    read = {form for form in all_known(Form) if form in ours(Form)}
    assert names({form for form in read if typed_fields(form)} - ROUTES.interactions.keys()) == set()
    heard = ROUTES.interactions.keys() | ROUTES.live.keys() | ROUTES.closed.keys()
    assert names(set(read) - heard) == set()


def test_every_card_is_drawn_by_somebody_and_wanted_by_an_event() -> None:
    assert names(ours(Card)) == names(set(ROUTES.cards))
    wanted = made_where(("handlers", "bot"), "Draw")
    assert names(set(ROUTES.cards)) - wanted == set()


def test_every_button_that_is_routed_is_drawn_somewhere() -> None:
    drawn = made_where(("handlers/views", "bot/slack"), ".draw", "menu") | tables("handlers/views")
    assert names(ours(Button)) - drawn == set()


def test_every_form_that_is_routed_is_opened_somewhere() -> None:
    opened = made_where(("handlers", "handlers/views"), ".open", "Open", "Push", "Update")
    assert names(ours(Form)) - opened == set()


def test_nothing_is_routed_that_the_product_does_not_have() -> None:
    routed = {*ROUTES.interactions, *ROUTES.live, *ROUTES.closed, *ROUTES.cards}
    assert names(routed - ours(Interaction)) == set()


def test_every_event_of_ours_is_heard() -> None:
    told = {each for each in events.Event.__subclasses__() if each.__module__ == events.__name__}
    assert {each.__name__ for each in told - ROUTES.events.keys()} == set()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_help_names_every_command(lang: str) -> None:
    words = words_for(lang)
    said = str(help_message(words).blocks)
    assert {id_ for id_ in ROUTES.ids(Command) - {"", "?"} if words(f"command.{id_}") not in said} == set()
