"""The scanner finds what is planted: it could not prove anything else."""

import base64
import subprocess
import sys
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


@pytest.mark.slow
def test_a_run_with_a_leak_is_red_though_its_tests_are_green(tmp_path: Path) -> None:
    planted = tmp_path / "test_planted.py"
    planted.write_text(PLANTED, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.secrets.plugin", "-p", "no:cacheprovider", str(planted)]
    command += ["--rootdir", str(tmp_path), "--basetemp", str(tmp_path / "base"), "-c", "/dev/null"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stdout
    assert "4 passed" in ended.stdout
    for place in ("test_in_the_log: ", "test_on_stdout: ", "a.aof"):
        assert place in ended.stdout, ended.stdout
    assert "test_clean" not in ended.stdout
