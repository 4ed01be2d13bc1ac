"""The scanner finds what is planted: it could not prove anything else."""

import base64
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.secrets.scanning import leaking_commands, leaking_files, shows

CANARY = "canary0f3a9c"
ROOT = Path(__file__).parents[2]
PLANTED = """
import logging, os, sys
from pathlib import Path
from bot.sandbox import world

def test_in_the_log():
    logging.getLogger("bot").warning("token %s", world.BOT_TOKEN)

def test_on_stdout():
    print(world.X_CONSUMER_SECRET)

def test_in_a_file(tmp_path):
    (tmp_path / "appendonlydir").mkdir()
    (tmp_path / "appendonlydir" / "a.aof").write_text(world.ACCOUNTS[0].token)

def test_clean():
    print("nothing to see")
"""


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_every_dress_is_recognised(before: str) -> None:
    inside = f"{before}{CANARY}xyz"
    for content in (inside.encode(), base64.b64encode(inside.encode()), inside.encode().hex().encode()):
        assert shows(b"before " + content + b" after", [CANARY]), content
    assert not shows(b"nothing here", [CANARY])


def test_files_and_command_lines(tmp_path: Path) -> None:
    (tmp_path / "a.aof").write_bytes(b"*1 xoxb-" + CANARY.encode())
    (tmp_path / "b.log").write_text("nothing", "utf-8")
    (tmp_path / "outside.db").write_text(CANARY, "utf-8")
    assert [file.name for file in leaking_files(tmp_path, [CANARY])] == ["a.aof"]
    waiting = subprocess.Popen([sys.executable, "-c", "input()", CANARY], stdin=subprocess.PIPE)
    try:
        assert leaking_commands([CANARY])
    finally:
        waiting.communicate()
    assert not leaking_commands([CANARY])


AS_WORKER = """
import json
from pathlib import Path

def pytest_configure(config):
    config.workeroutput = {}

def pytest_unconfigure(config):
    Path(__file__).with_name("told.json").write_text(json.dumps(config.workeroutput))
"""
AS_CONTROLLER = """
import json
from pathlib import Path
from types import SimpleNamespace as Node

def pytest_runtestloop(session):
    told = Path(__file__).with_name("told.json")
    down = session.config.hook.pytest_testnodedown
    if told.exists():
        down(node=Node(gateway=Node(id="gw0"), workeroutput=json.loads(told.read_text())), error=None)
    else:
        down(node=Node(gateway=Node(id="gw1")), error="killed")
    return True
"""


def _run(folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    planted = folder / "test_planted.py"
    planted.write_text(PLANTED, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.secrets.plugin", "-p", "no:cacheprovider", str(planted)]
    command += ["--rootdir", str(folder), "--basetemp", str(folder / "base"), "-c", "/dev/null", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        (),
        pytest.param(
            ("-n", "2"), marks=pytest.mark.skipif(find_spec("xdist") is None, reason="pytest-xdist isn't installed")
        ),
    ],
)
def test_a_run_with_a_leak_is_red_though_its_tests_are_green(tmp_path: Path, more: tuple[str, ...]) -> None:
    ended = _run(tmp_path, *more)
    assert ended.returncode == 1, ended.stdout
    assert "4 passed" in ended.stdout
    for place in ("test_in_the_log: ", "test_on_stdout: ", "a.aof"):
        assert place in ended.stdout, ended.stdout
    assert "test_clean" not in ended.stdout
    assert _run(tmp_path, "-k", "clean", *more).returncode == 0


@pytest.mark.slow
def test_a_worker_tells_its_controller_and_that_one_is_red(tmp_path: Path) -> None:
    """As pytest-xdist does it: each worker is a run of its own with a `workeroutput`, the controller runs no test."""
    conftest, told = tmp_path / "conftest.py", tmp_path / "told.json"
    conftest.write_text(AS_WORKER, "utf-8")
    assert _run(tmp_path).returncode == 0, "a worker's own code is its tests' alone"
    assert len(json.loads(told.read_text("utf-8"))["canaries"]) == 3
    conftest.write_text(AS_CONTROLLER, "utf-8")
    ended = _run(tmp_path)
    assert ended.returncode == 1, ended.stdout
    assert "canaries: 3 seen" in ended.stdout
    told.write_text('{"canaries": []}', "utf-8")
    assert _run(tmp_path).returncode == 0
    told.unlink()
    died = _run(tmp_path)
    assert died.returncode == 1
    assert "gw1: a worker ended without telling" in died.stdout
