"""The command line as an operator meets it: what is wrong is one clear sentence each, and the exit code says so."""

import asyncio
import fcntl
import re
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.sandbox import world
from bot.sandbox.app import bound, build, open_sandbox, serving
from bot.slack.manifest import manifest
from bot.store.launcher import stop_store
from tests.handlers.demo import SEED, environment

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
TOKENS = {"SLACK_BOT_TOKEN": world.BOT_TOKEN, "SLACK_APP_TOKEN": world.APP_TOKEN}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int | None
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """What it said on stderr, the log's lines aside."""
        return [line for line in self.err.splitlines() if not line.startswith("{")]


@dataclass(frozen=True)
class Shell:
    """An empty folder with a store of its own, and an environment with nothing in it."""

    folder: Path
    given: Mapping[str, str]

    async def run(self, *arguments: str, **more: str) -> Ended:
        """`vocero …`; a value of "" takes a variable away."""
        kept = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "VOCERO_DATA": str(self.folder / "data")}
        given = {name: value for name, value in {**kept, **self.given, **more}.items() if value}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=self.folder,
            env=given,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
        assert "Traceback" not in err.decode(), err.decode()
        return Ended(process.returncode, out.decode(), err.decode())

    async def refused(self, *arguments: str, **more: str) -> list[str]:
        """The sentences of a command that ends with 2; nothing of a secret is in them."""
        ended = await self.run(*arguments, **more)
        assert ended.code == 2, ended
        assert not re.search("sandbox-|-0001|wrong-", ended.err), ended.err
        return ended.sentences


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """Without Slack: nothing is asked of anybody."""
    yield Shell(tmp_path, {})
    stop_store(tmp_path / "data")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Shell]:
    """With the sandbox as Slack, X, Facebook and practice, and everything that the seed asks for."""
    listener = bound(0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sandbox = open_sandbox(tmp_path / "outside", url, "http://127.0.0.1:1", mode="socket")
    given = {
        **TOKENS,
        **environment(),
        "SLACK_API_URL": f"{url}/api/",
        **dict.fromkeys(("X_API_URL", "FACEBOOK_GRAPH_URL", "PRACTICE_URL"), url),
        "X_CONSUMER_KEY": world.X_CONSUMER_KEY,
        "X_CONSUMER_SECRET": world.X_CONSUMER_SECRET,
        "FACEBOOK_APP_ID": world.FACEBOOK_APP_ID,
        "FACEBOOK_APP_SECRET": world.FACEBOOK_APP_SECRET,
        "VOCERO_LOG_LEVEL": "warning",
        "HOST": "127.0.0.1",
    }
    async with serving(build(sandbox, with_readers=False), listener):
        yield Shell(tmp_path, given)
    sandbox.db.close()
    stop_store(tmp_path / "data")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


# Settings


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["SLACK_BOT_TOKEN is missing", "Set SLACK_APP_TOKEN (xapp-…)"]),
        (
            {"SLACK_BOT_TOKEN": "xapp-wrong-1", "SLACK_APP_TOKEN": "xoxb-wrong-2"},
            ["SLACK_BOT_TOKEN holds an app-level token", "SLACK_APP_TOKEN holds a bot token"],
        ),
        ({**TOKENS, "SLACK_MODE": "http"}, ["SLACK_SIGNING_SECRET is missing"]),
        ({**TOKENS, "REDIS_URL": "redis://127.0.0.1:1/0", "SLACK_API_URL": "http://127.0.0.1:1/"}, ["Slack"]),
    ],
)
async def test_missing_or_wrong_settings(shell: Shell, given: dict[str, str], said: list[str]) -> None:
    sentences = await shell.refused("run", **given)
    assert len(sentences) == len(said), sentences
    assert all(sentence.startswith(start) for sentence, start in zip(sentences, said, strict=True)), sentences
    assert all(sentence.endswith(".") for sentence in sentences)


async def test_tokens_that_slack_refuses(town: Shell) -> None:
    (bot,) = await town.refused("run", SLACK_BOT_TOKEN="xoxb-wrong-token")
    assert "SLACK_BOT_TOKEN" in bot
    assert "invalid_auth" in bot
    (app,) = await town.refused("run", SLACK_APP_TOKEN="xapp-wrong-token", PORT="0")
    assert "SLACK_APP_TOKEN" in app
    assert "invalid_auth" in app


async def test_a_store_that_does_not_answer(town: Shell) -> None:
    (sentence,) = await town.refused("run", REDIS_URL="redis://127.0.0.1:1/0")
    assert "REDIS_URL" in sentence


async def test_a_port_that_is_taken(town: Shell, taken: int) -> None:
    (sentence,) = await town.refused("web", PORT=str(taken))
    assert sentence.startswith(f"PORT {taken} on 127.0.0.1 can't be listened on")


async def test_a_demo_on_a_port_that_is_taken(shell: Shell, taken: int) -> None:
    (sentence,) = await shell.refused("demo", "--port", str(taken))
    assert sentence.startswith(f"Port {taken} is taken")
    assert "make demo PORT=" in sentence
    assert not (shell.folder / "data").exists()
    for port in ("http", "70000", "-1"):
        ended = await shell.run("demo", "--port", port)
        assert ended.code == 2
        assert "is no port" in ended.err or "expected one argument" in ended.err


