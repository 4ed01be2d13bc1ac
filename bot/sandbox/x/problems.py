"""The ways in which X says no, as exceptions that become problem+json."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

PROBLEMS = "https://api.x.com/2/problems/"
INVALID = "One or more parameters to your request was invalid."


class Problem(Exception):
    """Raised by a handler; `body` is sent as it stands."""

    def __init__(self, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body.get("detail"))
        self.status, self.body, self.headers = status, body, dict(headers or {})

    def response(self) -> web.Response:
        """Always problem+json, as the description says (the live service has also been seen to say plain JSON)."""
        kind = "application/problem+json"
        return web.json_response(self.body, status=self.status, headers=self.headers, content_type=kind)


def plain(status: int, title: str, detail: str | None = None) -> Problem:
    """`about:blank`: the title says it all."""
    return Problem(status, {"title": title, "type": "about:blank", "status": status, "detail": detail or title})


def unauthorized() -> Problem:
    """No, wrong or expired credentials."""
    return plain(401, "Unauthorized")


def forbidden(detail: str) -> Problem:
    """The request is understood, and refused."""
    return plain(403, "Forbidden", detail)


def invalid(message: str, **parameters: object) -> Problem:
    """A parameter or a property that can't be."""
    shown = {
        name: [str(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in parameters.items()
    }
    body = {
        "errors": [{"parameters": shown, "message": message}],
        "title": "Invalid Request",
        "detail": INVALID,
        "type": PROBLEMS + "invalid-request",
    }
    return Problem(400, body)


def missing(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """An entry of `errors` in an answer with status 200: the thing isn't there."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "resource-not-found",
    }


def not_enrolled(detail: str) -> Problem:
    """What this kind of app may not do. Assumed: the exact sentence."""
    body = {
        "title": "Client Forbidden",
        "detail": detail,
        "type": PROBLEMS + "client-forbidden",
        "reason": "client-not-enrolled",
        "required_enrollment": "Appropriate Level of API Access",
    }
    return Problem(403, body)


def lacks_permission(given: str) -> Problem:
    """The app wasn't given what the route needs: seen so, live, for OAuth 1.0a
    (https://github.com/plhery/node-twitter-api-v2/issues/493); for OAuth 2.0 assumed."""
    if not given.startswith("OAuth 1.0a"):
        return forbidden("Forbidden")
    body = {
        "title": "Forbidden",
        "status": 403,
        "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
        "type": PROBLEMS + "oauth1-permissions",
    }
    return Problem(403, body)


def unsupported_auth(given: str, supported: tuple[str, ...]) -> Problem:
    """The route exists, but not for this kind of token."""
    names = ", ".join(supported)
    body = {
        "title": "Unsupported Authentication",
        "detail": f"Authenticating with {given} is forbidden for this endpoint. "
        f"Supported authentication types are [{names}].",
        "type": PROBLEMS + "unsupported-authentication",
        "status": 403,
    }
    return Problem(403, body)
