"""The Graph asked raw, and by facebook-sdk through the one session that a bot needs around it."""

import hashlib
import hmac
from typing import Any

import requests

from bot.sandbox import world
from tests.sandbox_networks.conftest import AGORA_FB, World

GRAPH = "https://graph.facebook.com"


def proof(token: str, secret: str = world.FACEBOOK_APP_SECRET) -> str:
    """appsecret_proof."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


async def graph(
    there: World, method: str, path: str, *, token: str = AGORA_FB.token, version: str = "v26.0", **params: Any
) -> tuple[int, Any]:
    """One call with token in the header and proof in the query."""
    headers = {"Authorization": f"Bearer {token}"}
    query = {"appsecret_proof": proof(token)}
    where: dict[str, Any] = {"params": {**query, **params}} if method == "GET" else {"params": query, "data": params}
    return await there.ask(method, f"/{version}/{path}", headers=headers, **where)


class Around(requests.Session):
    """Swaps the origin, takes the token out of the address and adds the proof."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def request(self, method: Any, url: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        """See requests."""
        params, data = dict(options.pop("params", None) or {}), dict(options.pop("data", None) or {})
        token = str(params.pop("access_token", None) or data.pop("access_token", ""))
        headers = {**(options.pop("headers", None) or {}), "Authorization": f"Bearer {token}"}
        params["appsecret_proof"] = proof(token)
        there = str(url).replace(GRAPH, self.base)
        return super().request(method, there, params=params, data=data or None, headers=headers, **options)