async def test_a_second_demo_in_one_folder(shell: Shell) -> None:
    data = shell.folder / "data"
    data.mkdir()
    with (data / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (sentence,) = await shell.refused("demo", "--port", "0")
    assert sentence == f"A demo runs in {data} already: end it, or set VOCERO_DATA."


# Brands, channels, roles and accounts as a file


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("admins:", "admins: [\n  oops: :"), "seed.yaml: not valid YAML"),
        (("zone: Europe/Madrid", "zone: Europe/Madird"), "seed.yaml: brands.0.zone:"),
        (("language: es", "language: fr"), "seed.yaml: brands.0.language:"),
        (("four_eyes: true", "six_eyes: true"), "seed.yaml: brands.0.policies.six_eyes:"),
        (('"@bruno": [approver]', '"@brnuo": [approver]'), "agora: roles: no Slack user '@brnuo'"),
        (('"#agora-alerts"', '"#agora-alarms"'), "agora: channels.alerts: no Slack channel '#agora-alarms'"),
        (("${AGORA_X_TOKEN}", "${AGORA_X_TOKNE}"), "agora: x (access_token): the environment has no AGORA_X_TOKNE"),
        (("${AGORA_X_TOKEN}", "secret-itself"), "agora: x (access_token): write the name of an environment variable"),
        (("network: facebook", "network: fakebook"), "agora: no network 'fakebook'"),
    ],
)
async def test_a_file_with_a_mistake(town: Shell, change: tuple[str, str], said: str) -> None:
    text = SEED.read_text("utf-8")
    assert change[0] in text
    (town.folder / "seed.yaml").write_text(text.replace(*change, 1), "utf-8")
    ended = await town.run("config", "import", "seed.yaml")
    assert ended.code == 2, ended
    assert ended.sentences[0].startswith(said), ended.sentences
    assert "secret-itself" not in ended.err


async def test_files_that_are_none(town: Shell) -> None:
    (missing,) = await town.refused("config", "import", "nowhere.yaml")
    assert missing.startswith("nowhere.yaml: No such file")
    (town.folder / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    (binary,) = await town.refused("config", "import", "picture.png")
    assert binary.startswith("picture.png: not a text in UTF-8")
    (town.folder / "list.yaml").write_text("- a\n- b\n", "utf-8")
    (odd,) = await town.refused("config", "import", "list.yaml")
    assert odd.startswith("list.yaml: the whole file:")


async def test_keys_that_a_network_refuses_are_said_in_words(town: Shell) -> None:
    ended = await town.run("config", "import", str(SEED), AGORA_X_TOKEN="wrong-token")
    assert ended.code == 2
    assert len(ended.sentences) == 1
    assert ended.sentences[0].startswith("agora: x")
    assert "error." not in ended.err
    assert "wrong-token" not in ended.err


async def test_what_is_exported_is_imported_as_it_was(town: Shell) -> None:
    first = await town.run("config", "import", str(SEED))
    assert first.code == 0, first.err
    assert "brand Café Ágora: created" in first.out
    exported = await town.run("config", "export")
    assert exported.code == 0
    assert "sandbox" not in exported.out
    (town.folder / "mine.yaml").write_text(exported.out, "utf-8")
    secrets = dict(secrets_of(exported.out))
    assert len(secrets) == 7
    again = await town.run("config", "import", "mine.yaml", **secrets)
    assert again.code == 0, again.err
    assert [line for line in again.out.splitlines() if line.startswith("brand")] == [
        f"brand {name}: as it was" for name in ("Café Ágora", "Ensayo", "Northwind Books")
    ]
    assert (await town.run("config", "export")).out == exported.out
    doctor = await town.run("doctor")
    assert doctor.code == 0
    assert f"Slack: joined as team {world.TEAM_ID}, by socket." in doctor.out
    assert "Store: up. 3 brands, 6 accounts." in doctor.out
    assert "Account x Café Ágora: active." in doctor.out


def secrets_of(exported: str) -> Iterator[tuple[str, str]]:
    """The variables that an exported file names, with the sandbox's credentials."""
    held = {(account.brand, account.network): account for account in world.ACCOUNTS}
    for brand in yaml.safe_load(exported)["brands"]:
        for account in brand["accounts"]:
            if "by_hand" in account:
                continue  # nobody has keys to what a person publishes
            one = held[brand["name"], account["network"]]
            for field, variable in account["credentials"].items():
                yield variable.strip("${}"), one.secret if "secret" in field else one.token


# The store, and the manifest


async def test_the_store_says_how_it_is_and_stops(town: Shell) -> None:
    down = await town.run("store", "status")
    assert (down.code, down.out.split()[0]) == (1, "down")
    assert (await town.run("store", "stop")).out == "it was not running\n"
    assert (await town.run("doctor")).code == 0
    up = await town.run("store", "status")
    assert (up.code, up.out.split()[0]) == (0, "up")
    assert (await town.run("store", "stop")).out == "stopped\n"
    assert (await town.run("store", "status")).code == 1


async def test_the_manifest_in_spanish_and_for_an_address(shell: Shell) -> None:
    spanish = await shell.run("manifest", "--lang", "es")
    assert (spanish.code, yaml.safe_load(spanish.out)) == (0, manifest("es"))
    there = await shell.run("manifest", "--url", "https://vocero.example")
    assert yaml.safe_load(there.out) == manifest("en", "https://vocero.example")
    assert (await shell.run("manifest", "--lang", "fr")).code == 2


async def test_a_folder_that_cannot_hold_a_store(town: Shell) -> None:
    blocked = town.folder / "blocked"
    blocked.write_text("a file where the folder should be", "utf-8")
    ended = await town.run("run", VOCERO_DATA=str(blocked))
    assert ended.code == 1
    (sentence,) = ended.sentences
    assert sentence.startswith(f"The data folder {blocked} can't be made")
    doctor = await town.run("doctor", VOCERO_DATA=str(blocked))
    assert doctor.code == 1
    assert f"wrong  Store: {sentence}" in doctor.out
