"""The log: one line an entry, with the correlation id of the press that caused it, and never a secret.

Everything written passes one filter on the root handler: messages, arguments, extras and traces, of our code and of
every library. Lines are JSON, or plain text where a person watches a terminal. What came from outside can't begin a
line of its own.
"""

import json
import logging
import re
import sys
import threading
import traceback
import types
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import quote

correlation: ContextVar[str] = ContextVar("correlation", default="")

_OURS = ("bot", "handlers", "connectors")
_HIDDEN = "[secret]"
_SHORTEST = 6  # characters; hiding shorter values would shred the log and protect nothing
_NAMED = r"access_token|refresh_token|id_token|client_secret|app_secret|appsecret_proof|code_verifier|oauth_\w+"
_PATTERNS = (
    (re.compile(r"\b(xox[a-z])(?:\.xox[a-z])?-[\w.%-]+"), rf"\1-{_HIDDEN}"),  # Slack's tokens
    (re.compile(r"\bxapp-[\w-]+"), f"xapp-{_HIDDEN}"),
    (re.compile(r"(https://hooks\.slack\.com/)[^\s\"'<>]+"), rf"\1{_HIDDEN}"),  # a response_url is a capability
    (re.compile(r"\bEAA[A-Za-z0-9]{8,}"), f"EAA{_HIDDEN}"),  # Facebook's tokens
    (re.compile(r"\bAIza[\w-]{20,}"), f"AIza{_HIDDEN}"),  # Google's keys
    (re.compile(r"\b(Bearer(?:\s+|%20))[\w.~+/=%-]{6,}", re.I), rf"\1{_HIDDEN}"),
    (re.compile(r"\b(Basic\s+)[A-Za-z0-9+/]{16,}=*"), rf"\1{_HIDDEN}"),
    (re.compile(r"([?&]ticket=)[^\s&\"']+"), rf"\1{_HIDDEN}"),  # of Socket Mode's address
    (re.compile(rf"\b({_NAMED})(\\?[\"']?\s*(?:[=:,]|%3D)\s*\\?[\"']?)[^\s\"'\\&,;)}}\]]+", re.I), rf"\1\2{_HIDDEN}"),
    (re.compile(r"(\w://[^\s/@:]*:)[^\s/@]+@"), rf"\1{_HIDDEN}@"),  # a password in an address
)
_WORDS = (
    *("xox", "xapp-", "hooks.slack.com", "eaa", "aiza", "bearer", "basic", "ticket=", "://"),
    *("_token", "_secret", "secret_", "_verifier", "oauth_"),
)
"""What none of the patterns can do without, in small letters: looking for words costs a tenth of looking for patterns,
and nearly everything that is written has none of them."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "correlation", "taskName"}

_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode

_known: set[str] = set()
_exact: list[tuple[tuple[str, ...], re.Pattern[str]]] = []
_lock = threading.Lock()


def register_secret(value: str) -> None:
    """Hides this exact value from now on, also where it is written as in an address. Short values are left alone."""
    if len(value) < _SHORTEST:
        return
    written = {value, quote(value, safe=""), repr(value)[1:-1], json.dumps(value)[1:-1]}
    with _lock:
        if not written <= _known:
            _known.update(written)
            _exact.clear()


def redact(text: str) -> str:
    """The text without anything that looks like a secret or is a registered one."""
    if _known:
        values, expression = _registered()
        for value in values:
            if value in text:
                text = expression.sub(_HIDDEN, text)
                break
    if text.isascii():  # elsewhere a capital letter isn't one small letter
        small = text.lower()
        for word in _WORDS:
            if word in small:
                break
        else:
            return text
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text


def _registered() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """All registered values, and in one expression, made anew only when there is a new one."""
    with _lock:
        if not _exact:
            values = tuple(sorted(_known, key=len, reverse=True))
            _exact.append((values, re.compile("|".join(map(re.escape, values)))))
        return _exact[0]


class Redaction(logging.Filter):
    """Rewrites a record before any formatter sees it, and gives it the correlation id of its context."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: an entry is cleaned, never dropped."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a wrong log call must be seen, and must not break what it reports on
            message = f"{record.msg!r} with wrong arguments {record.args!r}"
        record.msg, record.args = redact(message), None
        if record.exc_info and record.exc_info[0]:
            record.exc_text = redact("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_info = None
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        for name in _extras(record):
            setattr(record, name, redact(str(getattr(record, name))))
        record.correlation = correlation.get()
        return True


class Lines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, then correlation, error and extras where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The record that `Redaction` has cleaned, as JSON."""
        entry = {
            "at": _at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "correlation": getattr(record, "correlation", ""),
            "error": record.exc_text,
            "stack": record.stack_info,
            **{name: getattr(record, name) for name in sorted(_extras(record))},
        }
        shown = _AS_JSON({name: value for name, value in entry.items() if value})
        return shown if shown.isprintable() else _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


class Text(logging.Formatter):
    """A line for a person at a terminal; traces below it, indented, so that nothing in them looks like an entry."""

    def format(self, record: logging.LogRecord) -> str:
        """The record that `Redaction` has cleaned, as text."""
        extras = "".join(f" {name}={getattr(record, name)}" for name in sorted(_extras(record)))
        mark = f" [{name}]" if (name := getattr(record, "correlation", "")) else ""
        line = f"{_at(record).astimezone():%H:%M:%S} {record.levelname:<7} {record.name}{mark}: {record.getMessage()}"
        below = "\n".join(filter(None, (record.exc_text, record.stack_info))).splitlines()
        return "\n    ".join(_CONTROL.sub(lambda found: repr(found[0])[1:-1], one) for one in (line + extras, *below))


def setup(level: str = "info", stream: TextIO | None = None, form: str | None = None) -> logging.Handler:
    """Sends all logging to `stream` (stderr) and returns the handler; what Python would print on a crash as well.

    Our own modules log from `level` up, libraries from warnings up unless the level is debug. form: `json` or `text`;
    None is text on a terminal and JSON elsewhere.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Text() if (form or ("text" if stream.isatty() else "json")) == "text" else Lines())
    handler.addFilter(Redaction())
    chosen = logging.getLevelNamesMapping()[level.upper()]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen if chosen <= logging.DEBUG else max(chosen, logging.WARNING))
    for name in _OURS:
        logging.getLogger(name).setLevel(chosen)
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    threading.excepthook = _thread_crashed
    return handler


def _extras(record: logging.LogRecord) -> list[str]:
    """The names of what a call added."""
    return [name for name in record.__dict__ if name not in _STANDARD]


def _at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _crashed(kind: type[BaseException], error: BaseException, trace: types.TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("the process ends by an error", exc_info=(kind, error, trace))


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is not None and not isinstance(crash.exc_value, SystemExit):
        logging.getLogger("bot").critical(
            "a thread ended by an error", exc_info=(crash.exc_type, crash.exc_value, crash.exc_traceback)
        )
