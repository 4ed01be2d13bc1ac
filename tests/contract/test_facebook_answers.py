"""What the Graph's answers and failures mean, code by code."""

import json
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import requests
import urllib3.exceptions as transport

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
from connectors.facebook.answers import fault
from connectors.facebook.graph import never_left


def judged(status: int, error: object, *, write: bool = True, **headers: str) -> NetworkError | None:
    """What the answer means."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return fault(status, names, json.dumps({"error": error}).encode(), write=write)


@pytest.mark.parametrize(
    ("code", "subcode", "expected", "kind"),
    [
        (190, 460, AuthFailed, None),
        (190, None, AuthFailed, None),
        (102, None, AuthFailed, None),
        (100, 1404006, AuthFailed, None),
        (10, None, Rejected, RejectKind.PERMISSION),
        (200, None, Rejected, RejectKind.PERMISSION),
        (299, None, Rejected, RejectKind.PERMISSION),
        (4, None, RateLimited, None),
        (17, None, RateLimited, None),
        (32, None, RateLimited, None),
        (341, None, RateLimited, None),
        (613, None, RateLimited, None),
        (80001, None, RateLimited, None),
        (100, 1390008, RateLimited, None),
        (368, None, Rejected, RejectKind.POLICY),
        (368, 1390008, Rejected, RejectKind.POLICY),
        (100, 1346003, Rejected, RejectKind.POLICY),
        (506, None, Duplicate, None),
        (100, 1366051, Duplicate, None),
        (100, 33, Gone, RejectKind.GONE),
        (100, 1366046, Rejected, RejectKind.VALIDATION),
        (100, None, Rejected, RejectKind.VALIDATION),
        (1609005, None, Rejected, RejectKind.VALIDATION),
        (1, None, UnknownOutcome, None),
        (2, None, UnknownOutcome, None),
        ("one", "two", Rejected, RejectKind.VALIDATION),
    ],
)
def test_refusals(code: object, subcode: object, expected: type[NetworkError], kind: RejectKind | None) -> None:
    error = judged(400, {"code": code, "error_subcode": subcode, "message": "No"})
    assert type(error) is expected
    assert getattr(error, "kind", None) is kind


def test_transient_by_its_own_word() -> None:
    assert type(judged(400, {"code": 1500, "is_transient": True})) is UnknownOutcome
    assert type(judged(400, {"code": 1500, "is_transient": True}, write=False)) is Transient


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, b'{"error": {"code": 190}}', UnknownOutcome),
        (502, b"<html>", UnknownOutcome),
        (408, b"", UnknownOutcome),
        (302, b"{}", UnknownOutcome),
        (200, b"true", UnknownOutcome),
        (200, b'{"error": "no"}', UnknownOutcome),
        (200, b"[" * 100_000, UnknownOutcome),
        (400, b"<html>", Transient),
        (401, b"<html>", Transient),
        (404, b"{}", Transient),
        (429, b"<html>", RateLimited),
    ],
)
def test_nonsense(status: int, body: bytes, expected: type[NetworkError]) -> None:
    assert type(fault(status, {}, body, write=True)) is expected


@pytest.mark.parametrize(
    ("usage", "minutes"),
    [
        ({"1": [{"estimated_time_to_regain_access": 5}], "2": [{"estimated_time_to_regain_access": 40}]}, 40),
        ({"1": [{"estimated_time_to_regain_access": 0}]}, None),
        ({"1": [{"estimated_time_to_regain_access": 10**12}]}, 24 * 60),
        ({"1": [{"estimated_time_to_regain_access": "soon"}], "2": 7, "3": ["x"]}, None),
        ([], None),
    ],
)
def test_when_to_come_back(usage: object, minutes: int | None) -> None:
    error = judged(400, {"code": 32}, x_business_use_case_usage=json.dumps(usage))
    assert isinstance(error, RateLimited)
    if minutes is None:
        assert error.until is None
    else:
        assert error.until is not None
        assert abs(error.until - datetime.now(UTC) - timedelta(minutes=minutes)) < timedelta(seconds=2)


def test_usage_that_is_no_json() -> None:
    error = judged(400, {"code": 32}, x_business_use_case_usage="{", retry_after="9" * 40)
    assert isinstance(error, RateLimited)
    assert error.until is not None
    assert error.until - datetime.now(UTC) < timedelta(days=1)


def _max_retries(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(transport.MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "before"),
    [
        (requests.ConnectTimeout(), True),
        (requests.exceptions.InvalidURL("x"), True),
        (requests.exceptions.InvalidHeader("x"), True),
        (_max_retries(transport.NewConnectionError(None, "refused")), True),  # type: ignore[arg-type]
        (_max_retries(transport.NameResolutionError("h", None, OSError())), True),  # type: ignore[arg-type]
        (_max_retries(transport.ConnectTimeoutError()), True),
        (_max_retries(transport.ProxyError("x", OSError())), True),
        (_max_retries(transport.SSLError(ssl.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] x"))), True),
        (_max_retries(transport.SSLError(ssl.SSLError("[SSL: DECRYPTION_FAILED] x"))), False),
        (requests.ReadTimeout(), False),
        (requests.ConnectionError(transport.ProtocolError("Connection aborted.", ConnectionResetError())), False),
        (requests.exceptions.ChunkedEncodingError(), False),
        (requests.ConnectionError(), False),
        (OSError(), False),
    ],
)
def test_what_surely_never_left(problem: Exception, before: bool) -> None:
    assert never_left(problem) is before
