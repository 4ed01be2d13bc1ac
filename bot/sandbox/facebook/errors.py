"""The Graph API's way of saying no: one JSON object with a code, and an HTTP status."""

import secrets
from typing import Any

from aiohttp import web

DOCS = "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"


class GraphError(Exception):
    """Raised by a handler; becomes `{"error": …}`."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: int = 400,
        subcode: int | None = None,
        kind: str = "OAuthException",
        transient: bool = False,
        title: str | None = None,
        explained: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            self.error["error_subcode"] = subcode
        if title is not None:
            self.error |= {"error_user_title": title, "error_user_msg": explained or message}
        self.error["is_transient"] = transient

    def response(self) -> web.Response:
        """The answer, with a trace id of its own."""
        trace = {"fbtrace_id": secrets.token_urlsafe(17)}
        headers = {}
        if self.error["code"] in (190, 102, 104, 2500):
            text = self.error["message"].replace('"', "'")
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{text}"'
        return web.json_response({"error": self.error | trace}, status=self.status, headers=headers)


def parameter(message: str) -> GraphError:
    """(#100): a parameter that is missing, wrong or unknown."""
    return GraphError(100, f"(#100) {message}")


def not_there(ident: str, method: str) -> GraphError:
    """The object doesn't exist, or this token may not see it: the Graph doesn't say which."""
    text = (
        f"Unsupported {method.lower()} request. Object with ID '{ident}' does not exist, cannot be loaded due to "
        f"missing permissions, or does not support this operation. {DOCS}"
    )
    return GraphError(100, text, subcode=33, kind="GraphMethodException")


def expired() -> GraphError:
    """The token's time is over (assumed: 401, as for Meta's other APIs)."""
    text = "Error validating access token: Session has expired on Friday, 20-Nov-26 10:00:00 PST."
    return GraphError(190, text, subcode=463, status=401)


def malformed() -> GraphError:
    """Not a token at all."""
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def permission(needed: str) -> GraphError:
    """Reading something of a page that isn't the token's own."""
    text = (
        f"(#10) This endpoint requires the '{needed}' permission or the 'Page Public Content Access' feature. "
        "Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages"
    )
    return GraphError(10, text, status=403)


def not_yours() -> GraphError:
    """Writing for a page that isn't the token's own."""
    return GraphError(200, "(#200) Permissions error", status=403)


def duplicate() -> GraphError:
    """The same post as the one before."""
    text = "(#506) Duplicate status message"
    told = "This status update is identical to the last one you posted. Try posting something different."
    return GraphError(506, text, subcode=1455006, title="Duplicate Status Update", explained=told)


def abusive() -> GraphError:
    """Policy (assumed trigger in the sandbox: the same comment over and over)."""
    text = "The action attempted has been deemed abusive or is otherwise disallowed"
    return GraphError(368, text, status=403, subcode=1390008)
