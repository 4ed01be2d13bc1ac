"""X's own OpenAPI description as a judge of each exchange; without the file everything passes (`THERE` is False).

It is made stricter than it stands: no query parameter and no property of an answer that it doesn't name. Problems keep
their freedom, because problem+json may be extended.
"""

import json
import os
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from urllib3.filepost import encode_multipart_formdata

from tests.fidelity.vocabulary import answer_today, query_today
from tests.fidelity.wire import Exchange, matching, narrowest

ROOT = Path(__file__).parents[2]
FILE = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "x" / "openapi.json"
THERE = FILE.exists()
SCHEMES = {"OAuth": {"UserToken"}, "Bearer": {"OAuth2UserToken", "BearerToken"}}
# Answers that the description has no words for. X's guides and live answers know them.
UNDESCRIBED = {
    "about:blank": "docs.x.com/x-api/fundamentals/response-codes-and-errors: a problem that its status explains",
    "https://api.x.com/2/problems/client-forbidden": "docs.x.com: the app's access level lacks this",
    "https://api.x.com/2/problems/oauth1-permissions": "seen live: the app's permission lacks this",
    "https://api.x.com/2/problems/unsupported-authentication": "docs.x.com: the route needs another kind of token",
}


@cache
def described() -> dict[str, Any]:
    """The description with closed objects; security is judged here, openapi-core doesn't know OAuth 1.0a."""
    whole: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    for operations in whole["paths"].values():
        for operation in operations.values():
            operation["x-accepted"] = operation.pop("security", [])
    for name, schema in whole["components"]["schemas"].items():
        if not name.endswith("Problem"):
            _close(schema)
    return whole


def _close(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("type") == "object" and schema.get("properties") and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        for inner in schema.values():
            _close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _close(inner)


@cache
def _checker() -> OpenAPI:
    """Without looking for mistakes in the description itself, which takes a second for each test process."""
    config = Config(
        extra_media_type_deserializers={"application/problem+json": json.loads},
        spec_validator_cls=None,  # type: ignore[arg-type]  # its type forgets what its code provides for
    )
    return OpenAPI.from_dict(described(), config=config)


def complaints(exchange: Exchange) -> list[str]:
    """What X's description doesn't allow in a request, or in the answer."""
    if not THERE or exchange.target != "x":
        return []
    path = narrowest(exchange.path, described()["paths"])
    if path is None or exchange.method.lower() not in described()["paths"][path]:
        # Something that X doesn't have is answered with a plain problem.
        return [] if exchange.status in (404, 405) else [f"{exchange.route}: no such operation"]
    operation = described()["paths"][path][exchange.method.lower()]
    found = [*_unnamed_parameters(exchange, operation), *_wrong_scheme(exchange, operation)]
    if exchange.status < 300 and exchange.type == "multipart/form-data":
        found += _unnamed_parts(exchange, operation)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside openapi-core
        request = _request(exchange, path)
        if exchange.status < 300:
            found += _judged(lambda: _checker().validate_request(request))
        if exchange.status >= 300 and exchange.answer.get("type") in UNDESCRIBED:
            found += _strange_problem(exchange)
        else:
            response = _response(exchange)
            found += _judged(lambda: _checker().validate_response(request, response))
    return [f"{exchange}: {one}" for one in found]


def _strange_problem(exchange: Exchange) -> list[str]:
    """A problem of RFC 9457, at least."""
    words = [exchange.answer.get(name) for name in ("title", "detail", "type")]
    told = all(isinstance(word, str) and word for word in words)
    right = told and exchange.answer_type == "application/problem+json"
    return [] if right and exchange.answer.get("status", exchange.status) == exchange.status else ["no problem+json"]


def _unnamed_parameters(exchange: Exchange, operation: Mapping[str, Any]) -> list[str]:
    if exchange.status >= 400:
        return []  # a refused request may be as wrong as it likes
    parameters = described()["components"]["parameters"]
    listed = [
        parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in operation.get("parameters", [])
    ]
    known = {one["name"] for one in listed if one["in"] == "query"}
    return [f"parameter {name} is not described" for name in query_today(exchange.query) if name not in known]


def _unnamed_parts(exchange: Exchange, operation: Mapping[str, Any]) -> list[str]:
    """openapi-core lets any part of a form pass."""
    schema = operation["requestBody"]["content"][exchange.type]["schema"]
    known = described()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
    return [f"part {name} is not described" for name in exchange.body if name not in known]


def _wrong_scheme(exchange: Exchange, operation: Mapping[str, Any]) -> list[str]:
    accepted = {name for one in operation["x-accepted"] for name in one}
    right = SCHEMES.get(exchange.auth, set()) & accepted
    return [] if right or exchange.status in (401, 403) else [f"{exchange.auth} is none of {sorted(accepted)}"]


def _request(exchange: Exchange, path: str) -> MockRequest:
    kind, data = exchange.type or "application/json", None
    if kind == "multipart/form-data":
        parts = {
            name: (value["name"], b"x" * value["bytes"], value["type"]) if isinstance(value, dict) else value
            for name, value in exchange.body.items()
        }
        data, kind = encode_multipart_formdata(parts)
    elif exchange.body is not None:
        data = json.dumps(exchange.body).encode()
    values = matching(exchange.path, path) or {}
    return MockRequest(
        "https://api.x.com",
        exchange.method.lower(),
        exchange.path,
        path_pattern=path,
        args=query_today(exchange.query),
        view_args={name: unquote(value) for name, value in values.items()},
        data=data,
        content_type=kind,
    )


def _response(exchange: Exchange) -> MockResponse:
    answer = answer_today(exchange.answer) if exchange.status < 300 else exchange.answer
    return MockResponse(json.dumps(answer).encode(), exchange.status, content_type=exchange.answer_type)


def _judged(check: Any) -> list[str]:
    try:
        check()
    except OpenAPIError as error:
        reasons = [str(one.message) for one in getattr(error.__cause__, "schema_errors", ())]
        return [f"{type(error).__name__} {error} {reasons[:3]}"]
    return []
