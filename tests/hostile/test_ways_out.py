"""Only the guarded fetcher opens what a person typed: nobody else of ours can open any address at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FETCHER = "bot/network/fetching.py"
FIXED = {
    "bot/slack/client.py": "Slack's Web API, a response_url and a file of Slack's",
    "bot/slack/asking.py": "Slack's Web API: how it is asked",
    "bot/slack/checkup.py": "Slack's Web API, as the operator's doctor asks it",
    "bot/slack/sockets.py": "Slack's Socket Mode",
    "bot/slack/uploads.py": "a file of ours, at an address that is Slack's",
    "bot/demo.py": "the demo's own outside world, on this machine",
}
"""Modules that open addresses which nobody typed: the operator's, or the service's own. Connectors are of that kind."""
OPENERS = {
    "aiohttp": {"ClientSession", "request", "TCPConnector", "UnixConnector"},
    "urllib.request": {"*"},
    "http.client": {"*"},
    "requests": {"*"},
    "httpx": {"*"},
    "urllib3": {"*"},
    "socket": {"create_connection"},
    "asyncio": {"open_connection", "open_unix_connection"},
    "ftplib": {"*"},
    "telnetlib": {"*"},
    "smtplib": {"*"},
    "websockets": {"*"},
    "slack_sdk.webhook": {"*"},
    "slack_sdk.web.async_client": {"*"},
    "webbrowser": {"*"},
}


def ways_out(tree: ast.AST) -> Iterator[str]:
    """What a module could open an address with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if "*" in OPENERS.get(each.name, ()))
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted = OPENERS.get(node.module, set())
            yield from (f"{node.module}.{each.name}" for each in node.names if "*" in wanted or each.name in wanted)
            yield from (each.name for each in node.names if "*" in OPENERS.get(f"{node.module}.{each.name}", ()))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from (f"{node.value.id}.{name}" for name in {node.attr} & OPENERS.get(node.value.id, set()))


def ours() -> list[Path]:
    """Every module but the outside world's and the connectors', which speak to one network's fixed address."""
    found = [path for folder in ("bot", "handlers") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "sandbox" not in path.parts]


def opened(path: Path) -> list[str]:
    """In one module; as a type alone it opens nothing."""
    return sorted(set(ways_out(ast.parse(path.read_text("utf-8")))))


@pytest.mark.parametrize("path", ours(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_else_opens_an_address(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    assert name == FETCHER or name in FIXED or not opened(path), f"{name}: use {FETCHER}"


def test_the_eye_sees_ways_out() -> None:
    assert opened(ROOT / FETCHER)
    assert all(opened(ROOT / name) for name in FIXED)
    for wrong in (
        "import requests",
        "from urllib import request",
        "import aiohttp\naiohttp.ClientSession()",
        "from httpx import get",
    ):
        assert list(ways_out(ast.parse(wrong))), wrong
