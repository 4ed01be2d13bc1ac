"""The log: one line an entry, its correlation on it, and no secret by any way in."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from bot import journal

LOG = logging.getLogger("bot.test")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Puts logging back as pytest had it."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, levels = root.handlers[:], {name: logging.getLogger(name).level for name in (None, *journal._OURS)}
    yield
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook = hooks


@pytest.fixture
def stream() -> io.StringIO:
    """Where the log goes."""
    stream = io.StringIO()
    journal.setup("info", stream)
    return stream


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    """The entries, each a line."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


SECRETS = [
    "xoxb-123-456-abcDEF",
    "xoxe.xoxp-1-Mi0yLTE",
    "xapp-1-A01-2-abc",
    "EAAGm0PX4ZCpsBAKZ",
    "AIzaSyA1234567890abcdefghijklmno",
    "https://hooks.slack.com/commands/T01/2/abcdef",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_token_is_hidden(stream: io.StringIO, secret: str) -> None:
    LOG.info("got %s, thanks", secret)
    told = entries(stream)[0]["message"]
    assert secret not in told
    assert told.startswith("got ")
    assert told.endswith("thanks")
    assert "[secret]" in told


@pytest.mark.parametrize(
    "text",
    [
        "https://graph.example/me?access_token=s3cretvalue&fields=id",
        "Authorization: Bearer s3cretvalue",
        "{'access_token': 's3cretvalue', 'id': 1}",
        '{"client_secret": "s3cretvalue"}',
        r"{\"client_secret\": \"s3cretvalue\"}",
        "appsecret_proof=s3cretvalue",
        'OAuth oauth_token="s3cretvalue", oauth_signature="s3cretvalue%3D"',
        "[('oauth_token', 's3cretvalue')]",
        "refresh_token%3Ds3cretvalue",
        "redis://user:s3cretvalue@host:6379/0",
        "wss://wss-primary.slack.com/link/?ticket=s3cretvalue&app_id=1",
        "AUTHORIZATION: BEARER s3cretvalue",
        "ACCESS_TOKEN=s3cretvalue",
        "id_token=s3cretvalue",
        "app_secret: s3cretvalue",
        "code_verifier=s3cretvalue",
        "¡Qué va!: client_ſecret=s3cretvalue",
    ],
)
def test_what_is_named_like_a_secret_is_hidden(text: str) -> None:
    told = journal.redact(text)
    assert "s3cretvalue" not in told
    assert "[secret]" in told


@pytest.mark.parametrize(
    "text",
    [
        "Set SLACK_BOT_TOKEN (xoxb-…).",
        "Basic Information, App-Level Tokens",
        "ticket: 12",
        "see https://a.example:80/b@c",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert journal.redact(text) == text


def test_a_registered_value_is_hidden_in_every_spelling(stream: io.StringIO) -> None:
    journal.register_secret("p4ss/wörd 'x'")
    journal.register_secret("short")
    LOG.info("p4ss/wörd 'x' and p4ss%2Fw%C3%B6rd%20%27x%27 and %r", "p4ss/wörd 'x'")
    LOG.info("a short word")
    first, second = entries(stream)
    assert "rd" not in first["message"]
    assert second["message"] == "a short word"


def test_no_way_in_is_left_out(stream: io.StringIO) -> None:
    secret = "xoxb-1-topsecret"
    LOG.info(secret)
    LOG.info("%s", secret)
    LOG.info("%(token)s", {"token": secret})
    LOG.info("extra", extra={"token": secret})
    LOG.info({"token": secret})
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise RuntimeError(f"with {secret}") from error
    except RuntimeError:
        LOG.exception("failed for %s", secret, stack_info=True)
    LOG.info("wrong %d", secret)
    logging.getLogger("some.library").warning(secret)
    assert "topsecret" not in stream.getvalue()
    assert len(entries(stream)) == 8
    assert "KeyError" in entries(stream)[5]["error"]


async def test_every_line_carries_the_correlation_of_its_task(stream: io.StringIO) -> None:
    async def press(name: str) -> None:
        journal.correlation.set(name)
        await asyncio.sleep(0)
        LOG.info("pressed %s", name)
        logging.getLogger("some.library").error("called for %s", name)

    await asyncio.gather(press("p1"), press("p2"))
    LOG.info("nobody pressed")
    told = entries(stream)
    assert {(entry.get("correlation"), entry["message"][-2:]) for entry in told[:4]} == {("p1", "p1"), ("p2", "p2")}
    assert "correlation" not in told[4]


NASTY = 'a\n{"level": "error"}\r\x1b[2J\u2028\x85b'


def test_nothing_from_outside_begins_a_line(stream: io.StringIO) -> None:
    LOG.info("%s", NASTY)
    assert [entry["message"] for entry in entries(stream)] == [NASTY]
    assert stream.getvalue().removesuffix("\n").isprintable()


def test_a_terminal_gets_text_and_nothing_that_moves_its_cursor() -> None:
    stream = Terminal()
    journal.setup("info", stream)
    journal.correlation.set("p1")
    try:
        raise ValueError(NASTY)
    except ValueError:
        LOG.exception("so %s", NASTY, extra={"delivery": "d1"})
    lines = stream.getvalue().split("\n")[:-1]
    assert " ERROR   bot.test [p1]: so a\\n{" in lines[0]
    assert lines[0].endswith("delivery=d1")
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])


def test_our_level_is_ours_and_libraries_are_quieter(stream: io.StringIO) -> None:
    LOG.debug("hidden")
    LOG.info("shown")
    logging.getLogger("some.library").info("hidden")
    journal.setup("debug", stream)
    logging.getLogger("some.library").debug("shown")
    journal.setup("error", stream)
    LOG.warning("hidden")
    assert [entry["message"] for entry in entries(stream)] == ["shown", "shown"]


def test_warnings_and_crashes_are_entries_without_secrets(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("about xoxb-1-topsecret", stacklevel=1)
    sys.excepthook(RuntimeError, RuntimeError("xoxb-1-topsecret"), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    def crash() -> None:
        raise RuntimeError("xoxb-1-topsecret")

    thread = threading.Thread(target=crash)
    thread.start()
    thread.join()
    told = entries(stream)
    assert [entry["level"] for entry in told] == ["warning", "critical", "critical"]
    assert "topsecret" not in stream.getvalue()
