"""Every refusal of the sandbox's Web API in a test, judged by what Slack lists for that method."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.sandbox_slack.reference import REFERENCE

FILE = REFERENCE / "methods.json"
# What any method may say; their pages repeat some of these and leave others out.
GENERAL = {
    "invalid_arguments": "docs.slack.dev/reference/methods/chat.postMessage: common errors",
    "invalid_auth": "the same",
    "missing_scope": "the same",
    "not_allowed_token_type": "the same",
    "not_authed": "the same",
    "invalid_post_type": "the same",
    "ratelimited": "docs.slack.dev/apis/web-api/rate-limits",
    "unknown_method": "docs.slack.dev/apis/web-api: a method that isn't there",
    "invalid_json": "docs.slack.dev/apis/web-api: bodies of JSON",
    "json_not_object": "the same",
    "invalid_cursor": "docs.slack.dev/apis/web-api/pagination",
    "invalid_limit": "docs.slack.dev/apis/web-api/pagination",
}

# Refusals of the sandbox that a method's page doesn't list; its neighbours' pages do (assumed).
BEYOND = {
    ("chat.postMessage", "invalid_attachments"): "listed for chat.postEphemeral and chat.update",
    ("chat.postEphemeral", "invalid_metadata_format"): "it takes metadata; listed for chat.postMessage",
    ("chat.postEphemeral", "msg_blocks_too_long"): "listed for chat.postMessage, which takes the same blocks",
    ("users.conversations", "user_not_found"): "listed for users.info",
}


@cache
def listed() -> Mapping[str, Any]:
    """The methods as Slack lists them; none where the file is missing."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found


@dataclass
class Refusals:
    """A middleware that remembers which method said no, and how."""

    met: set[tuple[str, str]] = field(default_factory=set)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Reads the answers of `/api/*`."""
        response = await handler(request)
        if request.path.startswith("/api/") and isinstance(response, web.Response):
            answer = json.loads(response.text or "{}")
            if not answer["ok"]:
                self.met.add((request.path.removeprefix("/api/"), answer["error"]))
        return response

    def unlisted(self) -> list[str]:
        """Refusals that Slack doesn't list for their method."""
        return sorted(
            f"{method}: {error}"
            for method, error in self.met
            if method in listed()
            and method != "api.test"  # it repeats whatever error it is given
            and error not in GENERAL
            and error not in listed()[method]["errors"]
            and (method, error) not in BEYOND
        )
