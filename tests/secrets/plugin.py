"""The whole suite with canaries in its secrets: `make test-secrets`, or `pytest -p tests.secrets.plugin`.

What was captured, what files are left of the bot, its store and its requests, and every command line is looked
through; a canary anywhere fails the run, however green the tests are. Where tests run side by side (pytest-xdist), the
one who hands them out does all this: every report comes to it, and its folder holds the folders of the others.
"""

import os
import secrets

CANARY = os.environ.setdefault("SANDBOX_CANARY", f"canary{secrets.token_hex(6)}")
"""Set before anything of the sandbox is imported; child processes inherit it."""

import pytest  # noqa: E402

from tests.secrets.scanning import leaking_commands, leaking_files, shows  # noqa: E402

_found: list[str] = []
HANDED_OUT = "PYTEST_XDIST_WORKER" in os.environ
"""Whether this process runs tests for another one, which does the looking."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a test's logs, output and failure show."""
    if HANDED_OUT:
        return
    for name, text in [*report.sections, ("the failure", report.longreprtext)]:
        if shows(text.encode(errors="replace"), [CANARY]):
            _found.append(f"{report.nodeid}: {name}")
    if report.when == "call":
        _found.extend(f"{report.nodeid}: command line of {name}" for name in leaking_commands([CANARY]))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What the files show that are left."""
    if HANDED_OUT:
        return
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    _found.extend(f"file {file}" for file in leaking_files(factory.getbasetemp(), [CANARY]))
    if _found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where."""
    terminalreporter.write_line(f"canaries: {len(_found)} seen where none may be")
    for place in dict.fromkeys(_found):
        terminalreporter.write_line(f"  {place}")
