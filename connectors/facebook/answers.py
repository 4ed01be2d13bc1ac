"""What an answer of the Graph API means: nothing wrong, or one of the errors of the port.

Codes: https://developers.facebook.com/docs/graph-api/guides/error-handling, limits:
https://developers.facebook.com/docs/graph-api/overview/rate-limiting. Subcodes of photos and policies are those that
other publishing tools met. assumed: 3, 104 and 2500 mean what the documented codes mean that they resemble.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
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
from bot.network.waits import bounded, retry_after

DETAIL_LENGTH = 300
USAGE = "x-business-use-case-usage"

AUTH = {102, 190, 2500, 104}
LIMITS = {4, 17, 32, 341, 613, 80001}
TRY_AGAIN = {1, 2}
POLICY = {368}
DUPLICATE = {506}
ANSWERED_PRIVATELY = 10900  # assumed: "Activity already replied to"
WINDOW_OVER = {2018278}  # https://developers.facebook.com/docs/messenger-platform/error-codes
PERMISSION = {3, 10, *range(200, 300)}
# A subcode says more than its code.
SECURITY_CHECKS = {1404006, 1404112, 4854002}
POLICY_SUBCODES = {1346003, 1404102}
TOO_FAST = {1390008}
PHOTOS_USED = {1366051}
NOT_THERE = {33, 1609010, 1363047, 2018001}


def lost(write: bool, detail: str) -> NetworkError:
    """The request left and no trustworthy answer came: a read may simply be repeated, a write may not."""
    return UnknownOutcome(detail) if write else Transient(detail)


def fault(status: int, headers: Mapping[str, str], body: bytes, *, write: bool) -> NetworkError | None:
    """The error that an answer stands for, or None when it is a JSON object without one.

    `write`: the request would have made something visible. Uploads of unpublished photos are not writes in this sense.
    """
    answer = _object(body)
    error = answer.get("error") if answer else None
    if status == 429:
        return RateLimited(_detail(error, status), until=_until(headers), code="429")
    if status >= 500 or status == 408 or 300 <= status < 400 or status < 200:
        return lost(write, _detail(error, status))
    if isinstance(error, dict):
        return _meant(error, status, headers, write)
    if answer is None or error is not None:
        # A page of HTML: behind a 2xx anything may have happened, behind a refusal nothing has.
        return lost(write and status < 300, f"{status} without JSON")
    return None if status < 300 else Transient(f"{status} without an error")


def _meant(error: Mapping[str, Any], status: int, headers: Mapping[str, str], write: bool) -> NetworkError:
    """By code and subcode."""
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    detail, name = _detail(error, status), f"{code}/{subcode}" if subcode else str(code)
    if code in LIMITS or (subcode in TOO_FAST and code not in POLICY):
        return RateLimited(detail, until=_until(headers), code=name)
    if code in AUTH or subcode in SECURITY_CHECKS:
        return AuthFailed(detail, code=name)
    if code in DUPLICATE or subcode in PHOTOS_USED:
        return Duplicate(detail, code=name)
    if code in TRY_AGAIN or error.get("is_transient") is True:
        return lost(write, detail)
    return _refused(code, subcode, detail, name)


def _refused(code: int, subcode: int, detail: str, name: str) -> Rejected | Duplicate:
    if code == ANSWERED_PRIVATELY:
        return Duplicate(detail, code=name)
    if subcode in NOT_THERE:
        return Gone(detail, code=name)
    if subcode in WINDOW_OVER:
        return Rejected(detail, kind=RejectKind.LATE, code=name)
    if code in POLICY or subcode in POLICY_SUBCODES:
        return Rejected(detail, kind=RejectKind.POLICY, code=name)
    if code in PERMISSION:
        return Rejected(detail, kind=RejectKind.PERMISSION, code=name)
    return Rejected(detail, kind=RejectKind.VALIDATION, code=name)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _detail(error: object, status: int) -> str:
    """The Graph's own words and its trace id; they are for the log."""
    words = error if isinstance(error, dict) else {}
    told = [words.get(name) for name in ("message", "error_user_title", "error_user_msg", "fbtrace_id")]
    return f"{status} {' · '.join(word for word in told if isinstance(word, str))}".strip()[:DETAIL_LENGTH]


def _until(headers: Mapping[str, str]) -> datetime | None:
    """Usage says in how many minutes the page may come back; the longest of them counts."""
    minutes = max(_waits(headers), default=0)
    now = datetime.now(UTC)
    if minutes > 0:
        return bounded(now + timedelta(minutes=min(minutes, 10_000)), now)
    return retry_after(headers, now)


def _waits(headers: Mapping[str, str]) -> Iterator[int]:
    for _, entry in _usage(headers):
        yield _number(entry.get("estimated_time_to_regain_access"))


def _usage(headers: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What each page used, in percent of each of its limits."""
    try:
        usage = json.loads(headers.get(USAGE, "{}"))
    except (ValueError, RecursionError):
        return
    for page, entries in usage.items() if isinstance(usage, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield str(page), entry


def note_allowance(headers: Mapping[str, str]) -> None:
    """What is left of each page's limits."""
    for page, entry in _usage(headers):
        used = max(_number(entry.get(name)) for name in ("call_count", "total_cputime", "total_time"))
        note("facebook", page, 1 - used / 100)
