"""Bolt between the gate and our router: it reads Slack's protocol, we decide what follows.

One catch-all listener a kind of payload. Signatures, acknowledgements and repeated deliveries are the gate's.
"""

import json
import logging
import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.dispatch import Arrival, Dispatcher
from bot.slack.payload import Kind, Payload, kind_of
from bot.slack.submission import AckBody

_ANY = re.compile(".*", re.DOTALL)
_UNMATCHED = 404
_FAILED = 500

log = logging.getLogger(__name__)
_quiet = logging.getLogger("slack_bolt.vocero")
_quiet.setLevel(logging.ERROR)  # it warns about a token in the environment, and about what we report ourselves


class Bolt:
    """A Bolt app whose every listener is the dispatcher."""

    def __init__(self, dispatcher: Dispatcher, team: str, bot_user: str = "") -> None:
        # Functions and not methods: Bolt gives arguments by name, and takes `self` for one of them.
        async def authorize(team_id: str | None = None) -> AuthorizeResult:
            """Without asking Slack: which workspace it is was checked at the gate."""
            return AuthorizeResult(enterprise_id=None, team_id=team_id or team, bot_user_id=bot_user)

        async def taken(body: dict[str, Any], context: AsyncBoltContext, ack: AsyncAck) -> None:
            await ack(await dispatcher.take(body, context["arrival"]))

        self.app = AsyncApp(
            logger=_quiet,
            process_before_response=True,
            authorize=authorize,
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        for kind in (self.app.event, self.app.command, self.app.action, self.app.shortcut, self.app.options):
            kind(_ANY)(taken)
        self.app.view_submission(_ANY)(taken)
        self.app.view_closed(_ANY)(taken)

    async def dispatch(self, body: Payload, arrival: Arrival) -> AckBody:
        """Runs the payload through Bolt; answers the body of its acknowledgement. Raises RuntimeError when Bolt
        itself failed."""
        if kind_of(body) is Kind.OTHER:
            log.info("nothing to do for a payload", extra={"type": str(body.get("type", ""))[:40]})
            return {}
        said = {name: value for name, value in body.items() if value is not None}  # Bolt takes what is there for said
        request = AsyncBoltRequest(body=said, mode="socket_mode", context={"arrival": arrival})
        response = await self.app.async_dispatch(request)
        if response.status >= _FAILED:
            raise RuntimeError(f"Bolt answered {response.status}")
        if response.status == _UNMATCHED:
            log.info("Bolt has no listener for a payload", extra={"type": str(body.get("type", ""))[:40]})
            return {}
        answer = json.loads(response.body) if response.body and response.body.startswith("{") else {}
        return answer if isinstance(answer, dict) else {}
