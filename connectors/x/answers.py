"""What an answer of X means: nothing wrong, or one of the errors of the port.

Statuses and problem types are those of X's API description (`components.schemas.*Problem`) and its page on response
codes (https://docs.x.com/x-api/fundamentals/response-codes-and-errors); sentences marked "assumed" are not documented.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.network import (
    AuthFailed,
    Duplicate,
    Gone,
    NetworkError,
    RateLimited,
    Rejected,
    RejectKind,
    Transient,
    UnknownOutcome,
)

DETAIL_LENGTH = 300
DUPLICATE = "duplicate content"
UNREACHABLE = "deleted or not visible"  # assumed: a reply to a post that is gone
AUTH_TYPES = ("client-forbidden", "unsupported-authentication", "oauth1-permissions")


def lost(write: bool, detail: str) -> NetworkError:
    """The request left and no trustworthy answer came: a read may simply be repeated, a write may not."""
    return UnknownOutcome(detail) if write else Transient(detail)


def fault(status: int, headers: Mapping[str, str], body: bytes, *, write: bool) -> NetworkError | None:
    """The error that an answer stands for, or None when it is a JSON object that can be read on.

    `write`: the request would have made something visible. Uploads are not writes in this sense.
    """
    problem = _object(body)
    if status in (402, 429):
        return _limited(status, headers, problem)
    if status >= 500 or status in (408, 425) or status < 200 or 300 <= status < 400:
        return lost(write, _detail(problem, status))
    if problem is None:
        # A page of HTML: behind a 2xx anything may have happened, behind a refusal nothing has.
        return lost(write and status < 300, f"{status} without JSON")
    if status >= 400:
        return _refused(status, problem)
    empty = problem.get("errors") and "data" not in problem and "meta" not in problem
    return _partial(problem, write) if empty else None


def _limited(status: int, headers: Mapping[str, str], problem: Mapping[str, Any] | None) -> NetworkError:
    """Believed without JSON too: nothing was written. 402 (assumed): the prepaid credits are used up."""
    until = _until(headers, problem) if status == 429 else None
    return RateLimited(_detail(problem, status), until=until, code=_type(problem) or str(status))


def _refused(status: int, problem: Mapping[str, Any]) -> NetworkError:
    detail, kind = _detail(problem, status), _type(problem)
    if status == 403:
        return _forbidden(detail, kind)
    if status == 404:
        return Gone(detail, code=kind)
    if status == 401:
        return AuthFailed(detail, code=kind or "401")
    return Rejected(detail, kind=RejectKind.VALIDATION, code=kind or str(status))


def _forbidden(detail: str, kind: str) -> NetworkError:
    if DUPLICATE in detail.lower():
        return Duplicate(detail)
    if UNREACHABLE in detail.lower():
        return Gone(detail)
    if kind in AUTH_TYPES:
        return AuthFailed(detail, code=kind)
    permission = kind.startswith("not-authorized")
    return Rejected(detail, kind=RejectKind.PERMISSION if permission else RejectKind.POLICY, code=kind or "403")


def _partial(problem: Mapping[str, Any], write: bool) -> NetworkError:
    """A 2xx that holds errors and no data."""
    detail, kind = _detail(problem, 200), _type(problem)
    if kind == "resource-not-found":
        return Gone(detail, code=kind)
    if kind in AUTH_TYPES:
        return AuthFailed(detail, code=kind)
    if kind.startswith("not-authorized") or kind in ("disallowed-resource", "resource-unavailable"):
        return Rejected(detail, kind=RejectKind.PERMISSION, code=kind)
    if kind == "invalid-request":
        return Rejected(detail, kind=RejectKind.VALIDATION, code=kind)
    return lost(write, detail)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _problems(problem: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The problem itself and those it lists, whatever their shape."""
    if problem is None:
        return []
    errors = problem.get("errors")
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return [problem, *listed]


def _type(problem: Mapping[str, Any] | None) -> str:
    """`resource-not-found` and the like, "" for `about:blank`."""
    for one in _problems(problem):
        kind = one.get("type")
        if isinstance(kind, str) and kind != "about:blank":
            return kind.rsplit("/", 1)[-1]
    return ""


def _detail(problem: Mapping[str, Any] | None, status: int) -> str:
    """X's own words; they are for the log."""
    words = [
        value
        for one in _problems(problem)
        for name in ("title", "detail", "message")
        if isinstance(value := one.get(name), str) and value
    ]
    return f"{status} {' · '.join(dict.fromkeys(words))}".strip()[:DETAIL_LENGTH]


def _until(headers: Mapping[str, str], problem: Mapping[str, Any] | None) -> datetime | None:
    """When the used-up window opens again: of the quarter of an hour, or of the day for user and app."""
    windows = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
    used_up = [name for name in windows if headers.get(f"{name}-remaining") == "0"]
    capped = _type(problem) == "usage-capped"
    resets = [
        _moment(headers.get(f"{name}-reset")) for name in used_up or windows[1 if capped else 0 : 3 if capped else 1]
    ]
    known = [moment for moment in resets if moment is not None]
    return max(known) if known else _retry_after(headers)


def _retry_after(headers: Mapping[str, str]) -> datetime | None:
    given = headers.get("retry-after", "").strip()
    if not given.isdigit():
        return http_date(given)
    try:
        return (http_date(headers.get("date")) or datetime.now(UTC)) + timedelta(seconds=int(given))
    except OverflowError:
        return None


def _moment(seconds: str | None) -> datetime | None:
    """Seconds since the epoch, as X writes its resets."""
    if seconds is None or not seconds.strip().isdigit():
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def http_date(given: str | None) -> datetime | None:
    """The moment that an HTTP date names, None when it isn't one."""
    if not given:
        return None
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
