"""Bolt between the gate and our router: it reads Slack's protocol, we decide what follows.

Signatures, acknowledgements and repeated deliveries are the gate's.
"""

import json
import logging
from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.dispatch import Arrival, Dispatcher
from bot.slack.payload import Kind, Payload, kind_of
from bot.slack.submission import AckBody

_ARRIVAL, _ANSWER = "arrival", "answer"
_FAILED = 500

log = logging.getLogger(__name__)
_quiet = logging.getLogger("slack_bolt.vocero")
_quiet.setLevel(logging.ERROR)  # it warns about a token in the environment, and about what we report ourselves


class _Handover(AsyncMiddleware):
    """The last of Bolt's middleware, and where it ends: Bolt has read the payload and knows whose it is, the rest is
    the dispatcher's. Listeners would come to the same, after Bolt has looked through all of them and made thirty
    arguments for each."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's own name
    ) -> BoltResponse:
        """See Bolt; the answer stays in the request's context."""
        req.context[_ANSWER] = await self._dispatcher.take(req.body, req.context[_ARRIVAL])
        return BoltResponse(status=200)


class Bolt:
    """A Bolt app that hands everything over to the dispatcher."""

    def __init__(self, dispatcher: Dispatcher, team: str, bot_user: str = "") -> None:
        # A function and not a method: Bolt gives arguments by name, and takes `self` for one of them.
        async def authorize(team_id: str | None = None) -> AuthorizeResult:
            """Without asking Slack: which workspace it is was checked at the gate."""
            return AuthorizeResult(enterprise_id=None, team_id=team_id or team, bot_user_id=bot_user)

        self.app = AsyncApp(
            logger=_quiet,
            process_before_response=True,
            authorize=authorize,
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        self.app.use(_Handover(dispatcher))

    async def dispatch(self, body: Payload, arrival: Arrival) -> AckBody:
        """Runs the payload through Bolt; answers the body of its acknowledgement. Raises RuntimeError when Bolt
        itself failed."""
        if kind_of(body) is Kind.OTHER:
            log.info("nothing to do for a payload", extra={"type": str(body.get("type", ""))[:40]})
            return {}
        said = {name: value for name, value in body.items() if value is not None}  # Bolt takes what is there for said
        request = AsyncBoltRequest(body=said, mode="socket_mode", context={_ARRIVAL: arrival})
        response = await self.app.async_dispatch(request)
        if response.status >= _FAILED:
            raise RuntimeError(f"Bolt answered {response.status}")
        if _ANSWER in request.context:
            handed: AckBody = request.context[_ANSWER]
            return handed
        own = json.loads(response.body) if response.body and response.body.startswith("{") else {}
        return own if isinstance(own, dict) else {}  # Bolt's own, to url_verification for instance
