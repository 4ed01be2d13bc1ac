"""The doctor names what is wrong, with what to do, and its exit code says whether anything is."""

import base64
import re
from pathlib import Path

import pytest

from bot.doctor import Line, Verdict, _clock, _found
from bot.slack.checkup import Bot
from bot.slack.manifest import SCOPES
from bot.store.inspection import Finding, Weight
from bot.store.launcher import stop_store
from tests.test_command_line import Shell, town  # noqa: F401 - the fixture

pytestmark = pytest.mark.slow


async def test_a_sound_installation_and_one_after_the_other_what_breaks_it(town: Shell) -> None:  # noqa: F811
    sound = await town.run("doctor")
    assert sound.code == 0, sound
    assert [line for line in sound.out.splitlines() if line.startswith("wrong")] == []
    for about in ("Settings", "Slack", "Socket Mode", "Clock", "Store", "Disk", "Key", "Witness"):
        assert re.search(rf"^ok +{about}: ", sound.out, re.M), (about, sound.out)
    assert "warn   Backup: the last one never was: run `vocero store backup FOLDER` once a day." in sound.out
    assert (await town.run("store", "backup", str(town.folder / "copy"))).code == 0
    assert re.search(r"^ok +Backup: the last one was on 20", (await town.run("doctor")).out, re.M)
    for about, wrong, said in (
        ("Slack", {"SLACK_BOT_TOKEN": "xoxb-wrong-token"}, "auth.test: invalid_auth; copy SLACK_BOT_TOKEN anew"),
        ("Slack", {"SLACK_API_URL": "http://127.0.0.1:1/api/"}, r"auth.test: \w+; http://127.0.0.1:1/api/ must be"),
        ("Store", {"REDIS_URL": "redis://127.0.0.1:1/0"}, "The store doesn't answer: check REDIS_URL"),
    ):
        ended = await town.run("doctor", **wrong)
        assert ended.code == 1, ended
        assert re.search(rf"^wrong  {about}: {said}", ended.out, re.M), ended.out
        other = {"Slack": "Store", "Store": "Slack"}[about]
        assert re.search(rf"^ok     {other}: ", ended.out, re.M), "what isn't wrong is looked at all the same"
        assert "wrong-token" not in ended.out + ended.err
    refused = await town.run("doctor", SLACK_APP_TOKEN="xapp-wrong-token")
    assert refused.code == 1
    assert "wrong  Socket Mode: invalid_auth: SLACK_APP_TOKEN needs the scope connections:write." in refused.out
    assert not re.search("wrong-token|sandbox-", refused.out + refused.err)


async def test_keys_that_are_gone_and_accounts_that_nobody_can_open(town: Shell) -> None:  # noqa: F811
    seed = Path(__file__).parents[2] / "bot" / "demo.yaml"
    assert (await town.run("config", "import", str(seed))).code == 0
    found = await town.run("doctor")
    assert found.code == 0, found
    assert "ok     Account x Café Ágora: active." in found.out
    assert re.search(r"^ok +Channel: #agora-review of Café Ágora\.", found.out, re.M)
    other = base64.b64encode(b"x" * 32).decode()
    lost = await town.run("doctor", VOCERO_KEY=other)
    assert lost.code == 1
    assert re.search(r"^wrong +Key: [0-9a-f]{8} is missing: put it into VOCERO_KEY, or connect", lost.out, re.M)
    assert other not in lost.out
    stop_store(town.folder / "data")


async def test_before_the_first_start_nothing_is_made(town: Shell) -> None:  # noqa: F811
    ended = await town.run("doctor", SLACK_BOT_TOKEN="xoxb-wrong-token")
    assert ended.code == 1
    assert f"ok     Store: none yet; {town.folder / 'data'} is made at the first start." in ended.out
    assert not (town.folder / "data").exists()


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(0.2, "within 1 s of Slack's."), (400, "400 s behind Slack's: let"), (-400, "400 s ahead of Slack's: let")],
)
def test_clocks(ahead: float, said: str) -> None:
    line = _clock("Slack's", ahead)
    assert line.said.startswith(said)
    assert (line.verdict is Verdict.OK) == (ahead == 0.2)


def test_scopes_that_are_missing_are_named_with_what_they_are_for() -> None:
    bot = Bot("T", "vocero", frozenset(SCOPES) - {"dnd:read"}, None)
    assert bot.missing == {"dnd:read": SCOPES["dnd:read"]}
    assert Bot("T", "vocero", None, None).missing == {}


def test_what_the_store_says_of_itself_is_weighed() -> None:
    found = Finding("fsync", Weight.NOTE, "So it is.")
    assert _found(found) == Line(Verdict.WARN, "Store", "So it is.")
