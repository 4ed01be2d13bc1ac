"""A configuration file that attacks: one sentence for each mistake, exit code 2, and nothing grows or runs."""

import asyncio
import os
import sys
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from bot.desk.config import parse_config
from bot.errors import ConfigurationError
from bot.sandbox import world
from bot.sandbox.app import bound, build, open_sandbox, serving
from bot.store.launcher import stop_store
from tests.handlers.demo import SEED
from tests.hostile.strings import STRINGS

ROOT = Path(__file__).parents[2]
LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
MERGES = "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))
BRAND = "brands:\n- {id: agora, name: A, channels: {review: '#x'}, "
HOSTILE = {
    "billion laughs": LAUGHS,
    "merge keys": MERGES,
    "a list in itself": "&a [*a]",
    "a table in itself": "brands: &a\n- *a\n",
    "python": "!!python/object/apply:os.system ['touch /tmp/x']",
    "python, new": "brands: !!python/object/new:subprocess.Popen [[id]]",
    "python's module": "!!python/module:os",
    "a tag of ours": "brands: !x []",
    "a set": "!!set {a, b}",
    "bytes": "admins: [!!binary '!!!']",
    "a number": "admins: !!int x",
    "deep": "[" * 10_000,
    "deep, closed": "[" * 200 + "]" * 200,
    "deep, in blocks": "".join(f"{' ' * n}a:\n" for n in range(200)),
    "large": "# " + "x" * 2_000_000,
    "a name twice": "admins: []\nadmins: ['@eva']",
    "no name": "? [a]\n: b",
    "a date": "admins: 2026-99-99",
    "a huge number": "admins: " + "9" * 5000,
    "a huge exponent": BRAND + "digest_hour: 1e400}",
    "two documents": "admins: []\n---\nadmins: ['@eva']",
    "tabs": "brands:\n\t- x",
    "control characters": "admins: ['\x00']",
    "half a character": 'admins: "\\ud800"',
    "a list": "- a\n- b",
    "a text": "hello",
    "a directive": "%TAG ! tag:yaml.org,2002:python/\n---\n!object:x {}",
    "fields of nobody": "\n".join(f"x{n}: 1" for n in range(5000)),
    "a name that moves the cursor": '"\\e[2J\\e]0;x\\a\\nadmins": 1',
    "an id that is a path": "brands:\n- {id: ../../x, name: A, channels: {review: '#x'}}",
    "a zone that is a path": BRAND + "zone: ../../etc/passwd}",
    "no end": "brands: [",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_is_refused_in_sentences(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ConfigurationError) as refused:
            parse_config(text, "x.yaml")
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert 0 < len(refused.value.sentences) <= 20
    for sentence in refused.value.sentences:
        assert sentence.startswith("x.yaml: ")
        assert sentence.isprintable()
        assert len(sentence) <= 300


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: ascii(text)[:30])
def test_any_text_is_read_or_refused(text: str) -> None:
    for written in (text, f"admins: [{text}]", f"brands: {text}\n", f"{text}: 1"):
        with suppress(ConfigurationError):
            parse_config(written, "x.yaml")


def test_the_demos_own_file_is_plain() -> None:
    assert [brand.id for brand in parse_config(SEED.read_text("utf-8"), "demo").brands] == [
        "agora",
        "northwind",
        "ensayo",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["billion laughs", "python", "deep", "a name that moves the cursor"])
async def test_the_command_line_ends_with_2(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.yaml").write_text(HOSTILE[name], "utf-8")
    listener, nowhere = bound(0), bound(0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sandbox = open_sandbox(tmp_path, url, f"http://127.0.0.1:{nowhere.getsockname()[1]}", mode="http")
    given = {"SLACK_BOT_TOKEN": world.BOT_TOKEN, "SLACK_APP_TOKEN": world.APP_TOKEN, "SLACK_API_URL": f"{url}/api/"}
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "VOCERO_DATA": str(tmp_path / "data")}
    try:
        async with serving(build(sandbox, with_readers=False), listener), asyncio.timeout(60):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "config", "import", "x.yaml"),
                cwd=tmp_path,
                env=kept | given,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            _, said = await process.communicate()
    finally:
        nowhere.close()
        sandbox.db.close()
        stop_store(tmp_path / "data")
    sentences = [line for line in said.decode().splitlines() if not line.startswith("{")]
    assert process.returncode == 2, said.decode()
    assert len(sentences) == 1
    assert sentences[0].startswith("x.yaml: ")
    assert "\x1b" not in sentences[0]
