"""How each row of the table looks on the wire of each network."""

import json
import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from bot.network.bodies import ANSWER_BYTES
from bot.network.faults import FAULTS
from tests.contract.networks import HTML, NETWORKS, Refusal
from tests.network_faults.crooked import Behaviour, answers, closes, drips, never, resets

NOTHING_LEFT = ("no such host", "connection refused", "connect time-out", "no TLS there")
SLOW = ("connect time-out", "answer after our time-out", "answer drop by drop")
"""These take our whole time-out."""

_PART = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"data": {'


def _json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Behaviour:
    return answers(status, json.dumps(value).encode(), headers)


def _html(status: int) -> Behaviour:
    return answers(status, HTML.encode(), {"Content-Type": "text/html"})


def _limited(**headers: str) -> Behaviour:
    return _json(
        429, {"title": "Too Many Requests"}, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def _refusal(refusal: Refusal, wait: float = 0) -> Behaviour:
    until = str(int(time.time() + wait))
    headers = {name: value.replace("{until}", until) for name, value in refusal.headers.items()}
    return _json(refusal.status, refusal.body, headers)


# An answer that every shape takes, were it not so long.
_FINE = {"id": "1", "name": "x", "data": {"id": "1", "username": "x", "name": "x"}, "items": [], "cursor": "1"}

SUSPENDED = {
    "x": Refusal(
        403, {"title": "Forbidden", "detail": "Your account is suspended and may not do this.", "status": 403}
    ),
    "facebook": Refusal(400, {"error": {"code": 190, "error_subcode": 459, "message": "checkpointed"}}),
    "practice": Refusal(403, {"error": "suspended", "message": "The account is suspended."}),
}
FORBIDDEN = {
    "x": Refusal(403, {"title": "Forbidden", "detail": "You are not permitted to perform this action.", "status": 403}),
    "facebook": Refusal(400, {"error": {"code": 368, "message": "Blocked for policy"}}),
    "practice": Refusal(403, {"error": "forbidden", "message": "not this"}),
}
GONE = {
    "x": Refusal(404, {"title": "Not Found", "type": "about:blank", "status": 404}),
    "facebook": Refusal(400, {"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}}),
    "practice": Refusal(404, {"error": "not_found", "message": "there is no such post"}),
}


def served(row: str, network: str) -> Behaviour:
    """What a network answers in a row; those of NOTHING_LEFT are addresses instead."""
    known = NETWORKS[network]
    now = time.time()
    everywhere: dict[str, Behaviour] = {
        "reset before the answer": resets(),
        "closed before the answer": closes,
        "reset in the answer's body": resets(_PART),
        "body cut short": answers(200, b'{"data": {"id"', announced=1000),
        "answer after our time-out": never,
        "answer drop by drop": drips,
        "10 MB of answer": _json(200, {**_FINE, "padding": "x" * (ANSWER_BYTES + (2 << 20))}),
        "200 with broken JSON": answers(200, b'{"data": {"id": "1'),
        "200 with another shape": _json(200, {"hello": ["world"]}),
        "200 with nothing": answers(200),
        "200 with a page of HTML": _html(200),
        "redirect": answers(302, b"", {"Location": "/elsewhere"}),
        "408": _json(408, {}),
        "502 with a page of HTML": _html(502),
        "503 with Retry-After": _json(503, {}, {"Retry-After": "1"}),
        "429": _limited(),
        "429 for a minute": _limited(Retry_After="60"),
        "429 until a date": _limited(Retry_After=formatdate(now + 90, usegmt=True)),
        "429 until yesterday": _limited(Retry_After=formatdate(now - 86_400, usegmt=True)),
        "429 for minus a minute": _limited(Retry_After="-60"),
        "429 for 1e9 seconds": _limited(Retry_After="1000000000"),
        "429 for soon": _limited(Retry_After="soon", x_rate_limit_reset="later"),
        "429 by the network's own header": _refusal(known.limited, known.wait),
        "429 with a page of HTML": _html(429),
        "token expired": _refusal(known.expired),
        "account suspended": _refusal(SUSPENDED[network]),
        "duplicate": _refusal(known.duplicate),
        "not permitted": _refusal(FORBIDDEN[network]),
        "not valid": _refusal(known.rejected),
        "not found": _refusal(GONE[network]),
        "403 with a page of HTML": _html(403),
    }
    everywhere |= {str(status): _json(status, {"title": "Trouble"}) for status in (500, 502, 503, 504)}
    assert everywhere.keys() | set(NOTHING_LEFT) == FAULTS.keys()
    return everywhere[row]
