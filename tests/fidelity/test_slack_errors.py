"""The sandbox's Web API refuses every wrong argument by a name that Slack lists for that method, and never breaks."""

from typing import Any

import pytest

from bot.sandbox import world
from bot.sandbox.slack.methods import METHODS
from tests.fidelity.slack_errors import BEYOND, FILE, GENERAL, Refusals, listed
from tests.sandbox_slack.conftest import Place, Starter, modal, section

WRONG: tuple[Any, ...] = ("", "!", "0", "C0404", "1.0", "x" * 50_000, "[{", -1, True, [], {}, [{}], {"type": "a"})
WRONG_BLOCKS: tuple[Any, ...] = ([section("x" * 3001)], [section()] * 51, [section("x" * 2700)] * 5, [1], [[]])
MESSAGE: dict[str, Any] = {"channel": "C01GENERAL1", "text": "Hola"}
RIGHT: dict[str, dict[str, Any]] = {
    "chat.postMessage": MESSAGE,
    "chat.postEphemeral": {**MESSAGE, "user": "U01ANA00001"},
    "chat.update": {**MESSAGE, "ts": "1.0"},
    "conversations.info": {"channel": "C01GENERAL1"},
    "conversations.history": {"channel": "C01GENERAL1"},
    "files.getUploadURLExternal": {"filename": "a.png", "length": 3},
    "reactions.add": {"channel": "C01GENERAL1", "name": "tada", "timestamp": "1.0"},
    "users.info": {"user": "U01ANA00001"},
    "views.open": {"view": modal(section()), "trigger_id": "1.2.abc"},
    "views.push": {"view": modal(section()), "trigger_id": "1.2.abc"},
    "views.publish": {"user_id": "U01ANA00001", "view": {"type": "home", "blocks": [section()]}},
    "views.update": {"view": modal(section()), "view_id": "V404"},
}


async def tried(place: Place, method: str, args: dict[str, Any]) -> None:
    """One call; anything but an answer of Slack's is a fault of the sandbox."""
    token = world.APP_TOKEN if METHODS[method].holder == "app" else world.BOT_TOKEN
    headers = {"Authorization": f"Bearer {token}"}
    async with place.session.post(f"{place.url}/api/{method}", json=args, headers=headers) as answer:
        assert answer.status == 200, (method, str(args)[:300])
        assert (await answer.json())["ok"] in {True, False}


@pytest.mark.slow
async def test_every_wrong_argument_of_every_method(start: Starter) -> None:
    place = await start()
    for method, told in METHODS.items():
        right = RIGHT.get(method, {})
        for name in sorted(told.known | {"blocks"}):
            for value in (*WRONG, *(WRONG_BLOCKS if name == "blocks" else ())):
                await tried(place, method, {**right, name: value})
    assert len(start.refusals.met) > 60
    assert BEYOND.keys() <= start.refusals.met


@pytest.mark.skipif(not FILE.exists(), reason=f"no reference at {FILE} (set VOCERO_REFERENCE)")
def test_the_judge_sees_mistakes() -> None:
    met = {("chat.update", "no_text"), ("chat.update", "sorry"), ("users.info", "ratelimited")}
    assert Refusals(met).unlisted() == ["chat.update: sorry"]
    for method, error in BEYOND:
        assert error not in {*listed()[method]["errors"], *GENERAL}
