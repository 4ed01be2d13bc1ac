"""What an answer of X means: nothing wrong, or one of the errors of the port.

Statuses and problem types are those of X's API description (`components.schemas.*Problem`) and its page on response
codes (https://docs.x.com/x-api/fundamentals/response-codes-and-errors); sentences marked "assumed" are not documented.
"""

import json
import re
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
from bot.network.allowance import note
from bot.network.waits import retry_after, since_epoch

DETAIL_LENGTH = 300
CLOCK = timedelta(minutes=4)
"""With clocks further apart a 401 says nothing about the token: a signature carries the time (RFC 5849, 3.3), and X
takes one of about the last five minutes (assumed)."""
DUPLICATE = "duplicate content"
UNREACHABLE = "deleted or not visible"  # assumed: a reply to a post that is gone
OUT_OF_ACTION = re.compile(r"your account (is|has been) (temporarily |permanently )?(suspended|locked)")  # assumed
AUTH_TYPES = ("client-forbidden", "unsupported-authentication", "oauth1-permissions")  # the last is assumed


def lost(write: bool, detail: str) -> NetworkError:
    """The request left and no trustworthy answer came: a read may simply be repeated, a write may not."""
    return UnknownOutcome(detail) if write else Transient(detail)


def fault(
    status: int, headers: Mapping[str, str], body: bytes, *, write: bool, several: bool = False
) -> NetworkError | None:
    """The error that an answer stands for, or None when it is a JSON object that can be read on.

    `write`: the request would have made something visible. Uploads are not writes in this sense. `several`: it named
    many things, and says of each that isn't there why.
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
        return _refused(status, headers, problem)
    empty = not several and problem.get("errors") and "data" not in problem and "meta" not in problem
    return _partial(problem, write) if empty else None


def _limited(status: int, headers: Mapping[str, str], problem: Mapping[str, Any] | None) -> NetworkError:
    """Believed without JSON too: nothing was written. 402 (assumed): the prepaid credits are used up."""
    until = _until(headers, problem) if status == 429 else None
    return RateLimited(_detail(problem, status), until=until, code=_type(problem) or str(status))


def _refused(status: int, headers: Mapping[str, str], problem: Mapping[str, Any]) -> NetworkError:
    detail, kind = _detail(problem, status), _type(problem)
    if status == 403:
        return _forbidden(detail, kind)
    if status == 404:
        return Gone(detail, code=kind)
    if status == 401 and (off := _clock_off(headers)) > CLOCK:
        return Transient(f"{detail}: this machine's clock is {off.total_seconds():.0f} s off, so X refuses signatures")
    if status == 401:
        return AuthFailed(detail, code=kind or "401")
    return Rejected(detail, kind=RejectKind.VALIDATION, code=kind or str(status))


def _clock_off(headers: Mapping[str, str]) -> timedelta:
    """How far our clock and X's are apart, by the answer's Date."""
    try:
        there = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return timedelta()
    return abs(datetime.now(UTC) - there) if there.tzinfo else timedelta()


def _forbidden(detail: str, kind: str) -> NetworkError:
    if DUPLICATE in detail.lower():
        return Duplicate(detail)
    if UNREACHABLE in detail.lower():
        return Gone(detail)
    if kind in AUTH_TYPES or OUT_OF_ACTION.search(detail.lower()):
        return AuthFailed(detail, code=kind or "403")
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


def note_allowance(path: str, headers: Mapping[str, str]) -> None:
    """What X says is left for this kind of request; https://docs.x.com/x-api/fundamentals/rate-limits."""
    limit, left = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-remaining", "")
    reset = headers.get("x-rate-limit-reset", "")
    if limit.isdecimal() and left.isdecimal() and reset.isdecimal() and int(limit):
        kind = re.sub(r"\d+", "*", path.partition("?")[0])
        note("x", kind, int(left) / int(limit), float(reset))


def _until(headers: Mapping[str, str], problem: Mapping[str, Any] | None) -> datetime | None:
    """When the used-up window opens again: of the quarter of an hour, or of the day for user and app."""
    windows = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
    now = datetime.now(UTC)
    used_up = [name for name in windows if headers.get(f"{name}-remaining") == "0"]
    capped = _type(problem) == "usage-capped"
    asked = used_up or windows[1 if capped else 0 : 3 if capped else 1]
    known = [at for name in asked if (at := since_epoch(headers.get(f"{name}-reset"), now)) is not None]
    return max(known) if known else retry_after(headers, now)
