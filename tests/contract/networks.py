"""What the suite has to know of each network: who we are there, which requests do what, and how it says no."""

import json
import pkgutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

import connectors
from bot.network import Connector, Credentials, Endpoint, Provider
from bot.sandbox import world

DEAD = "http://127.0.0.1:9"  # the discard port: nobody listens
HTML = "<html><body><h1>Something went wrong</h1></body></html>"


@dataclass(frozen=True)
class Refusal:
    """An answer that the network gives, as a fault for the sandbox."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """One network of the sandbox.

    publishing, reading: the routes of the visible write and of `fetch`, as `POST /faults` takes them. uploading: the
    route of a picture, where that is a request of its own. limited: a 429 (or its like) that names `until`.
    """

    account: world.Account
    credentials: Mapping[str, str]
    app: Mapping[str, str]
    publishing: str
    reading: str
    uploading: str | None
    expired: Refusal
    duplicate: Refusal
    limited: Refusal
    wait: float
    rejected: Refusal

    @property
    def secrets(self) -> list[str]:
        """What must never be seen."""
        return [value for name, value in {**self.credentials, **self.app}.items() if name not in ("app_id", "site")]

    def open(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        account: str | None = None,
        app: Mapping[str, str] | None = None,
        **changed: str,
    ) -> Connector:
        """The account, opened; `account` and `app` replace what is known of it, `changed` its credentials."""
        endpoint = Endpoint(url, {**self.app, **(app or {})}, timeout)
        known = self.account.id if account is None else account
        return provider(self.account.network).open(endpoint, Credentials({**self.credentials, **changed}), known)


def account_of(network: str) -> world.Account:
    """The first of the world's accounts there."""
    return next(account for account in world.ACCOUNTS if account.network == network)


def found() -> list[str]:
    """The connectors, as the composition root finds them."""
    return sorted(module.name for module in pkgutil.iter_modules(connectors.__path__))


def provider(name: str) -> Provider:
    """What the connector's module declares."""
    declared: Provider = import_module(f"connectors.{name}").PROVIDER
    return declared


def _problem(status: int, title: str, detail: str) -> Refusal:
    return Refusal(status, {"title": title, "detail": detail, "type": "about:blank", "status": status})


def _graph(code: int, message: str, headers: Mapping[str, str] | None = None, **more: object) -> Refusal:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A", **more}
    return Refusal(400, {"error": error}, headers or {})


def _usage(minutes: int) -> dict[str, str]:
    entry = {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({"103000000000001": [entry]})}


_X, _FACEBOOK, _PRACTICE = account_of("x"), account_of("facebook"), account_of("practice")

NETWORKS = {
    "x": Network(
        account=_X,
        credentials={"access_token": _X.token, "access_token_secret": _X.secret},
        app={"consumer_key": world.X_CONSUMER_KEY, "consumer_secret": world.X_CONSUMER_SECRET},
        publishing="POST /2/tweets",
        reading=f"GET /2/users/{_X.id}/mentions",
        uploading="POST /2/media/upload",
        expired=_problem(401, "Unauthorized", "Unauthorized"),
        duplicate=_problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."),
        limited=Refusal(429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": "{until}"}),
        wait=720,
        rejected=_problem(400, "Invalid Request", "One or more parameters to your request was invalid."),
    ),
    "facebook": Network(
        account=_FACEBOOK,
        credentials={"page_token": _FACEBOOK.token},
        app={"app_id": world.FACEBOOK_APP_ID, "app_secret": world.FACEBOOK_APP_SECRET},
        publishing=f"POST /v26.0/{_FACEBOOK.id}/feed",
        reading=f"GET /v26.0/{_FACEBOOK.id}/published_posts",
        uploading=f"POST /v26.0/{_FACEBOOK.id}/photos",
        expired=_graph(190, "Error validating access token: Session has expired", error_subcode=463),
        duplicate=_graph(506, "(#506) Duplicate status message", error_subcode=1455006),
        limited=_graph(32, "(#32) Page request limit reached", _usage(12)),
        wait=720,
        rejected=_graph(100, "(#100) Invalid parameter"),
    ),
    "practice": Network(
        account=_PRACTICE,
        credentials={"key": _PRACTICE.token},
        app={},
        publishing=f"POST /practice/accounts/{_PRACTICE.id}/posts",
        reading=f"GET /practice/accounts/{_PRACTICE.id}/inbox",
        uploading=None,
        expired=Refusal(401, {"error": "unauthorized", "message": "The key doesn't open this account."}),
        duplicate=Refusal(409, {"error": "key_reused", "message": "this key was used for another content"}),
        limited=Refusal(429, {"error": "slow_down"}, {"Retry-After": "720"}),
        wait=720,
        rejected=Refusal(422, {"error": "invalid", "message": "text is too long"}),
    ),
}


def near(until: datetime | None, seconds: float) -> bool:
    """Whether `until` is that many seconds from now, give or take what a test needs."""
    return until is not None and abs(until.timestamp() - time.time() - seconds) < 60
