"""Class and handler belong together: at import, for mypy, and in what can be looked at."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.brands import WRITING, Role
from bot.domain.events import BrandChanged, PostChanged
from bot.slack.call import Call
from bot.slack.reply import Quiet, Reply
from bot.slack.router import Router
from bot.slack.wire import Button, Command, SlackEvent, drawn_in
from tests.slack import feature
from tests.slack.feature import Ask, BrandCard, Broken, Clear, Note, Rename, Renamed
from tests.slack.test_forms import Strict

ROOT = Path(__file__).parents[2]
WRONG = """
from collections.abc import Sequence
from bot.domain.events import PostChanged, StopChanged
from bot.slack.call import Call, Scene
from bot.slack.cards import Card, Draw, Sheet
from bot.slack.reply import Quiet, Reply
from bot.slack.router import Router
from bot.slack.wire import Button

router = Router()

class One(Button, id="mypy.one"):
    post: str

class Two(Button, id="mypy.two"):
    post: str

class Thing(Card, id="mypy.thing"):
    post: str

@router.on(One)
async def right(press: One, call: Call) -> Quiet:
    return Quiet()

@router.on(One)  # wrong: another class
async def other(press: Two, call: Call) -> Reply:
    return Quiet()

@router.on(One)  # wrong: nothing that can be performed
async def words(press: One, call: Call) -> str:
    return press.post

@router.on(PostChanged)
async def redraw(event: PostChanged, scene: Scene) -> Sequence[Draw]:
    return [Draw("C1", Thing(post=event.post))]

@router.on(PostChanged)  # wrong: another event
async def elsewhere(event: StopChanged, scene: Scene) -> Sequence[Draw]:
    return []

@router.on(PostChanged)  # wrong: an event isn't answered
async def answered(event: PostChanged, scene: Scene) -> Reply:
    return Quiet()

@router.draws(Thing)  # wrong: a card is drawn as a sheet
async def drawn(card: Thing, scene: Scene) -> str:
    return card.post

@router.draws(Thing)
async def sheet(card: Thing, scene: Scene) -> Sheet | None:
    return None
"""


async def nothing(_: Button, call: Call) -> Reply:
    """A handler."""
    return Quiet()


def test_a_class_has_one_handler() -> None:
    router = Router()
    router.on(Ask, needs=WRITING)(nothing)
    with pytest.raises(TypeError, match="Ask"):
        router.on(Ask)(nothing)
    whole = Router()
    whole.include(router)
    with pytest.raises(TypeError, match="Ask"):
        whole.include(router)
    assert set(whole.routes().interactions[Ask].needs) == WRITING


def test_what_is_registered_can_be_looked_at() -> None:
    routes = feature.router.routes()
    assert routes.interactions[Rename].needs == (Role.APPROVER,)
    assert routes.ids(Button) == {"test.ask", "test.rename", "test.clear"}
    assert routes.ids(Command) == {"", "?"}
    assert routes.ids(SlackEvent) == {"app_home_opened", "app_mention"}
    assert set(routes.events) >= {BrandChanged, PostChanged}
    assert set(routes.cards) == {BrandCard, Renamed, Broken}
    assert set(routes.live) == set(routes.closed) == {Note}


def test_everything_drawn_is_routed() -> None:
    assert drawn_in(feature.note("b1").view) == {Clear} <= set(feature.router.routes().interactions)


def test_a_form_that_is_read_while_open_has_defaults() -> None:
    with pytest.raises(TypeError, match="reason"):
        Router().live(Strict)
    with pytest.raises(TypeError, match="reason"):
        Router().closed(Strict)


@pytest.mark.slow
def test_mypy_knows_which_handler_fits(tmp_path: Path) -> None:
    source = tmp_path / "wrong.py"
    source.write_text(WRONG)
    given = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache"), str(source)]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *given], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [line for line in found.stdout.splitlines() if "wrong.py" in line and "error" in line]
    expected = [number for number, line in enumerate(WRONG.splitlines(), 1) if "# wrong" in line]
    assert [int(line.split(":")[1]) for line in lines] == expected, found.stdout + found.stderr
