"""Out of order: a press before the event it follows, closing and submitting either way, older keystrokes later."""

import itertools
import json
from typing import Any

import pytest

from bot.domain.posts import PostStatus
from bot.sandbox import world
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town
from tests.slack.conftest import Workspace
from tests.slack_faults.counting import Counting, envelope
from tests.slack_faults.test_channels import approve_at_home, card_of
from tests.slack_faults.test_double import acts, submitted

Json = dict[str, Any]


async def test_a_press_that_arrives_before_the_event_that_it_follows(town: Town) -> None:
    """Nobody has drawn the card yet; the approver reads the post at Home and approves it. One card, right at once."""
    view = (await town.command("ana", "post", "agora-review"))["view"]
    values = {"compose.form.text": "Abrimos a las 9", "compose.form.accounts": ["x-1500000000000000001"]}
    await town.act("submit", user="ana", view_id=view["id"], values=values)
    await approve_at_home(town)
    await town.settle()
    (card,) = card_of(await town.messages("#agora-review"), "Abrimos a las 9")
    assert "Aprobada" in str(card["blocks"])
    assert [count for act, count in (await acts(town)).items() if act[0] == "post.approve"] == [1]
    await town.publish(seconds=1)
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]


async def test_an_older_press_after_a_newer_revision(town: Town) -> None:
    post = await submitted(town, "First words")
    old = await town.button("#agora-review", "Aprobar y publicar")
    opened = await town.press("ana", "#agora-review", "Editar")
    await town.submit("ana", opened["view"], "compose.form", text="Second words")
    answer = await town.act("click", user="bruno", channel="#agora-review", **old)
    assert answer["ephemeral"]
    found = await town.desk.posts.get(post)
    assert (found.status, found.approved) == (PostStatus.IN_REVIEW, "")
    assert not [act for act in await acts(town) if act[0] == "post.approve"]
    assert await town.desk.posts.deliveries(post) == []


@pytest.mark.parametrize("order", list(itertools.permutations(("view_submission", "view_closed"))))
async def test_closing_and_submitting_in_either_order(quiet: Workspace, order: tuple[str, ...]) -> None:
    counting = Counting(quiet)
    async with counting.process("http") as gate:
        for kind in order:
            assert (await quiet.act("raw", envelope=envelope(kind)))["ok"]
        await gate.idle()
    assert counting.runs == {"Note": 1, "closed": 1}


# --- keystrokes


def keystroke(view: Json, text: str, at: str) -> Json:
    """One change of the form's text as Slack reports it; `at` is when, by Slack's clock."""
    state = json.loads(json.dumps(view["state"]))
    state["values"]["text"]["compose.form.text"]["value"] = text
    return {
        "type": "block_actions",
        "team": {"id": world.TEAM_ID, "domain": "vocero-demo"},
        "user": {"id": NAMES["ana"].rpartition(":")[2], "team_id": world.TEAM_ID},
        "api_app_id": world.APP_ID,
        "trigger_id": f"{at}.k",
        "container": {"type": "view", "view_id": view["id"]},
        "view": {**view, "state": state},
        "actions": [
            {
                "type": "plain_text_input",
                "action_id": "compose.form.text",
                "block_id": "text",
                "value": text,
                "action_ts": at,
            }
        ],
    }


async def draft(town: Town, view: Json) -> str:
    """What is kept of the draft's text."""
    post = await town.desk.posts.get(json.loads(view["private_metadata"])["draft"])
    return post.current.text


async def typed(town: Town, view: Json, text: str, second: int) -> None:
    """The change arrives."""
    body = {"type": "interactive", "payload": keystroke(view, text, f"{1_795_400_000 + second}.000100")}
    async with town.session.post(f"{town.url}/human/raw", json={"envelope": body}) as answer:
        assert (await answer.json())["ok"]


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
async def test_an_older_keystroke_never_overwrites_a_newer_one(town: Town, order: tuple[int, ...]) -> None:
    view = (await town.command("ana", "post", "agora-review"))["view"]
    for number in order:
        await typed(town, view, "hola"[: number + 1], number)
    assert await draft(town, view) == "hola"


async def test_a_keystroke_after_saving_on_purpose_changes_nothing(town: Town) -> None:
    view = (await town.command("ana", "post", "agora-review"))["view"]
    await typed(town, view, "ho", 1)
    await town.submit("ana", view, "compose.form", text="hola a todos", when="draft")
    await typed(town, view, "hola a tod", 2)
    assert await draft(town, view) == "hola a todos"


async def test_the_draft_goes_on_in_another_window(town: Town) -> None:
    """What was saved is opened again, and typing there counts from its first key on."""
    view = (await town.command("ana", "post", "agora-review"))["view"]
    await typed(town, view, "hola", 1)
    await town.submit("ana", view, "compose.form", text="hola a todos", when="draft")
    async with town.session.get(f"{town.url}/human/home", params={"user": "ana"}) as answer:
        home = (await answer.json())["view"]
    press = next(e for e in elements_in(home["blocks"]) if e["action_id"].startswith("compose.continue"))
    await town.act("click", user="ana", view_id=home["id"], action_id=press["action_id"], value=press["value"])
    again = await town.top("ana")
    assert again is not None
    await typed(town, again, "hola a todas", 3)
    await typed(town, view, "hola a tod", 2)
    assert await draft(town, again) == "hola a todas"
