"""The whole suite with canaries in its secrets: `make test-secrets`, or `pytest -p tests.secrets.plugin`.

What was captured, what files are left of the bot, its store and its requests, and every command line is looked
through; a canary anywhere fails the run, however green the tests are. Under pytest-xdist each worker looks for itself
and its controller fails the run.
"""

import os
import secrets
from typing import Any

CANARY = os.environ.setdefault("SANDBOX_CANARY", f"canary{secrets.token_hex(6)}")
"""Set before anything of the sandbox is imported; child processes inherit it."""

import pytest  # noqa: E402

from tests.secrets.scanning import leaking_commands, leaking_files, shows  # noqa: E402

_found: list[str] = []
KEY = "canaries"
"""What a worker of pytest-xdist saw, in what it tells the controller when it ends."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a test's logs, output and failure show; and command lines, in the process that ran it."""
    for name, text in [*report.sections, ("the failure", report.longreprtext)]:
        if shows(text.encode(errors="replace"), [CANARY]):
            _found.append(f"{report.nodeid}: {name}")
    if report.when == "call" and not hasattr(report, "node"):  # a controller's reports name the worker's node
        _found.extend(f"{report.nodeid}: command line of {name}" for name in leaking_commands([CANARY]))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: take over what it saw. One that died can't say, so the run can't be called clean."""
    told = getattr(node, "workeroutput", None)
    name = node.gateway.id
    _found.extend(told[KEY] if told and KEY in told else [f"{name}: a worker ended without telling what it saw"])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What the files show that are left; a worker tells its controller, and that one makes the run red."""
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    _found.extend(f"file {file}" for file in leaking_files(factory.getbasetemp(), [CANARY]))
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[KEY] = list(dict.fromkeys(_found))
    elif _found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where."""
    places = dict.fromkeys(_found)
    terminalreporter.write_line(f"canaries: {len(places)} seen where none may be")
    for place in places:
        terminalreporter.write_line(f"  {place}")
